import { bytesToHex, type Hex, hexToBytes, isAddressEqual, stringToBytes } from 'viem'
import type { Approval } from '../encoding/approvals.ts'
import { encodePassphraseNote, findPassphraseNote, type PassphraseNote } from '../encoding/notes.ts'
import { guardianKinds, type Policy } from '../encoding/policy.ts'
import { NoPassphraseError, WeakPassphraseError, WrongPassphraseError } from '../errors/passphrase.ts'
import { buildGuardian, type GuardianInput, type GuardianOptions } from '../recovery/guardians.ts'
import { toGuardianInputs } from '../recovery/secretGuardians.ts'
import { type SecretKey, wipe, withSecretKey } from '../secrets/secretKey.ts'
import { costOf, passphraseCosts } from './costs.ts'
import { normalisePassphrase } from './normalise.ts'
import { assessPassphrase } from './strength.ts'
import { type StretchOptions, stretch } from './stretch.ts'

/** What {@link createPassphrase} takes. */
export type CreatePassphraseParameters = GuardianOptions &
  StretchOptions & {
    phrase: string
    /** What others know, and the phrase must not rest on: name and address of the account, the owner's names. */
    personal?: readonly string[] | undefined
    /** `standard` takes 256 MiB and some seconds, `low` 64 MiB. Default: `standard`. */
    cost?: keyof typeof passphraseCosts | undefined
  }

/** A passphrase as guardian, and what to tell its owner. */
export type CreatedPassphrase = {
  readonly guardian: GuardianInput
  /** `lowCost`: a guess costs an attacker about a fifth of what it could. */
  readonly warnings: readonly 'lowCost'[]
}

/** What a passphrase is checked or used against. */
export type PassphraseUse = StretchOptions & { readonly phrase: string }

/**
 * Makes a guardian of a passphrase. Nothing is stored or sent: the words stay with the owner, and what it takes besides
 * them to derive the key goes into the policy.
 *
 * The key is for recoveries only; its address is no place to send anything to.
 *
 * @throws {WeakPassphraseError} for a phrase that could be guessed.
 * @throws {PassphraseMemoryError} when the device has too little memory for the cost.
 * @example
 * const phrase = generatePassphrase()
 * const { guardian } = await createPassphrase({ phrase, personal: [account.address], onProgress })
 * const plan = await planRecovery(account, { guardians: [guardian, walletGuardian('0x…')], preset: 'careful' })
 */
export async function createPassphrase(parameters: CreatePassphraseParameters): Promise<CreatedPassphrase> {
  const { phrase, personal, cost = 'standard', signal, onProgress, createWorker, ...options } = parameters
  const { problem } = await assessPassphrase(phrase, { personal })
  if (problem) throw new WeakPassphraseError(problem)
  const salt = bytesToHex(crypto.getRandomValues(new Uint8Array(16)))
  const { number } = passphraseCosts[cost]
  const use = { phrase, signal, onProgress, createWorker }
  const address = await withPassphrase({ cost: number, salt }, use, (key) => key.address)
  return {
    guardian: {
      ...buildGuardian(guardianKinds.passphrase, address, options),
      notes: [encodePassphraseNote({ address, cost: number, salt })],
    },
    warnings: cost === 'low' ? ['lowCost'] : [],
  }
}

/**
 * Approves a recovery with a passphrase, without any network: the approval is a signature over this recovery alone, good
 * on every chain that it is for.
 *
 * @param recovery - The recovery's digest, and the policy it is approved under.
 * @throws {WrongPassphraseError} when the policy does not name this passphrase; nothing was signed.
 * @throws {NoPassphraseError} when the policy names none.
 * @throws {PassphraseCostError} {@link PassphraseMemoryError}
 * @example
 * const approval = await approveWithPassphrase(request, { phrase, onProgress })
 * await request.addApproval(approval)
 */
export async function approveWithPassphrase(
  { policy, digest }: { readonly policy: Policy; readonly digest: Hex },
  use: PassphraseUse,
): Promise<Pick<Approval, 'index' | 'signature'>> {
  for (const { index, note } of findPassphrases(policy)) {
    const signature = await withPassphrase(note, use, (key) =>
      isAddressEqual(key.address, note.address) ? key.sign(digest) : undefined,
    )
    if (signature) return { index, signature }
  }
  throw new WrongPassphraseError()
}

/**
 * Tells whether a passphrase is one that the policy names: for owners who want to know that they still have it. Nothing is
 * sent or signed.
 *
 * @throws {NoPassphraseError} {@link PassphraseCostError} {@link PassphraseMemoryError}
 */
export async function isPassphrase({ policy }: { readonly policy: Policy }, use: PassphraseUse): Promise<boolean> {
  for (const { note } of findPassphrases(policy))
    if (await withPassphrase(note, use, (key) => isAddressEqual(key.address, note.address))) return true
  return false
}

/**
 * Returns the guardians of a policy with another passphrase instead of the one it names, for `planRecovery`. The old one
 * stays good until the new policy applies.
 *
 * @throws {NoPassphraseError} when the policy names none.
 */
export function replacePassphrase(policy: Policy, { guardian }: Pick<CreatedPassphrase, 'guardian'>): GuardianInput[] {
  const old = findPassphrases(policy).map(({ index }) => index)
  return [...toGuardianInputs(policy).filter((_, index) => !old.includes(index)), guardian]
}

/** The passphrases that a policy names, with what it takes besides the words. */
function findPassphrases(policy: Policy): { index: number; note: PassphraseNote }[] {
  const found = policy.guardians.flatMap(({ kind, signer, isHidden }, index) => {
    const isOpen = kind === guardianKinds.passphrase && !isHidden
    const note = isOpen ? findPassphraseNote(policy, signer) : undefined
    return note ? [{ index, note }] : []
  })
  if (found.length === 0) throw new NoPassphraseError()
  return found
}

/** Lends the key of a passphrase, and overwrites all of it that is ours. */
async function withPassphrase<result>(
  { cost, salt }: Pick<PassphraseNote, 'cost' | 'salt'>,
  { phrase, ...options }: PassphraseUse,
  use: (key: SecretKey) => result,
): Promise<result> {
  const { memoryKiB, iterations } = costOf(cost)
  const secret = stringToBytes(normalisePassphrase(phrase))
  const stretched = await stretch({ secret, salt: hexToBytes(salt), memoryKiB, iterations }, options)
  try {
    return withSecretKey(stretched, 'passphrase guardian', use)
  } finally {
    wipe(stretched)
  }
}
