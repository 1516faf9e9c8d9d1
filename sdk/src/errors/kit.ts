import type { Address } from 'viem'
import { BaseError } from './base.ts'

/** Thrown when a text is no recovery kit or sheet, or its parts do not belong together. */
export class InvalidKitError extends BaseError {
  override readonly name = 'Kit.InvalidKitError'
  readonly code = 'KIT_INVALID'

  constructor(problem: string, cause?: unknown) {
    super(`This is not a valid recovery kit: ${problem}.`, {
      cause,
      metaMessages: ['Nothing was done. Use another copy of the kit, or the address of the account.'],
    })
  }
}

/** Thrown when the end of a recovery kit or sheet is missing. */
export class TruncatedKitError extends BaseError {
  override readonly name = 'Kit.TruncatedKitError'
  readonly code = 'KIT_TRUNCATED'

  constructor(details: string) {
    super('The end of this recovery kit is missing.', {
      details,
      metaMessages: ['Copy the whole kit, up to its last line, or open the file itself.'],
    })
  }
}

/** Thrown when a recovery kit or sheet was changed since it was made: mistyped, damaged or forged. */
export class KitChecksumError extends BaseError {
  override readonly name = 'Kit.ChecksumError'
  readonly code = 'KIT_CHECKSUM'

  constructor() {
    super('This recovery kit was changed or damaged since it was made: its checksum does not fit.', {
      metaMessages: ['Use another copy, or scan the code of the printed sheet again.'],
    })
  }
}

/** Thrown when a recovery kit or sheet was made by a newer release that this one cannot read. */
export class KitVersionError extends BaseError {
  override readonly name = 'Kit.VersionError'
  readonly code = 'KIT_VERSION'
  readonly seen: number

  constructor(seen: number, known: number) {
    super('A newer release made this recovery kit.', {
      details: `version ${seen}; this release reads up to ${known}`,
      metaMessages: ['Update @rekey/sdk or the command-line tool, or use the address of the account.'],
    })
    this.seen = seen
  }
}

/** Thrown when a recovery kit or sheet is of another account than the one wanted. */
export class KitAccountError extends BaseError {
  override readonly name = 'Kit.AccountError'
  readonly code = 'KIT_ACCOUNT'
  /** The account that the kit is of. */
  readonly seen: Address

  constructor({ seen, wanted }: { seen: Address; wanted: Address }) {
    super(`This recovery kit is of account ${seen}.`, {
      details: `wanted ${wanted}`,
      metaMessages: ['Nothing was done. Look for the kit of the right account, or compare the two addresses.'],
    })
    this.seen = seen
  }
}

/** Thrown when a recovery kit or sheet is for other contracts than the ones in use. */
export class KitContractsError extends BaseError {
  override readonly name = 'Kit.ContractsError'
  readonly code = 'KIT_CONTRACTS'

  constructor(details: string) {
    super('This recovery kit is for other contracts than the ones in use here.', {
      details,
      metaMessages: [
        'Pass the addresses in the kit as `contracts` to createConfig, if you trust where the kit is from.',
      ],
    })
  }
}
