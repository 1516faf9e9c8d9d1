import type { Address, Hex } from 'viem'
import { BaseError } from './base.ts'
import { serviceOrigin } from './hideUrls.ts'

/** Thrown when a chain is named that the config does not have. */
export class ChainNotConfiguredError extends BaseError {
  override readonly name = 'Chain.NotConfiguredError'
  readonly code = 'CHAIN_NOT_CONFIGURED'

  constructor(chainId: number) {
    super(`Chain ${chainId} is not configured.`, { metaMessages: ['Add it to the chains of createConfig.'] })
  }
}

/** Thrown when a chain's node did not answer. */
export class ChainUnreachableError extends BaseError {
  override readonly name = 'Chain.UnreachableError'
  readonly code = 'CHAIN_UNREACHABLE'
  readonly chainId: number

  constructor(chainId: number, cause: unknown) {
    super(`Chain ${chainId} did not answer.`, {
      cause,
      details: serviceOrigin(cause),
      metaMessages: ['Check the connection and the RPC address; then do the same again: what is done is skipped.'],
    })
    this.chainId = chainId
  }
}

/** Thrown when a chain's node gives events of a few blocks at a time only, and the chain has too many blocks for that. */
export class EventsUnreadableError extends BaseError {
  override readonly name = 'Chain.EventsUnreadableError'
  readonly code = 'CHAIN_EVENTS_UNREADABLE'

  constructor(chainId: number, cause: unknown) {
    super(`The node of chain ${chainId} refuses to search the chain for events.`, {
      cause,
      metaMessages: ['Give the chain a later fromBlock in createConfig, or a node without that limit.'],
    })
  }
}

/** Thrown before anything is signed when the chains' clocks contradict what took effect on them. */
export class ClockError extends BaseError {
  override readonly name = 'Chain.ClockError'
  readonly code = 'CHAIN_CLOCK'

  constructor(parameters: { now: number; floor: number }) {
    super('A node names a time that cannot be.', {
      details: `a message took effect at ${parameters.floor}, and the earliest clock is at ${parameters.now}`,
      metaMessages: ['Nothing was signed. Leave out the chain whose node lies or lags, or use another node for it.'],
    })
  }
}

/** Thrown before anything is signed when an RPC serves another chain than the config says. */
export class WrongChainIdError extends BaseError {
  override readonly name = 'Chain.WrongChainIdError'
  readonly code = 'CHAIN_WRONG_ID'

  constructor(service: 'node' | 'bundler', parameters: { seen: number; wanted: number }) {
    super(`The ${service} configured for chain ${parameters.wanted} serves chain ${parameters.seen}.`, {
      metaMessages: ['Nothing was signed. Correct the address in createConfig.'],
    })
  }
}

/** Thrown when a chain has no bundler to send userOps to. */
export class BundlerMissingError extends BaseError {
  override readonly name = 'Chain.BundlerMissingError'
  readonly code = 'CHAIN_BUNDLER_MISSING'

  constructor(chainId: number) {
    super(`Chain ${chainId} has no bundler.`, {
      metaMessages: ['Give the chain a bundler in createConfig; it must serve EntryPoint v0.8.'],
    })
  }
}

/** Thrown when a chain's bundler did not answer. */
export class BundlerUnreachableError extends BaseError {
  override readonly name = 'Chain.BundlerUnreachableError'
  readonly code = 'CHAIN_BUNDLER_UNREACHABLE'

  constructor(chainId: number, cause: unknown) {
    super(`The bundler of chain ${chainId} did not answer.`, {
      cause,
      details: serviceOrigin(cause),
      metaMessages: ['Check the connection and the address of the bundler, then send again.'],
    })
  }
}

/** Thrown when a chain has no relay to send plain transactions through. */
export class RelayMissingError extends BaseError {
  override readonly name = 'Chain.RelayMissingError'
  readonly code = 'CHAIN_RELAY_MISSING'

  constructor(chainId: number) {
    super(`Chain ${chainId} has no relay.`, {
      metaMessages: ['Give createConfig a relay: walletRelay with a funded wallet, or httpRelay.'],
    })
  }
}

/** Thrown when a relay did not send a transaction. */
export class RelayFailedError extends BaseError {
  override readonly name = 'Chain.RelayFailedError'
  readonly code = 'CHAIN_RELAY_FAILED'

  constructor(chainId: number, parameters: { details?: string | undefined; cause?: unknown }) {
    super(`The relay did not send the transaction on chain ${chainId}.`, {
      ...parameters,
      metaMessages: ['Signatures stay valid: do the same again, or use another relay.'],
    })
  }
}

/** Thrown when a transaction was mined and reverted, although it did not in advance. */
export class TransactionRevertedError extends BaseError {
  override readonly name = 'Chain.TransactionRevertedError'
  readonly code = 'CHAIN_TRANSACTION_REVERTED'
  readonly transactionHash: Hex

  constructor(parameters: { chainId: number; hash: Hex; cause?: unknown }) {
    super(`The transaction on chain ${parameters.chainId} reverted.`, {
      cause: parameters.cause,
      details: parameters.hash,
      metaMessages: ['Something changed on chain in the meantime. Do the same again: what is done is skipped.'],
    })
    this.transactionHash = parameters.hash
  }
}

/** Thrown when what was sent was not mined in time. It may still be. */
export class NotIncludedError extends BaseError {
  override readonly name = 'Chain.NotIncludedError'
  readonly code = 'CHAIN_NOT_INCLUDED'

  constructor(parameters: { chainId: number; hash: Hex; seconds: number }) {
    super(`Chain ${parameters.chainId} did not include it within ${parameters.seconds} seconds.`, {
      details: parameters.hash,
      metaMessages: ['It may still be included. Look for its hash before you send again.'],
    })
  }
}

/** Thrown when a bundler refuses a userOp; a contract's custom error, if there is one, is the `cause`. */
export class BundlerRejectedError extends BaseError {
  override readonly name = 'UserOp.BundlerRejectedError'
  readonly code = 'USEROP_REJECTED'
  /** The EntryPoint's code, for example `AA21`; absent when the bundler gives none. */
  readonly entryPointCode: string | undefined

  constructor(parameters: {
    chainId: number
    reason: string
    entryPointCode?: string | undefined
    remedy?: string | undefined
    cause: unknown
  }) {
    super(`The bundler of chain ${parameters.chainId} refused the userOp.`, {
      cause: parameters.cause,
      details: parameters.reason,
      metaMessages: [parameters.remedy ?? 'Nothing was sent. The details say what the bundler found.'],
    })
    this.entryPointCode = parameters.entryPointCode
  }
}

/** Thrown when another userOp of the account took the nonce first, usually from a second tab or device. */
export class NonceTakenError extends BaseError {
  override readonly name = 'UserOp.NonceTakenError'
  readonly code = 'USEROP_NONCE_TAKEN'

  constructor(chainId: number, cause?: unknown) {
    super(`Another userOp of this account was sent on chain ${chainId} at the same time.`, {
      cause,
      metaMessages: ['Nothing was sent. See what the other tab or device did, then send again.'],
    })
  }
}

/** Thrown when someone created the account between preparing and sending the userOp that was to create it. */
export class AccountCreatedMeanwhileError extends BaseError {
  override readonly name = 'UserOp.AccountCreatedMeanwhileError'
  readonly code = 'USEROP_ACCOUNT_CREATED'

  constructor(parameters: { chainId: number; account: Address; cause?: unknown }) {
    super(`Account ${parameters.account} was created on chain ${parameters.chainId} in the meantime.`, {
      cause: parameters.cause,
      metaMessages: ['No harm is done and nothing was sent: the account is yours. Send again.'],
    })
  }
}

/** Thrown when an account cannot pay for its userOp. */
export class InsufficientFundsError extends BaseError {
  override readonly name = 'UserOp.InsufficientFundsError'
  readonly code = 'USEROP_INSUFFICIENT_FUNDS'

  constructor(parameters: { chainId: number; account: Address; cause?: unknown }) {
    super(`Account ${parameters.account} cannot pay for gas on chain ${parameters.chainId}.`, {
      cause: parameters.cause,
      metaMessages: ['Nothing was sent. Fund the account on this chain, or use a paymaster.'],
    })
  }
}

/** Thrown when the calls of an included userOp reverted; the contract's custom error, if there is one, is the `cause`. */
export class CallsRevertedError extends BaseError {
  override readonly name = 'UserOp.CallsRevertedError'
  readonly code = 'USEROP_CALLS_REVERTED'

  constructor(parameters: { chainId: number; transactionHash: Hex; cause?: unknown }) {
    super(`The calls on chain ${parameters.chainId} reverted; none of them took effect.`, {
      cause: parameters.cause,
      details: parameters.transactionHash,
    })
  }
}

/** Thrown when the caller's `AbortSignal` ended the work. What was sent before stays sent. */
export class AbortedError extends BaseError {
  override readonly name = 'Chain.AbortedError'
  readonly code = 'CHAIN_ABORTED'

  constructor(cause?: unknown) {
    super('It was aborted.', { cause, metaMessages: ['Do the same again to go on: what is done is skipped.'] })
  }
}
