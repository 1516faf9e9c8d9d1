import { type Address, type Hex, hashTypedData, hexToBigInt, isAddressEqual, slice } from 'viem'
import type { PasskeyAccount } from '../../accounts/passkeyAccount.ts'
import { readFromChains } from '../../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../../config/createConfig.ts'
import { readTogether } from '../../config/readTogether.ts'
import { decodePolicy, type Policy } from '../../encoding/policy.ts'
import { type RekeyTypedData, recoveryTypedData } from '../../encoding/typedData.ts'
import { isRekeyError } from '../../errors/base.ts'
import { LinkDamagedError, LinkExpiredError, LinkWrongAccountError, LinkWrongChainError } from '../../errors/link.ts'
import { OtherPolicyError } from '../../errors/recovery.ts'
import type { Approver, GuardianMessage } from '../approve.ts'
import { createBallot } from '../ballot.ts'
import type { Reveal } from '../hiddenGuardians.ts'
import { recoveryPhrase } from '../phrase.ts'
import type { RecoveryApproval } from '../recoveryApproval.ts'
import { policyQuestions } from '../recoveryState.ts'
import { envelopes, open, seal, toLink } from './envelope.ts'
import { formatApproval } from './reply.ts'
import { decodeAsk, encodeAsk, type GuardianAsk } from './requestBytes.ts'

/** An approval on its way back to the owner. */
export type ApprovalReply = {
  readonly approval: RecoveryApproval
  /** For a message or a QR code. */
  readonly text: string
  /** Returns a link to a page of the owner's. */
  toLink(page: string): string
}

/** A request as a guardian sees it. It takes no account, no gas and nothing of ours to answer it. */
export type ApprovalRequest = GuardianAsk & {
  readonly account: Address
  readonly policy: Policy
  /** What is signed. */
  readonly digest: Hex
  /** Four words for owner and guardian to compare. */
  readonly phrase: string
  readonly typedData: RekeyTypedData<GuardianMessage>
  /** Unix time in seconds after which no chain takes it; absent for what has no end. */
  readonly deadline: number | undefined
  /**
   * Asks the chains whether the request can still do what it says.
   *
   * @throws {LinkExpiredError} when it is too late on every chain that answers.
   * @throws {OtherPolicyError} when no chain that answers has the policy that it names.
   */
  check(parameters?: { signal?: AbortSignal | undefined }): Promise<void>
  /**
   * Checks the request, lets the guardian sign, and returns what goes back to the owner.
   *
   * @throws {NotAGuardianError} for a stranger, before anything is signed. Also what `check` throws.
   */
  approve(by: Approver): Promise<ApprovalReply>
  /** The same for a guardian that is a Rekey account: one prompt. */
  approveWithAccount(
    guardian: PasskeyAccount,
    parameters?: { reveals?: readonly Reveal[] | undefined; signal?: AbortSignal | undefined },
  ): Promise<ApprovalReply>
}

/** Writes a request as text for a message or a QR code. */
export function formatRequest(config: Pick<RekeyConfig, 'contracts'>, ask: GuardianAsk): string {
  return seal(envelopes.request, `${contractsMark(config)}${encodeAsk(ask).slice(2)}`)
}

/** Writes a request as a link: all of it is in the fragment, which does not reach the page's server. */
export function toRequestLink(config: Pick<RekeyConfig, 'contracts'>, page: string, ask: GuardianAsk): string {
  return toLink(page, envelopes.request, formatRequest(config, ask))
}

/**
 * Reads a request that an owner sent to a guardian. Nothing is asked and nothing signed yet.
 *
 * @param input - The link, or the text in it.
 * @param options - `account`: the account that the guardian expects it to be for.
 * @throws {LinkDamagedError} when it is cut, mistyped or something else.
 * @throws {LinkWrongAccountError} {@link LinkWrongChainError}
 * @example
 * const request = loadApprovalRequest(config, location.href)
 * show(request.phrase)
 * const reply = await request.approve({ wallet })
 * sendBack(reply.text)
 */
export function loadApprovalRequest(
  config: RekeyConfig,
  input: string,
  options: { account?: Address | undefined } = {},
): ApprovalRequest {
  const { ask, policy } = read(config, input)
  const { account } = ask.message
  if (options.account !== undefined && !isAddressEqual(options.account, account))
    throw new LinkWrongAccountError({ seen: account, wanted: options.account })
  const chains = findChains(config, ask)
  const { guardianRecovery } = config.contracts
  const typedData = recoveryTypedData(
    guardianRecovery,
    ask.name,
    ask.message as never,
  ) as RekeyTypedData<GuardianMessage>
  const digest = hashTypedData(typedData as never)
  const deadline = findDeadline(ask)
  const ballot = createBallot(config, { policy, digest, typedData }, { chains, known: [] })
  const reply = (approval: RecoveryApproval): ApprovalReply => {
    const text = formatApproval(digest, approval)
    return { approval, text, toLink: (page) => toLink(page, envelopes.reply, text) }
  }
  const check: ApprovalRequest['check'] = ({ signal } = {}) => checkOnChains(config, chains, { ask, deadline }, signal)
  return {
    ...ask,
    account,
    policy,
    digest,
    phrase: recoveryPhrase(digest),
    typedData,
    deadline,
    check,
    async approve(by) {
      await check()
      return reply(await ballot.approve(by))
    },
    async approveWithAccount(guardian, parameters) {
      await check(parameters)
      return reply(await ballot.approveWithAccount(guardian, parameters))
    },
  }
}

/** First bytes of the module's address: a request made for other contracts would be signed for nothing. */
function contractsMark({ contracts }: Pick<RekeyConfig, 'contracts'>): Hex {
  return slice(contracts.guardianRecovery.toLowerCase() as Hex, 0, 4)
}

function read(config: RekeyConfig, input: string): { ask: GuardianAsk; policy: Policy } {
  const { subject } = envelopes.request
  const bytes = open(envelopes.request, input)
  if (slice(bytes, 0, 4) !== contractsMark(config)) throw new LinkWrongChainError('it was made for other contracts')
  try {
    const ask = decodeAsk(slice(bytes, 4))
    if (ask) return { ask, policy: decodePolicy(ask.policyBytes) }
  } catch (error) {
    if (!isRekeyError(error, 'ENCODING_INVALID') && !isRekeyError(error, 'POLICY_INVALID')) throw error
    throw new LinkDamagedError(subject, 'it is cut or extended')
  }
  throw new LinkDamagedError(subject, 'it asks for something this version does not know')
}

function findChains({ chains }: RekeyConfig, ask: GuardianAsk): readonly ConfiguredChain[] {
  if (ask.name !== 'Recovery' || ask.message.chainIds.length === 0) return chains
  const { chainIds } = ask.message
  const found = chains.filter(({ id }) => chainIds.includes(BigInt(id)))
  if (found.length === 0) throw new LinkWrongChainError(`it is for chains ${chainIds.join(', ')}`)
  return found
}

const freezeLifetime = 86_400

function findDeadline(ask: GuardianAsk): number | undefined {
  if (ask.name === 'Freeze') return ask.message.issuedAt + freezeLifetime
  return ask.name === 'GuardianCancel' ? undefined : ask.message.deadline
}

async function checkOnChains(
  { contracts }: RekeyConfig,
  chains: readonly ConfiguredChain[],
  { ask, deadline }: { ask: GuardianAsk; deadline: number | undefined },
  signal: AbortSignal | undefined,
): Promise<void> {
  const { head } = policyQuestions(contracts, ask.message.account)
  const answers = await readFromChains(chains, (chain) => readTogether(chain, { head }), signal)
  const seen = answers.flatMap((answer) => ('value' in answer ? [{ chainId: answer.chain.id, ...answer.value }] : []))
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  if (seen.length === 0 && failed) throw failed
  if (deadline !== undefined && seen.every(({ now }) => now > deadline)) throw new LinkExpiredError(deadline)
  const wanted = hexToBigInt(slice(ask.message.policy, 12))
  // An account that does not exist there yet has the policy that its address commits to, which this page cannot see.
  const [other] = seen
  if (other && seen.every(({ head: { policyId } }) => policyId !== 0n && policyId !== wanted))
    throw new OtherPolicyError(other.chainId)
}
