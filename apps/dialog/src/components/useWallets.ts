import { useEffect, useState } from 'react'
import { type AnnouncedWallet, discoverWallets } from '../lib/wallets.ts'

/** Wallets of this browser that have announced themselves so far. */
export function useWallets(): readonly AnnouncedWallet[] {
  const [wallets, setWallets] = useState<readonly AnnouncedWallet[]>([])
  useEffect(
    () => discoverWallets((wallet) => setWallets((known) => [...known.filter(({ id }) => id !== wallet.id), wallet])),
    [],
  )
  return wallets
}
