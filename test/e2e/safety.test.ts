import { healthCosts, readChanges } from '@rekey/sdk/recovery'
import type { BrowserContext, Page } from 'playwright-core'
import { type Address, createPublicClient, getAddress, http, parseAbi, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configFor, createDevice as createSoftDevice } from '../../scripts/stack/client.ts'
import { addressOf, beginSending, connectDemo, createAccount, installWallet, openDialogPage } from './people.ts'
import { addWallet, arrive, beginRecovery, go, press } from './recovering.ts'
import { closes, createDevice, inspect, startWorld, type World } from './world.ts'

const day = 86_400
const second = getAddress('0x00000000000000000000000000000000000fee11')
let world: World
let device: BrowserContext
let page: Page
let address: Address

beforeAll(async () => {
  world = await startWorld()
  device = await createDevice(world)
  await installWallet(device, world.stack.accounts.guardian)
  page = await openDialogPage(world, device)
  await createAccount(page, 'Ada')
  address = await addressOf(page)
  await world.stack.fund(address, parseEther('1'))
  await press(page, 'Set up recovery')
  await addWallet(page, world.stack.accounts.guardian.address)
  await go(page, 'Next: how long it takes', 'Set up recovery: how it works')
})
afterAll(() => world?.[Symbol.asyncDispose]())

/** The codes of what the safety check has found. */
async function findings(): Promise<readonly string[]> {
  const rows = await page.locator('[data-finding]').all()
  return Promise.all(rows.map(async (row) => (await row.getAttribute('data-finding')) ?? ''))
}

describe('the choice of a preset', () => {
  it('says at once what speaks against it, and what it does not offer', async () => {
    const warnings = () => page.locator('[data-warning]').evaluateAll((all) => all.map((one) => one.dataset.warning))
    expect(await warnings()).toEqual(['singleGuardian', 'thiefCanVeto'])
    await inspect(page, 'set-up-preset-warned')
    expect(await page.getByRole('radio', { name: 'Fast' }).isDisabled()).toBe(true)
    await go(page, 'Next: look it over', 'Set up recovery: is this right?')
    // One wallet, which a thief with the passkey could stop.
    const { singleGuardian, thiefCanVeto } = healthCosts
    const score = page.getByRole('meter', { name: 'Score of these guardians' })
    expect(await score.getAttribute('value')).toBe(String(100 - singleGuardian - thiefCanVeto))
    await inspect(page, 'set-up-score')
    await go(page, 'Confirm with passkey', 'Recovery is set up')
    await go(page, 'Go to your account', 'Your account')
  })
})

describe('the safety check', () => {
  it('shows the score with its reasons, and what is missing while a network is silent', async () => {
    await go(page, 'Safety check', 'Safety check')
    await page.locator('[data-finding="singleGuardian"]').waitFor()
    const found = await findings()
    expect(found).toEqual(expect.arrayContaining(['singleGuardian', 'thiefCanVeto', 'neverDrilled', 'singlePasskey']))
    const cost = found.reduce((sum, code) => sum + healthCosts[code as keyof typeof healthCosts], 0)
    expect(await page.getByRole('meter', { name: 'Safety score' }).getAttribute('value')).toBe(String(100 - cost))
    await inspect(page, 'safety')

    const silent = (url: URL): boolean => url.origin === new URL(world.stack.chain(1).rpcUrl).origin
    await device.route(silent, (route) => route.abort())
    await press(page, 'Check again')
    await page.locator('[data-finding="chainUnreachable"]').waitFor()
    await inspect(page, 'safety-silent-network')
    await device.unroute(silent)
    await press(page, 'Check again')
    await page.locator('[data-finding="chainUnreachable"]').waitFor({ state: 'detached' })
  })

  it('plays through the loss of this device and of a guardian, by keyboard', async () => {
    const outcome = page.locator('[data-outcome]')
    await outcome.filter({ hasText: 'You get back in after 24 hours.' }).waitFor()
    await page.getByRole('button', { name: 'A thief opens it' }).press('Enter')
    await outcome.filter({ hasText: 'A thief would keep the account.' }).waitFor()
    await inspect(page, 'safety-thief')
    await page.getByRole('button', { name: 'This device is lost' }).press('Enter')
    const guardian = page.getByLabel(/^Wallet 0x/)
    await guardian.focus()
    await page.keyboard.press('ArrowDown')
    expect(await guardian.inputValue()).toBe('lost')
    await outcome.filter({ hasText: 'Nobody could open the account any more.' }).waitFor()
    await guardian.selectOption('kept')
  })
})

describe('a drill', () => {
  it('goes to a guardian by link and back, shows what they could do, and is remembered by the networks', async () => {
    await go(page, 'Start a drill', 'Hold a drill')
    await inspect(page, 'drill')
    await go(page, 'Begin the drill', 'A drill is under way')
    await inspect(page, 'drill-begun')
    await go(page, 'Ask somebody who is a guardian', 'Ask your guardian')
    const link = (await page.getByRole('link', { name: 'Open it here' }).getAttribute('href')) ?? ''
    const phrase = await page.locator('.phrase').textContent()
    await page.reload()
    await arrive(page, 'A drill is under way')

    const guardian = await createDevice(world)
    await installWallet(guardian, world.stack.accounts.guardian)
    const theirs = await guardian.newPage()
    await theirs.goto(link)
    await arrive(theirs, 'Try out whether you could help?')
    expect(await theirs.locator('.phrase').textContent()).toBe(phrase)
    await inspect(theirs, 'guardian-drill')
    await go(theirs, 'Approve with Test wallet', 'You approved')
    const answer = (await theirs.getByRole('link', { name: 'Open it here' }).getAttribute('href')) ?? ''

    await page.goto('about:blank')
    await page.goto(answer)
    await arrive(page, 'Ask your guardian')
    await go(page, 'Use this approval', 'A drill is under way')
    for (const { chainId } of world.stack.chains)
      await page
        .locator(`[data-chain="${chainId}"]`)
        .filter({ hasText: 'They could let you in after 24 hours' })
        .waitFor()
    expect(await page.locator('[data-approved="true"]').count()).toBe(1)
    await inspect(page, 'drill-answered')
    await go(page, 'Record and end the drill', 'The drill is recorded')
    await go(page, 'Back to the safety check', 'Safety check')
    await page.locator('[data-section="drill"]').getByText('✓').waitFor()
    expect(await findings()).not.toContain('neverDrilled')
    await inspect(page, 'safety-drilled')
  })
})

describe('changing guardians', () => {
  it('shows what changes before it is signed, waits, is called off from any screen', async () => {
    await announceSecondGuardian()
    await page.getByRole('status').filter({ hasText: 'A change of guardians is announced.' }).waitFor()
    await inspect(page, 'account-pending-change')
    await go(page, 'See what would change', 'A change is waiting')
    await page.getByRole('img', { name: `Guardian ${second}` }).waitFor()
    expect(await page.getByRole('button', { name: 'Put in force' }).count()).toBe(0)
    await inspect(page, 'change-waiting')
    await go(page, 'Call it off', 'The change was called off')
    expect(await pendingChanges()).toEqual([undefined, undefined])
    await go(page, 'Go to your account', 'Your account')
    await page.getByText('A change of guardians is announced.').waitFor({ state: 'detached' })
  })

  it('comes into force after the wait; until then the old guardians count', async () => {
    await announceSecondGuardian()
    expect(await pendingChanges()).toEqual(['waiting', 'waiting'])
    expect(await page.getByRole('img', { name: `Guardian ${second}` }).count()).toBe(0)
    await world.stack.clock.increase(2 * day)
    await page.reload()
    await go(page, 'See what would change', 'A change is waiting')
    await go(page, 'Put in force', 'The change is in force')
    await inspect(page, 'change-in-force')
    await go(page, 'Go to your account', 'Your account')
    await page.getByRole('img', { name: `Guardian ${second}` }).waitFor()
    await page.getByText('Any one guardian can stop the account for up to 2 days, once a month.').waitFor()
    await go(page, 'Change guardians', 'Change guardians: who')
    await go(page, 'Next: how long it takes', 'Change guardians: how it works')
    await go(page, 'Next: look it over', 'Nothing would change')
    await inspect(page, 'change-nothing')
    await go(page, 'Go to your account', 'Your account')
  })
})

describe('the emergency stop', () => {
  it('takes one guardian, and then nothing leaves the account on any network', async () => {
    await go(page, 'Emergency stop', 'Stop the account')
    await page.locator('[data-chain][data-tone="done"]').nth(1).waitFor()
    await inspect(page, 'freeze')
    await press(page, 'Stop the account…')
    await inspect(page, 'freeze-sure')
    await go(page, 'Ask a guardian', 'Ask one guardian')
    await inspect(page, 'freeze-ask')
    await go(page, 'Use a wallet in this browser', 'Approve with your wallet')
    await go(page, 'Approve with Test wallet', 'Approved: stop it now?')
    await inspect(page, 'freeze-approved')
    await go(page, 'Stop it for 2 days', 'The account is stopped')
    await inspect(page, 'freeze-stopped')
    for (const { rpcUrl } of world.stack.chains) {
      const client = createPublicClient({ transport: http(rpcUrl) })
      const abi = parseAbi(['function frozenUntil() view returns (uint40)'])
      const { timestamp } = await client.getBlock()
      const until = await client.readContract({ address, abi, functionName: 'frozenUntil' })
      expect(until - Number(timestamp)).toBeGreaterThan(2 * day - 600)
    }
    const app = await connectDemo(world, device)
    const dialog = await beginSending(app, world.stack.chain(0).chainId, second)
    await dialog.getByRole('status').filter({ hasText: 'Your account is stopped until' }).waitFor()
    await press(dialog, 'Approve with passkey')
    await dialog.getByRole('alert').filter({ hasText: 'If your account is stopped' }).waitFor()
    await inspect(dialog, 'approve-stopped')
    await closes(dialog, () => press(dialog, 'Refuse'))
  })
})

describe('a passkey', () => {
  it('gets a name in this browser, and loses it again', async () => {
    await go(page, 'Back to your account', 'Your account')
    const row = page.locator('[data-passkey]').first()
    await row.getByRole('button', { name: /^Rename/ }).click()
    await inspect(page, 'rename-passkey')
    await page.getByLabel('New name').fill('Kitchen laptop')
    await page.keyboard.press('Enter')
    await row.getByText('Kitchen laptop').waitFor()
    await page.reload()
    await row.getByText('Kitchen laptop').waitFor()
    await inspect(page, 'account-passkey-named')
    await row.getByRole('button', { name: /^Rename/ }).click()
    await page.getByLabel('New name').fill('')
    await press(page, 'Save the name')
    await row.getByText('Kitchen laptop').waitFor({ state: 'detached' })
  })
})

describe('guardians', () => {
  it('call a recovery off that is not the owner’s, on every network, without an account of their own', async () => {
    const withWallet = (context: BrowserContext) => installWallet(context, world.stack.accounts.guardian)
    const { page: stranger } = await beginRecovery(world, address, 'A wallet that is my guardian', withWallet)
    await go(stranger, 'Approve with Test wallet', 'Approved: now it waits')

    const guardian = await createDevice(world)
    await withWallet(guardian)
    const theirs = await openDialogPage(world, guardian, '/call-off')
    await arrive(theirs, 'Call a recovery off')
    await inspect(theirs, 'call-off')
    await theirs.getByLabel('Address of the account').fill(address)
    await go(theirs, 'Look for recoveries', 'Recoveries that wait')
    await theirs.locator('[data-recovery]').waitFor()
    await inspect(theirs, 'call-off-pending')
    await theirs.getByRole('button', { name: /^Call it off/ }).press('Enter')
    await arrive(theirs, 'Call this recovery off?')
    await inspect(theirs, 'call-off-ask')
    await go(theirs, 'Ask somebody who is a guardian', 'Ask your guardian')
    const link = (await theirs.getByRole('link', { name: 'Open it here' }).getAttribute('href')) ?? ''

    const asked = await guardian.newPage()
    await asked.goto(link)
    await arrive(asked, 'Call a recovery off?')
    await inspect(asked, 'guardian-call-off')
    await go(asked, 'Approve with Test wallet', 'You approved')
    const answer = (await asked.getByRole('link', { name: 'Open it here' }).getAttribute('href')) ?? ''

    await theirs.goto('about:blank')
    await theirs.goto(answer)
    await arrive(theirs, 'Ask your guardian')
    await go(theirs, 'Use this approval', 'Call this recovery off?')
    await inspect(theirs, 'call-off-enough')
    await go(theirs, 'Call it off on every network', 'The recovery was called off')
    await inspect(theirs, 'call-off-done')
    await arrive(stranger, 'This recovery has ended')
    expect(await stranger.locator('[data-chain][data-tone="failed"]').count()).toBe(2)
    await go(theirs, 'Close', 'Recoveries that wait')
    await theirs.getByText('Nobody is recovering this account on a network that answers.').waitFor()
  })
})

describe('what happened', () => {
  it('is told once for all networks, the newest first, with who approved', async () => {
    await go(page, 'What happened', 'What happened')
    const lines = page.locator('[data-event]')
    await lines.first().waitFor()
    expect(await lines.evaluateAll((all) => all.map((one) => one.dataset.event))).toEqual([
      'RecoveryCancelled',
      'RecoveryStarted',
      'FreezeSet',
      'PolicySet',
      'PolicyScheduled',
      'ChangeCancelled',
      'PolicyScheduled',
      'GuardiansProven',
      'PolicySet',
      'CredentialAdded',
    ])
    const { guardian } = world.stack.accounts
    const name = `Wallet ${guardian.address.slice(0, 6)}…${guardian.address.slice(-4)}`
    const texts = await lines.allTextContents()
    expect(texts[1]?.toLowerCase()).toContain(`approved by ${name.toLowerCase()}`)
    expect(texts[7]?.toLowerCase()).toContain(`${name.toLowerCase()} answered`)
    for (const text of texts) expect(text).toContain('Chain 31337, Chain 31338')
    await inspect(page, 'history')
    const silent = (url: URL): boolean => url.origin === new URL(world.stack.chain(1).rpcUrl).origin
    await device.route(silent, (route) => route.abort())
    await press(page, 'Look again')
    await page.getByRole('alert').filter({ hasText: 'Chain 31338: no answer.' }).waitFor()
    expect(await lines.count()).toBe(texts.length)
    await inspect(page, 'history-silent-network')
    await device.unroute(silent)
    await go(page, 'Back to your account', 'Your account')
  })
})

/** Announces a second wallet and the emergency stop, and sees the difference on the screen that is confirmed. */
async function announceSecondGuardian(): Promise<void> {
  await page.goto(new URL('/change-guardians', world.stack.urls.dialog).href)
  await arrive(page, 'Change guardians: who')
  await press(page, 'Add a wallet')
  await page.getByLabel('Wallet address of your guardian').fill(second)
  await go(page, 'Add this wallet', 'Change guardians: who')
  await inspect(page, 'change-who')
  await go(page, 'Next: how long it takes', 'Change guardians: how it works')
  await page.getByLabel(/^Any one guardian may stop the account/).check()
  await inspect(page, 'change-how')
  await go(page, 'Next: look it over', 'Change guardians: is this right?')
  const lines = page.locator('[data-diff]')
  expect(await lines.evaluateAll((all) => all.map((one) => one.dataset.diff))).toEqual(['added', 'removed', 'added'])
  await lines
    .nth(0)
    .getByRole('img', { name: `Guardian ${second}` })
    .waitFor()
  await lines.nth(2).getByText('Any one guardian can stop the account for up to 2 days, once a month.').waitFor()
  await page.getByText('It waits 2 days.').waitFor()
  await inspect(page, 'change-confirm')
  await go(page, 'Confirm with passkey', 'The change is announced')
  await inspect(page, 'change-announced')
  await go(page, 'Go to your account', 'Your account')
}

/** States of what is announced, as every network says. */
async function pendingChanges(): Promise<readonly (string | undefined)[]> {
  const config = configFor(world.stack, createSoftDevice('a reader'))
  const changes = await readChanges(config, { address })
  return changes.map((chain) => ('change' in chain ? chain.change?.state : chain.error.code))
}
