import { type Address, getAddress, type Hex, isAddress, isHex } from 'viem'

const maxDepth = 32
const maxNodes = 10_000

/** Returns an object's own field. What an object inherits does not count, so a polluted prototype adds nothing. */
export function field(value: unknown, key: string): unknown {
  return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** Whether a value is an object and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns a text that is not longer than `maxLength`. */
export function readText(value: unknown, maxLength: number): string | undefined {
  return typeof value === 'string' && value.length <= maxLength ? value : undefined
}

/** Returns an address with its checksum; one written with a wrong checksum is none. */
export function readAddress(value: unknown): Address | undefined {
  return typeof value === 'string' && isAddress(value) ? getAddress(value) : undefined
}

/** Returns whole bytes written in hexadecimal. */
export function readBytes(value: unknown, maxBytes: number): Hex | undefined {
  return typeof value === 'string' && value.length <= 2 + 2 * maxBytes && value.length % 2 === 0 && isHex(value)
    ? value
    : undefined
}

/** Returns a number written as JSON-RPC writes them: `0x`, then digits; at most 256 bits. */
export function readQuantity(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value) ? BigInt(value) : undefined
}

/** Returns a chain id written as a quantity. */
export function readChainId(value: unknown): number | undefined {
  const quantity = readQuantity(value)
  return quantity !== undefined && quantity > 0n && quantity <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(quantity)
    : undefined
}

/** Whether a value consists of what JSON has, within limits, with no key that reaches a prototype. */
export function isPlainJson(value: unknown): boolean {
  let nodes = 0
  const visit = (node: unknown, depth: number): boolean => {
    nodes += 1
    if (depth > maxDepth || nodes > maxNodes) return false
    if (node === null || typeof node === 'string' || typeof node === 'boolean') return true
    if (typeof node === 'number') return Number.isFinite(node)
    if (Array.isArray(node)) return node.every((item) => visit(item, depth + 1))
    if (typeof node !== 'object') return false
    const prototype: unknown = Object.getPrototypeOf(node)
    if (prototype !== Object.prototype && prototype !== null) return false
    return Object.entries(node).every(([key, item]) => key !== '__proto__' && visit(item, depth + 1))
  }
  return visit(value, 0)
}
