import { defineChain, http } from 'viem'
import type { ChainConfig } from '../config/createConfig.ts'
import { type CreatedCredential, createCredential } from '../webauthn/createCredential.ts'
import { createSoftwareAuthenticator, type SoftwareAuthenticator } from './softwareAuthenticator.ts'

/** A device with one passkey, at the origin and relying party that unit tests use. */
export const testOrigin = 'https://auth.example.com'
/** The relying party of {@link testOrigin}. */
export const testRpId = 'example.com'

/** Creates a device and a passkey on it. */
export async function createTestPasskey(
  seed: string,
  parameters: { extraKeyShare?: number; origins?: readonly string[]; allowsCrossOrigin?: boolean } = {},
): Promise<{ device: SoftwareAuthenticator; created: CreatedCredential }> {
  const { extraKeyShare, origins = [testOrigin], allowsCrossOrigin } = parameters
  const device = createSoftwareAuthenticator({ seed, extraKeyShare })
  const created = await createCredential({
    rpId: testRpId,
    rpName: 'Example',
    userName: 'Ada',
    origins,
    allowsCrossOrigin,
    credentials: device.credentialsAt(testOrigin),
  })
  return { device, created }
}

/** A chain that is never asked. */
export const offlineChain: ChainConfig = {
  chain: defineChain({
    id: 1,
    name: 'Offline',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  }),
  rpc: http('http://127.0.0.1:9', { retryCount: 0 }),
}
