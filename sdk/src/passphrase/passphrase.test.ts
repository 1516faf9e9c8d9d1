import { inspect } from 'node:util'
import { bytesToHex, concat, hexToBytes, keccak256, recoverAddress, slice, stringToBytes, toHex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import { encodePassphraseNote, findPassphraseNote, placeNotes } from '../encoding/notes.ts'
import { type Policy, sortGuardians } from '../encoding/policy.ts'
import type { GuardianInput } from '../recovery/guardians.ts'
import { withSecretKey } from '../secrets/secretKey.ts'
import { passphraseCosts } from './costs.ts'
import { approveWithPassphrase, createPassphrase, isPassphrase, replacePassphrase } from './passphrase.ts'
import { stretch } from './stretch.ts'
import type { StretchJob } from './stretchMessages.ts'
import type { WorkerPort } from './worker.ts'

const phrase = 'vivid gravity nurse plunge orbit tackle wisdom'
const digest = keccak256('0x01')
const friend: GuardianInput = {
  kind: 1,
  weight: 1,
  signer: slice(keccak256('0x02'), 12),
  isHidden: false,
  needsEvidence: false,
  validUntil: 0,
}

function policyOf(...named: readonly GuardianInput[]): Policy {
  const guardians = sortGuardians([...named, friend]).map(({ ...guardian }) => {
    Reflect.deleteProperty(guardian, 'notes')
    return guardian
  })
  const notes = placeNotes(
    named.flatMap((guardian) => guardian.notes ?? []),
    guardians,
  )
  const tiers = [{ weight: 1, kinds: 1, delay: 86_400, isVetoable: true }]
  return { salt: digest, allowsInstantSingle: false, windowHours: 336, freezeHours: 0, tiers, guardians, notes }
}

/** Does in this thread what costs a worker seconds: the engine is another test's. */
function quickWorker(seen: StretchJob[] = []): () => WorkerPort {
  return () => {
    let tell: Parameters<WorkerPort['onMessage']>[0] = () => {}
    return {
      post(job) {
        seen.push(job)
        tell({ type: 'done', key: hexToBytes(keccak256(concat([toHex(job.secret), toHex(job.salt)]))) })
      },
      onMessage(handle) {
        tell = handle
        queueMicrotask(() => tell({ type: 'ready' }))
      },
      onError() {},
      terminate() {},
    }
  }
}
const quick = { phrase, createWorker: quickWorker() }

describe('a passphrase', () => {
  test('approves one recovery as the guardian that the policy names; others are told here', async () => {
    const { guardian, warnings } = await createPassphrase(quick)
    expect(warnings).toEqual([])
    const policy = policyOf(guardian)
    const { index, signature } = await approveWithPassphrase({ policy, digest }, quick)
    expect(policy.guardians[index]?.signer).toBe(guardian.signer)
    expect(await recoverAddress({ hash: digest, signature })).toBe(guardian.signer)
    expect(await isPassphrase({ policy }, quick)).toBe(true)
    const wrong = { ...quick, phrase: phrase.replace('nurse', 'nuclear') }
    expect(await isPassphrase({ policy }, wrong)).toBe(false)
    await expect(approveWithPassphrase({ policy, digest }, wrong)).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' })
    await expect(approveWithPassphrase({ policy: policyOf(), digest }, quick)).rejects.toMatchObject({
      code: 'PASSPHRASE_MISSING',
    })
  })

  test('is changed by naming the guardians again with another one', async () => {
    const old = await createPassphrase(quick)
    const policy = policyOf(old.guardian)
    const other = { ...quick, phrase: phrase.replace('nurse', 'nuclear') }
    const next = policyOf(...replacePassphrase(policy, await createPassphrase(other)).filter(({ kind }) => kind === 4))
    expect(await isPassphrase({ policy: next }, other)).toBe(true)
    expect(await isPassphrase({ policy: next }, quick)).toBe(false)
  })

  test('[147] on two accounts gives two keys', async () => {
    const made = [await createPassphrase(quick), await createPassphrase(quick)]
    const [first, second] = made.map(({ guardian }) => guardian)
    expect(first?.signer).not.toBe(second?.signer)
    expect(first?.notes).not.toEqual(second?.notes)
  })

  test('[149] is derived at no cost but those of this version, whatever a policy says', async () => {
    const seen: StretchJob[] = []
    const { guardian } = await createPassphrase({ ...quick, createWorker: quickWorker(seen) })
    const note = findPassphraseNote({ notes: placeNotes(guardian.notes ?? [], []) }, guardian.signer)
    if (!note) throw new Error('There is no note.')
    for (const cost of [0, 3, 255]) {
      const notes = [encodePassphraseNote({ ...note, cost })]
      await expect(
        approveWithPassphrase({ policy: policyOf({ ...guardian, notes }), digest }, quick),
      ).rejects.toMatchObject({
        code: 'PASSPHRASE_COST',
      })
    }
    expect(seen.map(({ memoryKiB, iterations }) => [memoryKiB, iterations])).toEqual([[262_144, 4]])
  })

  test('[152] has a lower cost for a device with little memory, which the policy records and the owner is told', async () => {
    const outOfMemory = (): WorkerPort => {
      const worker = quickWorker()()
      return {
        ...worker,
        post: () => {},
        onMessage: (handle) => queueMicrotask(() => handle({ type: 'failed', isMemory: true })),
      }
    }
    await expect(createPassphrase({ phrase, createWorker: outOfMemory })).rejects.toMatchObject({
      code: 'PASSPHRASE_NOT_ENOUGH_MEMORY',
      message: expect.stringContaining("cost 'low'"),
    })
    const seen: StretchJob[] = []
    const low = await createPassphrase({ phrase, cost: 'low', createWorker: quickWorker(seen) })
    expect(low.warnings).toEqual(['lowCost'])
    await approveWithPassphrase({ policy: policyOf(low.guardian), digest }, { phrase, createWorker: quickWorker(seen) })
    expect(seen.map(({ memoryKiB, iterations }) => [memoryKiB, iterations])).toEqual(Array(2).fill([65_536, 3]))
  })

  test('[146] costs a guess what the tables say, and never less than 64 MiB and three passes', () => {
    for (const { memoryKiB, iterations } of Object.values(passphraseCosts)) {
      expect(memoryKiB).toBeGreaterThanOrEqual(64 * 1_024)
      expect(iterations).toBeGreaterThanOrEqual(3)
    }
    expect(passphraseCosts.standard.memoryKiB).toBeGreaterThanOrEqual(256 * 1_024)
  })

  test('[142] [151] is in nothing that is made, thrown, printed or stored', async () => {
    const lines: string[] = []
    for (const name of ['log', 'warn', 'error', 'info', 'debug'] as const)
      vi.spyOn(console, name).mockImplementation((...parts) => void lines.push(parts.map(String).join(' ')))
    const { guardian } = await createPassphrase(quick)
    const policy = policyOf(guardian)
    const approval = await approveWithPassphrase({ policy, digest }, quick)
    const wrong = { ...quick, phrase: 'vivid gravity nurse plunge orbit tackle wrong' }
    const error = await approveWithPassphrase({ policy, digest }, wrong).catch((reason: unknown) => reason)
    const weak = await createPassphrase({ phrase: 'vivid gravity nurse', createWorker: quickWorker() }).catch(
      (reason: unknown) => reason,
    )
    const seen = [lines, guardian, policy, approval, error, weak].map((one) => inspect(one, { depth: 9 })).join('\n')
    for (const word of ['gravity', 'nurse', 'plunge', 'tackle']) expect(seen).not.toContain(word)
    expect(lines).toEqual([])
  })
})

describe('a key', () => {
  const secret = new Uint8Array(32).fill(7)

  test('[153] is another for every purpose, and none is the secret itself', () => {
    const purposes = ['passphrase guardian', 'recovery code 0', 'recovery code 1', 'recovery code 10'] as const
    const keys = purposes.map((purpose) => withSecretKey(secret, purpose, ({ address }) => address))
    expect(new Set(keys).size).toBe(purposes.length)
    expect(keys).not.toContain(privateKeyToAddress(bytesToHex(secret)))
    expect(keys[0]).toBe('0x48B4d529C2014CcD879289c750A32b90cEc976BD')
  })

  test('[154] is overwritten after use, and so is what it came from', async () => {
    const buffers: Uint8Array[] = []
    const original = Uint8Array.prototype.fill
    vi.spyOn(Uint8Array.prototype, 'fill').mockImplementation(function (this: Uint8Array, ...args) {
      if (args[0] === 0) buffers.push(this)
      return original.apply(this, args)
    })
    let key: Uint8Array | undefined
    const worker = quickWorker()()
    const createWorker = (): WorkerPort => ({
      ...worker,
      onMessage: (handle) =>
        worker.onMessage((answer) => {
          if (answer.type === 'done') key = answer.key
          handle(answer)
        }),
    })
    await createPassphrase({ phrase, createWorker })
    expect(key).toEqual(new Uint8Array(32))
    expect(buffers).toContain(key)
    // Phrase, stretched key, HKDF's output, private key.
    expect(new Set(buffers).size).toBeGreaterThanOrEqual(4)
    for (const buffer of buffers) expect(buffer.every((byte) => byte === 0)).toBe(true)
  })
})

describe('Argon2id', () => {
  const small = { memoryKiB: 1_024, iterations: 2 }
  const job = (): StretchJob => ({ secret: stringToBytes(phrase), salt: hexToBytes(`0x${'ab'.repeat(16)}`), ...small })

  test('gives the same in a worker and here, from two engines; with progress, and the secret is gone', async () => {
    const [inWorker, here] = [job(), job()]
    const seen: number[] = []
    const first = await stretch(inWorker)
    const second = await stretch(here, { createWorker: () => undefined, onProgress: (done) => seen.push(done) })
    expect(bytesToHex(first)).toBe(bytesToHex(second))
    expect(bytesToHex(first)).toBe('0x282c51f16a1a48501c783e51d886b1f9a161f188ba3d6095dcf2c550c2df56d5')
    expect(seen.at(-1)).toBe(1)
    expect(seen.length).toBeGreaterThan(2)
    expect(inWorker.secret).toHaveLength(0)
    expect(here.secret.every((byte) => byte === 0)).toBe(true)
  })

  test('tells its progress and ends at once when it is aborted, in a worker and here', async () => {
    for (const createWorker of [undefined, () => undefined]) {
      const controller = new AbortController()
      const options = { signal: controller.signal, onProgress: () => controller.abort(), createWorker }
      const long = { ...job(), memoryKiB: 65_536, iterations: 200 }
      await expect(stretch(long, options)).rejects.toMatchObject({ code: 'CHAIN_ABORTED' })
    }
    await expect(stretch(job(), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'CHAIN_ABORTED' })
  })

  test('is done here when the worker does not start', async () => {
    const broken = (): WorkerPort => ({
      post() {},
      onMessage() {},
      onError: (handle) => queueMicrotask(handle),
      terminate() {},
    })
    expect(bytesToHex(await stretch(job(), { createWorker: broken }))).toBe(bytesToHex(await stretch(job())))
    vi.useFakeTimers()
    const silent = stretch(job(), { createWorker: () => ({ ...broken(), onError() {} }) })
    await vi.advanceTimersByTimeAsync(10_000)
    vi.useRealTimers()
    expect(bytesToHex(await silent)).toBe(bytesToHex(await stretch(job())))
  })
})

test.each([
  ['low', 1, '0xb88F053D3d3E71d42F8E08D1C01dA92B6272c14A'],
  ['standard', 2, '0x9A2cd649d54C23b8270905B47c9120c9858E486A'],
] as const)(
  '[150] the key of a phrase at cost %s is this one for ever, from any keyboard',
  { timeout: 60_000 },
  async (_, cost, address) => {
    const notes = [encodePassphraseNote({ address, cost, salt: `0x${'ab'.repeat(16)}` })]
    const policy = policyOf({ ...friend, kind: 4, signer: address, notes })
    expect(
      await isPassphrase({ policy }, { phrase: ` ${phrase.toUpperCase().replaceAll(' ', '\u00a0\u00a0')}\n` }),
    ).toBe(true)
  },
)
