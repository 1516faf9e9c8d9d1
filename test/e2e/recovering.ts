import type { BrowserContext, Page } from 'playwright-core'
import type { Address } from 'viem'
import { expect } from 'vitest'
import { openDialogPage } from './people.ts'
import { createDevice, inspect, type World } from './world.ts'

/** Longest that a passphrase is waited for: Argon2id with 256 MiB, on a machine that does other things too. */
export const stretching = 100_000

/** Waits for a screen by its heading, and sees that the heading has the focus. */
export async function arrive(page: Page, title: string, timeout = 30_000): Promise<void> {
  const heading = page.getByRole('heading', { level: 1, name: title })
  await heading.and(page.locator(':focus')).waitFor({ timeout })
}

/** Presses a button. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

/** Goes to a button by the Tab key alone, and presses Enter. */
export async function reach(page: Page, name: string): Promise<void> {
  const target = page.getByRole('button', { name, exact: true })
  await target.waitFor()
  for (let tabs = 0; tabs < 40; tabs += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
}

/** Presses a button that leads to another screen, and waits for that. */
export async function go(page: Page, name: string, title: string, timeout?: number): Promise<void> {
  await press(page, name)
  await arrive(page, title, timeout)
}

/** Adds a wallet to the guardians of a set-up. */
export async function addWallet(page: Page, address: Address): Promise<void> {
  await press(page, 'Add a wallet')
  await page.getByLabel('Wallet address of your guardian').fill(address)
  await go(page, 'Add this wallet', 'Set up recovery: your guardians')
}

/** Adds a friend's account to the guardians of a set-up. */
export async function addFriend(page: Page, address: Address): Promise<void> {
  await press(page, 'Add a friend’s passkey')
  await page.getByLabel('Address of your friend’s account').fill(address)
  await go(page, 'Look it up', 'Is this your friend’s account?')
  await press(page, 'Yes, add this friend')
}

/** Adds a generated passphrase, and returns it. */
export async function addPassphrase(page: Page): Promise<string> {
  await go(page, 'Make a passphrase', 'Your passphrase')
  const words = await page.locator('.words code').allTextContents()
  await inspect(page, 'set-up-passphrase')
  await go(page, 'I have written them down', 'Type two words back')
  for (const field of await page.getByLabel(/^Word \d+$/).all()) {
    const id = await field.getAttribute('id')
    const label = await page.locator(`label[for="${id}"]`).textContent()
    await field.fill(words[Number(label?.split(' ')[1]) - 1] ?? '')
  }
  await inspect(page, 'set-up-passphrase-back')
  const worker = page.waitForEvent('worker')
  await press(page, 'Use this passphrase')
  expect((await worker).url()).toContain('/assets/argon2Worker-')
  await arrive(page, 'Set up recovery: your guardians', stretching)
  return words.join(' ')
}

/** Adds a set of codes, and returns them. */
export async function addCodes(page: Page): Promise<readonly string[]> {
  await go(page, 'Make recovery codes', 'Your recovery codes')
  const codes = await page.locator('.codes code').allTextContents()
  await inspect(page, 'set-up-codes')
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('button').count()).toBe(0)
  expect(await page.locator('.codes code:visible').count()).toBe(10)
  await inspect(page, 'set-up-codes-print')
  await page.emulateMedia({ media: null })
  await go(page, 'Next: type one back', 'Type one code back')
  await page.getByLabel('One of the codes').fill(`${codes[0]?.slice(0, -1)}`)
  await press(page, 'I have saved them')
  await page.getByRole('alert').filter({ hasText: 'A recovery code has 30 characters' }).waitFor()
  await inspect(page, 'set-up-codes-back')
  await page.getByLabel('One of the codes').fill(codes[3]?.toLowerCase().replaceAll('-', ' ') ?? '')
  await go(page, 'I have saved them', 'Set up recovery: your guardians')
  return codes
}

/** Confirms the chosen guardians with the recommended preset: one prompt, both chains. */
export async function confirmSetUp(page: Page): Promise<void> {
  await go(page, 'Next: how long it takes', 'Set up recovery: how it works')
  await go(page, 'Next: look it over', 'Set up recovery: is this right?')
  await go(page, 'Confirm with passkey', 'Recovery is set up')
  await go(page, 'Go to your account', 'Your account')
}

/** Begins a recovery on a new device, as far as a new passkey; `choice` is what its owner still has. */
export async function beginRecovery(
  world: World,
  address: Address,
  choice: string,
  prepare?: (device: BrowserContext) => Promise<void>,
): Promise<{ device: BrowserContext; page: Page }> {
  const device = await createDevice(world)
  await prepare?.(device)
  const page = await openDialogPage(world, device, '/recover')
  await arrive(page, 'What do you still have?')
  await go(page, choice, 'Which account?')
  await page.getByLabel('Address of your account').fill(address)
  await go(page, 'Find my account', 'Is this your account?')
  await press(page, 'Make a new passkey')
  return { device, page }
}

/** Lets the waiting time go by, finishes, and goes to the account. */
export async function finishRecovery(world: World, page: Page, address: Address, seconds: number): Promise<void> {
  await arrive(page, 'Approved: now it waits')
  await world.stack.clock.increase(seconds)
  await arrive(page, 'The waiting time is over')
  await go(page, 'Finish', 'You are back')
  await press(page, 'Go to your account')
  await page.getByRole('img', { name: `Your address ${address}` }).waitFor()
}
