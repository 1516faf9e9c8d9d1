import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { beginSending, connectDemo, createAccount, installWallet, openDialogPage, sendEverywhere } from './people.ts'
import { closes, createDevice, inspect, passkeysOf, startWorld, type World } from './world.ts'

const recipient = '0x00000000000000000000000000000000000000c2'
const day = 86_400
let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

it('the only passkey is lost: one approval brings the account back on both chains, and the old passkey is out', async () => {
  const { stack } = world
  const lost = await createDevice(world)
  const page = await openDialogPage(world, lost)
  const address = await createAccount(page, 'Ada')
  await stack.fund(address, parseEther('1'))
  const oldApp = await connectDemo(world, lost)

  await page.getByLabel('Wallet address of your guardian').fill('0x12')
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByText('This is not a wallet address.').waitFor()
  await page.getByLabel('Wallet address of your guardian').fill(stack.accounts.guardian.address)
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('heading', { name: 'Is this right?' }).waitFor()
  await inspect(page, 'guardian-review')
  await page.getByRole('button', { name: 'Confirm with passkey' }).click()
  await page.getByRole('img', { name: `Guardian ${stack.accounts.guardian.address}` }).waitFor()
  await inspect(page, 'account')

  const fresh = await createDevice(world)
  const recovery = await openDialogPage(world, fresh)
  await recovery.getByRole('button', { name: 'I lost my passkey' }).click()
  await inspect(recovery, 'recover-start')
  await recovery.getByLabel('Address of your account').fill(address)
  await recovery.getByRole('button', { name: 'Make a new passkey' }).click()
  await recovery.getByRole('heading', { level: 1, name: 'Ask your guardian' }).waitFor()
  await recovery.locator('[data-chain]').nth(1).waitFor()
  expect(await passkeysOf(fresh)).toHaveLength(1)
  await inspect(recovery, 'recover-ask')
  const phrase = await recovery.locator('.phrase').textContent()
  const link = await recovery.getByRole('link', { name: 'Open it here' }).getAttribute('href')

  const guardian = await createDevice(world)
  await installWallet(guardian, stack.accounts.guardian)
  const approval = await guardian.newPage()
  await approval.goto(link ?? '')
  expect(await approval.locator('.phrase').textContent()).toBe(phrase)
  await inspect(approval, 'guardian')
  await approval.getByRole('button', { name: 'Approve with Test wallet' }).click()
  await approval.getByRole('heading', { level: 1, name: 'You approved' }).waitFor()
  await approval.getByRole('button', { name: 'Deliver approval' }).click()
  await approval.getByText('Delivered.', { exact: true }).waitFor()
  await inspect(approval, 'guardian-delivered')

  await recovery.getByRole('heading', { level: 1, name: 'Your guardian approved' }).waitFor()
  await inspect(recovery, 'recover-waiting')
  await page.reload()
  await page.getByText('Somebody is recovering this account.').waitFor()
  await inspect(page, 'account-pending-recovery')

  await recovery.reload()
  await recovery.getByRole('heading', { level: 1, name: 'Your guardian approved' }).waitFor()
  await stack.clock.increase(day)
  await recovery.getByRole('button', { name: 'Finish' }).click()
  await recovery.getByRole('heading', { level: 1, name: 'You are back' }).waitFor()
  await inspect(recovery, 'recover-done')
  await recovery.getByRole('button', { name: 'Go to your account' }).click()
  await recovery.getByRole('img', { name: `Your address ${address}` }).waitFor()

  for (const { chainId } of stack.chains) {
    const dialog = await beginSending(oldApp, chainId, recipient)
    await dialog.getByRole('button', { name: 'Approve with passkey' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'This passkey does not sign for your account' }).waitFor()
    await inspect(dialog, 'approve-refused')
    await closes(dialog, () => dialog.getByRole('button', { name: 'Refuse' }).click())
  }
  await sendEverywhere(world, await connectDemo(world, fresh), recipient)
})
