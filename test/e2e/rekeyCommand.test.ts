import path from 'node:path'
import { type RecoveryRequest, startRecovery } from '@rekey/sdk/recovery'
import type { BrowserContext, Page } from 'playwright-core'
import { type Address, parseEther } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { localKey } from '../../scripts/stack/accounts.ts'
import { configFor, createDevice as createSoftwareDevice } from '../../scripts/stack/client.ts'
import { defaultSites } from '../../scripts/stack/sites.ts'
import { createMachine, type Machine, rpcOptions } from '../integration/support/rekeyCommand.ts'
import { type ServedPage, startPage } from '../integration/support/servedPage.ts'
import { outcomesOf, statesOf } from '../stories/support/owner.ts'
import { beginSending, connectDemo, createAccount, installWallet, openDialogPage, sendEverywhere } from './people.ts'
import { addCodes, addWallet, arrive, confirmSetUp, finishRecovery, press } from './recovering.ts'
import { closes, createDevice, inspect, passkeysOf, startWorld, type World } from './world.ts'

const day = 86_400
const [before, after] = [
  '0x00000000000000000000000000000000000000e1',
  '0x00000000000000000000000000000000000000e2',
] as const
let world: World
let machine: Machine
let served: ServedPage | undefined
/** A recovery that is not the owner's. */
let theirs: RecoveryRequest
/** Where the command's page made the passkey. */
let pageOrigin = ''
let address: Address
let codes: readonly string[]
/** The demo on the device that lost its passkey. */
let oldApp: Page
/** The device with the passkey that the command's page made, and that page. */
let device: BrowserContext
let home: Page

beforeAll(async () => {
  const demo = defaultSites.find(({ name }) => name === 'demo')
  if (!demo) throw new Error('The stack has no demo.')
  // The same app, but with the command's page as its dialog.
  const demoOnCommand = {
    ...demo,
    name: 'demoOnCommand',
    host: 'other-app.localhost' as const,
    config: (info: { urls: Record<string, string> }) => ({ ...info, urls: { ...info.urls, dialog: pageOrigin } }),
  }
  world = await startWorld({ sites: [...defaultSites, demoOnCommand] })
  const nodes = world.stack.chains.flatMap(({ rpcUrl, bundlerUrl }) => [rpcUrl, bundlerUrl ?? rpcUrl])
  machine = createMachine(path.join(world.directory, 'machine'), nodes)
  machine.file('relayer.key', localKey('relayer'))

  const lost = await createDevice(world)
  const page = await openDialogPage(world, lost)
  address = await createAccount(page, 'Ada')
  await world.stack.fund(address, parseEther('1'))
  oldApp = await connectDemo(world, lost)
  await press(page, 'Set up recovery')
  codes = await addCodes(page)
  await addWallet(page, world.stack.accounts.guardian.address)
  await confirmSetUp(page)
})
afterEach(async () => {
  await served?.stop()
  served = undefined
})
afterAll(() => world?.[Symbol.asyncDispose]())

const bundlers = () =>
  world.stack.chains.flatMap(({ chainId, bundlerUrl }) => ['--bundler', `${chainId}=${bundlerUrl}`])

async function serve(...args: readonly string[]): Promise<string> {
  served = await startPage(machine, [...args, ...rpcOptions(world.stack)])
  return served.link
}

/** Cuts a device off from everything but the command's page; returns what it wanted besides. */
async function confine(
  browser: BrowserContext,
  page: string,
): Promise<{ strangers: string[]; free: () => Promise<void> }> {
  const strangers: string[] = []
  const { origin } = new URL(page)
  const isStrange = (url: URL): boolean => url.origin !== origin && !['data:', 'blob:'].includes(url.protocol)
  await browser.route(isStrange, (route) => {
    strangers.push(route.request().url())
    return route.abort()
  })
  return { strangers, free: () => browser.unroute(isStrange) }
}

/** Somebody's recovery of the account, begun on a device of his own. */
async function beginElsewhere(seed: string): Promise<RecoveryRequest> {
  return startRecovery(configFor(world.stack, createSoftwareDevice(seed)), { account: address, name: 'Ada' })
}

describe('rekey recover --passkey', () => {
  it('brings the account back on both chains with a code, to the last transaction, with the page as its only host', async () => {
    const paid = ['--relayer', 'relayer.key', '--yes'] as const
    const link = await serve('recover', '--passkey', '--port', '0', '--account', address, ...paid, ...bundlers())
    pageOrigin = new URL(link).origin
    device = await createDevice(world)
    const { strangers, free } = await confine(device, link)
    home = await device.newPage()
    await home.goto(link)
    await arrive(home, 'Which account?')
    expect(new URL(home.url()).search).toBe('')
    expect(await home.getByLabel('Address of your account').inputValue()).toBe(address)
    await press(home, 'Find my account')
    await arrive(home, 'Is this your account?')
    await press(home, 'Make a new passkey')
    await arrive(home, 'Show that it is your account')
    await inspect(home, 'command-recover')
    await press(home, 'Use a recovery code')
    await home.getByLabel('Recovery code').fill(codes[0] ?? '')
    await press(home, 'Use this code')
    await finishRecovery(world, home, address, day)
    expect(strangers).toEqual([])
    await free()

    await sendEverywhere(world, await connectDemo(world, device, 'demoOnCommand'), before)
    for (const { chainId } of world.stack.chains) {
      const dialog = await beginSending(oldApp, chainId, before)
      await dialog.getByRole('button', { name: 'Approve with passkey' }).click()
      await dialog.getByRole('alert').filter({ hasText: 'This passkey does not sign for your account' }).waitFor()
      await closes(dialog, () => dialog.getByRole('button', { name: 'Refuse' }).click())
    }
  })

  it('makes a passkey of localhost: the account’s own domain cannot ask for it, and gets one of its own', async () => {
    expect((await passkeysOf(device)).map(({ rpId }) => rpId)).toEqual(['localhost'])
    const link = await serve('recover', '--passkey', '--port', new URL(pageOrigin).port, ...bundlers())
    await home.goto(link)

    const own = await openDialogPage(world, device)
    await press(own, 'Sign in with a passkey')
    await own.getByRole('alert').filter({ hasText: 'no matching passkey was found here' }).waitFor()
    await press(own, 'My account is on another domain')
    await own.getByLabel('Address of your account').fill(address)
    await own.getByLabel('Page you use now').fill(pageOrigin)
    await press(own, 'Make a passkey here')
    await arrive(own, 'Approve it on your other page')
    await home.goto((await own.getByRole('link', { name: 'Open it here' }).getAttribute('href')) ?? '')
    await arrive(home, 'Let auth.localhost open your account?')
    await press(home, 'Add with passkey')
    await arrive(home, 'The passkey was added')
    await own.getByRole('img', { name: `Your address ${address}` }).waitFor()

    expect((await served?.stop())?.exit).toBe(0)
    served = undefined
    await expect(home.goto(pageOrigin)).rejects.toThrow('ERR_CONNECTION_REFUSED')
    await sendEverywhere(world, await connectDemo(world, device), after)
  })
})

describe('rekey approve --browser', () => {
  it('has a wallet of the browser approve; the text that the page shows is all that it takes', async () => {
    theirs = await beginElsewhere('somebody else')
    const link = await serve('approve', theirs.toLink('https://auth.example.com/guardian'), '--browser', '--port', '0')
    const guardian = await createDevice(world)
    await installWallet(guardian, world.stack.accounts.guardian)
    const { strangers } = await confine(guardian, link)
    const page = await guardian.newPage()
    await page.goto(link)
    expect(await page.locator('.phrase').textContent()).toBe(theirs.phrase)
    await press(page, 'Approve with Test wallet')
    await arrive(page, 'You approved')
    await inspect(page, 'command-approved')
    expect(await page.getByRole('button', { name: 'Deliver approval' }).count()).toBe(0)
    await theirs.addApproval(await page.getByRole('textbox', { name: 'Your approval' }).inputValue())
    expect(strangers).toEqual([])
    expect(outcomesOf(await theirs.submit())).toEqual(['done', 'done'])
  })
})

describe('rekey veto --passkey', () => {
  it('stops what the guardian approved, on both chains, with the passkey of that page', async () => {
    expect(await statesOf(theirs)).toEqual(['scheduled', 'scheduled'])
    const port = ['--port', new URL(pageOrigin).port] as const
    const link = await serve('veto', '--passkey', ...port, '--relayer', 'relayer.key', '--yes')
    const page = await device.newPage()
    const { strangers, free } = await confine(device, link)
    await page.goto(link)
    await press(page, 'Sign out on this device')
    await press(page, 'Sign in with a passkey')
    await page.getByText('Somebody is recovering this account.').waitFor()
    await press(page, 'It was not me: stop it')
    await page.getByText('The recovery was stopped on every network.').waitFor()
    await inspect(page, 'command-veto')
    expect(strangers).toEqual([])
    await free()
    expect(await statesOf(theirs)).toEqual(['vetoed', 'vetoed'])
  })
})

it('has reached nothing but nodes and bundlers, and shown no key', () => {
  expect(machine.strangers()).toBe('')
  expect(machine.seen()).not.toContain(localKey('relayer').slice(2))
})
