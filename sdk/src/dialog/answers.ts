import type { Address, Hex } from 'viem'
import { field, isPlainJson, readAddress, readBytes, readChainId, readText } from './readJson.ts'

const maxAnswerBytes = 64 * 1024

/** The dialog's answer to `eth_requestAccounts`. */
export type ConnectAnswer = { readonly account: Address; readonly chainIds: readonly number[] }

/** One transaction of a bundle of calls, as EIP-5792 reports it. */
export type CallsReceipt = {
  readonly logs: readonly { readonly address: Address; readonly data: Hex; readonly topics: readonly Hex[] }[]
  readonly status: Hex
  readonly blockHash: Hex
  readonly blockNumber: Hex
  readonly gasUsed: Hex
  readonly transactionHash: Hex
}

/** The dialog's answer to `wallet_sendCalls`, and the provider's to `wallet_getCallsStatus` (EIP-5792, version 2.0.0). */
export type CallsStatus = {
  readonly version: '2.0.0'
  readonly id: string
  readonly chainId: Hex
  /** 200: done; 500: reverted, nothing took effect. */
  readonly status: 200 | 500
  readonly atomic: true
  readonly receipts: readonly CallsReceipt[]
}

/** Reads the answer to `eth_requestAccounts`. */
export function parseConnectAnswer(value: unknown): ConnectAnswer | undefined {
  const account = readAddress(field(value, 'account'))
  const ids = field(value, 'chainIds')
  if (account === undefined || !Array.isArray(ids) || ids.length === 0) return undefined
  const chainIds = ids.filter((id: unknown): id is number => Number.isSafeInteger(id) && Number(id) > 0)
  return chainIds.length === ids.length ? { account, chainIds } : undefined
}

/** Reads the answer to `wallet_sendCalls`. */
export function parseCallsStatus(value: unknown): CallsStatus | undefined {
  const id = readText(field(value, 'id'), maxAnswerBytes)
  const chainId = field(value, 'chainId')
  const [status, receipts] = [field(value, 'status'), field(value, 'receipts')]
  if (field(value, 'version') !== '2.0.0' || field(value, 'atomic') !== true) return undefined
  if (id === undefined || id === '' || readChainId(chainId) === undefined) return undefined
  if ((status !== 200 && status !== 500) || !Array.isArray(receipts) || !receipts.every(isReceipt)) return undefined
  return { version: '2.0.0', id, chainId: chainId as Hex, status, atomic: true, receipts }
}

/** Reads the answer to a request for a signature. */
export function parseSignature(value: unknown): Hex | undefined {
  const signature = readBytes(value, maxAnswerBytes)
  return signature === '0x' ? undefined : signature
}

function isReceipt(value: unknown): value is CallsReceipt {
  const texts = ['status', 'blockHash', 'blockNumber', 'gasUsed', 'transactionHash']
  return isPlainJson(value) && Array.isArray(field(value, 'logs')) && texts.every((key) => isHexText(field(value, key)))
}

function isHexText(value: unknown): boolean {
  return typeof value === 'string' && /^0x[0-9a-f]+$/i.test(value)
}
