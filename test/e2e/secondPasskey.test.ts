import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectDemo, createAccount, openDialogPage, rpId, sendEverywhere } from './people.ts'
import { createDevice, inspect, passkeysOf, startWorld, type World } from './world.ts'

const recipient = '0x00000000000000000000000000000000000000C1'
let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

it('a second passkey, on another device, signs in there and sends on both chains', async () => {
  const phone = await createDevice(world)
  const page = await openDialogPage(world, phone)
  const address = await createAccount(page, 'Ada')
  await world.stack.fund(address, parseEther('1'))
  await inspect(page, 'account-new')

  // The passkey is made on another device: the first device's own is out of sight until it is asked to approve.
  const [first] = await passkeysOf(phone)
  if (!first) throw new Error('The device has no passkey.')
  let bringBack = (): void => {}
  const isBack = new Promise<void>((resolve) => {
    bringBack = resolve
  })
  // Nothing is sent, and so approved, before the bundlers answer.
  const bundlers = world.stack.chains.map(({ bundlerUrl }) => new URL(bundlerUrl ?? '').origin)
  const isBundler = (url: URL): boolean => bundlers.includes(url.origin)
  await phone.route(isBundler, async (route) => {
    await isBack
    await route.continue()
  })
  await phone.credentials.delete(first.id)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await expect.poll(() => passkeysOf(phone)).toHaveLength(1)
  const [second] = await passkeysOf(phone)
  if (!second) throw new Error('No passkey was made.')
  await phone.credentials.create(rpId, first)
  bringBack()

  await page.locator('[data-passkey]').nth(1).waitFor()
  await phone.unroute(isBundler)
  await inspect(page, 'account-two-passkeys')

  const laptop = await createDevice(world)
  await laptop.credentials.create(rpId, second)
  const there = await openDialogPage(world, laptop)
  await there.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await there.getByRole('img', { name: `Your address ${address}` }).waitFor()
  await sendEverywhere(world, await connectDemo(world, laptop), recipient)

  await there.reload()
  await there.getByRole('button', { name: /^Remove/ }).click()
  await inspect(there, 'remove-passkey')
  await there.keyboard.press('Escape')
  await there.getByRole('button', { name: /^Remove/ }).click()
  await there.getByRole('button', { name: 'Remove it' }).click()
  await there.locator('[data-passkey]').nth(1).waitFor({ state: 'detached' })
})
