import type { Address } from 'viem'
import { toChainError } from '../config/chainWork.ts'
import { type BaseError, isRekeyError } from '../errors/base.ts'
import {
  AccountCreatedMeanwhileError,
  BundlerRejectedError,
  BundlerUnreachableError,
  InsufficientFundsError,
  NonceTakenError,
} from '../errors/chain.ts'
import { findContractError } from '../errors/findContractError.ts'

/** What to do about the EntryPoint's codes that have no class of their own. */
const remedies: Readonly<Record<string, string>> = {
  AA13: 'The factory could not create the account. Check that the contracts are deployed on this chain.',
  AA14: 'The factory created another address. Check the addresses of the contracts in createConfig.',
  AA20: 'The account does not exist on this chain and the userOp does not create it.',
  AA22: 'The signature is out of its time. Check the clock of the bundler and the chain.',
  AA23: 'The account refused the userOp while checking it.',
  AA24: 'The account did not accept the signature. List its passkeys: this one may have been removed.',
  AA26: 'The verification took more gas than estimated. Send again.',
  AA40: 'The verification took more gas than estimated. Send again.',
  AA51: 'The account paid too little. Send again.',
}

/** Turns whatever preparing or sending a userOp threw into the error that names the reason and says what to do. */
export function toUserOpError(
  error: unknown,
  { chainId, account, signal }: { chainId: number; account: Address; signal?: AbortSignal | undefined },
): BaseError {
  if (isRekeyError(error) || signal?.aborted) return toChainError(error, chainId, signal)
  const reason = readReason(error)
  const ours = findRekeyError(error)
  if (ours) return ours
  const [entryPointCode] = /\bAA\d\d\b/.exec(reason) ?? []
  if (entryPointCode === 'AA10') return new AccountCreatedMeanwhileError({ chainId, account, cause: error })
  if (entryPointCode === 'AA25' || isReplacement(reason)) return new NonceTakenError(chainId, error)
  if (entryPointCode === 'AA21') return new InsufficientFundsError({ chainId, account, cause: error })
  const refusal = findContractError(error)
  if (isUnreachable(error)) return new BundlerUnreachableError(chainId, error)
  const remedy = refusal?.metaMessages[0] ?? (entryPointCode === undefined ? undefined : remedies[entryPointCode])
  return new BundlerRejectedError({
    chainId,
    reason: refusal ? `${refusal.name}: ${refusal.shortMessage}` : reason,
    entryPointCode,
    remedy,
    cause: refusal ?? error,
  })
}

/** Another userOp with this nonce waits in the bundler. */
function isReplacement(reason: string): boolean {
  return /replacement|already known|same nonce|already in mempool/i.test(reason)
}

/** The innermost sentence: what the bundler itself said. */
function readReason(error: unknown): string {
  let reason = ''
  for (const link of chain(error)) {
    const details: unknown = Reflect.get(link, 'details')
    if (typeof details === 'string' && details !== '') reason = details
  }
  return reason === '' && error instanceof Error ? error.message : reason
}

function findRekeyError(error: unknown): BaseError | undefined {
  return chain(error).find((link): link is BaseError => isRekeyError(link))
}

function isUnreachable(error: unknown): boolean {
  return chain(error).some(
    ({ name }) => name === 'HttpRequestError' || name === 'TimeoutError' || name === 'WebSocketRequestError',
  )
}

function chain(error: unknown): Error[] {
  const links: Error[] = []
  for (let link = error; link instanceof Error && !links.includes(link); link = link.cause) links.push(link)
  return links
}
