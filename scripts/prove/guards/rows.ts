import type { Guard } from '../schemata.ts'

/** `[name, text, replacement, further fields]`; an empty replacement removes a statement. */
type Row = readonly [string, string, string, Partial<Guard>?]

/** The guards of one file. */
export function inFile(file: string, rows: readonly Row[]): Guard[] {
  return rows.map(([name, text, replacement, more]) => ({ name, file, text, replacement, ...more }))
}
