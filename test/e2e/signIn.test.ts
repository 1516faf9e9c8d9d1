import type { BrowserContext, Page } from 'playwright-core'
import { type Address, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenId } from '../../scripts/stack/openid/openid.ts'
import { watchForSecrets } from './capture.ts'
import { beginSending, connectDemo, createAccount, openDialogPage, sendEverywhere } from './people.ts'
import {
  addPassphrase,
  arrive,
  beginRecovery,
  confirmSetUp,
  finishRecovery,
  go,
  press,
  reach,
  stretching,
} from './recovering.ts'
import { accounts, followClock, openProvider, signInAs } from './signingIn.ts'
import { closes, createDevice, inspect, popupOf, startWorld, type World } from './world.ts'

const hour = 3_600
const day = 24 * hour
let world: World
let google: OpenId['google']
/** Sign-ins stay where they belong. */
const capture = watchForSecrets()

beforeAll(async () => {
  world = await startWorld({ signIn: true })
  if (!world.stack.openid) throw new Error('Nobody can sign in on this stack.')
  google = world.stack.openid.google
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAccount(name: string): Promise<{ device: BrowserContext; page: Page; address: Address }> {
  const device = await createDevice(world)
  await prepare(device)
  const page = await openDialogPage(world, device)
  const address = await createAccount(page, name)
  await world.stack.fund(address, parseEther('1'))
  return { device, page, address }
}

async function prepare(device: BrowserContext): Promise<void> {
  await followClock(world, device)
  await capture.watch(device)
}

describe('Google alone, in Simple', () => {
  let ada: Awaited<ReturnType<typeof openAccount>>
  let oldApp: Page

  beforeAll(async () => {
    ada = await openAccount('Ada')
    oldApp = await connectDemo(world, ada.device)
  })

  it('is linked by a real sign-in: what becomes public is said before, and what goes wrong is told', async () => {
    const { page } = ada
    await go(page, 'Set up recovery', 'Set up recovery: your guardians')
    await go(page, 'Add your Google account', 'Add your Google account')
    await page.getByText('the same in every app').waitFor()
    await inspect(page, 'set-up-google')
    const closed = await openProvider(page)
    await closed.getByRole('button', { name: accounts.grace }).waitFor()
    await closed.close()
    await page.getByRole('alert').filter({ hasText: 'was closed before you signed in' }).waitFor()
    await inspect(page, 'set-up-google-closed')
    const refused = await openProvider(page)
    await closes(refused, () => press(refused, 'Cancel'))
    await page.getByRole('alert').filter({ hasText: 'You went back without signing in' }).waitFor()

    await page.evaluate(() => Reflect.set(window, 'open', () => null))
    await press(page, 'Sign in with Google')
    await page.getByRole('alert').filter({ hasText: 'could not open' }).waitFor()
    await inspect(page, 'set-up-google-blocked')
    await press(page, 'Continue in this window')
    await press(page, accounts.grace)
    await arrive(page, 'You signed in with Google')
    expect(page.url()).toBe(new URL('/set-up', world.stack.urls.dialog).href)
    expect(await page.locator('main').textContent()).not.toContain('@')
    await inspect(page, 'set-up-google-linked')
    await page.getByLabel('Which account it is').fill('Work')
    await go(page, 'Add this Google account', 'Set up recovery: your guardians')
    await page.getByRole('strong').filter({ hasText: 'Google account: Work' }).waitFor()

    await press(page, 'Add your Google account')
    await signInAs(page, accounts.grace)
    await arrive(page, 'This account is on the list')
    await inspect(page, 'set-up-google-twice')
    await go(page, 'Back', 'Set up recovery: your guardians')
    await inspect(page, 'set-up-guardians-google')
    await go(page, 'Next: how long it takes', 'Set up recovery: how it works')
    await page.locator('[data-preset="simple"] input').check()
    expect(await page.locator('[data-warning="instantSingle"]').count()).toBe(0)
    await page.getByLabel('No wait at all?').fill('At once')
    await page.locator('[data-warning="instantSingle"]').waitFor()
    await inspect(page, 'set-up-at-once')
    await go(page, 'Next: look it over', 'Set up recovery: is this right?')
    await page.getByText('One guardian can let you back in at once.').waitFor()
    await inspect(page, 'set-up-confirm-google')
    await go(page, 'Confirm with passkey', 'Recovery is set up')
    await go(page, 'Go to your account', 'Your account')
    await page.getByText('Google account', { exact: true }).waitFor()
    await inspect(page, 'account-google')
    const signIns = capture.signIns()
    expect(signIns).toHaveLength(2)
    // Nothing of it is public before a recovery.
    await capture.expectNowhere(signIns.flatMap(({ texts, claims }) => [...texts, claims]))
  })

  it('the phone is lost: at once, on both chains, by keyboard alone; the old passkey is out', async () => {
    const device = await createDevice(world)
    await prepare(device)
    const page = await openDialogPage(world, device)
    await reach(page, 'I lost my passkey')
    await arrive(page, 'What do you still have?')
    await inspect(page, 'recover-remains-google')
    await reach(page, 'My Google account')
    await arrive(page, 'Which account?')
    await page.keyboard.press('Tab')
    await page.keyboard.type(ada.address)
    await page.keyboard.press('Enter')
    await arrive(page, 'Is this your account?')
    await reach(page, 'Make a new passkey')
    await arrive(page, 'Sign in with Google')
    await inspect(page, 'recover-google')
    const wrong = await popupOf(page, () => reach(page, 'Sign in with Google'))
    await page.getByText('Go on in the window that has opened').waitFor()
    await inspect(page, 'recover-google-waiting')
    await closes(wrong, () => press(wrong, accounts.ada))
    await page.getByRole('alert').filter({ hasText: 'This is not the account that is your guardian.' }).waitFor()
    await inspect(page, 'recover-google-wrong')
    const right = await popupOf(page, () => reach(page, 'Sign in with Google'))
    await closes(right, () => press(right, accounts.grace))
    await arrive(page, 'You are back')
    await inspect(page, 'recover-google-done')
    await reach(page, 'Go to your account')
    await page.getByRole('img', { name: `Your address ${ada.address}` }).waitFor()

    for (const { chainId } of world.stack.chains) {
      const dialog = await beginSending(oldApp, chainId, '0x00000000000000000000000000000000000000e1')
      await press(dialog, 'Approve with passkey')
      await dialog.getByRole('alert').filter({ hasText: 'This passkey does not sign for your account' }).waitFor()
      await closes(dialog, () => press(dialog, 'Refuse'))
    }
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000e1')
    await capture.expectNowhere(capture.signIns().flatMap(({ texts }) => texts))
  })
})

describe('Google and a passphrase, in Careful', () => {
  let address: Address
  let passphrase: string

  beforeAll(async () => {
    const bob = await openAccount('Bob')
    address = bob.address
    await press(bob.page, 'Set up recovery')
    passphrase = await addPassphrase(bob.page)
    await press(bob.page, 'Add your Google account')
    await signInAs(bob.page, accounts.grace)
    await press(bob.page, 'Add this Google account')
    await confirmSetUp(bob.page)
  })

  it('Google alone waits a day; one network is down until the sign-in has run out, and another sign-in goes on there', async () => {
    const [, second] = [world.stack.chain(0), world.stack.chain(1)]
    const { device, page } = await beginRecovery(world, address, 'My Google account', prepare)
    await arrive(page, 'Sign in with Google')
    await second.stop()
    await signInAs(page, accounts.grace)
    await arrive(page, 'Approved: now it waits')
    await page.locator(`[data-chain="${second.chainId}"][data-tone="failed"]`).waitFor()
    await inspect(page, 'recover-google-partial')
    await world.stack.clock.increase(2 * hour)
    await page.reload()
    await second.start()
    await page.getByText('Your sign-in has run out before every network had it.').waitFor()
    await inspect(page, 'recover-google-expired')
    await go(page, 'Sign in with Google again', 'Sign in with Google')
    await signInAs(page, accounts.grace)
    await page.locator(`[data-chain="${second.chainId}"][data-tone="working"]`).waitFor()
    await inspect(page, 'recover-google-resumed')
    await finishRecovery(world, page, address, day)
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000e2')
  })

  it('Google is down: the passphrase still works; when Google is back, both together need no wait', async () => {
    const { device, page } = await beginRecovery(world, address, 'My Google account', prepare)
    await arrive(page, 'Sign in with Google')
    await google.stop()
    const silent = await openProvider(page)
    await silent.close()
    await page.getByRole('alert').filter({ hasText: 'the provider may be down' }).waitFor()
    await inspect(page, 'recover-google-down')
    await go(page, 'Other ways', 'Show that it is your account')
    await press(page, 'Use the passphrase')
    await page.getByLabel('Passphrase').fill(passphrase)
    await go(page, 'Use this passphrase', 'Approved: now it waits', stretching)
    await google.start()
    await go(page, 'Make it faster with another guardian', 'Another approval')
    await go(page, 'Sign in with Google', 'Sign in with Google')
    await signInAs(page, accounts.grace)
    await arrive(page, 'You are back')
    await press(page, 'Go to your account')
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000e3')
  })
})

it('X, by the bridge, that its owner is told of: linked, and after the wait the account is back on both chains', async () => {
  const { page, address } = await openAccount('Eve')
  await press(page, 'Set up recovery')
  await go(page, 'Add your X account', 'Add your X account')
  await page.getByText('the bridge, X and whoever breaks into your account').waitFor()
  await inspect(page, 'set-up-x')
  await signInAs(page, 'ada', 'Sign in with X')
  await go(page, 'Add this X account', 'Set up recovery: your guardians')
  await confirmSetUp(page)
  const { device, page: recovery } = await beginRecovery(world, address, 'My X account', prepare)
  await arrive(recovery, 'Sign in with X')
  await inspect(recovery, 'recover-x')
  await signInAs(recovery, 'ada', 'Sign in with X')
  await finishRecovery(world, recovery, address, day)
  await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000e4')
})

it('[J83] a sign-in that nobody asked for is thrown away, and its address forgotten', async () => {
  const page = await (await createDevice(world)).newPage()
  await page.goto(new URL('/sign-in#id_token=e30.e30.AA&state=made-up', world.stack.urls.dialog).href)
  await arrive(page, 'This sign-in was not used')
  await page.getByRole('alert').filter({ hasText: 'Nobody here asked for this sign-in.' }).waitFor()
  expect(page.url()).toBe(new URL('/sign-in', world.stack.urls.dialog).href)
  await inspect(page, 'sign-in-unexpected')
})
