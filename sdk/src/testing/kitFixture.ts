import { type Address, concat, getAddress, type Hex, keccak256, toHex } from 'viem'
import { genesisAddress } from '../accounts/genesis.ts'
import { encodePolicy, guardianKey, guardianKinds, hideSigner, sortGuardians } from '../encoding/policy.ts'
import type { KitContracts, RecoveryKit } from '../kit/kit.ts'
import { type CredentialRecord, toCredential } from '../webauthn/credential.ts'

const at = (index: number): Address => getAddress(`0x${index.toString(16).padStart(40, '0')}`)

/** Contracts that are nowhere; a release moves its own, and kits of tests shall stay what they are. */
export const testContracts: KitContracts = {
  entryPoint: at(0xe001),
  factory: at(0xe002),
  implementation: at(0xe003),
  passkeyValidator: at(0xe004),
  signerValidator: at(0xe005),
  guardianRecovery: at(0xe006),
  webAuthnVerifier: at(0xe007),
  recoveryCodeVerifier: at(0xe008),
  policyStore: at(0xe009),
}

/** What a hidden guardian of {@link createTestKit} has to show. */
export const testReveal = { salt: keccak256(toHex('salt of a hidden guardian')), signer: at(0x41dde) } as const

/** A kit of an account with a wallet, a friend's passkey and a hidden wallet, on two chains. */
export function createTestKit(
  passkey: CredentialRecord,
  changes: { salt?: Hex; handle?: Hex; hasGenesisPolicy?: boolean; count?: number } = {},
): RecoveryKit {
  const { salt = keccak256(toHex('salt')), handle = keccak256(toHex('handle')), hasGenesisPolicy, count = 1 } = changes
  const common = { weight: 1, needsEvidence: false, validUntil: 0 }
  const wallets = Array.from({ length: count }, (_, index) => at(0x1000 + index))
  const guardians = sortGuardians([
    ...wallets.map((signer) => ({ ...common, kind: guardianKinds.wallet, signer, isHidden: false })),
    {
      ...common,
      kind: guardianKinds.passkey,
      signer: concat([testContracts.webAuthnVerifier, keccak256(toHex('friend'))]),
      isHidden: false,
    },
    {
      ...common,
      kind: guardianKinds.wallet,
      signer: hideSigner(testReveal.salt, testReveal.signer),
      isHidden: true,
      validUntil: 2_000_000_000,
    },
  ])
  const policy = encodePolicy({
    salt,
    allowsInstantSingle: false,
    windowHours: 336,
    freezeHours: 0,
    tiers: [
      { weight: 1, kinds: 1, delay: 86_400, isVetoable: true },
      { weight: 2, kinds: 2, delay: 0, isVetoable: false },
    ],
    guardians,
  }).toLowerCase() as Hex
  const genesis = {
    credential: toCredential(passkey),
    credentialId: passkey.id,
    policy: hasGenesisPolicy ? policy : ('0x' as const),
    handle,
  }
  return {
    account: genesisAddress(testContracts, genesis),
    name: 'ada',
    rpId: passkey.rpId,
    genesis,
    policies: [{ bytes: policy, chainIds: [1, 8453] }],
    guardians: guardians.map((guardian, index) => ({
      key: guardianKey(guardian),
      name: `Guardian ${index}`,
      ...(guardian.isHidden && { reveal: testReveal }),
    })),
    contracts: testContracts,
    release: '0.1.0',
    chains: [
      { id: 1, name: 'Ethereum', fromBlock: 0 },
      { id: 8453, name: 'Base', fromBlock: 7_000_000 },
    ],
    createdAt: 1_763_700_000,
  }
}
