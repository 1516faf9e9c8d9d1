import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from '../../scripts/deploy/artifacts.ts'
import { chromiumArgs, findChromium } from '../../scripts/lib/chromium.ts'
import { type Site, startSite } from '../../scripts/stack/site.ts'
import { dialogHeaders } from '../../scripts/stack/sites.ts'
import type { Outcome, Task } from './stretching/page.ts'

type Vector = Task & { readonly cost: number; readonly stretched: string }

const { passphrases }: { passphrases: readonly Vector[] } = JSON.parse(
  readFileSync(path.join(repositoryRoot, 'vectors/derivation.json'), 'utf8'),
)
const ofCost = (cost: number): Vector => {
  const found = passphrases.find((vector) => vector.cost === cost)
  if (!found) throw new Error(`There is no vector of cost ${cost}.`)
  return found
}

const folder = mkdtempSync(path.join(tmpdir(), 'rekey-worker-'))
let browser: Browser

/** Built as the dialog is; the page has no other content. */
beforeAll(async () => {
  await build({
    configFile: path.join(repositoryRoot, 'apps/dialog/vite.config.ts'),
    root: import.meta.dirname,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: true,
      rollupOptions: {
        input: path.join(import.meta.dirname, 'stretching/page.ts'),
        output: { entryFileNames: 'assets/page.js' },
      },
    },
  })
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><script type="module" src="/assets/page.js"></script>')
  browser = await chromium.launch({ executablePath: findChromium(), headless: true, args: [...chromiumArgs] })
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Opens the page under the dialog's rules, with some of them changed. */
async function openPage(changed: (pathname: string) => Readonly<Record<string, string>> = () => ({})) {
  const headers = (pathname: string) => ({ ...dialogHeaders(pathname), ...changed(pathname) })
  const site: Site = await startSite({ host: 'auth.localhost', folder, headers })
  const page = await browser.newPage()
  await page.goto(site.url)
  await page.waitForFunction(() => 'derive' in globalThis)
  return {
    page,
    [Symbol.asyncDispose]: async () => {
      await page.close()
      await site.stop()
    },
  }
}

function derive(page: Page, task: Task): Promise<Outcome> {
  return page.evaluate((asked) => (Reflect.get(globalThis, 'derive') as (task: Task) => Promise<Outcome>)(asked), task)
}

/** The page could be used all the while: it was drawn four times a second at least, however long it took. */
function expectResponsive({ frames, longestGap, duration }: Outcome): void {
  expect(frames).toBeGreaterThan(duration / 250)
  expect(longestGap).toBeLessThan(duration / 2)
}

describe('the worker that stretches passphrases, as it is built and under the dialog’s rules', () => {
  it('[146] derives what it has always derived, and leaves the page to its user', async () => {
    await using opened = await openPage()
    for (const vector of [ofCost(1), ofCost(2)]) {
      const outcome = await derive(opened.page, vector)
      expect(outcome).toMatchObject({ key: vector.stretched, error: undefined })
      expect(outcome.heard).toEqual(['ready', 'expected', 'done'])
      expect(outcome.progress.at(-1)).toBe(1)
      expectResponsive(outcome)
    }
    await expect.poll(() => opened.page.workers().length).toBe(0)
  })

  it('is called off in the midst of its work; nothing of it stays, and the next one works', async () => {
    await using opened = await openPage()
    const { page } = opened
    const begun = page.waitForEvent('worker')
    const calledOff = await derive(page, { ...ofCost(2), isCalledOff: true })
    expect(calledOff).toMatchObject({ key: undefined, error: 'CHAIN_ABORTED', heard: ['ready', 'expected'] })
    expect((await begun).url()).toMatch(/\/assets\/argon2Worker-[\w-]+\.js$/)
    // Chromium gives a worker in the midst of WebAssembly two seconds to end by itself.
    await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBe(0)
    expect(await derive(page, ofCost(1))).toMatchObject({ key: ofCost(1).stretched })
  })

  it('derives the same without WebAssembly, in the worker still', async () => {
    const noWasm = { 'content-security-policy': "default-src 'none'" }
    await using opened = await openPage((pathname) => (pathname.includes('argon2Worker') ? noWasm : {}))
    const outcome = await derive(opened.page, ofCost(1))
    expect(outcome).toMatchObject({ key: ofCost(1).stretched, heard: ['ready', 'progress', 'done'] })
    expectResponsive(outcome)
  })

  it('derives the same where no worker may run, in slices that leave the page to its user', async () => {
    const rules = dialogHeaders('/')['content-security-policy']
    const noWorker = { 'content-security-policy': `${rules}; worker-src 'none'` }
    await using opened = await openPage((pathname) => (pathname === '/' ? noWorker : {}))
    const outcome = await derive(opened.page, ofCost(1))
    expect(outcome).toMatchObject({ key: ofCost(1).stretched, error: undefined, heard: [] })
    expectResponsive(outcome)
  })
})
