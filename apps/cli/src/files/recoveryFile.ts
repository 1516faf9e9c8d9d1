import type { RekeyConfig } from '@rekey/sdk'
import { loadRecovery, type RecoveryRequest } from '@rekey/sdk/recovery'
import { FileError } from '../errors.ts'
import { readJson, replaceFile, writeNew } from './files.ts'

const type = 'rekey recovery'

/** Where a recovery is kept between two runs. Nothing in it is secret. */
export type RecoveryFile = {
  readonly file: string
  /** Where the new key is. */
  readonly keyFile: string
}

/** Writes a recovery that has just begun. */
export async function createRecoveryFile(place: RecoveryFile, request: RecoveryRequest): Promise<void> {
  await writeNew(place.file, write(place, request), 0o600)
}

/** Writes down how far it has come. */
export async function saveRecovery(place: RecoveryFile, request: RecoveryRequest): Promise<void> {
  await replaceFile(place.file, write(place, request))
}

/** @throws {FileError} when it is no recovery file. */
export async function readRecoveryFile(
  config: RekeyConfig,
  file: string,
): Promise<RecoveryFile & { readonly request: RecoveryRequest }> {
  const content = await readJson(file)
  const field = (name: string): unknown =>
    typeof content === 'object' && content !== null ? Reflect.get(content, name) : undefined
  const keyFile = field('keyFile')
  if (field('version') !== 1 || field('type') !== type || typeof keyFile !== 'string')
    throw new FileError(file, 'it is no recovery of this command')
  return { file, keyFile, request: loadRecovery(config, field('recovery')) }
}

function write({ keyFile }: RecoveryFile, request: RecoveryRequest): string {
  return `${JSON.stringify({ version: 1, type, keyFile, recovery: request.toJSON() }, undefined, 2)}\n`
}
