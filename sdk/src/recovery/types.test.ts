import type { Hex } from 'viem'
import { describe, expectTypeOf, test } from 'vitest'
import type { PasskeyAccount } from '../accounts/passkeyAccount.ts'
import type { ChainResult } from '../config/chainWork.ts'
import type { RekeyConfig } from '../config/createConfig.ts'
import type { Call } from '../encoding/execution.ts'
import {
  type Announcement,
  announceChange,
  applyChange,
  type ChainHistory,
  cancelChange,
  type GuardianAsk,
  type GuardianInput,
  type getPolicy,
  type Health,
  type HistoryEntry,
  type LossOutcome,
  loadApprovalRequest,
  loadPlan,
  type planRecovery,
  type RecoveryPlan,
  type RecoveryPreset,
  type RecoveryRequest,
  type RecoveryState,
  type recoveryOf,
  startDrill,
  vetoRecovery,
  type walletGuardian,
} from './index.ts'

// Checked by the compiler: nothing here runs.
describe('what the public functions take and return', () => {
  test('every write of an owner has a twin that returns calls and asks nobody', () => {
    for (const write of [announceChange, applyChange, cancelChange, vetoRecovery]) {
      expectTypeOf(write).parameter(0).toEqualTypeOf<PasskeyAccount>()
      expectTypeOf(write).returns.resolves.toEqualTypeOf<ChainResult[]>()
      expectTypeOf(write.calls).returns.toEqualTypeOf<Call[]>()
    }
    expectTypeOf<RecoveryPlan['calls']>().returns.toEqualTypeOf<Call[]>()
  })

  test('reading takes a config and an address, no account', () => {
    expectTypeOf(startDrill).parameter(0).toEqualTypeOf<RekeyConfig>()
    expectTypeOf(loadApprovalRequest).parameter(0).toEqualTypeOf<RekeyConfig>()
    expectTypeOf(loadApprovalRequest).parameter(1).toEqualTypeOf<string>()
  })

  test('states and presets are closed lists, and history is told apart by its kind', () => {
    expectTypeOf<RecoveryPreset>().toEqualTypeOf<'simple' | 'careful' | 'fast' | 'guarded' | 'sovereign'>()
    expectTypeOf<'benched'>().toExtend<RecoveryState>()
    expectTypeOf<LossOutcome['outcome']>().toEqualTypeOf<'owner' | 'thief' | 'contested' | 'lost'>()
    type Vetoed = Extract<HistoryEntry, { kind: 'RecoveryVetoed' }>
    expectTypeOf<Vetoed['args']['digest']>().toEqualTypeOf<Hex>()
    expectTypeOf<Vetoed['args']['stopped']>().toEqualTypeOf<boolean>()
    expectTypeOf<GuardianAsk<'Drill'>['message']['deadline']>().toEqualTypeOf<number>()
  })

  test('approvals come as objects or as the text that came back', () => {
    expectTypeOf<string>().toExtend<Parameters<RecoveryRequest['addApproval']>[0]>()
    expectTypeOf<null>().not.toExtend<Parameters<RecoveryRequest['addApproval']>[0]>()
  })

  test('the object is sugar: its entries return what the functions return', () => {
    type Sugar = ReturnType<typeof recoveryOf>
    expectTypeOf<Sugar['plan']>().returns.resolves.toEqualTypeOf<RecoveryPlan>()
    expectTypeOf<Sugar['health']>().returns.resolves.toEqualTypeOf<Health>()
    expectTypeOf<Sugar['history']>().returns.resolves.toEqualTypeOf<ChainHistory[]>()
    expectTypeOf<Sugar['veto']>().parameter(0).toEqualTypeOf<Hex>()
    expectTypeOf(loadPlan).returns.toEqualTypeOf<RecoveryPlan>()
  })

  test('wrong chains, guardians and presets, and what is missing, do not compile', () => {
    type Plan = Parameters<typeof planRecovery>[1]
    expectTypeOf<{ guardians: []; preset: 'reckless' }>().not.toExtend<Plan>()
    expectTypeOf<{ preset: 'careful' }>().not.toExtend<Plan>()
    expectTypeOf<{ signer: Hex; weight: number }>().not.toExtend<GuardianInput>()
    expectTypeOf<{ kind: 'wallet' }>().not.toExtend<Pick<GuardianInput, 'kind'>>()
    expectTypeOf<bigint>().not.toExtend<Parameters<typeof getPolicy>[1]['chainId']>()
    expectTypeOf<string>().not.toExtend<Parameters<typeof walletGuardian>[0]>()
    expectTypeOf<{ kind: 'upgrade' }>().not.toExtend<Announcement>()
    expectTypeOf<RecoveryRequest['recount']>().returns.resolves.toEqualTypeOf<ChainResult[]>()
    expectTypeOf<RecoveryPlan['score']>().toEqualTypeOf<number>()
  })
})
