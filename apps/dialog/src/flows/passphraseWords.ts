import type { PassphraseStrength } from '@rekey/sdk/passphrase'

/** Why a passphrase is not taken, and what to do. */
export const passphraseProblems: Readonly<Record<NonNullable<PassphraseStrength['problem']>, string>> = {
  short: 'This is too short. Add words that have nothing to do with each other, or use the generated ones.',
  guessable: 'This could be guessed. Use the generated words, or a longer sentence that is nowhere written.',
  personal: 'This is made of what others know about you or the account. Choose something else.',
  characters: 'It has characters that not every keyboard can type. Use letters, digits and blanks.',
}

/** Which words are asked back, by their places from 1: two of them, or all where there are fewer. */
export function askedPlaces(phrase: string, random: () => number): readonly number[] {
  const places = toWords(phrase).map((_, place) => place + 1)
  while (places.length > 2) places.splice(Math.floor(random() * places.length), 1)
  return places
}

/** Whether what was typed for these places is right. */
export function isTypedBack(phrase: string, places: readonly number[], typed: readonly string[]): boolean {
  const words = toWords(phrase)
  return places.every((place, index) => toWords(typed[index] ?? '').join(' ') === words[place - 1])
}

function toWords(text: string): string[] {
  return text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
}
