/** Returns an address if it may be trusted to be who it says: https, or this very machine; without user name, password or fragment. */
export function readWebAddress(text: string): URL | undefined {
  const url = URL.parse(text)
  if (url?.username !== '' || url.password !== '' || url.hash !== '' || text.includes('#')) return undefined
  if (url.protocol === 'https:') return url
  return url.protocol === 'http:' && isLoopback(url.hostname) ? url : undefined
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '127.0.0.1' || host === '[::1]'
}
