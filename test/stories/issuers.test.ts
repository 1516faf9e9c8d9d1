import { sendCalls } from '@rekey/sdk'
import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import {
  apple,
  approveWithProvider,
  facebook,
  google,
  issuerKeyHash,
  issuerKeyId,
  linkSignIn,
  microsoft,
  type SignInProvider,
  type SignInWith,
} from '@rekey/sdk/oidc'
import { planRecovery } from '@rekey/sdk/recovery'
import type { Address } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { compact, signTexts, testKey } from '../../scripts/gen/vectors/idTokens.ts'
import { clientIds, type IssuerShape, issuerShapes } from '../../scripts/gen/vectors/issuerShapes.ts'
import { observationCall, type Shown } from '../../scripts/stack/observation.ts'
import type { StackChain } from '../../scripts/stack/startStack.ts'
import { stack } from '../integration/support/runningStack.ts'
import { clientOf, deliver } from './support/foreignAccount.ts'
import { begin, bothChains, calls, createOwner, expectSends, outcomesOf, statesOf } from './support/owner.ts'

const key = testKey('rsa2048')

const issuers: readonly (readonly [name: string, provider: SignInProvider, shape: IssuerShape])[] = [
  ['Google', google({ clientId: clientIds.google }), issuerShapes.google],
  ['Apple', apple({ clientId: clientIds.apple }), issuerShapes.apple],
  ['Microsoft', microsoft({ clientId: clientIds.microsoft }), issuerShapes.microsoft],
  ['Facebook', facebook({ clientId: clientIds.facebook }), issuerShapes.facebook],
]

function registryOf(): Address {
  const registry = stack.contracts.OidcKeyRegistry
  if (!registry) throw new Error('The stack has no registry of keys.')
  return registry
}

/** Whether a chain knows the key already. */
async function isKnown(chain: StackChain, { issuer, kid }: Shown): Promise<boolean> {
  const state = await clientOf(chain).readContract({
    address: registryOf(),
    abi: oidcKeyRegistryAbi,
    functionName: 'keyState',
    args: [issuerKeyId(issuer, kid)],
  })
  return state.keyHash === issuerKeyHash(key.issuerKey)
}

/** What the issuer would answer: its shape of token, by a key that stands for its own. */
function answerOf({ header, claims }: IssuerShape): SignInWith {
  return async (_, { nonce }) =>
    compact(signTexts(JSON.stringify(header), JSON.stringify(claims(stack.clock.now(), nonce)), key))
}

describe('an account is recovered by the sign-in alone, at once, on both chains', () => {
  beforeAll(async () => {
    const registry = registryOf()
    for (const [, { issuer }, { header }] of issuers) {
      const shown = { issuer, kid: String(header.kid), key: key.issuerKey, observedAt: stack.clock.now() }
      const data = await observationCall(registry, shown)
      for (const chain of stack.chains)
        if (!(await isKnown(chain, shown))) await deliver(stack, chain, { to: registry, data })
    }
    await stack.clock.increase(2 * 86_400)
  })

  test.each(issuers)('with tokens as %s writes them', async (name, provider, shape) => {
    const { account, config } = await createOwner(stack, `${name}, an issuer`)
    const signIn = answerOf(shape)
    const clock = () => stack.clock.now()
    const { guardian, subject } = await linkSignIn(config, provider, { registry: registryOf(), signIn, clock })
    expect(subject).toBe(shape.claims(0, '').sub)
    const plan = await planRecovery(account, { guardians: [guardian], preset: 'simple', allowInstantSingle: true })
    expect(outcomesOf(await plan.apply())).toEqual(['done', 'done'])
    const { request, config: elsewhere } = await begin(stack, account, `${name}, again`)
    const later = { provider, signIn, clock }
    await request.addApproval((await approveWithProvider(elsewhere, request, later)).approval)
    expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
    expect(await statesOf(request)).toEqual(['done', 'done'])
    await expectSends(request.toAccount())
    for (const chainId of bothChains)
      await expect(sendCalls(account, { chainId, calls })).rejects.toMatchObject({
        code: 'ACCOUNT_PASSKEY_CANNOT_SIGN',
      })
  })
})
