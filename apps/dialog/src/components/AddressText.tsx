import { useState } from 'react'
import type { Address, Hex } from 'viem'

/** All of an address, in groups that can be compared by eye. */
export function AddressGroups({ address, label }: { address: Hex; label: string }) {
  return (
    <code className="groups" aria-label={`${label} ${address}`} role="img">
      {[address.slice(0, 2), ...(address.slice(2).match(/.{1,4}/g) ?? [])].map((group, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of an address never move.
        <span key={place}>{group}</span>
      ))}
    </code>
  )
}

/** An address, and a way to copy it. */
export function AddressText({ address, label }: { address: Address; label: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(address)
    setCopied(true)
  }
  return (
    <div className="address">
      <AddressGroups address={address} label={label} />
      <button type="button" className="button quiet" onClick={() => void copy()}>
        <span>{isCopied ? 'Copied' : 'Copy'}</span>
      </button>
      <span className="visually-hidden" role="status">
        {isCopied ? `${label} copied` : ''}
      </span>
    </div>
  )
}
