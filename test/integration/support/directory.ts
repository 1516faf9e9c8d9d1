import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A new directory with a place for logs, removed again when it goes out of scope. */
export function temporaryDirectory(): Disposable & { readonly path: string } {
  const created = mkdtempSync(path.join(tmpdir(), 'rekey-'))
  mkdirSync(path.join(created, 'logs'))
  return { path: created, [Symbol.dispose]: () => rmSync(created, { recursive: true, force: true }) }
}
