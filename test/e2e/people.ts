import type { BrowserContext, Page } from 'playwright-core'
import type { Address, Hex, PrivateKeyAccount } from 'viem'
import { getAddress } from 'viem'
import { expect } from 'vitest'
import { closes, popupOf, type World } from './world.ts'

/** The relying party of the dialog. */
export const rpId = 'auth.localhost'

/** Opens a page of the dialog in a tab of its own: on its first domain, or on another one. */
export async function openDialogPage(
  world: World,
  device: BrowserContext,
  path = '/',
  site: 'dialog' | 'backup' = 'dialog',
): Promise<Page> {
  const page = await device.newPage()
  await page.goto(new URL(path, world.stack.urls[site]).href)
  return page
}

/** Creates an account in the dialog and returns its address. */
export async function createAccount(page: Page, name: string): Promise<Address> {
  await page.getByLabel('Name of your account').fill(name)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor()
  return addressOf(page)
}

/** The address on an account's page. */
export async function addressOf(page: Page): Promise<Address> {
  const label = await page.getByRole('img', { name: /^Your address/ }).getAttribute('aria-label')
  return getAddress(label?.split(' ').at(-1) ?? '')
}

/** Connects the demo app to the account that the device is signed in with. */
export async function connectDemo(world: World, device: BrowserContext, site = 'demo'): Promise<Page> {
  const app = await device.newPage()
  await app.goto(world.stack.urls[site] ?? '')
  const dialog = await popupOf(app, () => app.getByRole('button', { name: 'Sign in' }).click())
  await closes(dialog, () => dialog.getByRole('button', { name: 'Continue' }).click())
  await app.getByText('Signed in.').waitFor()
  return app
}

/** Asks the demo app to send tokens on a chain; returns the dialog that asks for approval. */
export async function beginSending(app: Page, chainId: number, recipient: Address): Promise<Page> {
  await app.getByLabel('Network').selectOption(String(chainId))
  await app.getByLabel('Recipient').fill(recipient)
  await app.bringToFront()
  const dialog = await popupOf(app, () => app.getByRole('button', { name: 'Send 5 tokens' }).click())
  await dialog.getByRole('heading', { level: 1, name: 'Approve this?' }).waitFor()
  return dialog
}

/** Sends from the demo app on every chain, and sees the tokens arrive. */
export async function sendEverywhere(world: World, app: Page, recipient: Address): Promise<void> {
  for (const { chainId } of world.stack.chains) {
    const dialog = await beginSending(app, chainId, recipient)
    const approve = dialog.getByRole('button', { name: 'Approve with passkey' })
    await closes(dialog, () => approve.click())
    await app.getByText('Sent.').waitFor()
    expect(await app.getByText('Recipient has').textContent()).toContain('5 tokens')
  }
}

/** Puts a wallet into a browser that announces itself (EIP-6963) and signs typed data without asking. */
export async function installWallet(
  device: BrowserContext,
  account: PrivateKeyAccount,
  /** The wallet's address, where it is a contract that `account` has the key of. */
  address: Address = account.address,
): Promise<void> {
  await device.exposeBinding('walletRequest', async (_source, method: string, params: readonly string[]) => {
    if (method === 'eth_requestAccounts') return [address]
    if (method === 'eth_signTypedData_v4') return sign(account, params[1] ?? '')
    throw new Error(`The wallet does not serve ${method}.`)
  })
  await device.addInitScript(() => {
    const request = ({ method, params }: { method: string; params?: unknown }) =>
      (Reflect.get(window, 'walletRequest') as (method: string, params: unknown) => Promise<unknown>)(method, params)
    const info = {
      uuid: 'b7a9c2f0-0000-4000-8000-000000000001',
      name: 'Test wallet',
      icon: 'data:,',
      rdns: 'test.wallet',
    }
    const announce = (): void => {
      const detail = Object.freeze({ info, provider: { request, on: () => {}, removeListener: () => {} } })
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
    }
    window.addEventListener('eip6963:requestProvider', announce)
    announce()
  })
}

function sign(account: PrivateKeyAccount, json: string): Promise<Hex> {
  return account.signTypedData(JSON.parse(json))
}
