import { type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** What a page of the local stack answered. */
export type Visited = {
  readonly url: URL
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A browser without pages: cookies per host, redirects, forms. It finds `*.localhost` on loopback, as browsers do. */
export type Visitor = {
  /** One request, no redirect followed; `from` is the origin of the page that posts, if it is another one. */
  readonly ask: (url: string | URL, form?: Readonly<Record<string, string>>, from?: string) => Promise<Visited>
  /** Follows redirects until there is a page, or until they lead to an address that starts with `until`. */
  readonly visit: (url: string | URL, until: string, form?: Readonly<Record<string, string>>) => Promise<Visited>
  /** Cookies by host, as `name=value`. */
  readonly cookies: Map<string, Map<string, string>>
}

const MAX_REDIRECTS = 12

export function createVisitor(): Visitor {
  const cookies = new Map<string, Map<string, string>>()

  async function ask(target: string | URL, form?: Readonly<Record<string, string>>, from?: string): Promise<Visited> {
    const url = new URL(target)
    const own = cookies.get(url.host) ?? new Map<string, string>()
    cookies.set(url.host, own)
    const body = form === undefined ? undefined : new URLSearchParams(form).toString()
    const cookie = [...own].map(([name, value]) => `${name}=${value}`).join('; ')
    const visited = await send(url, cookie, { body, origin: from ?? url.origin })
    for (const line of visited.headers['set-cookie'] ?? []) keep(own, line)
    return visited
  }

  return {
    cookies,
    ask,
    visit: async (url, until, form) => {
      let visited = await ask(url, form)
      for (let count = 0; count < MAX_REDIRECTS; count++) {
        if (visited.status < 300 || visited.status > 399) return visited
        const next = new URL(visited.headers.location ?? '', visited.url)
        if (next.href.startsWith(until)) return { ...visited, url: next }
        visited = await ask(next)
      }
      throw new Error(`More than ${MAX_REDIRECTS} redirects from ${url}.`)
    },
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  if (value === '' || /;\s*max-age=0|;\s*expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name)
  else cookies.set(name, value)
}

function send(
  url: URL,
  cookie: string,
  { body, origin }: { readonly body: string | undefined; readonly origin: string },
): Promise<Visited> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: url.port,
        agent: false,
        path: `${url.pathname}${url.search}`,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          host: url.host,
          accept: 'text/html',
          ...(cookie === '' ? {} : { cookie }),
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', origin }),
        },
      },
      (response) => {
        const { statusCode: status = 0, headers } = response
        text(response).then((answer) => resolve({ url, status, headers, body: answer }), reject)
      },
    )
    sent.on('error', reject).end(body)
  })
}
