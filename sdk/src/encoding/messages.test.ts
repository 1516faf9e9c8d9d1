import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import {
  concat,
  domainSeparator,
  encodeAbiParameters,
  type Hex,
  hashTypedData,
  keccak256,
  size,
  slice,
  stringToHex,
  toHex,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { type Approval, decodeApprovals, encodeApprovals } from './approvals.ts'
import { frameOwnerSignature, unframeOwnerSignature } from './ownerSignature.ts'
import { hideSigner } from './policy.ts'
import { type Messages, passkeyTypedData, type Recovery, recoveryTypedData, sessionTypedData } from './typedData.ts'

const contract = '0x00000000000000000000000000000000000a11ce'
const account = '0x0000000000000000000000000000000000acc017'
const word = keccak256('0x01')
const credential = { x: 1n, y: 2n, rpIdHash: word, originsHash: word, flags: 1, idHash: word }
const recovery: Recovery = { account, policy: word, credential, keep: 0, chainIds: [1n, 10n], issuedAt: 5, deadline: 6 }

const typed = {
  MultiChain: passkeyTypedData(contract, 'MultiChain', { root: word }),
  Possession: passkeyTypedData(contract, 'Possession', { recovery: word }),
  Prove: passkeyTypedData(contract, 'Prove', { account, commitment: word }),
  OpenSession: sessionTypedData(contract, { account, spec: word, epoch: 1, chainIds: [1n], deadline: 6 }),
  Recovery: recoveryTypedData(contract, 'Recovery', recovery),
  Veto: recoveryTypedData(contract, 'Veto', { account, recovery: word }),
  GuardianCancel: recoveryTypedData(contract, 'GuardianCancel', { account, policy: word, recovery: word }),
  SetPolicy: recoveryTypedData(contract, 'SetPolicy', { account, policy: word, issuedAt: 5 }),
  Uninstall: recoveryTypedData(contract, 'Uninstall', { account, issuedAt: 5 }),
  Upgrade: recoveryTypedData(contract, 'Upgrade', { account, implementation: contract, issuedAt: 5 }),
  CancelChange: recoveryTypedData(contract, 'CancelChange', { account, change: word }),
  Freeze: recoveryTypedData(contract, 'Freeze', { account, policy: word, duration: 7, issuedAt: 5 }),
  Drill: recoveryTypedData(contract, 'Drill', { account, policy: word, challenge: word, deadline: 6 }),
  Enrol: recoveryTypedData(contract, 'Enrol', { account, handle: word, challenge: word }),
} satisfies { [name in keyof Messages]: unknown }

const typeStrings = {
  MultiChain: 'MultiChain(bytes32 root)',
  Possession: 'Possession(bytes32 recovery)',
  Prove: 'Prove(address account,bytes32 commitment)',
  OpenSession: 'OpenSession(address account,bytes32 spec,uint32 epoch,uint256[] chainIds,uint40 deadline)',
  Recovery:
    'Recovery(address account,bytes32 policy,Credential credential,uint8 keep,uint256[] chainIds,uint40 issuedAt,uint40 deadline)Credential(uint256 x,uint256 y,bytes32 rpIdHash,bytes32 originsHash,uint8 flags,bytes32 idHash)',
  Veto: 'Veto(address account,bytes32 recovery)',
  GuardianCancel: 'GuardianCancel(address account,bytes32 policy,bytes32 recovery)',
  SetPolicy: 'SetPolicy(address account,bytes32 policy,uint40 issuedAt)',
  Uninstall: 'Uninstall(address account,uint40 issuedAt)',
  Upgrade: 'Upgrade(address account,address implementation,uint40 issuedAt)',
  CancelChange: 'CancelChange(address account,bytes32 change)',
  Freeze: 'Freeze(address account,bytes32 policy,uint32 duration,uint40 issuedAt)',
  Drill: 'Drill(address account,bytes32 policy,bytes32 challenge,uint40 deadline)',
  Enrol: 'Enrol(address account,bytes32 handle,bytes32 challenge)',
} as const

/** The type string of EIP-712, from the fields. */
function writeType(
  name: string,
  types: Readonly<Record<string, readonly { name: string; type: string }[] | undefined>>,
): string {
  const write = (type: string) => `${type}(${types[type]?.map((field) => `${field.type} ${field.name}`).join(',')})`
  return write(name) + (types.Credential ? write('Credential') : '')
}

/** Every type string that the contracts hash, with strings that Solidity joins put together. */
function typeStringsOfContracts(): string[] {
  const root = new URL('../../../contracts/', import.meta.url)
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sol'))
  const calls = files.flatMap((name) => [
    ...readFileSync(new URL(name, root), 'utf8').matchAll(/keccak256\(\s*((?:"[^"]*"\s*)+)\)/g),
  ])
  return calls
    .map(([, text = '']) => [...text.matchAll(/"([^"]*)"/g)].map(([, part]) => part).join(''))
    .filter((text) => /^[A-Z]\w*\(/.test(text))
}

describe('typed data', () => {
  test.each(Object.entries(typed))('[103] %s has the type string of the specification', (name, { types }) => {
    expect(writeType(name, types)).toBe(typeStrings[name as keyof Messages])
  })

  test('[103] every message type that the contracts hash is known here, letter for letter', () => {
    const ours: string[] = [
      ...Object.values(typeStrings),
      'EIP712Domain(string name,string version,address verifyingContract)',
    ]
    const names = new Set(ours.map((text) => text.slice(0, text.indexOf('('))))
    const theirs = typeStringsOfContracts().filter(
      (text) => names.has(text.slice(0, text.indexOf('('))) && !text.includes('chainId,address'),
    )
    expect(theirs).toEqual(
      expect.arrayContaining([typeStrings.MultiChain, typeStrings.Possession, typeStrings.Recovery, typeStrings.Veto]),
    )
    for (const text of theirs) expect(ours).toContain(text)
  })

  test('[103] the digest is that of the contract’s own formula, without a chain id', () => {
    const domain = keccak256(
      encodeAbiParameters(
        [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }, { type: 'address' }],
        [
          keccak256(stringToHex('EIP712Domain(string name,string version,address verifyingContract)')),
          keccak256(stringToHex('Rekey Recovery')),
          keccak256(stringToHex('1')),
          contract,
        ],
      ),
    )
    const struct = keccak256(
      concat([
        keccak256(stringToHex(typeStrings.Recovery)),
        toHex(BigInt(account), { size: 32 }),
        word,
        keccak256(
          concat([
            keccak256(stringToHex(typeStrings.Recovery.slice(typeStrings.Recovery.indexOf('Credential(')))),
            ...[credential.x, credential.y].map((value) => toHex(value, { size: 32 })),
            credential.rpIdHash,
            credential.originsHash,
            toHex(credential.flags, { size: 32 }),
            credential.idHash,
          ]),
        ),
        toHex(0, { size: 32 }),
        keccak256(concat([toHex(1, { size: 32 }), toHex(10, { size: 32 })])),
        toHex(5, { size: 32 }),
        toHex(6, { size: 32 }),
      ]),
    )
    expect(domainSeparator({ domain: typed.Recovery.domain })).toBe(domain)
    expect(hashTypedData(typed.Recovery)).toBe(keccak256(concat(['0x1901', domain, struct])))
  })

  test('[68] no two messages share a digest, and every field of a recovery changes it', () => {
    const digests = Object.values(typed).map((data) => hashTypedData(data as never))
    expect(new Set(digests).size).toBe(digests.length)
    const changes: Partial<Recovery>[] = [
      { account: contract },
      { policy: keccak256(word) },
      { keep: 1 },
      { chainIds: [] },
      { issuedAt: 6 },
      { deadline: 7 },
      ...(['x', 'y'] as const).map((name) => ({ credential: { ...credential, [name]: 3n } })),
      ...(['rpIdHash', 'originsHash', 'idHash'] as const).map((name) => ({
        credential: { ...credential, [name]: keccak256(word) },
      })),
      { credential: { ...credential, flags: 3 } },
    ]
    const all = [{}, ...changes].map((change) =>
      hashTypedData(recoveryTypedData(contract, 'Recovery', { ...recovery, ...change })),
    )
    expect(new Set(all).size).toBe(all.length)
  })
})

describe('approvals', () => {
  const signature = fc.uint8Array({ maxLength: 200 }).map((bytes) => toHex(bytes))
  const revealed = { salt: word, signer: account.toLowerCase() as Hex }
  const guardians = Array.from({ length: 32 }, (_, index) => ({
    kind: 1,
    weight: 1,
    isHidden: index % 2 === 1,
    needsEvidence: false,
    validUntil: 0,
    signer: index % 2 === 1 ? hideSigner(revealed.salt, revealed.signer) : revealed.signer,
  }))
  const approvals = fc
    .uniqueArray(fc.nat(31), { maxLength: 6 })
    .chain((indexes) =>
      fc.tuple(
        ...indexes.map((index) =>
          signature.map(
            (value): Approval =>
              index % 2 === 1 ? { index, signature: value, revealed } : { index, signature: value },
          ),
        ),
      ),
    )

  test('read back what was written, in order of the guardians', () => {
    fc.assert(
      fc.property(approvals, (items) => {
        expect(decodeApprovals(encodeApprovals(items), { guardians })).toEqual(
          items.toSorted((a, b) => a.index - b.index),
        )
      }),
    )
  })

  test('[34] every cut and every byte more is refused', () => {
    const first = encodeApprovals([{ index: 1, signature: '0x1234', revealed }])
    const blob = encodeApprovals([
      { index: 1, signature: '0x1234', revealed },
      { index: 4, signature: '0x567890' },
    ])
    for (let length = 1; length < size(blob); length++)
      if (length !== size(first))
        expect(() => decodeApprovals(slice(blob, 0, length), { guardians }), `${length}`).toThrow()
    expect(() => decodeApprovals(concat([blob, '0x05']), { guardians })).toThrow()
  })

  test('[63] a guardian twice, out of order or unknown is refused', () => {
    expect(() =>
      encodeApprovals([
        { index: 2, signature: '0x' },
        { index: 2, signature: '0x' },
      ]),
    ).toThrow(/twice/)
    expect(() => encodeApprovals([{ index: 32, signature: '0x' }])).toThrow()
    expect(() => decodeApprovals('0x020000020000', { guardians })).toThrow(/follows/)
    expect(() => decodeApprovals('0x040000020000', { guardians })).toThrow(/follows/)
    expect(() => decodeApprovals('0x030000', { guardians: guardians.slice(0, 3) })).toThrow(/no guardian/)
  })

  test('a hidden guardian that reveals another signer is refused', () => {
    const blob = encodeApprovals([{ index: 1, signature: '0x12', revealed: { ...revealed, salt: keccak256(word) } }])
    expect(() => decodeApprovals(blob, { guardians })).toThrow(/another signer/)
  })
})

test('an owner signature is framed by its validator', () => {
  expect(frameOwnerSignature('passkey', '0x1234')).toBe('0x001234')
  expect(unframeOwnerSignature('0x011234')).toEqual({ validator: 'signer', signature: '0x1234' })
  for (const bad of ['0x', '0x0212'] as const) expect(() => unframeOwnerSignature(bad)).toThrow()
})
