import { type Hex, keccak256, stringToHex, toHex } from 'viem'
import type { GeneratedFile } from '../generator.ts'

/** A file of `vectors/`: who wrote it first, then the vectors. Integers that JSON cannot hold are written in hex. */
export function vectorFile(name: string, comment: string, content: Readonly<Record<string, unknown>>): GeneratedFile {
  const $comment = `Written by \`pnpm gen\` (scripts/gen/vectors/${name}.ts). ${comment} Do not edit.`
  return { path: `vectors/${name}.json`, content: `${JSON.stringify({ $comment, ...content }, replacer, 2)}\n` }
}

function replacer(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? toHex(value) : value
}

/** A fixed word that looks random. */
export function word(name: string): Hex {
  return keccak256(stringToHex(`rekey vectors: ${name}`))
}
