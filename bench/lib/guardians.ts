import { codeSet, guardianKinds, signWithCode } from '@rekey/sdk'
import { type Address, concat, encodeDeployData, type Hex, keccak256, stringToHex } from 'viem'
import { privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { createPasskey } from './user.ts'
import type { World } from './world.ts'

/** Somebody or something that approves, the same in every run. */
export type Approver = {
  readonly kind: number
  readonly signer: Hex
  readonly sign: (digest: Hex) => Promise<Hex>
}

/** Every kind of guardian that costs something else, by name. */
export const approverKinds: Readonly<Record<string, (world: World, seed: string) => Promise<Approver>>> = {
  wallets: async (_, seed) => {
    const wallet = privateKeyToAccount(keyOf(seed))
    return { kind: guardianKinds.wallet, signer: wallet.address, sign: (hash) => wallet.sign({ hash }) }
  },
  'contract wallets': async (world, seed) => {
    const owner = privateKeyToAccount(keyOf(seed))
    const { abi, bytecode } = readArtifact('WalletGuardian', 'test/contracts')
    const signer: Address = await world.deploy(encodeDeployData({ abi, bytecode, args: [owner.address] }))
    return { kind: guardianKinds.wallet, signer, sign: (hash) => owner.sign({ hash }) }
  },
  passkeys: async ({ contracts }, seed) => {
    const passkey = await createPasskey(seed)
    const signer = concat([contracts.webAuthnVerifier, passkey.commitment])
    return { kind: guardianKinds.passkey, signer, sign: (hash) => passkey.sign(hash) }
  },
  'sets of 10 codes': async ({ contracts }, seed) => {
    const keys = Array.from({ length: 10 }, (_, index) => keyOf(`${seed} code ${index}`))
    const set = codeSet(keys.map(privateKeyToAddress))
    let next = 0
    const sign = (hash: Hex) => {
      const index = next++
      return signWithCode({ privateKey: keys[index] as Hex, index, set, hash })
    }
    return { kind: guardianKinds.codes, signer: concat([contracts.recoveryCodeVerifier, set.key]), sign }
  },
}

function keyOf(seed: string): Hex {
  return keccak256(stringToHex(`rekey bench: ${seed}`))
}
