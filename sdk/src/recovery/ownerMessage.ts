import type { Hex } from 'viem'
import { readPasskeys } from '../accounts/accountState.ts'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import { findSigningPlace } from '../accounts/signDigest.ts'
import { checkChain, readFromChains } from '../config/chainWork.ts'
import type { ConfiguredChain } from '../config/createConfig.ts'
import { frameOwnerSignature } from '../encoding/ownerSignature.ts'
import { type Assertion, encodeAssertion } from '../webauthn/assertion.ts'
import { ensureSetUp } from './ensureSetUp.ts'

/**
 * Returns the chains that can be asked now, after checking that the passkey signs for the account there.
 *
 * @throws {BaseError} what the first chain said, when there is none.
 */
export async function findReadyChains(
  account: PasskeyAccount,
  chains: readonly ConfiguredChain[],
  signal?: AbortSignal,
): Promise<readonly ConfiguredChain[]> {
  const answers = await readFromChains(
    chains,
    async (chain) => {
      await checkChain(chain)
      findSigningPlace(account, chain.id, await readPasskeys(chain, account.config.contracts, account.address))
    },
    signal,
  )
  const ready = answers.flatMap((answer) => ('error' in answer ? [] : [answer.chain]))
  const [failed] = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  if (ready.length === 0 && failed) throw failed
  return ready
}

/** Sets the account up on a chain where needed, and frames the owner's assertion as that chain takes it. */
export async function deliverOwnerSignature(
  account: PasskeyAccount,
  chain: ConfiguredChain,
  { assertion, signal }: { assertion: Assertion; signal?: AbortSignal | undefined },
): Promise<Hex> {
  const { config, address, genesis, credential } = account
  await checkChain(chain)
  const readPlace = async () =>
    findSigningPlace(account, chain.id, await readPasskeys(chain, config.contracts, address))
  let place = await readPlace()
  if (place.kind === 'genesis') {
    await ensureSetUp(chain, config.contracts, { account: address, genesis, signal })
    place = await readPlace()
  }
  const index = place.kind === 'stored' ? place.index : 0
  return frameOwnerSignature('passkey', encodeAssertion({ credential, assertion, index }))
}
