import { type Address, type Chain, type Hash, type Hex, isHash, type Transport, type WalletClient } from 'viem'
import type { Account } from 'viem/accounts'
import { RelayFailedError, RelayMissingError } from '../errors/chain.ts'
import { throwIfAborted } from './abort.ts'

/** A plain transaction that anyone may send: what it carries is signed already, the sender has no authority. */
export type RelayRequest = {
  readonly chainId: number
  readonly to: Address
  readonly data: Hex
  readonly signal?: AbortSignal | undefined
}

/** Sends plain transactions and pays for them. */
export type Relay = {
  /** Sends a transaction and returns its hash without waiting for it to be mined. */
  send(request: RelayRequest): Promise<Hash>
}

/**
 * Makes a relay of viem wallet clients, one per chain.
 *
 * @throws {RelayMissingError} from `send`, when there is no wallet for the chain.
 * @throws {RelayFailedError} from `send`, when the wallet did not send.
 * @example
 * const relay = walletRelay([createWalletClient({ account, chain: mainnet, transport: http() })])
 */
export function walletRelay(wallets: readonly WalletClient<Transport, Chain, Account>[]): Relay {
  return {
    async send({ chainId, to, data }) {
      const wallet = wallets.find(({ chain }) => chain.id === chainId)
      if (!wallet) throw new RelayMissingError(chainId)
      try {
        return await wallet.sendTransaction({ to, data })
      } catch (cause) {
        throw new RelayFailedError(chainId, { cause })
      }
    },
  }
}

/**
 * Makes a relay of a service: `POST url` with `{chainId, to, data}`, answered by `{hash}` or `{error: {code, message}}`.
 *
 * @param url - Address of the service.
 * @param options - `fetch` stands in for the global one.
 * @throws {RelayFailedError} from `send`, with what the service said.
 * @example
 * const relay = httpRelay('https://relay.example.com/v1/transactions')
 */
export function httpRelay(url: string, options: { fetch?: typeof fetch | undefined } = {}): Relay {
  return {
    async send({ chainId, to, data, signal }) {
      const request = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ chainId, to, data }),
        ...(signal && { signal }),
      }
      let answer: unknown
      try {
        const response = await (options.fetch ?? globalThis.fetch)(url, request)
        answer = await response.json()
      } catch (cause) {
        throwIfAborted(signal)
        throw new RelayFailedError(chainId, { cause })
      }
      const hash = field(answer, 'hash')
      if (typeof hash === 'string' && isHash(hash)) return hash
      throw new RelayFailedError(chainId, { details: describe(field(answer, 'error')) })
    },
  }
}

function describe(error: unknown): string {
  const [code, message] = [field(error, 'code'), field(error, 'message')]
  return typeof message === 'string' ? `${String(code)}: ${message}` : 'it answered without a transaction hash'
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
