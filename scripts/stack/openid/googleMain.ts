import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createInterface } from 'node:readline'
import type Provider from 'oidc-provider'
import { createGoogleProvider, type GoogleSettings, type Store } from './googleProvider.ts'
import { accountOf, numberOf, readForm, sendLoginPage, sendProblem } from './loginPage.ts'

/**
 * The process that plays Google on a local stack. A line `settings <json>` of its standard input says with which keys and
 * clients; it comes when the stack knows them, and again when a key is changed. Who is signed in stays signed in.
 */
type Running = {
  readonly host: string
  readonly provider: Provider
  readonly callback: (request: IncomingMessage, response: ServerResponse) => unknown
}

const store: Store = new Map()
const accounts = ['ada@example.test', 'grace@example.test']
let running: Running | undefined
let count = 0

createInterface({ input: process.stdin }).on('line', (line) => {
  const [, json] = /^settings (.+)$/.exec(line) ?? []
  if (json === undefined) return
  const settings = JSON.parse(json) as GoogleSettings
  const provider = createGoogleProvider(settings, store)
  running = { host: new URL(settings.issuer).host, provider, callback: provider.callback() }
  count += 1
  console.log(`\nsettings ${count} are in force`)
})

createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error)
    if (response.headersSent) response.destroy()
    else sendProblem(response, 400, 'This sign-in is unknown or over. Start again where you came from.')
  })
}).listen(0)

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!running || request.headers.host !== running.host) return void response.writeHead(421).end()
  if (!request.url?.startsWith('/sign-in/')) return void (await running.callback(request, response))
  const { uid, session } = await running.provider.interactionDetails(request, response)
  if (request.method !== 'POST') {
    const page = { provider: 'Google', accountName: 'e-mail address', accounts }
    return sendLoginPage(response, { ...page, action: `/sign-in/${uid}`, canRefuse: true })
  }
  const form = await readForm(request)
  if (form.has('refuse')) return running.provider.interactionFinished(request, response, { error: 'access_denied' })
  const account = accountOf(form)
  if (account === undefined) return sendProblem(response, 400, 'That is not the name of an account.')
  const accountId = numberOf(account, 21)
  const result = { login: { accountId }, select_account: {}, consent: {} }
  const next = await running.provider.interactionResult(request, response, result)
  if (session) await changeAccount(running.provider, session.uid, accountId)
  response.writeHead(303, { location: next }).end()
}

/** Whoever is signed in may go on as somebody else: the provider's own way would be to sign out first, on a page. */
async function changeAccount({ Session }: Provider, uid: string, accountId: string): Promise<void> {
  const session = await Session.findByUid(uid)
  if (!session || session.accountId === accountId) return
  session.loginAccount({ accountId })
  await session.persist()
}
