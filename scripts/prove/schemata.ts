import { createHash } from 'node:crypto'

/** One guard of a contract, and what stands in its place when it is broken. */
export interface Guard {
  readonly name: string
  readonly file: string
  /** Exact source text: a statement if it ends with `;`, else an expression. */
  readonly text: string
  readonly replacement: string
  /** Where `text` occurs more than once in the file: a longer text that occurs once and contains it once. */
  readonly within?: string
  /** An expression of Yul instead of Solidity. */
  readonly isYul?: boolean
  /**
   * Name of a guard of the same file that refuses, in another place, whatever this one refuses. It is broken too when this
   * one is, and so is the one that covers it; a test counts that does not notice when they alone are broken.
   */
  readonly coveredBy?: string
}

/** Guards that the same test files must notice. */
export interface GuardGroup {
  readonly name: string
  readonly tests: readonly string[]
  readonly guards: readonly Guard[]
}

/** A listed text that the file does not contain exactly once, or that overlaps with another; a cover that is not listed. */
export class StaleGuardError extends Error {
  override name = 'StaleGuardError'
}

/** `block.coinbase` under which the guard with this number is broken; zero breaks none. */
export function switchOf(number: number): `0x${string}` {
  return `0x${(0xdead_0000 + number).toString(16).padStart(40, '0')}`
}

/** The guard that covers this one. */
export function coverOf({ name, file, coveredBy }: Guard, guards: readonly Guard[]): Guard | undefined {
  if (coveredBy === undefined) return undefined
  const cover = guards.find((guard) => guard.file === file && guard.name === coveredBy)
  if (cover === undefined) throw new StaleGuardError(`${file} has no guard "${coveredBy}" that covers "${name}".`)
  return cover
}

/** Position of the guard's text. */
export function locate(source: string, guard: Guard): { start: number; end: number } {
  const context = guard.within ?? guard.text
  const outer = onlyPosition(source, context, guard)
  const start = outer + onlyPosition(context, guard.text, guard)
  return { start, end: start + guard.text.length }
}

/**
 * The source with every guard breakable at run time, so that one build serves all of them: each is kept beside its
 * replacement, and `block.coinbase` says which one of all is broken. Functions lose `pure` for that.
 * @param numbers The number of each guard, see {@link switchOf}.
 * @throws {StaleGuardError} when a guard is not found exactly once or lies over another.
 */
export function makeBreakable(source: string, guards: readonly Guard[], numbers: ReadonlyMap<Guard, number>): string {
  const places = guards.map((guard) => ({ guard, ...locate(source, guard) })).sort((a, b) => a.start - b.start)
  let out = ''
  let pos = 0
  for (const { guard, start, end } of places) {
    if (start < pos) throw new StaleGuardError(`${guard.file}: "${guard.name}" overlaps with another guard.`)
    const addresses = coveredBy(guard, guards).map((covered) => switchOf(numbers.get(covered) ?? 0))
    out += source.slice(pos, start) + breakable(guard, addresses)
    pos = end
  }
  return withoutPure(out + source.slice(pos))
}

/** Everything that is `pure` becomes `view`: reading `block.coinbase` is not pure. */
export function withoutPure(source: string): string {
  return source.replace(/\bpure\b/g, 'view')
}

/** Changes when the group's files or guards do. */
export function fingerprint(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:${text}`)
  return hash.digest('hex').slice(0, 16)
}

/** The guard and all that it covers, directly or not: whenever one of them is to be broken, it is. */
function coveredBy(guard: Guard, guards: readonly Guard[]): readonly Guard[] {
  const covered = guards.filter((other) => coverOf(other, guards) === guard)
  return [guard, ...covered.flatMap((other) => coveredBy(other, guards))]
}

function breakable({ text, replacement, isYul = false }: Guard, addresses: readonly string[]): string {
  if (isYul) {
    const isBroken = addresses.map((address) => `eq(coinbase(), ${address})`).reduce((a, b) => `or(${a}, ${b})`)
    return `add(mul(${isBroken}, ${replacement}), mul(iszero(${isBroken}), ${text}))`
  }
  const isBroken = addresses.map((address) => `uint160(address(block.coinbase)) == ${Number(address)}`).join(' || ')
  if (text.endsWith(';')) return `if (${isBroken}) { ${replacement} } else { ${text} }`
  return `(${isBroken} ? (${replacement}) : (${text}))`
}

function onlyPosition(source: string, text: string, guard: Guard): number {
  const first = source.indexOf(text)
  if (first === -1) throw new StaleGuardError(`${guard.file} has no text "${text}" ("${guard.name}").`)
  if (source.indexOf(text, first + 1) !== -1) {
    throw new StaleGuardError(`${guard.file} has the text "${text}" more than once ("${guard.name}").`)
  }
  return first
}
