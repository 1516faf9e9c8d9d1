import { BundlerMissingError, WebAuthnNotAllowedError } from '@rekey/sdk/errors'
import type { RecoveryChainStatus } from '@rekey/sdk/recovery'
import { toRpIdHash } from '@rekey/sdk/webauthn'
import { describe, expect, it } from 'vitest'
import { errorText } from '../lib/errorText.ts'
import { parseAddress } from '../lib/parseAddress.ts'
import { chainProgressReducer, isAllDone } from './chainProgress.ts'
import { passkeyRows } from './passkeyRows.ts'
import { initialRecoveryView, isDeliveryMissing, readyAt, recoveryReducer, recoveryStep } from './recovery.ts'
import { recoveryLines } from './recoveryLines.ts'
import { readRoute } from './route.ts'
import { type Task, taskReducer } from './task.ts'

const guardian = '0x0000000000000000000000000000000000000B0b'

describe('a task', () => {
  it('starts once: a second click while it runs changes nothing', () => {
    const working = taskReducer({ status: 'idle' }, { type: 'started', what: 'create' })
    expect(taskReducer(working, { type: 'started', what: 'signIn' })).toBe(working)
  })

  it('fails with words, and can start again', () => {
    const failed = taskReducer(
      { status: 'working', what: 'create' },
      { type: 'failed', error: new WebAuthnNotAllowedError() },
    )
    expect(failed).toMatchObject({ status: 'failed', error: { code: 'WEBAUTHN_NOT_ALLOWED' } })
    const again: Task = taskReducer(failed, { type: 'started', what: 'create' })
    expect(again).toEqual({ status: 'working', what: 'create' })
  })
})

describe('words for errors', () => {
  it('every error of the package has some, also one without words of its own', () => {
    expect(errorText(new BundlerMissingError(5))).toMatchObject({
      code: 'CHAIN_BUNDLER_MISSING',
      title: 'Chain 5 has no bundler.',
    })
  })

  it('[250] the words of a stranger’s error are not shown', () => {
    const text = errorText(new Error('key 0xsecret', { cause: new Error('secret') }))
    expect(JSON.stringify(text)).not.toContain('secret')
  })

  it('a wallet that refuses is told apart, however deep its error lies', () => {
    const refusal = new Error('outer', { cause: Object.assign(new Error('inner'), { code: 4001 }) })
    expect(errorText(refusal).code).toBe('WALLET_REJECTED')
  })
})

describe('progress on several chains', () => {
  it('a retry leaves what is done, and ends with all done', () => {
    const begun = chainProgressReducer([], { type: 'restarted', chainIds: [1, 2] })
    const error = new BundlerMissingError(2)
    const half = (['done', 'failed'] as const).reduce(
      (progress, status, place) =>
        chainProgressReducer(progress, {
          type: 'settled',
          result: { chainId: place + 1, status, ...(status === 'failed' && { error }) },
        }),
      begun,
    )
    expect(half).toMatchObject([{ status: 'done' }, { status: 'failed', error: { code: 'CHAIN_BUNDLER_MISSING' } }])
    const retried = chainProgressReducer(half, { type: 'retried' })
    expect(retried).toEqual([
      { chainId: 1, status: 'done' },
      { chainId: 2, status: 'working' },
    ])
    expect(isAllDone(retried)).toBe(false)
    expect(
      isAllDone(chainProgressReducer(retried, { type: 'settled', result: { chainId: 2, status: 'skipped' } })),
    ).toBe(true)
    expect(isAllDone([])).toBe(false)
  })
})

describe('a recovery over several chains', () => {
  const view = (...states: RecoveryChainStatus['state'][]) =>
    recoveryReducer(initialRecoveryView([]), {
      type: 'statusesRead',
      statuses: states.map((state, place) => ({ chainId: place + 1, state, votes: 0, readyAt: 1_000 + place })),
    })

  it.each([
    [[], 'collecting'],
    [['collecting', 'collecting'], 'collecting'],
    [['scheduled', 'collecting'], 'waiting'],
    [['scheduled', 'unreachable'], 'waiting'],
    [['ready', 'scheduled'], 'ready'],
    [['done', 'ready'], 'ready'],
    [['done', 'scheduled'], 'waiting'],
    [['done', 'done'], 'done'],
    [['done', 'noPolicy'], 'done'],
    [['done', 'unreachable'], 'partial'],
    [['done', 'collecting'], 'partial'],
    [['benched', 'benched'], 'stopped'],
    [['vetoed', 'vetoed'], 'stopped'],
    [['expired', 'superseded'], 'stopped'],
    [['cancelled', 'vetoed'], 'stopped'],
  ] as const)('%j is at the step %s', (states, step) => {
    expect(recoveryStep(view(...states))).toBe(step)
  })

  it('knows when delivering again helps, and when the last chain is ready', () => {
    expect(isDeliveryMissing(view('scheduled', 'collecting'))).toBe(true)
    expect(isDeliveryMissing(view('collecting', 'collecting'))).toBe(false)
    expect(readyAt(view('scheduled', 'scheduled'))).toBe(1_001)
    expect(readyAt(view('done', 'done'))).toBeUndefined()
  })

  it('shows why a chain failed until it succeeds there', () => {
    const result = { chainId: 2, status: 'failed', error: new BundlerMissingError(2) } as const
    const failed = recoveryReducer(view('scheduled', 'collecting'), { type: 'chainSettled', result })
    expect(recoveryLines(failed)).toMatchObject([
      { tone: 'working' },
      { tone: 'failed', error: { code: 'CHAIN_BUNDLER_MISSING' } },
    ])
    const done = recoveryReducer(failed, { type: 'chainSettled', result: { chainId: 2, status: 'done' } })
    expect(recoveryLines(done)[1]).toMatchObject({ tone: 'open', error: undefined })
  })
})

describe('an address that was typed', () => {
  it.each([
    ['', 'Enter the address'],
    ['0x12', 'not an address'],
    [guardian.replace('B0b', 'b0B'), 'typo'],
  ] as const)('%s: %s', (text, problem) => {
    expect(parseAddress(text)).toEqual({ problem: expect.stringContaining(problem) })
  })

  it.each([` ${guardian} `, guardian.toLowerCase()])('%s is taken', (text) => {
    expect(parseAddress(text)).toEqual({ address: guardian })
  })
})

describe('passkeys over several chains', () => {
  it('are put together, this device first, and say where they are missing', () => {
    const passkey = (commitment: `0x${string}`, credentialId?: `0x${string}`) => ({
      index: 0,
      commitment,
      isProven: true,
      known: { credentialId, credential: { rpIdHash: toRpIdHash('auth.example') } } as never,
    })
    const note = { id: '0xC0', rpId: 'noted.example', backup: 'synced', backupSince: 1, lastSeen: 1 } as const
    const rows = passkeyRows(
      {
        chains: [
          { chainId: 1, isSetUp: true, passkeys: [passkey('0xaa'), passkey('0xbb', '0xC0')] },
          { chainId: 2, isSetUp: true, passkeys: [passkey('0xbb', '0xC0')] },
          { chainId: 3, isSetUp: false, passkeys: [] },
          { chainId: 4, error: new BundlerMissingError(4) },
        ],
        differing: ['0xaa'],
      },
      {
        ownCredentialId: '0xc0',
        ownCommitment: '0xcc',
        notes: new Map([['0xC0', note]]),
        names: new Map([['0xaa', 'My phone']]),
        domains: ['other.example', 'auth.example'],
      },
    )
    const all = { isProven: true }
    expect(rows).toEqual([
      { ...all, commitment: '0xbb', isThisDevice: true, missingOn: [], note, name: undefined, domain: 'noted.example' },
      {
        ...all,
        commitment: '0xaa',
        isThisDevice: false,
        missingOn: [2],
        note: undefined,
        name: 'My phone',
        domain: 'auth.example',
      },
    ])
  })

  it('know the one in use by its commitment where no chain tells its id, as after a recovery', () => {
    const passkey = { index: 0, commitment: '0xaa', isProven: true } as never
    const rows = passkeyRows(
      { chains: [{ chainId: 1, isSetUp: true, passkeys: [passkey] }], differing: [] },
      { ownCredentialId: '0xc0', ownCommitment: '0xAA', notes: new Map(), names: new Map(), domains: [] },
    )
    expect(rows).toMatchObject([{ isThisDevice: true }])
  })
})

describe('routes', () => {
  it.each([
    ['/', 'home'],
    ['/recover', 'recover'],
    ['/recover/', 'recover'],
    ['/guardian', 'guardian'],
    ['/set-up', 'setUp'],
    ['/codes', 'codes'],
    ['/safety', 'safety'],
    ['/drill', 'drill'],
    ['/change-guardians', 'changeGuardians'],
    ['/freeze', 'freeze'],
    ['/join', 'join'],
    ['/security-key', 'securityKey'],
    ['/approve-passkey', 'approvePasskey'],
    ['/constructor', 'home'],
    ['/unknown', 'home'],
  ])('%s is %s', (path, route) => {
    expect(readRoute(path)).toBe(route)
  })
})
