import fc from 'fast-check'
import { getCreate2Address, type Hex, keccak256, parseAbi, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { DEPLOYER, ENTRY_POINT, ENTRY_POINT_SALT } from './constants.ts'
import { entryPointArtifact } from './entryPoint.ts'
import type { Singleton } from './manifest.ts'
import { type Artifact, create2Address, deployCalldata, planDeployment, toRecords } from './plan.ts'

const artifact = (bytecode: Hex, abi: Artifact['abi'] = []): Artifact => ({
  abi,
  bytecode,
  deployedBytecode: '0x00',
  immutables: [],
})
const withAddress = parseAbi(['constructor(address)'])
const artifacts: Readonly<Record<string, Artifact>> = {
  First: artifact('0x6001'),
  Second: artifact('0x6002', withAddress),
}
const artifactOf = (name: string): Artifact => artifacts[name] ?? artifact('0x')
const manifest: readonly Singleton[] = [{ name: 'First' }, { name: 'Second', args: (at) => [at('First')] }]

describe('planDeployment', () => {
  test('gives EntryPoint v0.8 the address that every chain has', () => {
    expect(create2Address(ENTRY_POINT_SALT, entryPointArtifact().bytecode)).toBe(ENTRY_POINT)
  })

  test('hands the addresses of earlier singletons to constructors', () => {
    const [first, second] = planDeployment(manifest, artifactOf)
    expect(second?.initCode).toBe(`0x6002${'0'.repeat(24)}${first?.address.slice(2).toLowerCase()}`)
    expect(second?.initCodeHash).toBe(keccak256(second?.initCode ?? '0x'))
  })

  test('an address follows from deployer, salt and initcode', () => {
    const bytes32 = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)
    fc.assert(
      fc.property(bytes32, (salt) => {
        const [planned] = planDeployment([{ name: 'First', salt }], artifactOf)
        expect(planned?.address).toBe(getCreate2Address({ from: DEPLOYER, salt, bytecodeHash: keccak256('0x6001') }))
      }),
    )
  })

  test('[210] other initcode under our salt lands elsewhere, so nobody can squat an address', () => {
    expect(create2Address(zeroHash, '0x6001')).not.toBe(create2Address(zeroHash, '0x6002'))
    expect(deployCalldata(zeroHash, '0x6001')).toBe(`${zeroHash}6001`)
  })

  test('the same input gives the same plan', () => {
    expect(planDeployment(manifest, artifactOf)).toEqual(planDeployment(manifest, artifactOf))
    expect(Object.keys(toRecords(planDeployment(manifest, artifactOf))[0] ?? {})).toEqual([
      'name',
      'salt',
      'initCodeHash',
      'address',
    ])
  })

  test.each<[string, readonly Singleton[], string]>([
    ['a name twice', [{ name: 'First' }, { name: 'First' }], 'ManifestInvalid'],
    ['the address of a later singleton', [...manifest].reverse(), 'ManifestInvalid'],
    ['a salt that is not 32 bytes', [{ name: 'First', salt: '0x01' }], 'ManifestInvalid'],
    ['an abstract contract', [{ name: 'Abstract' }], 'ArtifactInvalid'],
  ])('refuses %s', (_, refused, code) => {
    expect(() => planDeployment(refused, artifactOf)).toThrow(expect.objectContaining({ code }))
  })

  test.each<[string, Partial<Artifact>]>([
    ['unlinked libraries', { bytecode: '0x60__$ab$__' as Hex }],
    ['runtime code over EIP-170', { deployedBytecode: `0x${'00'.repeat(24_577)}` }],
    ['initcode over EIP-3860', { bytecode: `0x${'00'.repeat(49_153)}` }],
  ])('refuses %s', (_, change) => {
    const changed = { ...artifact('0x6001'), ...change }
    expect(() => planDeployment([{ name: 'First' }], () => changed)).toThrow(
      expect.objectContaining({ code: 'ArtifactInvalid' }),
    )
  })
})
