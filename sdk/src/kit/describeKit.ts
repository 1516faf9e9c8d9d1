import { size, slice } from 'viem'
import { decodePolicy, type Guardian, guardianKey, guardianKinds, type Tier } from '../encoding/policy.ts'
import { recoveryPhrase } from '../recovery/phrase.ts'
import type { KitGuardian, RecoveryKit } from './kit.ts'
import { kitHash, pickContracts } from './kitJson.ts'
import { plainName } from './plainName.ts'

/** A part of a kit in words: a heading, and lines that stand for themselves. */
export type KitSection = { readonly title: string; readonly lines: readonly string[] }

/** How the recovery is begun from a command line; the file and the nodes are for the reader to fill in. */
export const recoverCommand =
  'rekey recover --kit <this file> --rpc <chain id>=<address of a node> --new-key new-key.json'

/** Returns the four words by which two copies of a kit are compared. */
export function kitPhrase(kit: RecoveryKit): string {
  return recoveryPhrase(kitHash(kit))
}

/** Says in words what is in a kit, and how the account is recovered with it. */
export function describeKit(kit: RecoveryKit, command: string): readonly KitSection[] {
  return [
    { title: 'Account', lines: describeAccount(kit) },
    { title: 'What this is', lines: whatThisIs },
    { title: 'How to recover the account', lines: describeSteps(kit, command) },
    ...kit.policies.map((policy) => ({
      title:
        policy.chainIds.length > 0
          ? `Guardians on chain ${policy.chainIds.join(', ')}`
          : 'Guardians of a change that was under way',
      lines: describePolicy(policy.bytes, kit.guardians),
    })),
    { title: 'Chains', lines: kit.chains.map(({ id, name }) => `${id} ${plainName(name)}`) },
    {
      title: `Contracts, release ${plainName(kit.release)}, the same addresses on every chain`,
      lines: Object.entries(pickContracts(kit.contracts)).map(([name, address]) => `${name} ${address}`),
    },
  ]
}

const whatThisIs = [
  'With this kit and your guardians you get your account back, on any device, without anybody’s server.',
  'No secret is in it. Whoever finds it learns who your guardians are, but cannot touch your account.',
  'Keep copies where you find them without your devices. Make a new kit when you change your guardians.',
]

function describeAccount(kit: RecoveryKit): string[] {
  const date = new Date(kit.createdAt * 1_000).toISOString().slice(0, 10)
  return [
    kit.account,
    ...(kit.name === undefined ? [] : [`Name: ${plainName(kit.name)}`]),
    `Passkeys belong to: ${plainName(kit.rpId)}`,
    `Kit made: ${date}`,
    `Words to compare copies of this kit: ${kitPhrase(kit)}`,
  ]
}

function describeSteps({ policies, chains }: RecoveryKit, command: string): string[] {
  if (policies.length === 0)
    return [
      'The account had no guardians when this kit was made: name some, and make a new kit. Nobody can recover it.',
    ]
  return [
    `1. Find the address of a public node for each chain (${chains.map(({ id }) => id).join(', ')}): any one will do.`,
    `2. Run: ${command}`,
    '   It makes a new key, and prints four words and a link for your guardians.',
    '3. Read the four words to your guardians. Each approves at the link, by wallet, passkey or code; it costs nothing.',
    '4. Run the same command again. It starts the recovery on every chain; anybody’s money can pay for it.',
    '5. After the waiting time run it once more. The new key is in, all others are out.',
    'Without the command: on each chain call createAndSetup of the factory, then start and, after the waiting time, execute',
    'of guardianRecovery, with what the last part of this kit says. Anybody may; the contracts are public.',
  ]
}

function describePolicy(bytes: RecoveryKit['policies'][number]['bytes'], notes: readonly KitGuardian[]): string[] {
  const { tiers, guardians } = decodePolicy(bytes)
  return [
    ...tiers.map(describeTier),
    ...guardians.map((guardian) => {
      const note = notes.find(({ key }) => key === guardianKey(guardian))
      return describeGuardian(guardian, note)
    }),
  ]
}

function describeTier({ weight, kinds, delay, isVetoable }: Tier): string {
  const wait = delay === 0 ? 'at once' : `after ${describeTime(delay)}`
  const kindsText = kinds > 1 ? ` of ${kinds} kinds` : ''
  return `Approvals of weight ${weight}${kindsText}: ${wait}${isVetoable ? ', unless a passkey of the account objects' : ''}.`
}

function describeTime(seconds: number): string {
  const [count, unit] = seconds % 86_400 === 0 ? [seconds / 86_400, 'day'] : [Math.ceil(seconds / 3_600), 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

function describeGuardian(guardian: Guardian, note: KitGuardian | undefined): string {
  const { kind, weight, validUntil, isHidden } = guardian
  const kindName = Object.entries(guardianKinds).find(([, value]) => value === kind)?.[0] ?? `kind ${kind}`
  const name = note?.name === undefined ? '' : `${plainName(note.name)}: `
  const signer = note?.reveal?.signer ?? guardian.signer
  const isKnown = !isHidden || note?.reveal !== undefined
  const address = size(signer) > 20 ? `${slice(signer, 0, 20)} ${slice(signer, 20)}` : signer
  return [
    `${name}${kindName}, weight ${weight}`,
    ...(validUntil > 0 ? [`until ${new Date(validUntil * 1_000).toISOString().slice(0, 10)}`] : []),
    isKnown ? `${address}${isHidden ? ' (hidden)' : ''}` : 'hidden; the guardian knows what to show',
  ].join(', ')
}
