import type { Policy } from '@rekey/sdk'
import { parseCode, readCodes, redeemCode, replaceCodes, resumeCodeReplacement, revealCode } from '@rekey/sdk/codes'
import { approveWithPassphrase, createPassphrase, generatePassphrase, isPassphrase } from '@rekey/sdk/passphrase'
import { getPolicy, loadRecovery, planRecovery, toGuardianInputs } from '@rekey/sdk/recovery'
import { describe, expect, test, vi } from 'vitest'
import { configFor } from '../../scripts/stack/client.ts'
import { stack } from '../integration/support/runningStack.ts'
import { chainA, chainB } from '../integration/support/sdkStack.ts'
import { createCodes } from './support/codes.ts'
import { withoutNetwork } from './support/network.ts'
import { begin, createGuardedOwner, createOwner, day, expectSends, outcomesOf, statesOf } from './support/owner.ts'

const both = (state: string): string[] => [state, state]

describe('new codes', () => {
  test('[133] [144] take the place of old ones on both chains, whose votes in flight are over with them', async () => {
    const old = createCodes(stack, 1)
    const { account, config } = await createGuardedOwner(stack, 'new codes', {
      guardians: [old.guardian],
      preset: 'simple',
    })
    const { account: address } = { account: account.address }
    expect(await readCodes(config, { account: address })).toMatchObject({ left: 1, isReplacementDue: false })

    // The only code brings the account back; from then on new ones are due.
    const { request } = await begin(stack, account, 'new codes, phone')
    await redeemCode(config, request, old.texts[0] ?? '')
    expect(outcomesOf(await request.submit())).toEqual(both('done'))
    expect(await readCodes(config, { account: address })).toMatchObject({ left: 0, isReplacementDue: true })
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(both('done'))
    const again = await begin(stack, account, 'new codes, other phone')
    await expect(redeemCode(config, again.request, old.texts[0] ?? '')).rejects.toMatchObject({ code: 'CODE_SPENT' })

    const owner = request.toAccount()
    const replacement = await replaceCodes(owner, { count: 2 })
    const [first, second] = replacement.codes?.codes.map(revealCode) ?? []
    await expect(replacement.announce()).rejects.toMatchObject({ code: 'CODES_NOT_CONFIRMED' })
    expect(() => replacement.confirm(old.texts[0] ?? '')).toThrow(expect.objectContaining({ code: 'CODE_UNKNOWN' }))
    replacement.confirm(second ?? '')
    expect(outcomesOf(await replacement.announce({ chainIds: [chainA] }))).toEqual(['done'])
    expect(outcomesOf(await replacement.apply())).toEqual(['CONTRACT_CHANGE_NOT_READY', 'CODES_CHANGE_OVER'])

    // The page is closed half way; what was kept has no code in it, and goes on where it is missing.
    const kept = JSON.stringify(replacement)
    for (const text of [first, second]) expect(kept).not.toContain(text)
    const resumed = resumeCodeReplacement(owner, JSON.parse(kept))
    expect(resumed.codes).toBeUndefined()
    expect(outcomesOf(await resumed.announce())).toEqual(['skipped', 'done'])
    expect((await resumed.status()).map(({ state }) => state)).toEqual(both('announced'))
    await stack.clock.increase(2 * day)

    expect(outcomesOf(await resumed.apply())).toEqual(both('done'))
    expect(outcomesOf(await resumed.apply())).toEqual(both('skipped'))
    expect(await readCodes(config, { account: address })).toMatchObject({ left: 2, isReplacementDue: false })
    const { request: last } = await begin(stack, owner, 'new codes, third phone')
    await expect(redeemCode(config, last, old.texts[0] ?? '')).rejects.toMatchObject({ code: 'CODE_UNKNOWN' })
    await redeemCode(config, last, first ?? '')
    expect(outcomesOf(await last.submit())).toEqual(both('done'))

    // What the first of the new codes began is over when the set is replaced, and its other code is good for nothing.
    const next = await replaceCodes(owner)
    next.confirm(next.codes ? revealCode(next.codes.codes[9] as never) : '')
    await next.announce()
    await stack.clock.increase(2 * day)
    expect(outcomesOf(await next.apply())).toEqual(both('done'))
    expect(await statesOf(last)).toEqual(both('superseded'))
    expect(outcomesOf(await last.execute())).toEqual(both('RECOVERY_OVER'))
    await expectSends(owner)
  })

  test('[143] of a thief with the passkey wait, and are called off; the old ones are good until the end', async () => {
    const sheet = createCodes(stack)
    const { account, config } = await createGuardedOwner(stack, 'thief makes codes', {
      guardians: [sheet.guardian],
      preset: 'simple',
    })
    const thief = await replaceCodes(account)
    const planted = thief.codes?.codes.map(revealCode) ?? []
    thief.confirm(planted[0] ?? '')
    expect(outcomesOf(await thief.announce())).toEqual(both('done'))
    expect(outcomesOf(await thief.apply())).toEqual(both('CONTRACT_CHANGE_NOT_READY'))
    const owner = resumeCodeReplacement(account, thief.toJSON())
    expect(outcomesOf(await owner.cancel())).toEqual(both('done'))
    expect(outcomesOf(await owner.cancel())).toEqual(both('skipped'))
    expect((await owner.status()).map(({ state }) => state)).toEqual(both('none'))
    await stack.clock.increase(3 * day)
    expect(outcomesOf(await thief.apply())).toEqual(both('CODES_CHANGE_OVER'))

    const { request } = await begin(stack, account, 'thief makes codes, phone')
    await expect(redeemCode(config, request, planted[0] ?? '')).rejects.toMatchObject({ code: 'CODE_UNKNOWN' })
    await redeemCode(config, request, sheet.texts[7] ?? '')
    expect(outcomesOf(await request.submit())).toEqual(both('done'))
  })
})

test('[141] a crash after the code is spent on one chain loses nothing: the same recovery goes on from its text', async () => {
  const sheet = createCodes(stack)
  const { account, config } = await createGuardedOwner(stack, 'crash', {
    guardians: [sheet.guardian],
    preset: 'simple',
  })
  const { request, device } = await begin(stack, account, 'crash, phone')
  await redeemCode(config, request, sheet.texts[2] ?? '')
  const kept = JSON.stringify(request)
  // The process ends with the first chain's transaction sent and the second's not.
  const relay = { send: vi.fn().mockRejectedValue(new Error('The process ended.')) }
  const [first, ...others] = configFor(stack, device).chains
  const crashing = {
    ...config,
    chains: [first, ...others.map((chain) => ({ ...chain, relay }))].filter((one) => one !== undefined),
  }
  expect(outcomesOf(await loadRecovery(crashing, kept).submit())[0]).toBe('done')
  const { chains } = await readCodes(config, { account: account.address })
  expect(chains).toMatchObject([{ sets: [{ left: 9 }] }, { sets: [{ left: 10 }] }])

  const resumed = loadRecovery(configFor(stack, device), kept)
  expect(outcomesOf(await resumed.submit())).toEqual(['skipped', 'done'])
  await stack.clock.increase(day)
  expect(outcomesOf(await resumed.execute())).toEqual(both('done'))
  await expectSends(resumed.toAccount())
  expect(parseCode(sheet.texts[2] ?? '').index).toBe(2)
})

describe('a passphrase', () => {
  test('[148] [151] takes nothing but its words and a node; nothing that it goes through leaves the device', async () => {
    // A generated one may have words that pages and authenticators use, such as “other”.
    const phrase = 'vivid gravity nurse plunge orbit tackle wisdom'
    const { guardian } = await withoutNetwork(() => createPassphrase({ phrase, cost: 'low' }))
    const { account, config } = await createGuardedOwner(stack, 'words alone', {
      guardians: [guardian],
      preset: 'simple',
    })
    const sent = vi.spyOn(globalThis, 'fetch')
    // Everything but the address comes from the chain: policy, salt, cost.
    const { request } = await begin(stack, account, 'words alone, phone')
    const approval = await withoutNetwork(() => approveWithPassphrase(request, { phrase }))
    await request.addApproval(approval)
    expect(outcomesOf(await request.submit())).toEqual(both('done'))
    await stack.clock.increase(day)
    expect(outcomesOf(await request.execute())).toEqual(both('done'))
    await expectSends(request.toAccount())

    const requests = JSON.stringify(sent.mock.calls.map(([url, options]) => [String(url), options?.body])).toLowerCase()
    expect(requests).toContain('eth_call')
    for (const word of phrase.split(' ')) {
      expect(requests).not.toContain(`${word} `)
      expect(requests).not.toContain(Buffer.from(word).toString('hex'))
    }
    const found = await getPolicy(config, { address: account.address, chainId: chainB })
    expect(found && (await isPassphrase(found, { phrase }))).toBe(true)
  })

  test('is never enough by itself at once, nor codes; and neither comes without what it takes to use it', async () => {
    const { account } = await createOwner(stack, 'alone')
    const { guardian: words } = await createPassphrase({ phrase: generatePassphrase(), cost: 'low' })
    const { guardian: codes } = createCodes(stack)
    for (const guardian of [words, codes]) {
      await expect(
        planRecovery(account, { guardians: [guardian], preset: 'simple', allowInstantSingle: true }),
      ).rejects.toMatchObject({ code: 'POLICY_SECRET_ALONE' })
      const { notes: _, ...bare } = guardian
      await expect(planRecovery(account, { guardians: [bare], preset: 'simple' })).rejects.toMatchObject({
        code: 'POLICY_NOTE_MISSING',
      })
    }
    const plan = await planRecovery(account, { guardians: [words, codes], preset: 'careful' })
    const again = await planRecovery(account, { guardians: toGuardianInputs(plan.policy), preset: 'careful' })
    // The salt of the policy is another, and with it perhaps the order; what the notes say is the same.
    const contentOf = ({ notes = [] }: Policy) => notes.map((note) => note.slice(46)).toSorted()
    expect(contentOf(again.policy)).toEqual(contentOf(plan.policy))
  })
})
