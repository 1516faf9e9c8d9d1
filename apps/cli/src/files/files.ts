import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { access, open, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { FileError } from '../errors.ts'

/** No file of ours is larger; what is, is something else. */
const maxBytes = 1_048_576

/** @throws {FileError} when it cannot be read or is too large. */
export async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size <= maxBytes) return await readFile(file, 'utf8')
  } catch (error) {
    throw new FileError(file, `it cannot be read (${codeOf(error)})`)
  }
  throw new FileError(file, 'it is larger than anything this command reads')
}

/** @throws {FileError} when it is not JSON; the parser's words would quote it. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file)
  try {
    return JSON.parse(text)
  } catch {
    throw new FileError(file, 'it is not JSON')
  }
}

/**
 * Writes a file that is not there yet, and has it on disk before it returns.
 *
 * @throws {FileError} when there is something of that name.
 */
export async function writeNew(file: string, text: string, mode: number): Promise<void> {
  try {
    // The flags refuse whatever has the name, links included: nothing is overwritten or followed.
    const handle = await open(file, 'wx', mode)
    try {
      // The user's mask may have taken away rights, and no mask may have added any.
      await handle.chmod(mode)
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? exists(file) : new FileError(file, `it cannot be written (${codeOf(error)})`)
  }
}

/** @throws {FileError} when there is something of that name, or nothing can be written there. */
export async function expectFree(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (isThere) throw exists(file)
  const folder = path.dirname(path.resolve(file))
  try {
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new FileError(folder, `nothing can be written there (${codeOf(error)})`)
  }
}

/** Replaces a file of ours: at every moment there is the old or the new one, whole. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.${randomBytes(4).toString('hex')}.tmp`
  await writeNew(next, text, 0o600)
  try {
    await rename(next, file)
  } catch (error) {
    throw new FileError(file, `it cannot be written (${codeOf(error)})`)
  }
}

function exists(file: string): FileError {
  return new FileError(file, 'it is there already, and is not overwritten', 'Choose another name.')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
}

/** Removes a file that this process has made. */
export async function removeOwn(file: string): Promise<void> {
  await rm(file, { force: true })
}
