import type { Page } from 'playwright-core'
import { createPublicClient, erc20Abi, http, parseUnits } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closes, createDevice, inspect, passkeysOf, popupOf, startWorld, type World } from './world.ts'

const recipient = '0x00000000000000000000000000000000000000C0'
let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.[Symbol.asyncDispose]())

/** Tokens that the recipient has on a chain. */
function received(chain: number): Promise<bigint> {
  const client = createPublicClient({ transport: http(world.stack.chain(chain).rpcUrl) })
  const token = { address: world.stack.token, abi: erc20Abi } as const
  return client.readContract({ ...token, functionName: 'balanceOf', args: [recipient] })
}

async function openDemo(device: Awaited<ReturnType<typeof createDevice>>): Promise<Page> {
  const page = await device.newPage()
  await page.goto(world.stack.urls.demo ?? '')
  return page
}

describe('an account from another origin', () => {
  it('is created with the keyboard alone, has one address, and sends on both chains', async () => {
    const device = await createDevice(world)
    const app = await openDemo(device)
    await inspect(app, 'demo-signed-out')

    const dialog = await popupOf(app, () => app.getByRole('button', { name: 'Sign in' }).press('Enter'))
    await dialog.getByRole('heading', { level: 1, name: 'Sign in to continue' }).waitFor()
    await inspect(dialog, 'sign-in')
    for (let tabs = 0; tabs < 5; tabs += 1) await dialog.keyboard.press('Tab')
    await dialog.keyboard.type('Ada')
    await dialog.keyboard.press('Enter')
    await dialog.getByRole('heading', { level: 1, name: /Use your account at app\.localhost/ }).waitFor()
    await inspect(dialog, 'connect')
    await closes(dialog, () => dialog.getByRole('button', { name: 'Continue' }).press('Enter'))
    await app.getByText('Signed in.').waitFor()
    expect(await passkeysOf(device)).toHaveLength(1)
    const address = await app.locator('#address').textContent()

    await app.getByRole('button', { name: 'Get test money' }).click()
    await app.getByText('Test money has arrived on every network.').waitFor()
    for (const [place, chain] of world.stack.chains.entries()) {
      await app.getByLabel('Network').selectOption(String(chain.chainId))
      await app.getByLabel('Recipient').fill(recipient)
      const approval = await popupOf(app, () => app.getByRole('button', { name: 'Send 5 tokens' }).click())
      await approval.getByRole('heading', { level: 1, name: 'Approve this?' }).waitFor()
      await approval.getByText('5 TEST').or(approval.getByText(/^5 /)).first().waitFor()
      await inspect(approval, `approve-${place}`)
      await closes(approval, () => approval.getByRole('button', { name: 'Approve with passkey' }).click())
      await app.getByText('Sent.').waitFor()
      expect(await received(place)).toBe(parseUnits('5', 18))
    }
    expect(await app.locator('#address').textContent()).toBe(address)
    await inspect(app, 'demo-signed-in')
  })
})

describe('the dialog’s own page', () => {
  it('[240] runs no code that is not its own; its headers refuse frames and keep passkeys to itself', async () => {
    const device = await createDevice(world)
    const page = await device.newPage()
    const response = await page.goto(world.stack.urls.dialog ?? '')
    const headers = response?.headers() ?? {}
    expect(headers['permissions-policy']).toBe('publickey-credentials-create=(self), publickey-credentials-get=(self)')
    expect(headers['cross-origin-opener-policy']).toBeUndefined()
    expect(headers['content-security-policy']).not.toContain('unsafe')
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-frame-options']).toBe('DENY')
    const refusals = await page.evaluate(() => {
      const attempts = [
        () => document.createElement('img').setAttribute('onerror', 'isHacked = true'),
        () => document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="isHacked = true">'),
        () => Object.assign(document.createElement('script'), { text: 'isHacked = true' }),
      ]
      return attempts.map((attempt) => {
        try {
          attempt()
          return 'allowed'
        } catch (error) {
          return error instanceof TypeError ? 'refused' : String(error)
        }
      })
    })
    expect(refusals).toEqual(['refused', 'refused', 'refused'])
  })
})
