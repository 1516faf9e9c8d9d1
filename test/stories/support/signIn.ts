import { oidcKeyRegistryAbi } from '@rekey/sdk/abis'
import { approveWithSignIn, issuerKeyHash, issuerKeyId, oidcGuardian, oidcNonce } from '@rekey/sdk/oidc'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import type { Address } from 'viem'
import {
  compact,
  google,
  googleClaims,
  googleHeader,
  client as ourClient,
  signTexts,
  testKey,
} from '../../../scripts/gen/vectors/idTokens.ts'
import { observationCall } from '../../../scripts/stack/observation.ts'
import type { Stack } from '../../../scripts/stack/startStack.ts'
import { clientOf, deliver } from './foreignAccount.ts'

const key = testKey('rsa2048')
const keyId = issuerKeyId(google, googleHeader.kid)
const DELAY = 2 * 86_400

/** Somebody at an issuer whose keys the stack's registry knows; tokens are signed as the issuer would. */
export async function createSignIn(stack: Stack, subject: string) {
  const registry = stack.contracts.OidcKeyRegistry
  if (!registry) throw new Error('The stack has no registry of keys.')
  await showKey(stack, registry)
  const guardian = oidcGuardian({ issuer: google, audiences: [ourClient], subject, registry })
  const approve = async (request: RecoveryRequest) => {
    const now = stack.clock.now()
    const token = tokenFor(request, { now, subject })
    await request.addApproval(approveWithSignIn(request, { token, key: key.issuerKey, now }))
  }
  return { guardian, approve }
}

/** What the issuer would answer to a sign-in for this recovery. */
export function tokenFor(
  { digest }: Pick<RecoveryRequest, 'digest'>,
  { now, subject }: { now: number; subject: string },
) {
  const claims = googleClaims(now, { sub: subject, nonce: oidcNonce(digest) })
  return compact(signTexts(JSON.stringify(googleHeader), JSON.stringify(claims), key))
}

/** Has two attesters say what the issuer publishes, on every chain that does not know it, and lets the delay pass. */
async function showKey(stack: Stack, registry: Address): Promise<void> {
  const keyHash = issuerKeyHash(key.issuerKey)
  const unknown = []
  for (const chain of stack.chains) {
    const usable = await clientOf(chain).readContract({
      address: registry,
      abi: oidcKeyRegistryAbi,
      functionName: 'usableKey',
      args: [keyId],
    })
    if (usable !== keyHash) unknown.push(chain)
  }
  if (unknown.length === 0) return
  const shown = { issuer: google, kid: googleHeader.kid, key: key.issuerKey, observedAt: stack.clock.now() }
  const data = await observationCall(registry, shown)
  for (const chain of unknown) await deliver(stack, chain, { to: registry, data })
  await stack.clock.increase(DELAY)
}
