import type { BrowserContext, Page } from 'playwright-core'
import { stringToHex } from 'viem'
import { expect } from 'vitest'

/** What left the pages of devices, or was left behind there. */
export type Capture = {
  /** Listens to everything that the pages of a device send, log and go to. */
  watch(device: BrowserContext): Promise<void>
  /** Expects that none of these texts was sent, logged or part of an address, nor is in any storage of any page. */
  expectNowhere(secrets: readonly string[]): Promise<void>
  /**
   * ID tokens with which providers sent people back, each whole, as its claims' text in base64url, and as these in
   * hexadecimal. The address that brought one is none that counts; every later one is.
   */
  signIns(): readonly SeenSignIn[]
}

/** An ID token that came back in an address. */
export type SeenSignIn = { readonly texts: readonly string[]; readonly claims: string }

/** Records requests, answers’ addresses, logs and errors of devices. */
export function watchForSecrets(): Capture {
  const devices: BrowserContext[] = []
  const seen: string[] = []
  const tokens = new Set<string>()
  const note = (url: string): void => {
    const { origin, pathname, hash } = new URL(url)
    const token = pathname === '/sign-in' ? new URLSearchParams(hash.slice(1)).get('id_token') : undefined
    if (token) tokens.add(token)
    seen.push(token ? `${origin}${pathname}` : url)
  }
  return {
    signIns: () =>
      [...tokens].map((token) => {
        const [, claims = ''] = token.split('.')
        return { texts: [token, claims], claims: Buffer.from(claims, 'base64url').toString('hex') }
      }),
    async watch(device) {
      devices.push(device)
      device.on('request', (request) => {
        note(request.url())
        seen.push(request.postData() ?? '', JSON.stringify(request.headers()))
      })
      device.on('console', (message) => seen.push(message.text()))
      device.on('weberror', (error) => seen.push(String(error.error().stack)))
      const follow = (page: Page): unknown => page.on('framenavigated', (frame) => note(frame.url()))
      device.pages().forEach(follow)
      device.on('page', follow)
    },
    async expectNowhere(secrets) {
      const pages = devices.flatMap((device) => device.pages())
      const storages = (await Promise.all(pages.map(storagesOf))).join('\n')
      // What must be there is there: the net has no hole that everything slips through.
      expect(findSecrets(seen.join('\n'), ['eth_call'])).toEqual(['eth_call'])
      expect(findSecrets(storages, ['rekey.account'])).toEqual(['rekey.account'])
      expect(findSecrets(`${seen.join('\n')}\n${storages}`, secrets)).toEqual([])
    },
  }
}

/** Returns the secrets that are in a text: as they are, in other case or without separators, as hex or base64. */
function findSecrets(text: string, secrets: readonly string[]): string[] {
  const haystack = text.toLowerCase()
  return secrets.filter((secret) => {
    const plain = secret.toLowerCase()
    const bare = plain.replaceAll(/[\s-]/g, '')
    const base64 = Buffer.from(secret).toString('base64').slice(0, -3).toLowerCase()
    const forms = [
      plain,
      bare,
      stringToHex(secret).slice(2),
      stringToHex(plain).slice(2),
      encodeURIComponent(plain),
      base64,
    ]
    return forms.some((form) => haystack.includes(form))
  })
}

/** Everything that a page may keep. */
async function storagesOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name)
    const caches = await globalThis.caches.keys()
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      history.state,
      location.href,
      databases,
      caches,
    ])
  })
}
