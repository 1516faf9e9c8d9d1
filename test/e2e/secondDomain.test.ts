import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSites } from '../../scripts/stack/sites.ts'
import { connectDemo, createAccount, openDialogPage, sendEverywhere } from './people.ts'
import { scan } from './qr.ts'
import { createDevice, inspect, passkeysOf, startWorld, type World } from './world.ts'

const [before, after, victimsFriend] = [
  '0x00000000000000000000000000000000000000c4',
  '0x00000000000000000000000000000000000000c5',
  '0x00000000000000000000000000000000000000c6',
] as const
let world: World

beforeAll(async () => {
  const demo = defaultSites.find(({ name }) => name === 'demo')
  if (!demo) throw new Error('The stack has no demo.')
  // The same app, but with the second domain as its dialog.
  const demoOnBackup = {
    ...demo,
    name: 'demoOnBackup',
    host: 'other-app.localhost' as const,
    config: (info: { urls: Record<string, string> }) => ({ ...info, urls: { ...info.urls, dialog: info.urls.backup } }),
  }
  world = await startWorld({ sites: [...defaultSites, demoOnBackup] })
})
afterAll(() => world?.[Symbol.asyncDispose]())

describe('an account on a second domain', () => {
  it('by address, with the consent of the first; then the first is gone, and the second sends on both chains', async () => {
    const { stack } = world
    const phone = await createDevice(world)
    const home = await openDialogPage(world, phone)
    const address = await createAccount(home, 'Ada')
    await stack.fund(address, parseEther('1'))
    await sendEverywhere(world, await connectDemo(world, phone), before)

    const laptop = await createDevice(world)
    const join = await openDialogPage(world, laptop, '/', 'backup')
    await join.getByRole('button', { name: 'My account is on another domain' }).click()
    await inspect(join, 'domain-ask')
    await join.getByLabel('Address of your account').fill(`${address.slice(0, -1)}`)
    await join.getByRole('button', { name: 'Make a passkey here' }).click()
    await join.getByText('This is not an address.').waitFor()
    await join.getByLabel('Address of your account').fill(address)
    await join.getByLabel('Page you use now').fill('http://evil.example')
    await join.getByRole('button', { name: 'Make a passkey here' }).click()
    await join.getByText('This is not the address of a secure page.').waitFor()
    await inspect(join, 'domain-ask-problem')
    expect(await passkeysOf(laptop)).toHaveLength(0)
    await join.getByLabel('Page you use now').fill(stack.urls.dialog ?? '')
    await join.getByRole('button', { name: 'Make a passkey here' }).click()
    await join.getByRole('heading', { level: 1, name: 'Approve it on your other page' }).waitFor()
    expect(await passkeysOf(laptop)).toHaveLength(1)
    await inspect(join, 'domain-wait')
    const phrase = await join.locator('.phrase').textContent()
    const scanned = await scan(join.getByRole('img', { name: 'QR code of the link' }))
    expect(scanned).toBe(await join.getByRole('link', { name: 'Open it here' }).getAttribute('href'))
    expect(new URL(scanned).origin).toBe(stack.urls.dialog)
    await join.reload()
    expect(await join.locator('.phrase').textContent()).toBe(phrase)

    await home.goto(scanned)
    await home.getByRole('heading', { level: 1, name: 'Let backup.localhost open your account?' }).waitFor()
    expect(await home.locator('.phrase').textContent()).toBe(phrase)
    await home.getByRole('img', { name: `Account ${address}` }).waitFor()
    await home.getByText(`Rekey ${address.slice(0, 6)} on backup.localhost`).waitFor()
    await inspect(home, 'domain-approve')
    await home.getByRole('button', { name: 'Add with passkey' }).press('Enter')
    await home.getByRole('heading', { level: 1, name: 'The passkey was added' }).waitFor()
    await inspect(home, 'domain-added')
    await join.getByRole('img', { name: `Your address ${address}` }).waitFor()
    await join.locator('[data-passkey]').nth(1).waitFor()
    await join
      .getByText(/On one device only · backup\.localhost/)
      .or(join.getByText(/Synced · backup\.localhost/))
      .waitFor()
    await inspect(join, 'domain-account')

    await stack.stopSite('dialog')
    await expect(home.goto(stack.urls.dialog ?? '')).rejects.toThrow('ERR_CONNECTION_REFUSED')
    await sendEverywhere(world, await connectDemo(world, laptop, 'demoOnBackup'), after)
    await join.getByRole('button', { name: 'Sign out on this device' }).click()
    await join.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await join.getByRole('img', { name: `Your address ${address}` }).waitFor()
  })
})

describe('[246] a request that its reader must not approve', () => {
  it('an attacker’s: the victim’s screen names domain, passkey, account and words, and a refusal adds nothing', async () => {
    const { stack } = world
    const victim = await createDevice(world)
    const home = await openDialogPage(world, victim, '/', 'backup')
    const address = await createAccount(home, 'Ada')
    await stack.fund(address, parseEther('1'))
    await sendEverywhere(world, await connectDemo(world, victim, 'demoOnBackup'), victimsFriend)

    const attacker = await createDevice(world)
    const trap = await openDialogPage(world, attacker, '/join', 'backup')
    await trap.getByLabel('Address of your account').fill(address)
    await trap.getByLabel('Page you use now').fill(stack.urls.backup ?? '')
    await trap.getByRole('button', { name: 'Make a passkey here' }).click()
    const code = trap.getByRole('img', { name: 'QR code of the link' })
    await code.waitFor()

    await home.goto(await scan(code))
    await home.getByText('Only if you are doing this yourself, right now.').waitFor()
    await home.getByText('It will be able to do everything.').waitFor()
    expect(await home.locator('.phrase').textContent()).toBe(await trap.locator('.phrase').textContent())
    await home.getByRole('button', { name: 'Don’t add' }).click()
    await home.locator('[data-passkey]').first().waitFor()
    expect(await home.locator('[data-passkey]').count()).toBe(1)
    await trap.reload()
    await trap.getByText('Waiting for the approval.').waitFor()
    await trap.goto(stack.urls.backup ?? '')
    await trap.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await trap.getByRole('alert').filter({ hasText: 'No account uses this passkey' }).waitFor()
  })

  it('changed on its way: nothing can be approved, and the page says why', async () => {
    const device = await createDevice(world)
    const page = await device.newPage()
    await page.goto(new URL('/', world.stack.urls.backup).href)
    await createAccount(page, 'Eve')
    await page.goto(new URL('/approve-passkey#add-passkey=AQAAAAAA', world.stack.urls.backup).href)
    await page.getByRole('heading', { level: 1, name: 'This link does not work' }).waitFor()
    await page.getByRole('alert').filter({ hasText: 'it was changed' }).waitFor()
    await inspect(page, 'domain-broken-link')
    expect(await page.getByRole('button', { name: 'Add with passkey' }).count()).toBe(0)
  })
})
