/**
 * A Reed–Solomon code over GF(32): 28 symbols of five bits and two of parity. Any two codewords differ in three places or
 * more, so that every wrong character and every swap of two is noticed, and a single wrong character is found.
 *
 * Symbol `i` stands for `c_i`; parity makes `Σ c_i·α^i` and `Σ c_i·α^2i` zero. α is a root of x⁵ + x² + 1.
 */
const order = 31
/** Powers of α; twice, so that sums of two logarithms need no reduction. */
const powers: readonly number[] = Array.from({ length: 2 * order }).reduce<number[]>(
  (list) => [...list, times(list.at(-1))],
  [],
)
const logarithms = new Map(powers.slice(0, order).map((power, exponent) => [power, exponent]))

/** Number of symbols in a code, parity included. */
export const symbolCount = 30
const dataCount = 28

function times(power: number | undefined): number {
  if (power === undefined) return 1
  return power < 16 ? power << 1 : (power << 1) ^ 0b100101
}

function multiply(a: number, b: number): number {
  const [x, y] = [logarithms.get(a), logarithms.get(b)]
  return x === undefined || y === undefined ? 0 : (powers[x + y] as number)
}

function divide(a: number, b: number): number {
  const inverse = powers[(order - (logarithms.get(b) as number)) % order] as number
  return multiply(a, inverse)
}

/** The two sums that are zero for a codeword. */
function syndromes(symbols: readonly number[]): [number, number] {
  let [first, second] = [0, 0]
  for (const [place, symbol] of symbols.entries()) {
    first ^= multiply(symbol, powers[place] as number)
    second ^= multiply(symbol, powers[(2 * place) % order] as number)
  }
  return [first, second]
}

/** Appends the two symbols of parity to 28 symbols. */
export function addParity(data: readonly number[]): number[] {
  const [first, second] = syndromes(data)
  // a·p + b·q = first, a²·p + b²·q = second, for a = α^28 and b = α^29.
  const [a, b] = [powers[dataCount] as number, powers[dataCount + 1] as number]
  const q = divide(second ^ multiply(a, first), multiply(b, a ^ b))
  const p = divide(first ^ multiply(b, q), a)
  return [...data, p, q]
}

/** Tells whether 30 symbols are a codeword. */
export function isCodeword(symbols: readonly number[]): boolean {
  return syndromes(symbols).every((sum) => sum === 0)
}

/** Lists the codewords that one wrong symbol, or a swap of two neighbours, could have made into these symbols. */
export function findNearby(symbols: readonly number[]): { symbols: number[]; places: number[] }[] {
  const found: { symbols: number[]; places: number[] }[] = []
  const [first, second] = syndromes(symbols)
  if (first !== 0 && second !== 0) {
    const place = logarithms.get(divide(second, first)) as number
    const error = divide(first, powers[place] as number)
    if (place < symbolCount)
      found.push({
        symbols: symbols.map((symbol, index) => (index === place ? symbol ^ error : symbol)),
        places: [place],
      })
  }
  for (let place = 0; place + 1 < symbolCount; place++) {
    const swapped = [...symbols]
    swapped.splice(place, 2, symbols[place + 1] as number, symbols[place] as number)
    if (isCodeword(swapped)) found.push({ symbols: swapped, places: [place, place + 1] })
  }
  return found
}
