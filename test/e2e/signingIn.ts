import type { BrowserContext, Page } from 'playwright-core'
import { press } from './recovering.ts'
import { closes, popupOf, type World } from './world.ts'

/** Accounts that the local providers offer. */
export const accounts = { ada: 'ada@example.test', grace: 'grace@example.test' } as const

/** Has the clock of a device go with the stack's: people's devices and the networks agree on the time. */
export async function followClock({ stack }: World, device: BrowserContext): Promise<void> {
  await device.addInitScript(() => {
    const Machine = Date
    const ahead = (): number => Number(Reflect.get(globalThis, 'secondsAhead') ?? 0) * 1_000
    globalThis.Date = class extends Machine {
      constructor(...parts: [] | [number | string | Date]) {
        super(...((parts.length === 0 ? [Machine.now() + ahead()] : parts) as [number]))
      }
      static override now(): number {
        return Machine.now() + ahead()
      }
    } as DateConstructor
  })
  const follow = async (offset: number): Promise<void> => {
    const set = (seconds: number): unknown => Reflect.set(globalThis, 'secondsAhead', seconds)
    await device.addInitScript(set, offset)
    await Promise.all(device.pages().map((page) => page.evaluate(set, offset)))
  }
  await follow(stack.clock.now() - Math.floor(Date.now() / 1_000))
  stack.clock.join(follow)
}

/** Opens the window of a provider. */
export function openProvider(page: Page, button = 'Sign in with Google'): Promise<Page> {
  return popupOf(page, () => press(page, button))
}

/** Signs in at a provider in a window of its own, which closes by itself. */
export async function signInAs(page: Page, account: string, button?: string): Promise<void> {
  const popup = await openProvider(page, button)
  await closes(popup, () => press(popup, account))
}
