import { PassphraseCostError } from '../errors/passphrase.ts'

/** What one guess costs: Argon2id with one lane. */
export type PassphraseCost = {
  /** As the policy names it. */
  readonly number: number
  readonly memoryKiB: number
  readonly iterations: number
}

/**
 * The costs there are. A policy names one by number, so that no server can ask for less.
 *
 * @see docs/decisions/0016-codes-and-passphrases.md
 */
export const passphraseCosts = {
  /** For phones that give a page no more. */
  low: { number: 1, memoryKiB: 65_536, iterations: 3 },
  standard: { number: 2, memoryKiB: 262_144, iterations: 4 },
} as const satisfies Readonly<Record<string, PassphraseCost>>

/** @throws {PassphraseCostError} for a number that this version does not know. */
export function costOf(number: number): PassphraseCost {
  const cost = Object.values(passphraseCosts).find((one) => one.number === number)
  if (!cost) throw new PassphraseCostError(number)
  return cost
}
