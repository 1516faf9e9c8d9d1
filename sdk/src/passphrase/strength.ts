import { type PassphraseProblem, WeakPassphraseError } from '../errors/passphrase.ts'
import { normalisePassphrase } from './normalise.ts'
import { findUnknownWords, looksGenerated } from './words.ts'

/** Bits that a passphrase has to have: at 10,000 guesses a second and machine, more than three million years of one. */
export const minPassphraseBits = 60
const minLength = 14
/** What running text has at most, by letter (English has about one), and numbers that people know. */
const bitsPerLetter = 1.5
const bitsPerCharacter = 4
const bitsPerWord = 11

/** Phrases that everyone tries first. */
const famous = ['correct horse battery staple', 'the quick brown fox jumps over the lazy dog']

/** What can be said of a passphrase before it is used. */
export type PassphraseStrength = {
  /** An upper bound, rather low. */
  readonly bits: number
  /** Why it is refused, or `undefined`. */
  readonly problem: PassphraseProblem | undefined
}

/**
 * Judges a passphrase. What people make up is judged severely; generated words count in full.
 *
 * @param personal - What others know: name and address of the account, names of owner and app, mail addresses.
 * @example
 * const { problem } = await assessPassphrase(phrase, { personal: [account.address, 'Ada'] })
 */
export async function assessPassphrase(
  phrase: string,
  { personal = [] }: { personal?: readonly string[] | undefined } = {},
): Promise<PassphraseStrength> {
  let form: string
  try {
    form = normalisePassphrase(phrase)
  } catch (error) {
    if (error instanceof WeakPassphraseError) return { bits: 0, problem: error.problem }
    throw error
  }
  if (looksGenerated(form)) return { bits: form.split(' ').length * bitsPerWord, problem: undefined }
  if (findUnknownWords(form).length === 0) return { bits: 0, problem: form === '' ? 'short' : 'guessable' }
  if ([...form].length < minLength) return { bits: 0, problem: 'short' }
  const known = personal.map((text) => normalisePassphrase(text)).filter((text) => text.length >= 3)
  const rest = known.reduce((text, one) => text.replaceAll(one, ' '), form).trim()
  const bits = await estimate(form, [])
  const bitsOfRest = rest === form ? bits : await estimate(rest, known)
  if (bits < minPassphraseBits) return { bits, problem: 'guessable' }
  return { bits: bitsOfRest, problem: bitsOfRest < minPassphraseBits ? 'personal' : undefined }
}

/** The lower of two opinions: of an estimator that knows passwords and patterns, and of a count of letters. */
async function estimate(form: string, known: readonly string[]): Promise<number> {
  const textBits = form.split(' ').reduce((sum, token) => {
    const length = [...token].length
    return sum + length * (/^([\p{L}\p{P}]*|[\p{N}\p{P}]*)$/u.test(token) ? bitsPerLetter : bitsPerCharacter)
  }, 0)
  // A megabyte of passwords, only for those who choose their own words.
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  const estimator = new ZxcvbnFactory({ dictionary: { ...dictionary, famous }, graphs: adjacencyGraphs })
  const { guessesLog10 } = estimator.check(form, [...known])
  return Math.floor(Math.min(textBits, guessesLog10 * Math.log2(10)))
}
