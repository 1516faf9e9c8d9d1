import { type Address, type Hex, stringToHex } from 'viem'
import type { Call } from '../encoding/execution.ts'
import {
  field,
  isPlainJson,
  isRecord,
  readAddress,
  readBytes,
  readChainId,
  readQuantity,
  readText,
} from './readJson.ts'
import { type ProviderRpcError, rpcError } from './rpcError.ts'

const maxCalls = 64
const maxCallBytes = 128 * 1024
const maxMessageBytes = 64 * 1024
const maxCallsIdLength = 4096

/** Typed data as EIP-712 defines it; that its values fit its types is checked when it is hashed. */
export type TypedDataJson = {
  readonly types: Readonly<Record<string, readonly { readonly name: string; readonly type: string }[]>>
  readonly domain: Readonly<Record<string, unknown>>
  readonly primaryType: string
  readonly message: Readonly<Record<string, unknown>>
}

/** What an app can ask the dialog for, checked. */
export type DialogRequest =
  | { readonly method: 'eth_requestAccounts' }
  | { readonly method: 'rekey_openAccount' }
  | {
      readonly method: 'wallet_sendCalls'
      readonly account: Address | undefined
      readonly chainId: number
      readonly calls: readonly Call[]
      /** The app's name for these calls. */
      readonly callsId: string | undefined
    }
  | { readonly method: 'personal_sign'; readonly account: Address; readonly chainId: number; readonly message: Hex }
  | {
      readonly method: 'eth_signTypedData_v4'
      readonly account: Address
      readonly chainId: number
      readonly typedData: TypedDataJson
    }

/** Reads method and parameters of a request; what is wrong with it comes back as the error to answer. */
export function parseDialogRequest(method: string, params: unknown): DialogRequest | ProviderRpcError {
  const list: readonly unknown[] = Array.isArray(params) ? params : []
  switch (method) {
    case 'eth_requestAccounts':
    case 'rekey_openAccount':
      return { method }
    case 'wallet_sendCalls':
      return parseSendCalls(list[0])
    case 'personal_sign':
      return parsePersonalSign(list)
    case 'eth_signTypedData_v4':
      return parseSignTypedData(list)
    default:
      return rpcError('unsupportedMethod', 'The dialog does not know this method.')
  }
}

/** Reads the parameters of `wallet_sendCalls`, version 2.0.0. */
export function parseSendCalls(value: unknown): (DialogRequest & { method: 'wallet_sendCalls' }) | ProviderRpcError {
  if (field(value, 'version') !== '2.0.0') return invalid('version must be "2.0.0"')
  if (requiresCapability(field(value, 'capabilities')))
    return rpcError('unsupportedCapability', 'A capability that is not optional is not supported.')
  const chainId = readChainId(field(value, 'chainId'))
  if (chainId === undefined) return invalid('chainId must be a hexadecimal number')
  const from = field(value, 'from')
  const account = readAddress(from)
  if (from !== undefined && account === undefined) return invalid('from is not an address')
  const id = field(value, 'id')
  const callsId = readText(id, maxCallsIdLength)
  if (id !== undefined && callsId === undefined) return invalid('id is not a text, or too long')
  const list = field(value, 'calls')
  if (!Array.isArray(list) || list.length === 0 || list.length > maxCalls)
    return invalid(`calls must be a list of 1 to ${maxCalls}`)
  const calls: Call[] = []
  for (const [at, item] of list.entries()) {
    if (requiresCapability(field(item, 'capabilities')))
      return rpcError('unsupportedCapability', `Call ${at} needs a capability that is not supported.`)
    const call = parseCall(item)
    if (call === undefined) return invalid(`call ${at} is not well-formed`)
    calls.push(call)
  }
  return { method: 'wallet_sendCalls', account, chainId, calls, callsId }
}

function parseCall(value: unknown): Call | undefined {
  const to = readAddress(field(value, 'to'))
  const data = readBytes(field(value, 'data') ?? '0x', maxCallBytes)
  const amount = readQuantity(field(value, 'value') ?? '0x0')
  return to === undefined || data === undefined || amount === undefined ? undefined : { to, data, value: amount }
}

function parsePersonalSign([text, address, chain]: readonly unknown[]): DialogRequest | ProviderRpcError {
  const [account, chainId] = [readAddress(address), readChainId(chain)]
  const message = readBytes(text, maxMessageBytes) ?? encodeText(text)
  if (account === undefined || chainId === undefined || message === undefined)
    return invalid('expected a message and an account')
  return { method: 'personal_sign', account, chainId, message }
}

function encodeText(value: unknown): Hex | undefined {
  const text = readText(value, maxMessageBytes)
  return text === undefined ? undefined : stringToHex(text)
}

function parseSignTypedData([address, data, chain]: readonly unknown[]): DialogRequest | ProviderRpcError {
  const [account, chainId] = [readAddress(address), readChainId(chain)]
  const typedData = parseTypedData(typeof data === 'string' ? parseJson(data) : data)
  if (account === undefined || chainId === undefined || typedData === undefined)
    return invalid('expected an account and typed data')
  return { method: 'eth_signTypedData_v4', account, chainId, typedData }
}

function parseTypedData(value: unknown): TypedDataJson | undefined {
  if (!isPlainJson(value)) return undefined
  const [types, domain, message] = [field(value, 'types'), field(value, 'domain'), field(value, 'message')]
  const primaryType = readText(field(value, 'primaryType'), 256)
  if (!isTypes(types) || !isRecord(domain) || !isRecord(message)) return undefined
  if (primaryType === undefined || !Object.hasOwn(types, primaryType)) return undefined
  return { types, domain, primaryType, message }
}

function isTypes(value: unknown): value is TypedDataJson['types'] {
  return isRecord(value) && Object.values(value).every((fields) => Array.isArray(fields) && fields.every(isTypedField))
}

function isTypedField(value: unknown): boolean {
  return typeof field(value, 'name') === 'string' && typeof field(value, 'type') === 'string'
}

function parseJson(text: string): unknown {
  if (text.length > maxMessageBytes) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function requiresCapability(capabilities: unknown): boolean {
  return isRecord(capabilities) && Object.values(capabilities).some((wanted) => field(wanted, 'optional') !== true)
}

function invalid(problem: string): ProviderRpcError {
  return rpcError('invalidParams', `The parameters are not valid: ${problem}.`)
}
