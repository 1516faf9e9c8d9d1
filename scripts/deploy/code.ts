import { type Hex, hexToBytes, sliceHex } from 'viem'
import type { CodeRange } from './plan.ts'

/** `self-test-failed`: equal, except that an immutable boolean which would be true today is false in the code. */
export type CodeComparison = 'same' | 'self-test-failed' | 'different'

/** Compares code on chain with the code that the initcode produces there today. */
export function compareCode(actual: Hex, expected: Hex, immutables: readonly CodeRange[]): CodeComparison {
  if (actual === expected) return 'same'
  if (!equalOutside(actual, expected, immutables)) return 'different'
  const differing = immutables.filter((range) => read(actual, range) !== read(expected, range))
  const isSelfTest = differing.every(
    (range) => BigInt(read(actual, range)) === 0n && BigInt(read(expected, range)) === 1n,
  )
  return isSelfTest ? 'self-test-failed' : 'different'
}

/**
 * Does code come from this compiler output? For a contract whose artifact does not say where its immutables are:
 * the compiler leaves 32 zero bytes after PUSH32 there, and only those may differ.
 */
export function matchesTemplate(actual: Hex, template: Hex): boolean {
  return equalOutside(actual, template, placeholders(template))
}

function read(code: Hex, { start, length }: CodeRange): Hex {
  return sliceHex(code, start, start + length)
}

function placeholders(template: Hex): readonly CodeRange[] {
  const bytes = hexToBytes(template)
  const ranges: CodeRange[] = []
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at] ?? 0
    if (opcode < 0x60 || opcode > 0x7f) continue
    const length = opcode - 0x5f
    const data = bytes.subarray(at + 1, at + 1 + length)
    if (data.length === 32 && data.every((byte) => byte === 0)) ranges.push({ start: at + 1, length })
    at += length
  }
  return ranges
}

function equalOutside(left: Hex, right: Hex, ranges: readonly CodeRange[]): boolean {
  const [a, b] = [hexToBytes(left), hexToBytes(right)]
  if (a.length !== b.length) return false
  for (const { start, length } of ranges) for (const bytes of [a, b]) bytes.fill(0, start, start + length)
  return a.every((byte, at) => byte === b[at])
}
