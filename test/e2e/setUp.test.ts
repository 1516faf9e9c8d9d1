import type { Page } from 'playwright-core'
import type { Address } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressOf, createAccount, openDialogPage } from './people.ts'
import { scan } from './qr.ts'
import { addWallet, arrive, beginRecovery, go, press } from './recovering.ts'
import { createDevice, inspect, startWorld, type World } from './world.ts'

const day = 86_400
let world: World
/** An account with a guardian. */
let address: Address

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

describe('a set-up that one network misses', () => {
  it('is told, and goes on there without another prompt', async () => {
    const { page } = await setUpOnOne('Eve')
    await go(page, 'Try the others again', 'Recovery is set up')
    await inspect(page, 'set-up-done')
    await press(page, 'Go to your account')
    address = await addressOf(page)
  })

  it('is told on the account’s page later, and ended there', async () => {
    const { page } = await setUpOnOne('Mallory')
    await press(page, 'Later')
    await page.reload()
    await page.getByText('Not protected everywhere.').waitFor()
    await inspect(page, 'account-partial')
    await press(page, 'Protect the others too')
    await page.getByText('Not protected everywhere.').waitFor({ state: 'detached' })
    await page.getByRole('img', { name: `Guardian ${world.stack.accounts.guardian.address}` }).waitFor()
  })
})

describe('a guardian’s link', () => {
  it('is refused when it was changed, and when it is too old', async () => {
    const { page } = await beginRecovery(world, address, 'Somebody who is my guardian')
    await arrive(page, 'Ask your guardian')
    const link = (await page.getByRole('link', { name: 'Open it here' }).getAttribute('href')) ?? ''
    const scanned = await scan(page.getByRole('img', { name: 'QR code for a guardian who is with you' }))
    const guardian = await (await createDevice(world)).newPage()
    await guardian.goto(scanned)
    await arrive(guardian, 'Let somebody back into their account?')
    await guardian.getByRole('img', { name: `Account ${address}` }).waitFor()
    await guardian.goto('about:blank')
    await guardian.goto(link.slice(0, -9))
    await arrive(guardian, 'This link does not work')
    await inspect(guardian, 'guardian-link-changed')
    await world.stack.clock.increase(31 * day)
    await guardian.goto('about:blank')
    await guardian.goto(scanned)
    await arrive(guardian, 'This link does not work')
    await guardian.getByRole('alert').filter({ hasText: 'This request is too old.' }).waitFor()
    expect(await guardian.getByRole('button').count()).toBe(0)
    await inspect(guardian, 'guardian-link-old')
  })
})

/** Sets up recovery while the second chain cannot be reached; afterwards it can. */
async function setUpOnOne(name: string): Promise<{ page: Page }> {
  const device = await createDevice(world)
  const page = await openDialogPage(world, device)
  await createAccount(page, name)
  await press(page, 'Set up recovery')
  await addWallet(page, world.stack.accounts.guardian.address)
  await press(page, 'Next: how long it takes')
  await inspect(page, 'set-up-preset')
  await go(page, 'Next: look it over', 'Set up recovery: is this right?')
  await inspect(page, 'set-up-confirm')
  const [first, second] = [world.stack.chain(0), world.stack.chain(1)]
  const isSecond = (url: URL): boolean => url.origin === new URL(second.rpcUrl).origin
  await device.route(isSecond, (route) => route.abort())
  await press(page, 'Confirm with passkey')
  await page.locator(`[data-chain="${second.chainId}"][data-tone="failed"]`).waitFor()
  await page.locator(`[data-chain="${first.chainId}"][data-tone="done"]`).waitFor()
  await inspect(page, 'set-up-partial')
  await device.unroute(isSecond)
  return { page }
}
