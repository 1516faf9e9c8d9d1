import { readFileSync } from 'node:fs'
import type { Messages } from '@rekey/sdk'
import type { Credential } from '@rekey/sdk/webauthn'
import type { Address, Hex } from 'viem'

type Vectors<message> = readonly { readonly message: message; readonly digest: Hex }[]

/** `vectors/digests.json`; integers that JSON cannot hold are hex. */
export type DigestVectors = {
  readonly guardianRecovery: Address
  readonly passkeyValidator: Address
  readonly separators: { readonly 'Rekey Recovery': Hex; readonly 'Rekey Passkey': Hex }
} & { readonly [name in VectorMessage]: Vectors<Messages[name]> }

export const vectorMessages = [
  'Recovery',
  'Veto',
  'GuardianCancel',
  'SetPolicy',
  'Uninstall',
  'Upgrade',
  'CancelChange',
  'Freeze',
  'Drill',
  'Prove',
  'Possession',
  'MultiChain',
] as const
export type VectorMessage = (typeof vectorMessages)[number]

export type AddressVectors = {
  readonly factory: Address
  readonly implementation: Address
  readonly accounts: readonly { credential: Hex; policy: Hex; handle: Hex; account: Address }[]
  readonly policyStore: Address
  readonly policies: readonly { policyId: Hex; pointer: Address }[]
}

export type CodeVectors = {
  readonly sets: readonly {
    readonly addresses: readonly Address[]
    readonly key: Hex
    readonly hash: Hex
    /** By index, each by its own code. */
    readonly signatures: readonly Hex[]
  }[]
  readonly cases: readonly { name: string; key: Hex; hash: Hex; signature: Hex; isAccepted: boolean }[]
}

export type CredentialVectors = {
  readonly credentials: readonly {
    readonly name: string
    readonly credential: Credential
    readonly isWellFormed: boolean
    readonly commitment: Hex
  }[]
}

export type PolicyVectors = {
  readonly account: Address
  readonly forbiddenSigners: readonly Address[]
  readonly codeVerifier: Address
  readonly policies: readonly { name: string; policy: Hex; hash?: Hex; changeDays?: number; rule?: number }[]
}

export type AssertionVectors = {
  readonly passkeyValidator: Address
  readonly assertions: readonly { name: string; hash: Hex; commitment: Hex; blob: Hex; isAccepted: boolean }[]
}

type VectorCall = { readonly target: Address; readonly value: Hex; readonly callData: Hex }

export type EncodingVectors = {
  readonly base64Url: readonly { value: Hex; text: string }[]
  readonly nonces: readonly { lane: number; key: Hex; asked: Address }[]
  readonly modes: readonly { isBatch: boolean; isTry: boolean; mode: Hex }[]
  readonly singles: readonly { call: VectorCall; execution: Hex }[]
  readonly batches: readonly { calls: readonly VectorCall[]; execution: Hex }[]
}

type Files = {
  digests: DigestVectors
  addresses: AddressVectors
  credentials: CredentialVectors
  policies: PolicyVectors
  assertions: AssertionVectors
  codes: CodeVectors
  encodings: EncodingVectors
}

/** Reads a file of `vectors/`. */
export function readVectors<name extends keyof Files>(name: name): Files[name] {
  return JSON.parse(readFileSync(new URL(`../../../vectors/${name}.json`, import.meta.url), 'utf8'))
}

/** Turns the hex integers of a credential back into integers. */
export function toIntegers(credential: Credential): Credential {
  return { ...credential, x: BigInt(credential.x), y: BigInt(credential.y) }
}
