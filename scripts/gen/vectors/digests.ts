import { changeId, changeKinds, type Messages } from '@rekey/sdk'
import type { Address } from 'viem'
import type { GeneratedFile } from '../generator.ts'
import { vectorFile, word } from './file.ts'
import type { Contracts } from './contracts.ts'
import type { WorldChain } from './world.ts'

const account: Address = '0x00000000000000000000000000000000000acc01'
const another: Address = '0xfffffffffffffffffffffffffffffffffffffffe'

const credential = {
  x: BigInt(word('x')),
  y: BigInt(word('y')),
  rpIdHash: word('rpIdHash'),
  originsHash: word('originsHash'),
  flags: 1,
  idHash: word('idHash'),
}
/** Every field has another value, so that no two can be exchanged unseen. */
const recovery: Messages['Recovery'] = {
  account,
  policy: word('policy'),
  credential,
  keep: 9,
  chainIds: [1n, 10n, 8_453n],
  issuedAt: 1_800_000_000,
  deadline: 1_802_592_000,
}
const recoveries: readonly Messages['Recovery'][] = [
  recovery,
  { ...recovery, chainIds: [], keep: 0 },
  { ...recovery, account: another, chainIds: [2n ** 256n - 1n], issuedAt: 2 ** 40 - 1, deadline: 2 ** 40 - 1 },
  { ...recovery, chainIds: Array.from({ length: 16 }, (_, index) => BigInt(index + 1)), deadline: 0, issuedAt: 1 },
  { ...recovery, credential: { ...credential, x: 0n, y: 1n, flags: 255 }, policy: word('other policy') },
]

/** EIP-712 digests of every chain-free message and the separators of its domains. */
export async function digests({ harness, read, client }: WorldChain, contracts: Contracts): Promise<GeneratedFile> {
  const { GuardianRecovery, PasskeyValidator } = contracts
  const separators = {
    'Rekey Recovery': await read(GuardianRecovery, 'domainSeparator'),
    'Rekey Passkey': await read(PasskeyValidator, 'domainSeparator'),
  }
  const list = <message>(messages: readonly message[], digestOf: (message: message) => Promise<unknown>) =>
    Promise.all(messages.map(async (message) => ({ message, digest: await digestOf(message) })))
  const accounts = [account, another]
  return vectorFile('digests', 'Digests as the deployed contracts return them, by primary type.', {
    guardianRecovery: GuardianRecovery.address,
    passkeyValidator: PasskeyValidator.address,
    // No domain names it; told so that a digest that depended on it would be noticed on another chain.
    chainId: await client.getChainId(),
    separators,
    Recovery: await list(recoveries, (message) => read(GuardianRecovery, 'hashRecovery', [message])),
    Veto: await list(
      accounts.map((owner) => ({ account: owner, recovery: word('recovery') })),
      (message) => read(GuardianRecovery, 'vetoDigest', [message.account, message.recovery]),
    ),
    SetPolicy: await list(
      [
        { account, policy: word('policy'), issuedAt: 1_800_000_000 },
        { account: another, policy: word('other policy'), issuedAt: 2 ** 40 - 1 },
      ],
      ({ account, policy, issuedAt }) => read(GuardianRecovery, 'setPolicyDigest', [account, policy, issuedAt]),
    ),
    GuardianCancel: await list(
      accounts.map((owner) => ({ account: owner, policy: word('policy'), recovery: word('recovery') })),
      ({ account, policy, recovery }) => read(GuardianRecovery, 'guardianCancelDigest', [account, policy, recovery]),
    ),
    Uninstall: await list(
      accounts.map((owner, index) => ({ account: owner, issuedAt: 1_800_000_000 + index })),
      ({ account, issuedAt }) => read(GuardianRecovery, 'uninstallDigest', [account, issuedAt]),
    ),
    Upgrade: await list(
      accounts.map((owner) => ({ account: owner, implementation: another, issuedAt: 2 ** 40 - 1 })),
      ({ account, implementation, issuedAt }) =>
        read(GuardianRecovery, 'upgradeDigest', [account, implementation, issuedAt]),
    ),
    CancelChange: await list(
      accounts.map((owner, index) => ({
        account: owner,
        change: changeId({ kind: index === 0 ? 'policy' : 'upgrade', value: another, issuedAt: 1_800_000_000 }),
      })),
      ({ account }) =>
        read(GuardianRecovery, 'cancelChangeDigest', [
          account,
          account === another ? changeKinds.upgrade : changeKinds.policy,
          BigInt(another),
          1_800_000_000,
        ]),
    ),
    Freeze: await list(
      accounts.map((owner) => ({ account: owner, policy: word('policy'), duration: 259_200, issuedAt: 1_800_000_000 })),
      ({ account, policy, duration, issuedAt }) =>
        read(GuardianRecovery, 'freezeDigest', [account, policy, duration, issuedAt]),
    ),
    Drill: await list(
      accounts.map((owner) => ({
        account: owner,
        policy: word('policy'),
        challenge: word('challenge'),
        deadline: 1_802_592_000,
      })),
      ({ account, policy, challenge, deadline }) =>
        read(GuardianRecovery, 'drillDigest', [account, policy, challenge, deadline]),
    ),
    Prove: await list(
      accounts.map((owner) => ({ account: owner, commitment: word('commitment') })),
      (message) => read(PasskeyValidator, 'proveDigest', [message.account, message.commitment]),
    ),
    Possession: await list(
      [{ recovery: word('recovery') }, { recovery: word('other recovery') }],
      (message) => read(PasskeyValidator, 'possessionDigest', [message.recovery]),
    ),
    MultiChain: await list(
      [{ root: word('root') }, { root: word('other root') }],
      (message) => read(harness, 'multiChainDigest', [separators['Rekey Passkey'], message.root]),
    ),
  })
}
