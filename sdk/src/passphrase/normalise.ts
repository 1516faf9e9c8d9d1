import { WeakPassphraseError } from '../errors/passphrase.ts'

/** Not assigned, private, a lone half of a pair or a control: what it means may change, or no keyboard has it. */
const unstable = /[\p{Cn}\p{Co}\p{Cs}\p{Cc}]/u

/**
 * Brings a passphrase into the one form that its key is derived from, whatever keyboard it came from: NFKC, small letters,
 * straight quotes and hyphens, one blank between words, nothing invisible.
 *
 * @throws {WeakPassphraseError} for characters whose form may change with the version of Unicode.
 * @see docs/decisions/0016-codes-and-passphrases.md
 */
export function normalisePassphrase(phrase: string): string {
  const form = phrase
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u2018\u2019\u201a\u201b\u2032`´]/g, "'")
    .replace(/[\u201c-\u201f\u2033«»]/g, '"')
    .replace(/\p{Pd}/gu, '-')
    .replace(/ +/g, ' ')
    .trim()
  if (unstable.test(form)) throw new WeakPassphraseError('characters')
  return form
}
