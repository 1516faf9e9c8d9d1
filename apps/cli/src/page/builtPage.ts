import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { FileError } from '../errors.ts'

/** What the build makes; anything else has no place on the page. */
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** The built pages of the workspace, from the source of this command and from its build. */
const folders = ['../../../dialog/dist', '../../dialog/dist'].map((folder) => path.resolve(import.meta.dirname, folder))

/** @throws {FileError} when the pages are not built. */
export function findBuiltPage(): string {
  const folder = folders.find((candidate) => existsSync(path.join(candidate, 'index.html')))
  if (folder === undefined)
    throw new FileError('The page', 'it is not built', 'Run `npx pnpm@12.21.0 -r run build` first.')
  return folder
}

/** A file of the built page; a path without extension is the page itself, whose routes live in the browser. */
export async function readPageFile(
  folder: string,
  pathname: string,
): Promise<{ readonly type: string; readonly content: Buffer } | undefined> {
  const extension = path.posix.extname(pathname)
  const type = types[extension === '' ? '.html' : extension]
  const wanted = path.join(folder, extension === '' ? 'index.html' : path.posix.normalize(pathname))
  if (type === undefined || !wanted.startsWith(folder + path.sep)) return undefined
  const content = await readFile(wanted).catch(() => undefined)
  return content && { type, content }
}
