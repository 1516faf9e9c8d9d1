import { wordlist } from '@scure/bip39/wordlists/english.js'
import { EncodingError } from '../errors/encoding.ts'
import { normalisePassphrase } from './normalise.ts'

/** Words of a generated passphrase when nothing else is said: 7 of 2,048, 77 bits. */
export const defaultWordCount = 7
const minWordCount = 6
const maxWordCount = 24
const words = new Set(wordlist)

/**
 * Makes a passphrase of words at random, each of 11 bits. The words differ from each other in their first four letters.
 *
 * They are the words of wallets' recovery phrases, but their number is none of a wallet's.
 *
 * @throws {EncodingError} when it is not 6 to 24 words.
 * @example
 * const phrase = generatePassphrase()
 */
export function generatePassphrase({ count = defaultWordCount }: { count?: number | undefined } = {}): string {
  if (!Number.isInteger(count) || count < minWordCount || count > maxWordCount)
    throw new EncodingError('passphrase', `it has ${count} words, not ${minWordCount} to ${maxWordCount}`)
  for (;;) {
    // 2,048 divides 65,536: no word is more likely than another.
    const random = crypto.getRandomValues(new Uint16Array(count))
    const phrase = Array.from(random, (number) => wordlist[number % wordlist.length]).join(' ')
    random.fill(0)
    if (looksGenerated(phrase)) return phrase
  }
}

/**
 * Tells which words of a passphrase are no words of the list, by their places from 1: a help for one who mistyped a
 * generated passphrase. It says nothing about whether the passphrase is right.
 */
export function findUnknownWords(phrase: string): number[] {
  return normalisePassphrase(phrase)
    .split(' ')
    .flatMap((word, place) => (words.has(word) ? [] : [place + 1]))
}

/** Tells whether a normalised phrase can have come from {@link generatePassphrase}: six words or more, different, in no order. */
export function looksGenerated(phrase: string): boolean {
  const list = phrase.split(' ')
  const sorted = list.toSorted()
  const isOrdered = [sorted, sorted.toReversed()].some((order) => order.join(' ') === phrase)
  return (
    list.length >= minWordCount &&
    list.every((word) => words.has(word)) &&
    new Set(list).size === list.length &&
    !isOrdered
  )
}
