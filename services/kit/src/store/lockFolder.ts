import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { StoreError } from '../errors.ts'

/**
 * Keeps other processes out of a folder: two writers would ruin an embedded database. A lock whose process is gone is
 * taken over. Returns how to give it back.
 *
 * @throws {StoreError} `taken` while another process has it.
 */
export function lockFolder(folder: string): () => void {
  const file = path.join(folder, 'rekey.lock')
  try {
    writeFileSync(file, `${process.pid}`, { flag: 'wx' })
  } catch {
    const holder = Number(readFileSync(file, 'utf8'))
    if (isRunning(holder)) throw new StoreError('taken', `process ${holder}`)
    writeFileSync(file, `${process.pid}`)
  }
  return () => rmSync(file, { force: true })
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process: it runs.
    return error instanceof Error && Reflect.get(error, 'code') === 'EPERM'
  }
}
