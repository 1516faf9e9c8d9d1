import { passkeyValidatorAbi } from '@rekey/sdk/abis'
import { type CredentialRecord, toCredential } from '@rekey/sdk/webauthn'
import { encodeAbiParameters, getAbiItem, type Hex } from 'viem'

const { inputs } = getAbiItem({ abi: passkeyValidatorAbi, name: 'addCredential' })

/** What PasskeyValidator takes at its installation: a passkey and its id. */
export function encodeInstall(record: CredentialRecord): Hex {
  return encodeAbiParameters([inputs[0], inputs[1]], [toCredential(record), record.id])
}
