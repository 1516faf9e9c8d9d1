const texts = ['url', 'message', 'stack', 'shortMessage', 'details']

/**
 * Leaves of every address in an error, and in those that led to it, its origin only: paths and queries of node and bundler
 * services carry keys, and errors end up in logs. It changes the errors in place, since whoever logs one logs them all.
 */
export function hideUrls(error: unknown): void {
  const links = causes(error)
  for (const url of links.flatMap(readUrl)) {
    const hide = (text: unknown): unknown => (typeof text === 'string' ? text.replaceAll(url, origin(url)) : text)
    for (const link of links) {
      for (const key of texts) if (Reflect.has(link, key)) Reflect.set(link, key, hide(Reflect.get(link, key)))
      const lines: unknown = Reflect.get(link, 'metaMessages')
      if (Array.isArray(lines)) Reflect.set(link, 'metaMessages', lines.map(hide))
    }
  }
}

/** Returns the origin of the service that an error is about, if it tells. */
export function serviceOrigin(error: unknown): string | undefined {
  const [url] = causes(error).flatMap(readUrl)
  return url === undefined ? undefined : origin(url)
}

function readUrl(error: Error): string[] {
  const url: unknown = Reflect.get(error, 'url')
  return typeof url === 'string' && url !== '' ? [url] : []
}

function origin(url: string): string {
  return URL.parse(url)?.origin ?? 'an address'
}

function causes(error: unknown): Error[] {
  const links: Error[] = []
  for (let link = error; link instanceof Error && !links.includes(link); link = link.cause) links.push(link)
  return links
}
