import { type Hex, keccak256, stringToBytes } from 'viem'
import { InvalidKitError } from '../errors/kit.ts'

const maxDepth = 8

/**
 * Hashes a JSON value whatever the order of its keys and the space between its parts.
 *
 * @throws {InvalidKitError} when it is nested deeper than any kit.
 */
export function hashJson(value: unknown): Hex {
  return keccak256(stringToBytes(canonicalJson(value, 0)))
}

function canonicalJson(value: unknown, depth: number): string {
  if (depth > maxDepth) throw new InvalidKitError(`it is nested deeper than ${maxDepth} levels`)
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item, depth + 1)}`).join(',')}}`
}
