import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import axe from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { repositoryRoot } from '../../scripts/deploy/artifacts.ts'
import { chromiumArgs, findChromium } from '../../scripts/lib/chromium.ts'
import { type Stack, type StackOptions, startStack } from '../../scripts/stack/startStack.ts'
import { buildSites } from './buildSites.ts'

const screenshots = path.join(repositoryRoot, '.rekey/screenshots')

/** The stack with its two sites, and one browser. */
export type World = AsyncDisposable & {
  readonly stack: Stack
  readonly browser: Browser
  /** Removed at the end, with all that was put there. */
  readonly directory: string
}

/** Builds the sites and starts everything. */
export async function startWorld(options: Pick<StackOptions, 'sites' | 'signIn' | 'names'> = {}): Promise<World> {
  await buildSites()
  mkdirSync(screenshots, { recursive: true })
  const directory = mkdtempSync(path.join(tmpdir(), 'rekey-e2e-'))
  const stack = await startStack({ directory, signIn: true, ...options })
  const browser = await chromium.launch({ executablePath: findChromium(), headless: true, args: [...chromiumArgs] })
  return {
    stack,
    browser,
    directory,
    [Symbol.asyncDispose]: async () => {
      await browser.close()
      await stack.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** A person's device: a browser profile of its own, with an authenticator of its own for every page and popup. */
export async function createDevice({ browser }: World): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 440, height: 760 }, reducedMotion: 'reduce' })
  await context.credentials.install()
  return context
}

/** Passkeys that a device holds. */
export async function passkeysOf(device: BrowserContext) {
  return device.credentials.get()
}

/** Does something that opens a popup, and returns the popup. */
export async function popupOf(page: Page, open: () => Promise<void>): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup', { timeout: 10_000 }), open()])
  return popup
}

/** Photographs a screen and has its accessibility checked: no violation is accepted. */
export async function inspect(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true })
  const violations = await page.evaluate(async (source) => {
    // The page's own policy allows no code from elsewhere; the debugger may run it all the same.
    const scope = globalThis as typeof globalThis & { axe?: { run(): Promise<{ violations: Violation[] }> } }
    if (!scope.axe) new Function(source)()
    if (!scope.axe) throw new Error('axe did not load')
    const { violations: found } = await scope.axe.run()
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  }, axe.source)
  expect(violations, name).toEqual([])
}

type Violation = { id: string; nodes: { html: string }[] }

/** Does something that makes a window close; it may close before the click or key that closed it has ended. */
export async function closes(page: Page, action: () => Promise<void>): Promise<void> {
  const acting = action().catch((error: unknown) => {
    if (!page.isClosed()) throw error
  })
  await Promise.all([page.waitForEvent('close'), acting])
}
