import { keccak256, numberToHex } from 'viem'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import type { Row } from '../lib/row.ts'
import { createPasskey } from '../lib/user.ts'
import type { World } from '../lib/world.ts'

const SIGNATURES = 16

/** P1 with the precompile, P2 without: one WebAuthn verification inside its caller, mean of several signatures. */
export async function verifyRow(world: World, hasPrecompile: boolean): Promise<Row> {
  const { abi, bytecode } = readArtifact('VerifyMeter', 'test/contracts')
  const deployed = await world.deploy(bytecode)
  const passkey = await createPasskey('meter')
  let total = 0n
  for (let i = 0; i < SIGNATURES; i += 1) {
    const hash = keccak256(numberToHex(i))
    const [ok, gas] = (await world.client.readContract({
      address: deployed,
      abi,
      functionName: 'meter',
      args: [hash, await passkey.sign(hash)],
    })) as [boolean, bigint]
    if (!ok) throw new Error('A good assertion was refused.')
    total += gas
  }
  const measured = Math.round(Number(total) / SIGNATURES)
  return hasPrecompile
    ? {
        id: 'P1',
        what: 'WebAuthn verification with decoding, precompile',
        unit: 'gas',
        measured,
        target: 10_800,
        moonshot: 10_300,
      }
    : {
        id: 'P2',
        what: 'WebAuthn verification with decoding, Solidity',
        unit: 'gas',
        measured,
        target: 185_000,
        moonshot: 180_000,
      }
}
