import { type Address, getAddress, isAddress } from 'viem'

/** What somebody typed for an address: the address, or what to tell them. */
export type ParsedAddress =
  | { readonly address: Address; readonly problem?: undefined }
  | { readonly address?: undefined; readonly problem: string }

/** Reads an address that was typed or pasted. Mixed case is a checksum, and one that does not fit is a typo. */
export function parseAddress(text: string): ParsedAddress {
  const address = text.trim()
  if (address === '') return { problem: 'Enter the address. It starts with 0x.' }
  if (!isAddress(address, { strict: false }))
    return { problem: 'This is not an address. It starts with 0x and has 42 characters; check for a typo.' }
  const isMixed = /[a-f]/.test(address.slice(2)) && /[A-F]/.test(address.slice(2))
  if (isMixed && !isAddress(address))
    return { problem: 'This address has a typo: capital and small letters do not fit.' }
  return { address: getAddress(address.toLowerCase()) }
}
