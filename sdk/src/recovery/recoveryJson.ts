import { type Hex, isAddressEqual, keccak256, stringToBytes } from 'viem'
import { type AccountGenesis, genesisAddress } from '../accounts/genesis.ts'
import {
  type CredentialJson,
  type CredentialRecordJson,
  type GenesisJson,
  type RecordReader,
  readCredential,
  readCredentialRecord,
  readGenesis,
  readRecord,
  toCredentialJson,
  toCredentialRecordJson,
  toGenesisJson,
} from '../accounts/record.ts'
import type { Contracts } from '../config/contracts.ts'
import { policyHash } from '../encoding/policy.ts'
import type { Recovery } from '../encoding/typedData.ts'
import { InvalidRecordError } from '../errors/account.ts'
import { fromBase64Url, toBase64Url } from '../webauthn/base64url.ts'
import { type CredentialRecord, credentialCommitment, toCredential } from '../webauthn/credential.ts'
import type { RecoveryApproval } from './recoveryApproval.ts'

/** Everything about a recovery; nothing in it is secret. */
export type RecoveryData = {
  readonly recovery: Recovery
  /** Bytes of the policy that the guardians act under. */
  readonly policyBytes: Hex
  readonly genesis: AccountGenesis
  /** The new passkey. */
  readonly passkey: CredentialRecord
  /** The new passkey's assertion over the recovery. */
  readonly possession: Hex
  readonly approvals: readonly RecoveryApproval[]
}

/** A recovery as JSON, for another device or for a guardian. */
export type RecoveryJson = {
  readonly version: 1
  readonly recovery: Omit<Recovery, 'credential' | 'chainIds'> & {
    readonly credential: CredentialJson
    readonly chainIds: readonly string[]
  }
  readonly policy: Hex
  readonly genesis: GenesisJson
  readonly passkey: CredentialRecordJson
  readonly possession: Hex
  readonly approvals: readonly RecoveryApproval[]
}

const subject = 'recovery'
const linkKey = 'recovery='
/** What the fields of the message that guardians sign can hold. */
const maxKeep = 2 ** 8 - 1
const maxTime = 2 ** 40 - 1
const maxIndex = 31

/** Writes a recovery as JSON. */
export function toRecoveryJson({ recovery, policyBytes, genesis, passkey, ...rest }: RecoveryData): RecoveryJson {
  return {
    version: 1,
    recovery: {
      ...recovery,
      credential: toCredentialJson(recovery.credential),
      chainIds: recovery.chainIds.map(String),
    },
    policy: policyBytes,
    genesis: toGenesisJson(genesis),
    passkey: toCredentialRecordJson(passkey),
    possession: rest.possession,
    approvals: rest.approvals,
  }
}

/** Puts a recovery into the fragment of a page's address: it does not reach the page's server. */
export function toRecoveryLink(page: string, json: RecoveryJson): string {
  const url = new URL(page)
  url.hash = `${linkKey}${toBase64Url(stringToBytes(JSON.stringify(json)))}`
  return url.href
}

/**
 * Reads a recovery from JSON, from its text, or from a link, and checks that its parts belong together.
 *
 * @throws {InvalidRecordError} when it is cut or changed.
 */
export function readRecoveryJson(contracts: Contracts, input: unknown): RecoveryData {
  const record = readRecord(typeof input === 'string' ? parse(input) : input, subject)
  if (record.number('version') !== 1) throw new InvalidRecordError(subject, 'its version is not 1')
  const message = record.object('recovery')
  const recovery: Recovery = {
    account: message.address('account'),
    policy: message.hex('policy', 32),
    credential: readCredential(message.object('credential')),
    keep: message.number('keep', maxKeep),
    chainIds: message.texts('chainIds').map(toChainId),
    issuedAt: message.number('issuedAt', maxTime),
    deadline: message.number('deadline', maxTime),
  }
  const data: RecoveryData = {
    recovery,
    policyBytes: record.hex('policy'),
    genesis: readGenesis(record.object('genesis')),
    passkey: readCredentialRecord(record.object('passkey')),
    possession: record.hex('possession'),
    approvals: record.list('approvals').map(readApproval),
  }
  const problem = findContradiction(contracts, data)
  if (problem !== undefined) throw new InvalidRecordError(subject, problem)
  return data
}

function findContradiction(contracts: Contracts, { recovery, policyBytes, genesis, passkey }: RecoveryData) {
  if (policyHash(policyBytes) !== recovery.policy.toLowerCase()) return 'it names another policy than it carries'
  if (!isAddressEqual(genesisAddress(contracts, genesis), recovery.account))
    return 'its account does not commit to its genesis'
  if (keccak256(genesis.credentialId) !== genesis.credential.idHash.toLowerCase())
    return 'its genesis names another passkey than it carries'
  const credential = toCredential(passkey)
  const isSame =
    credentialCommitment(credential) === credentialCommitment(recovery.credential) &&
    credential.idHash === recovery.credential.idHash.toLowerCase()
  return isSame ? undefined : 'it names another passkey than it carries'
}

/** Reads an approval as it travels. */
export function readApproval(item: RecordReader): RecoveryApproval {
  const index = item.number('index', maxIndex)
  const hidden = item.has('revealed') ? item.object('revealed') : undefined
  const revealed = hidden && { revealed: { salt: hidden.hex('salt', 32), signer: hidden.hex('signer') } }
  if (!item.has('signatures')) return { index, signature: item.hex('signature'), ...revealed }
  const signatures = item
    .list('signatures')
    .map((one) => ({ chainId: one.number('chainId'), signature: one.hex('signature') }))
  return { index, signatures, ...revealed }
}

function parse(text: string): unknown {
  try {
    if (text.trimStart().startsWith('{')) return JSON.parse(text)
    const fragment = new URL(text).hash.slice(1)
    if (!fragment.startsWith(linkKey)) throw new InvalidRecordError(subject, 'the link carries none')
    return JSON.parse(new TextDecoder().decode(fromBase64Url(fragment.slice(linkKey.length))))
  } catch (error) {
    if (error instanceof InvalidRecordError) throw error
    throw new InvalidRecordError(subject, 'it is neither JSON nor a link')
  }
}

function toChainId(text: string): bigint {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidRecordError(subject, 'a chain id is not a number')
  return BigInt(text)
}
