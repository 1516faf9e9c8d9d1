import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSignInNonce, oidc } from '@rekey/sdk/oidc'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumArgs, findChromium } from '../../scripts/lib/chromium.ts'
import { type Site, startSite } from '../../scripts/stack/site.ts'
import { dialogHeaders } from '../../scripts/stack/sites.ts'
import type { Outcome } from './signIn/page.ts'

const clientId = 'rekey'
const folder = mkdtempSync(path.join(tmpdir(), 'rekey-sign-in-'))
let browser: Browser
let site: Site
let issuer: string

/** A provider of one page, on an origin of its own; at `/cut-off` it has the browser cut it off from whoever opened it. */
const provider = createServer((request, response) => {
  const url = new URL(request.url ?? '/', issuer)
  const [state, nonce, back] = ['state', 'nonce', 'redirect_uri'].map((name) => url.searchParams.get(name) ?? '')
  const now = Math.floor(Date.now() / 1_000)
  const claims = { iss: issuer, aud: clientId, sub: 'ada', nonce, iat: now, exp: now + 3_600 }
  const parts = [{ alg: 'RS256', kid: 'k' }, claims].map((part) => Buffer.from(JSON.stringify(part)))
  const token = [...parts, Buffer.alloc(256, 1)].map((part) => part.toString('base64url')).join('.')
  const isCutOff = url.pathname === '/cut-off'
  response.writeHead(200, {
    'content-type': 'text/html',
    ...(isCutOff ? { 'cross-origin-opener-policy': 'same-origin' } : {}),
  })
  const answer = `${back}#${new URLSearchParams({ state: state ?? '', id_token: token })}`.replaceAll('&', '&amp;')
  response.end(`<!doctype html><title>Provider</title><a href="${answer}">Sign in as Ada</a>`)
})

beforeAll(async () => {
  provider.listen(0, '127.0.0.1')
  await once(provider, 'listening')
  issuer = `http://provider.localhost:${(provider.address() as AddressInfo).port}`
  await build({
    entryPoints: [path.join(import.meta.dirname, 'signIn/page.ts')],
    outfile: path.join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    conditions: ['@rekey/source'],
    logLevel: 'warning',
  })
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><body><script type="module" src="/page.js"></script>')
  site = await startSite({ host: 'auth.localhost', folder, headers: dialogHeaders })
  browser = await chromium.launch({ executablePath: findChromium(), headless: true, args: [...chromiumArgs] })
})
afterAll(async () => {
  await browser?.close()
  await site?.stop()
  provider.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A page that asks for a sign-in by a click, and the window that this opened. */
async function begin(at: '/authorize' | '/cut-off') {
  const page = await browser.newPage()
  const authorizationEndpoint = `${issuer}${at}`
  const work = oidc({ id: 'work', name: 'Work', issuer, clientId, authorizationEndpoint })
  await page.goto(site.url)
  await page.evaluate(
    (ask) => sessionStorage.setItem('ask', ask),
    JSON.stringify({ provider: work, nonce: createSignInNonce() }),
  )
  await page.evaluate(() => {
    const open = window.open.bind(window)
    window.open = (...how) => Object.assign(globalThis, { opened: open(...how) }).opened
  })
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()])
  await popup.getByRole('link').waitFor()
  return { page, popup }
}

/** Whether the window that a page opened looks closed to that page. */
const looksClosed = (page: Page) => page.evaluate(() => (Reflect.get(globalThis, 'opened') as Window).closed)
const outcomeOf = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'outcome') as Promise<Outcome>)

test('[J85] [235] a window gives the token to the page that opened it, and cannot lead that page elsewhere', async () => {
  const { page, popup } = await begin('/authorize')
  expect(await popup.evaluate(() => window.opener === null)).toBe(true)
  expect(await looksClosed(page)).toBe(false)
  const closed = popup.waitForEvent('close')
  await popup.getByRole('link').click()
  expect(await outcomeOf(page)).toEqual({ token: expect.stringMatching(/^ey/) })
  await closed
  await page.close()
})

test('the token arrives although the provider has the windows cut apart', async () => {
  const { page, popup } = await begin('/cut-off')
  // Without a screen every page believes that it has the focus; with one, the provider's window has it.
  await page.evaluate(() => void Object.assign(document, { hasFocus: () => false }))
  expect([await looksClosed(page), popup.isClosed()]).toEqual([true, false])
  await popup.getByRole('link').click()
  expect(await outcomeOf(page)).toEqual({ token: expect.stringMatching(/^ey/) })
  await page.close()
})

test('a window that the user closes ends the sign-in', async () => {
  const { page, popup } = await begin('/authorize')
  await popup.close()
  expect(await outcomeOf(page)).toEqual({ code: 'OIDC_POPUP_CLOSED' })
  await page.close()
})

test('[J83] [J86] an answer that nobody asked for is refused, and is in no address and no history', async () => {
  const page = await browser.newPage()
  await page.goto(`${site.url}/sign-in#state=stranger&id_token=secret`)
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('OIDC_SIGN_IN_UNEXPECTED')
  expect(page.url()).toBe(`${site.url}/sign-in`)
  await page.goto(`${site.url}/`)
  await page.goBack()
  expect(page.url()).toBe(`${site.url}/sign-in`)
  await page.close()
})
