import { concat, type Hex, hashStruct, numberToHex, size, stringToHex } from 'viem'

type Types = Record<string, readonly { readonly name: string; readonly type: string }[]>

/** Typed data of whatever types. */
export type AnyTypedData = {
  readonly domain?: Record<string, unknown> | undefined
  readonly types: Types
  readonly primaryType: string
  readonly message: Record<string, unknown>
}

/**
 * Puts beside a signature over nested typed data what the contract needs to rebuild what was signed.
 *
 * The description names the contents type where, in the order of the alphabet, another type comes first; viem's own
 * function leaves that out.
 *
 * @see ERC-7739, TypedDataSign, contentsDescription
 */
export function wrapNestedSignature({ domain = {}, types, primaryType, message }: AnyTypedData, signature: Hex): Hex {
  const domainTypes: Types = { EIP712Domain: domainFields.filter(({ name }) => domain[name] !== undefined) }
  const description = stringToHex(describeContents(primaryType, types))
  return concat([
    signature,
    hashStruct<Types, string>({ data: domain, primaryType: 'EIP712Domain', types: domainTypes }),
    hashStruct<Types, string>({ data: message, primaryType, types }),
    description,
    numberToHex(size(description), { size: 2 }),
  ])
}

/** Writes the types that the contents need in alphabetical order, and which of them is meant unless it is the first. */
export function describeContents(primaryType: string, types: Types): string {
  const names = [...collectTypes(primaryType, types)].toSorted()
  const text = names
    .map((name) => `${name}(${(types[name] ?? []).map((field) => `${field.type} ${field.name}`).join(',')})`)
    .join('')
  return names[0] === primaryType ? text : text + primaryType
}

function collectTypes(name: string, types: Types, found = new Set<string>()): Set<string> {
  const fields = types[name]
  if (!fields || found.has(name)) return found
  found.add(name)
  for (const { type } of fields) collectTypes(type.replace(/\[.*$/, ''), types, found)
  return found
}

const domainFields = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
] as const
