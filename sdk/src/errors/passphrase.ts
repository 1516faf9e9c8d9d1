import { BaseError } from './base.ts'

/** Why a passphrase is refused. */
export type PassphraseProblem = 'short' | 'guessable' | 'personal' | 'characters'

/** Thrown when a passphrase is too weak to be a guardian. */
export class WeakPassphraseError extends BaseError {
  override readonly name = 'Passphrase.WeakPassphraseError'
  readonly code = 'PASSPHRASE_WEAK'
  readonly problem: PassphraseProblem

  constructor(problem: PassphraseProblem) {
    const sentences: Record<PassphraseProblem, string> = {
      short: 'This passphrase is too short.',
      guessable: 'This passphrase can be guessed.',
      personal: 'This passphrase is made of what others know about the account.',
      characters: 'This passphrase has characters that not every keyboard can type.',
    }
    super(sentences[problem], {
      metaMessages: ['Use generated words, by generatePassphrase: guesses can be tried without limit, for years.'],
    })
    this.problem = problem
  }
}

/** Thrown when a passphrase is not the one that was named as guardian; nothing was sent. */
export class WrongPassphraseError extends BaseError {
  override readonly name = 'Passphrase.WrongPassphraseError'
  readonly code = 'PASSPHRASE_WRONG'

  constructor() {
    super('This is not the passphrase of this account.', {
      metaMessages: ['Nothing was sent. Check each word and their order; capitals and blanks do not matter.'],
    })
  }
}

/** Thrown when an account has no passphrase as guardian, or none that says how its key is derived. */
export class NoPassphraseError extends BaseError {
  override readonly name = 'Passphrase.NoPassphraseError'
  readonly code = 'PASSPHRASE_MISSING'

  constructor() {
    super('This account has no passphrase as guardian.', {
      metaMessages: [
        'Use another guardian, or a policy that has one: planRecovery takes what createPassphrase returns.',
      ],
    })
  }
}

/** Thrown when a policy asks for a derivation that this version does not do, or that would be too cheap. */
export class PassphraseCostError extends BaseError {
  override readonly name = 'Passphrase.CostError'
  readonly code = 'PASSPHRASE_COST'

  constructor(cost: number) {
    super(`This version derives no key from a passphrase at cost ${cost}.`, {
      metaMessages: ['Nothing was derived. Use a newer version, and a policy that comes from a chain.'],
    })
  }
}

/** Thrown when a device has not the memory that a passphrase takes. */
export class PassphraseMemoryError extends BaseError {
  override readonly name = 'Passphrase.MemoryError'
  readonly code = 'PASSPHRASE_NOT_ENOUGH_MEMORY'

  constructor(memoryKiB: number, cause?: unknown) {
    super(`This device does not give ${memoryKiB / 1_024} MiB of memory to this page.`, {
      cause,
      metaMessages: [
        "Close other pages and try again, or use another device. A new passphrase can be made at cost 'low' instead.",
      ],
    })
  }
}
