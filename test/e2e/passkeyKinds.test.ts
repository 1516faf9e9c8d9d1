import type { Page } from 'playwright-core'
import { type Address, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Abilities, type Authenticator, plugIn } from './authenticators.ts'
import { createAccount, openDialogPage } from './people.ts'
import { inspect, startWorld, type World } from './world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

/** A page without any authenticator until one is plugged in. */
async function openPage(): Promise<Page> {
  const browser = await world.browser.newContext({ viewport: { width: 440, height: 760 }, reducedMotion: 'reduce' })
  return openDialogPage(world, browser)
}

async function signUp(page: Page): Promise<Address> {
  const address = await createAccount(page, 'Ada')
  await world.stack.fund(address, parseEther('1'))
  return address
}

const isBundler = (url: URL): boolean =>
  world.stack.chains.some(({ bundlerUrl }) => bundlerUrl !== null && new URL(bundlerUrl).origin === url.origin)

/**
 * Adds a security key. Its two ceremonies are over when the bundlers are asked for the first time; then the key is taken
 * out, and the account's own authenticator comes back to approve.
 */
async function addKey(page: Page, own: Authenticator, abilities: Abilities): Promise<Authenticator> {
  const before = await page.locator('[data-passkey]').count()
  await own.unplug()
  const key = await plugIn(page, abilities)
  let swap: Promise<void> | undefined
  await page.route(isBundler, async (route) => {
    swap ??= key.unplug().then(() => own.plugIn())
    await swap
    await route.continue()
  })
  await page.getByRole('button', { name: 'Add a security key' }).click()
  // The first one comes with the account's own passkey: before its first transaction an account lists none.
  await page.locator('[data-passkey]').nth(Math.max(1, before)).waitFor()
  await page.unroute(isBundler)
  return key
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out on this device' }).click()
}

/** Signs in by address with the security key that is plugged in. */
async function signInWithKey(page: Page, address: Address): Promise<void> {
  await page.getByRole('button', { name: 'Use a security key' }).click()
  await page.getByLabel('Address of your account').fill(address)
  await page.keyboard.press('Enter')
  await page.getByRole('img', { name: `Your address ${address}` }).waitFor()
}

/** Removes the only passkey that is not in use: a transaction of the account on both chains. */
async function removeOther(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Remove/ }).click()
  await page.getByRole('button', { name: 'Remove it' }).click()
  await page.locator('[data-passkey]').nth(1).waitFor({ state: 'detached' })
}

const row = (page: Page, text: string) => page.locator('[data-passkey]').filter({ hasText: text })

const transports = [
  ['usb', 'Security key (USB)'],
  ['nfc', 'Security key (NFC)'],
  ['ble', 'Security key (Bluetooth)'],
] as const

describe('security keys without room for passkeys', () => {
  it('over USB, NFC and Bluetooth are added, and each signs in by address', async () => {
    const page = await openPage()
    const own = await plugIn(page, { transport: 'internal', isSyncable: true })
    const address = await signUp(page)
    const keys: Authenticator[] = []
    for (const [transport, title] of transports) {
      keys.push(await addKey(page, own, { transport, keepsPasskeys: false }))
      await row(page, title).getByText('On one device only · auth.localhost').waitFor()
    }
    await inspect(page, 'security-keys')
    await own.unplug()
    await signOut(page)
    for (const [place, [, title]] of transports.entries()) {
      const key = keys[place]
      if (!key) throw new Error('There is no such key.')
      await key.plugIn()
      expect((await key.held()).map(({ isResidentCredential }) => isResidentCredential)).toEqual([false])
      await signInWithKey(page, address)
      await row(page, title).getByText('in use here').waitFor()
      await signOut(page)
      await key.unplug()
    }
  })

  it('are asked for by address; one without a PIN is refused, and the page says what to do', async () => {
    const page = await openPage()
    await page.getByRole('button', { name: 'Use a security key' }).click()
    await inspect(page, 'security-key-sign-in')
    await page.getByRole('button', { name: 'Use the security key' }).click()
    await page.getByText('Enter the address.').waitFor()
    await inspect(page, 'security-key-problem')
    await page.getByRole('button', { name: 'Back' }).click()

    const own = await plugIn(page, { transport: 'internal' })
    await signUp(page)
    await own.unplug()
    const key = await plugIn(page, { transport: 'usb', keepsPasskeys: false, hasPin: false })
    await page.getByRole('button', { name: 'Add a security key' }).click()
    await page.getByRole('alert').filter({ hasText: 'Set a PIN' }).waitFor()
    await inspect(page, 'security-key-no-pin')
    expect(await key.held()).toEqual([])
  })
})

describe('whether a passkey is synced', () => {
  it('is shown, and follows the next answer when it changes', async () => {
    const page = await openPage()
    const phone = await plugIn(page, { transport: 'internal', isSyncable: true })
    await signUp(page)
    await addKey(page, phone, { transport: 'usb' })
    await row(page, 'Passkey on this device').getByText('Can be synced, not synced yet').waitFor()
    await page.locator('[data-risk="noneSynced"]').waitFor()
    await inspect(page, 'not-synced')
    await phone.setBackedUp(true)
    await signOut(page)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await row(page, 'Passkey on this device').getByText('Synced').waitFor()
    expect(await page.locator('[data-risk]').count()).toBe(0)
    await inspect(page, 'synced')
  })
})

describe('[245] a passkey that the account has no more', () => {
  it('is forgotten by the device that holds it when its owner removes it', async () => {
    const page = await openPage()
    const own = await plugIn(page, { transport: 'internal' })
    await signUp(page)
    const key = await addKey(page, own, { transport: 'usb' })
    // The key comes back once the removal is signed: it is asked nothing any more, but told.
    let comesBack: Promise<void> | undefined
    await page.route(isBundler, async (route) => {
      if (route.request().postData()?.includes('eth_sendUserOperation')) {
        comesBack ??= key.plugIn()
        await comesBack
      }
      await route.continue()
    })
    await removeOther(page)
    await expect.poll(async () => (await key.held()).length, { timeout: 10_000 }).toBe(0)
    expect((await own.held()).length).toBe(1)
  })

  it('says so at sign-in, offers the recovery, and is forgotten when its owner wants that', async () => {
    const page = await openPage()
    const lost = await plugIn(page, { transport: 'internal' })
    const address = await signUp(page)
    const key = await addKey(page, lost, { transport: 'usb', keepsPasskeys: false })
    await lost.unplug()
    await key.plugIn()
    await signOut(page)
    await signInWithKey(page, address)
    // The key alone signs the account's transaction on both chains.
    await removeOther(page)
    await page.locator('[data-risk="oneDevice"]').waitFor()

    await key.unplug()
    await lost.plugIn()
    await signOut(page)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await page.getByRole('heading', { level: 1, name: 'This passkey no longer opens your account' }).waitFor()
    await page.getByRole('img', { name: `Account ${address}` }).waitFor()
    await inspect(page, 'passkey-removed')
    expect((await lost.held()).length).toBe(1)
    await page.getByRole('button', { name: 'Stop offering it' }).press('Enter')
    await page.getByText('Your password manager was told.').waitFor()
    await expect.poll(async () => (await lost.held()).length, { timeout: 10_000 }).toBe(0)
    await page.getByRole('button', { name: 'Recover the account' }).click()
    await page.getByRole('heading', { level: 1, name: 'What do you still have?' }).waitFor()
  })
})
