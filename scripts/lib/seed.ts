/** The seed of runs at CI size: fixed, so that a red run is red again. */
const fixedSeed = 1

/** A 31-bit seed, which both fuzzers take. */
export function drawSeed(random: () => number = Math.random): number {
  return Math.floor(random() * 0x7fff_ffff)
}

/** @throws RangeError when the text is not a whole number from 0 to 2147483647. */
export function parseSeed(text: string): number {
  const seed = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (!(seed <= 0x7fff_ffff))
    throw new RangeError(`REKEY_SEED is "${text}"; it must be a whole number up to 2147483647`)
  return seed
}

/** The pinned seed, else a new one for a deep run, else the fixed one. */
export function chooseSeed(pinned: string | undefined, isDeep: boolean): number {
  if (pinned !== undefined && pinned !== '') return parseSeed(pinned)
  return isDeep ? drawSeed() : fixedSeed
}
