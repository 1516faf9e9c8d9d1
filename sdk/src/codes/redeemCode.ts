import type { Hex } from 'viem'
import { readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain, RekeyConfig } from '../config/createConfig.ts'
import type { Approval } from '../encoding/approvals.ts'
import type { Policy } from '../encoding/policy.ts'
import { CodeSpentError } from '../errors/codes.ts'
import type { RecoveryRequest } from '../recovery/recoveryRequest.ts'
import { findCode } from './guardian.ts'
import { readSpent } from './readCodes.ts'
import { forgetCodes, signWithRecoveryCode } from './recoveryCode.ts'

/**
 * Approves a recovery with a code, without any network: the approval is a signature over this recovery alone, good on
 * every chain that it is for. The code is used up where the recovery starts.
 *
 * @param recovery - The recovery's digest, and the policy it is approved under.
 * @throws {InvalidCodeError} {@link UnknownCodeError}
 * @example
 * const approval = approveWithCode(config, request, text)
 * await request.addApproval(approval)
 * @see SPEC §10, RecoveryCodeVerifier
 */
export function approveWithCode(
  config: Pick<RekeyConfig, 'contracts'>,
  recovery: { readonly policy: Policy; readonly digest: Hex; readonly recovery?: RecoveryRequest['recovery'] },
  text: string,
): Pick<Approval, 'index' | 'signature'> {
  const { policy, digest } = recovery
  const { code, set, guardianIndex } = findCode(config, { policy, account: recovery.recovery?.account }, text)
  try {
    return { index: guardianIndex, signature: signWithRecoveryCode(code, set, digest) }
  } finally {
    forgetCodes([code])
  }
}

/**
 * Approves a recovery with a code and records the approval. It asks the chains first whether the code has been used, and
 * tells them nothing that a guess would tell.
 *
 * @throws {InvalidCodeError} {@link UnknownCodeError} before anything is sent.
 * @throws {CodeSpentError} when the code has been used on every chain that answers.
 * @example
 * await redeemCode(config, request, text)
 * await request.submit()
 */
export async function redeemCode(
  config: RekeyConfig,
  request: RecoveryRequest,
  text: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { policy, recovery } = request
  const { code, set } = findCode(config, { policy, account: recovery.account }, text)
  forgetCodes([code])
  const chains = config.chains.filter(
    ({ id }) => recovery.chainIds.length === 0 || recovery.chainIds.includes(BigInt(id)),
  )
  const read = (chain: ConfiguredChain) => readSpent(chain, config, { account: recovery.account, root: set.root })
  const answers = await readFromChains(chains, read, signal)
  const seen = answers.flatMap((answer) => ('value' in answer ? [answer] : []))
  const spentOn = seen.filter(({ value }) => ((value >> BigInt(code.index)) & 1n) === 1n)
  if (seen.length > 0 && spentOn.length === seen.length)
    throw new CodeSpentError(
      code.index + 1,
      spentOn.map(({ chain }) => chain.id),
    )
  await request.addApproval(approveWithCode(config, request, text))
}
