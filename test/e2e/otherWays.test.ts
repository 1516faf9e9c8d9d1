import type { BrowserContext, Page } from 'playwright-core'
import { type Address, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressOf, connectDemo, createAccount, openDialogPage, sendEverywhere } from './people.ts'
import { addFriend, addWallet, arrive, beginRecovery, confirmSetUp, finishRecovery, go, press } from './recovering.ts'
import { createDevice, inspect, passkeysOf, startWorld, type World } from './world.ts'

const day = 86_400
const names = new Map<string, Address>()
let world: World
let friend: Page
let friendAddress: Address
let owner: { device: BrowserContext; page: Page }
let address: Address

beforeAll(async () => {
  world = await startWorld({ names })
  friend = (await openAccount('Grace')).page
  await press(friend, 'Set up recovery')
  await addWallet(friend, world.stack.accounts.guardian.address)
  await confirmSetUp(friend)
  owner = await openAccount('Ada')
  address = await addressOf(owner.page)
  await world.stack.fund(address, parseEther('1'))
  await press(owner.page, 'Set up recovery')
  friendAddress = await addressOf(friend)
  await addFriend(owner.page, friendAddress)
  await confirmSetUp(owner.page)
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAccount(name: string): Promise<{ device: BrowserContext; page: Page }> {
  const device = await createDevice(world)
  const page = await openDialogPage(world, device)
  await createAccount(page, name)
  return { device, page }
}

/** Has the friend approve what a recovery's page asks for. */
async function askFriend(page: Page): Promise<void> {
  await arrive(page, 'Ask your guardian')
  await friend.goto('about:blank')
  await friend.goto((await page.getByRole('link', { name: 'Open it here' }).getAttribute('href')) ?? '')
  await arrive(friend, 'Let somebody back into their account?')
  expect(await friend.locator('.phrase').textContent()).toBe(await page.locator('.phrase').textContent())
  await go(friend, 'Approve with your passkey', 'You approved')
}

describe('a friend’s passkey alone', () => {
  it('brings the account back after the wait, and the friend delivers it', async () => {
    const { device, page } = await beginRecovery(world, address, 'Somebody who is my guardian')
    await askFriend(page)
    await press(friend, 'Deliver approval')
    await friend.getByText('Delivered.', { exact: true }).waitFor()
    await finishRecovery(world, page, address, day)
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000e1')
    owner = { device, page }
  })
})

describe('the name of the account', () => {
  it('finds it; its address is shown, compared and ticked before a passkey is made, and the account comes back', async () => {
    names.set('ada', address)
    const { device, page } = await search('ada')
    await page.getByText('Found as “ada”.').waitFor()
    expect(await addressShown(page)).toBe(address)
    await press(page, 'Make a new passkey')
    await page.getByRole('alert').filter({ hasText: 'Compare the address first' }).waitFor()
    await inspect(page, 'recover-name-not-compared')
    expect(await passkeysOf(device)).toEqual([])
    await page.getByLabel('I have compared it').and(page.locator(':focus')).press('Space')
    await press(page, 'Make a new passkey')
    await askFriend(page)
    await press(friend, 'Deliver approval')
    await friend.getByText('Delivered.', { exact: true }).waitFor()
    await finishRecovery(world, page, address, day)
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000e3')
    owner = { device, page }
  })

  it('[252] leads nowhere unnoticed when who knows the names lies: another address is shown, and no guardian lets anybody in', async () => {
    names.set('ada', friendAddress)
    const { device, page } = await search('ada')
    expect(await addressShown(page)).toBe(friendAddress)
    await inspect(page, 'recover-name-lies')
    await press(page, 'Make a new passkey')
    await page.getByRole('alert').filter({ hasText: 'Compare the address first' }).waitFor()
    expect(await passkeysOf(device)).toEqual([])
    // Whoever does not look has their own guardians say no.
    await page.getByLabel('I have compared it').check()
    await press(page, 'Make a new passkey')
    await arrive(page, 'Ask your guardian')
    const asked = page.getByRole('link', { name: 'Open it here' })
    await friend.goto('about:blank')
    await friend.goto((await asked.getAttribute('href')) ?? '')
    await arrive(friend, 'Let somebody back into their account?')
    await press(friend, 'Approve with your passkey')
    await friend.getByRole('alert').filter({ hasText: 'is not a guardian of the account' }).waitFor()
    await inspect(friend, 'guardian-of-another')
  })

  it('of no account, of nobody, or of a service that is down: says so, and what to use instead', async () => {
    names.set('nobody', world.stack.accounts.stranger.address)
    const { page } = await search('nobody', 'No network knows this account.')
    for (const [name, problem] of [
      ['eve', 'No account has this name.'],
      ['ad\u200ba', 'This is not a name that an account can have.'],
    ] as const) {
      await page.getByLabel('Address of your account, or its name').fill(name)
      await press(page, 'Find my account')
      await page.getByRole('alert').filter({ hasText: problem }).waitFor()
    }
    await page.route(`${world.stack.urls.names}**`, (route) => route.abort())
    await page.getByLabel('Address of your account, or its name').fill('ada')
    await press(page, 'Find my account')
    await page.getByRole('alert').filter({ hasText: 'The service that knows the names did not answer.' }).waitFor()
    await inspect(page, 'recover-names-down')
    await page.getByLabel('Address of your account, or its name').fill(address)
    await go(page, 'Find my account', 'Is this your account?')
  })
})

/** The address that a page shows as that of the account which it found. */
async function addressShown(page: Page): Promise<string | undefined> {
  const label = await page.getByRole('img', { name: /^Account 0x/ }).getAttribute('aria-label')
  return label?.split(' ').at(-1)
}

/** Looks for an account by name on a new device. */
async function search(name: string, problem?: string): Promise<{ device: BrowserContext; page: Page }> {
  const device = await createDevice(world)
  const page = await openDialogPage(world, device, '/recover')
  await arrive(page, 'What do you still have?')
  await go(page, 'Somebody who is my guardian', 'Which account?')
  await page.getByLabel('Address of your account, or its name').fill(name)
  if (problem === undefined) await go(page, 'Find my account', 'Is this your account?')
  else {
    await press(page, 'Find my account')
    await page.getByRole('alert').filter({ hasText: problem }).waitFor()
  }
  return { device, page }
}

describe('a recovery kit', () => {
  it('is saved as a file, and a recovery begins from it on another device', async () => {
    const { page } = owner
    await go(page, 'Safety check', 'Safety check')
    const download = page.waitForEvent('download')
    await press(page, 'Save the kit as a file')
    const file = await (await download).path()
    await page.getByText('Saved.').waitFor()

    const device = await createDevice(world)
    const fresh = await openDialogPage(world, device, '/recover')
    await go(fresh, 'Somebody who is my guardian', 'Which account?')
    const field = fresh.getByLabel('Or open your recovery kit')
    await field.setInputFiles({ name: 'kit.html', mimeType: 'text/html', buffer: Buffer.from('<p>no kit</p>') })
    await fresh.getByRole('alert').filter({ hasText: 'not a recovery kit' }).waitFor()
    await inspect(fresh, 'recover-kit-damaged')
    await field.setInputFiles(file)
    await arrive(fresh, 'Is this your account?')
    await fresh.getByRole('img', { name: `Account ${address}` }).waitFor()
    expect(await fresh.locator('[data-chain][data-tone="done"]').count()).toBe(2)
    await inspect(fresh, 'recover-kit')
    await press(fresh, 'Make a new passkey')
    await askFriend(fresh)
    const reply = await friend.getByRole('textbox', { name: 'Your approval' }).inputValue()
    await fresh.getByLabel('Approval from your guardian').fill(reply)
    await press(fresh, 'Use this approval')
    await finishRecovery(world, fresh, address, day)
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000e2')
    owner = { device, page: fresh }
  })
})

describe('screens beside the way', () => {
  it('another device lets this one in; without one, what is left is said', async () => {
    const device = await createDevice(world)
    const page = await openDialogPage(world, device, '/recover')
    await page.getByRole('button', { name: 'None of these' }).press('Enter')
    await arrive(page, 'None of these')
    await inspect(page, 'recover-none')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await arrive(page, 'What do you still have?')
    await page.getByRole('button', { name: 'Another device that opens my account' }).press('Enter')
    await arrive(page, 'Use your other device')
    await inspect(page, 'recover-other-device')
    // What the other device answers over the air comes out of this browser's prompt like any passkey.
    const [passkey] = await passkeysOf(owner.device)
    if (!passkey) throw new Error('The other device has no passkey.')
    await device.credentials.create(passkey.rpId, passkey)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await arrive(page, 'Your account')
    expect(await addressOf(page)).toBe(address)
  })

  it('words of one’s own are refused while anybody could guess them', async () => {
    const { page } = await openAccount('Eve')
    await press(page, 'Set up recovery')
    await go(page, 'Make a passphrase', 'Your passphrase')
    await go(page, 'Use words of my own', 'Words of your own')
    const field = page.getByLabel('Your own passphrase')
    await page.keyboard.press('Tab')
    await page.keyboard.type('password password password')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').filter({ hasText: 'could be guessed' }).waitFor()
    expect(await field.evaluate((element) => element === document.activeElement)).toBe(true)
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await inspect(page, 'set-up-passphrase-own')
    await field.fill('the heron under my bridge sells wet umbrellas on thursdays only')
    await go(page, 'Use these', 'Type two words back')
  })
})
