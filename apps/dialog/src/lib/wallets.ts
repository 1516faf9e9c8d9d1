import { BaseError } from '@rekey/sdk/errors'
import { createWalletClient, custom, type EIP1193Provider, getAddress } from 'viem'
import { plainText } from './plainText.ts'

/** A wallet that announced itself (EIP-6963). */
export type AnnouncedWallet = { readonly id: string; readonly name: string; readonly provider: EIP1193Provider }

type Announcement = CustomEvent<{ info?: { uuid?: unknown; name?: unknown }; provider?: EIP1193Provider }>

/** Listens for wallets of this browser; returns how to stop. */
export function discoverWallets(onWallet: (wallet: AnnouncedWallet) => void): () => void {
  const listener = (event: Event): void => {
    const { info, provider } = (event as Announcement).detail ?? {}
    if (!provider || typeof info?.uuid !== 'string' || typeof info.name !== 'string') return
    onWallet({ id: info.uuid, name: plainText(info.name, 32), provider })
  }
  window.addEventListener('eip6963:announceProvider', listener)
  window.dispatchEvent(new Event('eip6963:requestProvider'))
  return () => window.removeEventListener('eip6963:announceProvider', listener)
}

/** Asks a wallet for its account. */
export async function connectWallet({ provider }: AnnouncedWallet) {
  const [address] = await provider.request({ method: 'eth_requestAccounts' })
  if (address === undefined) throw new NoWalletAccountError()
  return createWalletClient({ account: getAddress(address), transport: custom(provider) })
}

/** Thrown when a wallet shares no account. */
class NoWalletAccountError extends BaseError {
  override readonly name = 'NoWalletAccountError'
  readonly code = 'WALLET_REJECTED'

  constructor() {
    super('The wallet shared no account.', { metaMessages: ['Unlock the wallet and try again.'] })
  }
}
