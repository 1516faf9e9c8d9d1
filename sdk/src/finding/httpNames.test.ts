import { expect, test } from 'vitest'
import { httpNames } from './httpNames.ts'
import { resolveName } from './resolveName.ts'

const ada = '0x00000000000000000000000000000000000000Ad'

/** A service that answers like this, and what it was asked. */
function service(answer: (url: URL) => Response | Promise<Response>) {
  const asked: string[] = []
  const fetch = async (url: URL | RequestInfo): Promise<Response> => {
    asked.push(String(url))
    return answer(new URL(String(url)))
  }
  return { asked, fetch: fetch as typeof globalThis.fetch }
}

test('a name is asked for in the query, and the address is returned', async () => {
  const { asked, fetch } = service(() => Response.json({ address: ada.toLowerCase() }))
  const config = { resolveName: httpNames('https://names.example.com/v1?key=1', { fetch }) }
  expect(await resolveName(config, { name: 'ada & söhne' })).toBe(ada)
  expect(asked).toEqual(['https://names.example.com/v1?key=1&name=ada+%26+s%C3%B6hne'])
})

test('a name that nobody has is unknown, and not a failure of the service', async () => {
  const { fetch } = service(() => new Response('no such name', { status: 404 }))
  const config = { resolveName: httpNames('https://names.example.com', { fetch }) }
  await expect(resolveName(config, { name: 'ada' })).rejects.toMatchObject({ code: 'NAME_UNKNOWN' })
})

test.each<[string, () => Response]>([
  ['no address', () => Response.json({ address: 'ada.eth' })],
  ['nothing', () => Response.json({})],
  ['null', () => Response.json(null)],
  ['a page', () => new Response('<html>')],
  ['an error', () => Response.json({ address: ada }, { status: 500 })],
  ['a network error', () => Response.error()],
])('a service that answers %s has failed', async (_, answer) => {
  const { fetch } = service(answer)
  const config = { resolveName: httpNames('https://names.example.com', { fetch }) }
  await expect(resolveName(config, { name: 'ada' })).rejects.toMatchObject({ code: 'NAME_SERVICE_FAILED' })
})

test('a lookup that is called off is no failure of the service', async () => {
  const controller = new AbortController()
  const { fetch } = service(() => {
    controller.abort()
    throw new DOMException('aborted', 'AbortError')
  })
  const { signal } = controller
  const config = { resolveName: httpNames('https://names.example.com', { fetch }) }
  await expect(resolveName(config, { name: 'ada', signal })).rejects.toMatchObject({ code: 'CHAIN_ABORTED' })
})
