import { stat } from 'node:fs/promises'
import { isHex } from 'viem'
import { english, type LocalAccount, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { UsageError } from '../errors.ts'
import { readText } from '../files/files.ts'
import type { Terminal } from '../io/terminal.ts'

/** Where a wallet's key is. */
export type WalletSource = {
  /** File with a private key or a mnemonic. */
  readonly file?: string | undefined
  /** Name of the environment variable with either. */
  readonly env?: string | undefined
  /** Which account of a mnemonic. Default: the first. */
  readonly index?: number | undefined
}

/**
 * Reads a wallet's key. Nothing of it is kept or repeated.
 *
 * @throws {UsageError} when there is neither a private key nor a mnemonic.
 */
export async function readWallet({ file, env, index = 0 }: WalletSource, terminal: Terminal): Promise<LocalAccount> {
  const where = file ?? `the environment variable ${env ?? ''}`
  const text = (file === undefined ? process.env[env ?? ''] : await readText(file))?.trim()
  if (text === undefined || text === '') throw new UsageError(`${where}: there is no key.`)
  if (file !== undefined && process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0)
    terminal.say(`Warning: others on this computer can read ${file}. Run \`chmod 600\` on it.`)
  const hex = text.startsWith('0x') ? text : `0x${text}`
  if (isHex(hex) && hex.length === 66) {
    try {
      return privateKeyToAccount(hex)
    } catch {
      throw new UsageError(`${where}: its private key is no key.`)
    }
  }
  const words = text.toLowerCase().split(/\s+/)
  if (![12, 15, 18, 21, 24].includes(words.length) || !words.every((word) => english.includes(word)))
    throw new UsageError(`${where}: it has neither a private key nor a mnemonic of 12 to 24 English words.`)
  return mnemonicToAccount(words.join(' '), { addressIndex: index })
}
