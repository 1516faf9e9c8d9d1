import { type RekeyConfig, type Relay, walletRelay } from '@rekey/sdk'
import { BaseError } from '@rekey/sdk/errors'
import { type Address, createWalletClient, formatEther, type Hex, http } from 'viem'
import type { LocalAccount } from 'viem/accounts'
import { getBalance } from 'viem/actions'
import type { Options } from '../io/arguments.ts'
import type { Terminal } from '../io/terminal.ts'
import { readWallet } from '../keys/wallet.ts'
import { type Nodes, toChain } from './nodes.ts'

export const deliveryOptions = {
  relayer: {
    type: 'text',
    value: '<file>',
    help: 'private key or mnemonic of whoever pays; without it transactions are printed',
  },
  'relayer-env': { type: 'text', value: '<name>', help: 'the same from an environment variable' },
} as const satisfies Options

/** A transaction that anybody may send; it carries no value, and its sender gets no power. */
export type Transaction = { readonly chainId: number; readonly to: Address; readonly data: Hex }

/** Who sends what the guardians signed. */
export type Delivery = {
  readonly relay: Relay
  /** Pays for it; absent when transactions are printed. */
  readonly payer: LocalAccount | undefined
  /** Those for somebody else to send. */
  readonly unsent: readonly Transaction[]
}

/** Stands for a transaction that was not sent, but written down. */
class TransactionNotSentError extends BaseError {
  override readonly name = 'Cli.TransactionNotSentError'
  readonly code = 'CLI_NOT_SENT'

  constructor(chainId: number) {
    super(`The transaction for chain ${chainId} is for you to send.`, {
      metaMessages: ['Send it from any account, with any wallet, and run the command again.'],
    })
  }
}

/** Sends with the user's own key, or writes down what is to be sent. */
export async function readDelivery(
  nodes: Nodes,
  values: { relayer: string | undefined; 'relayer-env': string | undefined },
  terminal: Terminal,
): Promise<Delivery> {
  const { relayer: file, 'relayer-env': env } = values
  if (file === undefined && env === undefined) {
    const unsent: Transaction[] = []
    const send: Relay['send'] = async ({ chainId, to, data }) => {
      const isKnown = unsent.some((known) => known.chainId === chainId && known.to === to && known.data === data)
      if (!isKnown) unsent.push({ chainId, to, data })
      throw new TransactionNotSentError(chainId)
    }
    return { relay: { send }, payer: undefined, unsent }
  }
  const payer = await readWallet({ file, env }, terminal)
  const wallets = [...nodes.urls].map(([id, url]) =>
    createWalletClient({ account: payer, chain: toChain(id, url), transport: http(url, { retryCount: 1 }) }),
  )
  return { relay: walletRelay(wallets), payer, unsent: [] }
}

/** Says who pays, and from what. */
export async function describePayer({ chains }: RekeyConfig, { payer }: Delivery): Promise<string[]> {
  if (!payer) return ['Nothing is sent: the transactions are printed, for anybody to send.']
  const balances = await Promise.all(
    chains.map(async ({ id, client }) => {
      const balance = await getBalance(client, payer).catch(() => undefined)
      return `  chain ${id}: ${balance === undefined ? 'does not answer' : `${formatEther(balance)} of its coin`}`
    }),
  )
  return [`${payer.address} pays for the transactions:`, ...balances]
}
