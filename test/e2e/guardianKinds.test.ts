import type { BrowserContext, Page } from 'playwright-core'
import { type Address, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createContractWallet } from '../integration/support/contractWallet.ts'
import { watchForSecrets } from './capture.ts'
import { derivedFromCode, derivedFromPassphrase } from './derivedKeys.ts'
import { addressOf, connectDemo, createAccount, installWallet, openDialogPage, sendEverywhere } from './people.ts'
import {
  addCodes,
  addFriend,
  addPassphrase,
  addWallet,
  arrive,
  beginRecovery,
  confirmSetUp,
  finishRecovery,
  go,
  press,
  reach,
  stretching,
} from './recovering.ts'
import { createDevice, inspect, startWorld, type World } from './world.ts'

const day = 86_400
let world: World
let address: Address
let owner: { device: BrowserContext; page: Page }
let friend: { device: BrowserContext; page: Page }
let codes: readonly string[]
let passphrase: string
/** Codes and passphrase, and everything between them and their signatures. */
let secrets: readonly string[]

/** Every word and text that must stay on the page that shows it or takes it. */
const capture = watchForSecrets()

beforeAll(async () => {
  world = await startWorld()
  friend = await openAccount('Grace')
  await press(friend.page, 'Set up recovery')
  await addWallet(friend.page, world.stack.accounts.guardian.address)
  await confirmSetUp(friend.page)

  owner = await openAccount('Ada')
  const { page } = owner
  address = await addressOf(page)
  await world.stack.fund(address, parseEther('1'))
  await press(page, 'Set up recovery')
  codes = await addCodes(page)
  passphrase = await addPassphrase(page)
  await addWallet(page, world.stack.accounts.guardian.address)
  await addFriend(page, await addressOf(friend.page))
  await inspect(page, 'set-up-guardians-all')
  await confirmSetUp(page)
  await page.getByText('10 of 10 codes left').waitFor()
  await inspect(page, 'account-all-guardians')
  secrets = [
    ...codes,
    passphrase,
    ...codes.flatMap(derivedFromCode),
    ...(await derivedFromPassphrase(world, address, passphrase)),
  ]
  await capture.expectNowhere(secrets)
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function openAccount(name: string): Promise<{ device: BrowserContext; page: Page }> {
  const device = await createDevice(world)
  await capture.watch(device)
  const page = await openDialogPage(world, device)
  await createAccount(page, name)
  return { device, page }
}

describe('back on both chains, to the last transaction', () => {
  it('with a code: a typo is told, a reload half way loses nothing, and the code counts as used', async () => {
    const { device, page } = await begin('A recovery code')
    await arrive(page, 'Enter a recovery code')
    const [code = ''] = codes
    const wrong = code.endsWith('7') ? '8' : '7'
    await page.getByLabel('Recovery code').fill(`${code.slice(0, -1)}${wrong}`)
    await press(page, 'Use this code')
    await page.getByRole('alert').filter({ hasText: 'typo' }).waitFor()
    await inspect(page, 'recover-code-typo')
    await page.reload()
    await arrive(page, 'Show that it is your account')
    await inspect(page, 'recover-collect')
    await press(page, 'Use a recovery code')
    await page.getByLabel('Recovery code').fill(code.toLowerCase())
    await go(page, 'Use this code', 'Approved: now it waits')
    await page.reload()
    await finishRecovery(world, page, address, day)
    await page.getByText('9 of 10 codes left').waitFor()
    await inspect(page, 'account-code-used')
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000d1')
    await capture.expectNowhere(secrets)
    owner = { device, page }
  })

  it('with the passphrase, by keyboard alone', async () => {
    const device = await createDevice(world)
    await capture.watch(device)
    const page = await openDialogPage(world, device)
    await reach(page, 'I lost my passkey')
    await arrive(page, 'What do you still have?')
    await inspect(page, 'recover-remains')
    await reach(page, 'My passphrase')
    await arrive(page, 'Which account?')
    await page.keyboard.press('Tab')
    await page.keyboard.type(address)
    await page.keyboard.press('Enter')
    await arrive(page, 'Is this your account?')
    await inspect(page, 'recover-found')
    await reach(page, 'Make a new passkey')
    await arrive(page, 'Enter your passphrase')
    await inspect(page, 'recover-passphrase')
    await page.keyboard.press('Tab')
    await page.keyboard.type(passphrase)
    await reach(page, 'Use this passphrase')
    await arrive(page, 'Approved: now it waits', stretching)
    await world.stack.clock.increase(day)
    await arrive(page, 'The waiting time is over')
    await reach(page, 'Finish')
    await arrive(page, 'You are back')
    await inspect(page, 'recover-done')
    await reach(page, 'Go to your account')
    await page.getByRole('img', { name: `Your address ${address}` }).waitFor()
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000d2')
    await capture.expectNowhere(secrets)
    owner = { device, page }
  })

  it('with a wallet of this browser and a friend’s passkey together: at once', async () => {
    const { device, page } = await begin('A wallet that is my guardian', async (context) =>
      installWallet(context, world.stack.accounts.guardian),
    )
    await arrive(page, 'Approve with your wallet')
    await inspect(page, 'recover-wallet')
    await go(page, 'Approve with Test wallet', 'Approved: now it waits')
    await go(page, 'Make it faster with another guardian', 'Another approval')
    await inspect(page, 'recover-another')
    await press(page, 'Ask somebody who is a guardian')
    const link = await page.getByRole('link', { name: 'Open it here' }).getAttribute('href')
    const phrase = await page.locator('.phrase').textContent()
    await press(page, 'Other ways')
    await page.getByText('Account, another device, starting again').click()
    const whole = await page.getByRole('link', { name: 'Open it here' }).getAttribute('href')

    await friend.page.goto(link ?? '')
    await arrive(friend.page, 'Let somebody back into their account?')
    expect(await friend.page.locator('.phrase').textContent()).toBe(phrase)
    await inspect(friend.page, 'guardian-friend')
    await go(friend.page, 'Approve with your passkey', 'You approved')
    const reply = await friend.page.getByRole('textbox', { name: 'Your approval' }).inputValue()
    await inspect(friend.page, 'guardian-friend-approved')

    // Another device of the owner goes on from the link, and ends it; the new passkey stays where it is.
    const tablet = await (await createDevice(world)).newPage()
    await tablet.goto(whole ?? '')
    await arrive(tablet, 'Approved: now it waits')
    await press(tablet, 'Make it faster with another guardian')
    await press(tablet, 'Ask somebody who is a guardian')
    await tablet.getByLabel('Approval from your guardian').fill(`${reply.slice(0, -1)}`)
    await press(tablet, 'Use this approval')
    await tablet.getByRole('alert').filter({ hasText: 'not complete, or it was changed' }).waitFor()
    await inspect(tablet, 'recover-ask-damaged')
    await tablet.getByLabel('Approval from your guardian').fill(reply)
    await go(tablet, 'Use this approval', 'The account is recovered')
    await inspect(tablet, 'recover-done-elsewhere')
    await go(tablet, 'Close', 'Your account')
    await tablet.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()

    await arrive(page, 'You are back')
    await press(page, 'Go to your account')
    await sendEverywhere(world, await connectDemo(world, device), '0x00000000000000000000000000000000000000d3')
    owner = { device, page }
  })
})

describe('a guardian whose wallet is a contract', () => {
  it('is on one network when it is named and approves; on the other its approval counts once it is there', async () => {
    const wallet = createContractWallet(world.stack.accounts.guardian)
    await wallet.deploy(world.stack, [world.stack.chain(0)])
    const device = await createDevice(world)
    await installWallet(device, wallet.signer, wallet.address)
    const page = await openDialogPage(world, device)
    const account = await createAccount(page, 'Katherine')
    await world.stack.fund(account, parseEther('1'))
    await press(page, 'Set up recovery')
    await press(page, 'Add a wallet')
    await press(page, 'Take the address of Test wallet')
    await page
      .getByLabel('Wallet address of your guardian')
      .and(page.locator(`[value="${wallet.address}"]`))
      .waitFor()
    await go(page, 'Add this wallet', 'This wallet is not on every network')
    await inspect(page, 'set-up-wallet-not-everywhere')
    await go(page, 'Add it all the same', 'Set up recovery: your guardians')
    await confirmSetUp(page)

    const lost = await beginRecovery(world, account, 'A wallet that is my guardian', (context) =>
      installWallet(context, wallet.signer, wallet.address),
    )
    await go(lost.page, 'Approve with Test wallet', 'Approved: now it waits')
    const missing = lost.page.locator('[data-chain][data-tone="failed"]')
    await missing.filter({ hasText: 'is a contract, and is not on this network yet' }).waitFor()
    await inspect(lost.page, 'recover-wallet-not-there')
    await wallet.deploy(world.stack, [world.stack.chain(1)])
    await press(lost.page, 'Deliver it again')
    await lost.page.locator('[data-chain][data-tone="working"]').nth(1).waitFor()
    await lost.page.reload()
    await finishRecovery(world, lost.page, account, day)
    const app = await connectDemo(world, lost.device)
    await sendEverywhere(world, app, '0x00000000000000000000000000000000000000d4')
  })
})

describe('a recovery that is not the owner’s', () => {
  it('is announced on every screen, and stopped from any of them on both chains', async () => {
    const { page: thief } = await begin('A recovery code')
    await thief.getByLabel('Recovery code').fill(codes[1] ?? '')
    await go(thief, 'Use this code', 'Approved: now it waits')

    const { page } = owner
    await page.goto(new URL('/codes', world.stack.urls.dialog).href)
    await arrive(page, 'Recovery codes')
    await page.getByRole('alert').filter({ hasText: 'Somebody is recovering this account.' }).waitFor()
    await inspect(page, 'codes-pending-recovery')
    await press(page, 'It was not me: stop it')
    await page.getByText('The recovery was stopped on every network.').waitFor()
    await inspect(page, 'codes-recovery-stopped')
    await arrive(thief, 'This recovery has ended')
    expect(await thief.locator('[data-chain][data-tone="failed"]').count()).toBe(2)
    await inspect(thief, 'recover-stopped')
  })
})

describe('new codes', () => {
  it('are announced, wait, and come into force; until then the old ones count', async () => {
    const { page } = owner
    await page.goto(new URL('/codes', world.stack.urls.dialog).href)
    await go(page, 'Make new codes', 'Your new recovery codes')
    const fresh = await page.locator('.codes code').allTextContents()
    await press(page, 'Next: type one back')
    await page.getByLabel('One of the codes').fill(codes[2] ?? '')
    await press(page, 'I have saved them')
    await page.getByRole('alert').filter({ hasText: 'not of the set that counts' }).waitFor()
    await page.getByLabel('One of the codes').fill(fresh[9] ?? '')
    await go(page, 'I have saved them', 'Announce the new codes')
    await inspect(page, 'codes-announce')
    await go(page, 'Confirm with passkey', 'New codes are waiting')
    await page.reload()
    await arrive(page, 'New codes are waiting')
    await page.locator('[data-chain][data-tone="working"]').nth(1).waitFor()
    await inspect(page, 'codes-waiting')
    await capture.expectNowhere([...secrets, ...fresh, ...fresh.flatMap(derivedFromCode)])
    await world.stack.clock.increase(2 * day)
    await go(page, 'Put in force', 'Recovery codes')
    await page.getByText('10 of 10 codes left').waitFor()
    await inspect(page, 'codes-in-force')
  })
})

/** Begins a recovery on a device that is watched; `prepare` may put something into its browser before. */
async function begin(choice: string, prepare?: (device: BrowserContext) => Promise<void>) {
  return beginRecovery(world, address, choice, async (device) => {
    await capture.watch(device)
    await prepare?.(device)
  })
}
