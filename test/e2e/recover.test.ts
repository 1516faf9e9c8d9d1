import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { beginSending, connectDemo, createAccount, installWallet, openDialogPage, sendEverywhere } from './people.ts'
import { addWallet, arrive, beginRecovery, confirmSetUp, finishRecovery, go, press } from './recovering.ts'
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

  await go(page, 'Set up recovery', 'Set up recovery: your guardians')
  await inspect(page, 'set-up-guardians-none')
  await press(page, 'Add a wallet')
  await page.getByLabel('Wallet address of your guardian').fill('0x12')
  await press(page, 'Add this wallet')
  await page.getByText('This is not an address.').waitFor()
  await inspect(page, 'set-up-wallet-problem')
  await press(page, 'Back')
  await addWallet(page, stack.accounts.guardian.address)
  await inspect(page, 'set-up-guardians')
  await confirmSetUp(page)
  await page.getByRole('img', { name: `Guardian ${stack.accounts.guardian.address}` }).waitFor()
  await inspect(page, 'account')

  const { device: fresh, page: recovery } = await beginRecovery(world, address, 'Somebody who is my guardian')
  await arrive(recovery, 'Ask your guardian')
  expect(await passkeysOf(fresh)).toHaveLength(1)
  await inspect(recovery, 'recover-ask')
  const phrase = await recovery.locator('.phrase').textContent()
  const link = await recovery.getByRole('link', { name: 'Open it here' }).getAttribute('href')

  const guardian = await createDevice(world)
  await installWallet(guardian, stack.accounts.guardian)
  const approval = await guardian.newPage()
  await approval.goto(link ?? '')
  expect(await approval.locator('.phrase').textContent()).toBe(phrase)
  await approval.getByRole('img', { name: `Account ${address}` }).waitFor()
  await inspect(approval, 'guardian')
  await go(approval, 'Approve with Test wallet', 'You approved')
  await press(approval, 'Deliver approval')
  await approval.getByText('Delivered.', { exact: true }).waitFor()
  await inspect(approval, 'guardian-delivered')

  await arrive(recovery, 'Approved: now it waits')
  await inspect(recovery, 'recover-waiting')
  await page.reload()
  await page.getByText('Somebody is recovering this account.').waitFor()
  await inspect(page, 'account-pending-recovery')

  await recovery.reload()
  await finishRecovery(world, recovery, address, day)

  for (const { chainId } of stack.chains) {
    const dialog = await beginSending(oldApp, chainId, recipient)
    await dialog.getByRole('button', { name: 'Approve with passkey' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'This passkey does not sign for your account' }).waitFor()
    await inspect(dialog, 'approve-refused')
    await closes(dialog, () => dialog.getByRole('button', { name: 'Refuse' }).click())
  }
  await sendEverywhere(world, await connectDemo(world, fresh), recipient)
})
