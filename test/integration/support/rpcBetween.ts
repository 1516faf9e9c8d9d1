import { type RekeyConfig, walletRelay } from '@rekey/sdk'
import { createWalletClient, custom, type EIP1193RequestFn, http, type Transport } from 'viem'
import { configFor, type Device, stackChain } from '../../../scripts/stack/client.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'

export type RpcCall = { readonly method: string; readonly params: readonly unknown[]; readonly chainId: number }

/** Stands between the SDK and a node or bundler: passes on, changes what comes back, or throws. */
export type Between = (call: RpcCall, pass: () => Promise<unknown>) => Promise<unknown>

/** A config whose every request goes through `between`; the relayer's own requests do not. */
export function configBetween(stack: Stack, device: Pick<Device, 'credentials'>, between: Between): RekeyConfig {
  const wallets = stack.chains.map(({ chainId, rpcUrl }) =>
    createWalletClient({
      account: stack.accounts.relayer,
      chain: stackChain(chainId, rpcUrl),
      transport: http(rpcUrl),
    }),
  )
  return configFor(stack, device, {
    relay: walletRelay(wallets),
    chains: stack.chains.map(({ chainId, rpcUrl, bundlerUrl }) => ({
      chain: stackChain(chainId, rpcUrl),
      rpc: transportBetween(chainId, rpcUrl, between),
      pollingInterval: 50,
      ...(bundlerUrl && { bundler: transportBetween(chainId, bundlerUrl, between) }),
    })),
  })
}

function transportBetween(chainId: number, url: string, between: Between): Transport {
  const request = (({ method, params = [] }: { method: string; params?: readonly unknown[] }) =>
    between({ method, params, chainId }, () => callNode(url, method, params))) as EIP1193RequestFn
  return custom({ request }, { retryCount: 0 })
}

async function callNode(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const answer = (await response.json()) as { result?: unknown; error?: { message: string } }
  if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error)
  return answer.result
}
