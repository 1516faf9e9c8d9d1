import { encodePolicy, type Guardian, type Policy, sortGuardians } from '@rekey/sdk'
import { type Address, BaseError, ContractFunctionRevertedError, concat, type Hex, pad, size, slice } from 'viem'
import { ENTRY_POINT } from '../../deploy/constants.ts'
import type { GeneratedFile } from '../generator.ts'
import type { Contracts } from './contracts.ts'
import { vectorFile, word } from './file.ts'
import type { WorldChain } from './world.ts'

const account: Address = '0x00000000000000000000000000000000000acc01'
const day = 86_400

const wallet = (name: string, change: Partial<Guardian> = {}): Guardian => ({
  kind: 1,
  weight: 1,
  signer: slice(word(name), 12),
  isHidden: false,
  needsEvidence: false,
  validUntil: 0,
  ...change,
})
const passkey = wallet('verifier', { kind: 2, signer: concat([slice(word('verifier'), 12), word('commitment')]) })
const ada = wallet('ada')
const tier = { weight: 1, kinds: 1, delay: day, isVetoable: true }
const base: Policy = {
  salt: word('salt'),
  allowsInstantSingle: false,
  windowHours: 336,
  freezeHours: 0,
  tiers: [tier],
  guardians: [ada],
}

/** Policies by name: such as an account could have, and at least one that breaks each rule. */
function cases(contracts: Contracts): Readonly<Record<string, Hex>> {
  const policy = (change: Partial<Policy>) =>
    encodePolicy({ ...base, ...change, guardians: sortGuardians(change.guardians ?? base.guardians) })
  const only = (change: Partial<Guardian>) => policy({ guardians: [{ ...ada, ...change }] })
  const good = policy({})
  const both = sortGuardians([ada, passkey])
  const patch = (at: number, bytes: Hex) => concat([slice(good, 0, at), bytes, slice(good, at + size(bytes))])
  const many = Array.from({ length: 33 }, (_, index) => wallet(`guardian ${index}`))
  return {
    'one guardian': good,
    careful: policy({ tiers: [tier, { weight: 2, kinds: 2, delay: 0, isVetoable: true }], guardians: both }),
    'protected tier of two': policy({
      tiers: [tier, { weight: 2, kinds: 2, delay: 0, isVetoable: false }],
      guardians: both,
    }),
    'instant single, allowed': policy({ allowsInstantSingle: true, tiers: [{ ...tier, delay: 0 }] }),
    'thirty-two guardians, four tiers': policy({
      tiers: [32, 16, 8, 2].map((weight) => ({ weight, kinds: 1, delay: weight * day, isVetoable: weight > 8 })),
      guardians: many.slice(0, 32),
      freezeHours: 72,
      windowHours: 1_440,
    }),
    'one of two guardians expires': policy({ guardians: [ada, wallet('bea', { validUntil: 2 ** 40 - 1 })] }),
    empty: '0x',
    cut: slice(good, 0, size(good) - 1),
    extended: concat([good, '0x00']),
    'version 2': patch(0, '0x02'),
    'too long': pad(good, { dir: 'right', size: 4_097 }),
    'unknown option': patch(33, '0x02'),
    'window of 47 hours': policy({ windowHours: 47 }),
    'window of 1,441 hours': policy({ windowHours: 1_441 }),
    'freeze of 73 hours': policy({ freezeHours: 73 }),
    'no tier': policy({ tiers: [] }),
    'five tiers': policy({ tiers: [tier, tier, tier, tier, tier] }),
    'no guardian': policy({ guardians: [] }),
    'thirty-three guardians': policy({ guardians: many }),
    'tier without weight': policy({ tiers: [{ ...tier, weight: 0 }] }),
    'tier without kinds': policy({ tiers: [{ ...tier, kinds: 0 }] }),
    'delay of 90 days and a second': policy({ tiers: [{ ...tier, delay: 90 * day + 1 }] }),
    'kind 0': only({ kind: 0 }),
    'kind 32': only({ kind: 32 }),
    'guardian without weight': only({ weight: 0 }),
    'hidden guardian': only({ isHidden: true, signer: word('commitment') }),
    'hidden guardian of 20 bytes': only({ isHidden: true }),
    'hidden guardian with commitment zero': only({ isHidden: true, signer: pad('0x', { size: 32 }) }),
    'wallet with evidence': only({ needsEvidence: true }),
    'verifier with evidence': policy({ guardians: [{ ...passkey, needsEvidence: true }] }),
    'hidden guardian with evidence': only({ isHidden: true, needsEvidence: true, signer: word('commitment') }),
    'unknown guardian flag': patch(49, '0x04'),
    'a set of codes': only({ signer: concat([contracts.RecoveryCodeVerifier.address, word('root'), '0x0a']) }),
    'RecoveryCodeVerifier without codes': only({ signer: contracts.RecoveryCodeVerifier.address }),
    'unknown tier flag': patch(45, '0x02'),
    'signer of 19 bytes': only({ signer: slice(ada.signer, 1) }),
    'signer of 257 bytes': only({ signer: pad(ada.signer, { dir: 'right', size: 257 }) }),
    'zero address': only({ signer: pad('0x', { size: 20 }) }),
    precompile: only({ signer: pad('0x0100', { size: 20 }) }),
    'the account itself': only({ signer: account }),
    'the account as verifier': only({ signer: concat([account, word('key')]) }),
    'the EntryPoint': only({ signer: ENTRY_POINT }),
    SignerValidator: only({ signer: contracts.SignerValidator.address }),
    PasskeyValidator: only({ signer: contracts.PasskeyValidator.address }),
    'GuardianRecovery as verifier': only({ signer: concat([contracts.GuardianRecovery.address, '0x01']) }),
    'guardian twice': policy({ guardians: [ada, ada] }),
    'guardians out of order': encodePolicy({ ...base, guardians: both.toReversed() }),
    'weight out of reach': policy({ tiers: [{ ...tier, weight: 2 }] }),
    'kinds out of reach': policy({ tiers: [{ ...tier, kinds: 2 }] }),
    'every guardian expires': only({ validUntil: 2 ** 40 - 1 }),
    'single guardian after 59 minutes': policy({ tiers: [{ ...tier, delay: 3_599 }] }),
    'single guardian that cannot be vetoed': policy({ tiers: [{ ...tier, isVetoable: false }] }),
  }
}

/** Policies with the contract's verdict: hash and days a change waits, or the rule that is broken. */
export async function policies(chain: WorldChain, contracts: Contracts): Promise<GeneratedFile> {
  return vectorFile('policies', 'Verdicts of GuardianRecovery.checkPolicy for the account.', {
    account,
    forbiddenSigners: [
      account,
      ENTRY_POINT,
      contracts.PasskeyValidator.address,
      contracts.SignerValidator.address,
      contracts.GuardianRecovery.address,
    ],
    codeVerifier: contracts.RecoveryCodeVerifier.address,
    policies: await Promise.all(
      Object.entries(cases(contracts)).map(async ([name, policy]) => ({
        name,
        policy,
        ...(await judge(chain, contracts, policy)),
      })),
    ),
  })
}

async function judge({ harness, read }: WorldChain, { GuardianRecovery }: Contracts, policy: Hex) {
  try {
    const hash = await read(GuardianRecovery, 'checkPolicy', [account, policy])
    return { hash, changeDays: Number(await read(harness, 'changeDays', [policy])) }
  } catch (error) {
    const revert = error instanceof BaseError && error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    if (!(revert instanceof ContractFunctionRevertedError) || revert.data?.errorName !== 'BadPolicy') throw error
    return { rule: Number(revert.data.args?.[0]) }
  }
}
