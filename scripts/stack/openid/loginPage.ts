import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** What a login page of a local provider shows. */
export type LoginPage = {
  /** Whose part the provider plays. */
  readonly provider: string
  /** Where the forms are sent to. */
  readonly action: string
  /** Accounts that can be chosen with one click; any other can be typed. */
  readonly accounts: readonly string[]
  /** What an account is called there: an e-mail address, a handle. */
  readonly accountName: string
  /** Has a way to say no. */
  readonly canRefuse?: boolean
}

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 3rem auto; padding: 0 1rem; color: #1b1b1f; background: #fff }
h1 { font-size: 1.5rem; margin: 0 0 .5rem }
.note { border-left: .25rem solid #8a5a00; padding-left: .75rem }
label { display: block; margin: 1.5rem 0 .25rem }
button, input { box-sizing: border-box; width: 100%; min-height: 2.75rem; font: inherit; padding: .5rem .75rem; margin: .25rem 0 }
button { text-align: left; cursor: pointer }
`
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  // No form-action: browsers would apply it to where the provider sends people after they signed in.
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`,
}

/** Answers with a page on which somebody signs in by saying who he is: this provider is for tests, it asks for no password. */
export function sendLoginPage(response: ServerResponse, { provider, action, accounts, ...page }: LoginPage): void {
  const buttons = accounts.map(
    (account) => `<button name="account" value="${escapeHtml(account)}">${escapeHtml(account)}</button>`,
  )
  const refusal = page.canRefuse
    ? `<form method="post" action="${escapeHtml(action)}"><button name="refuse" value="yes">Cancel</button></form>`
    : ''
  sendPage(
    response,
    200,
    `Sign in – local, not ${provider}`,
    `<h1>Sign in</h1>
<p class="note">Local OpenID provider, not ${escapeHtml(provider)}. It asks for no password.</p>
<form method="post" action="${escapeHtml(action)}">${buttons.join('\n')}</form>
<form method="post" action="${escapeHtml(action)}">
<label for="account">Another ${escapeHtml(page.accountName)}</label>
<input id="account" name="account" required maxlength="64" autocomplete="off" spellcheck="false">
<button>Sign in</button>
</form>
${refusal}`,
  )
}

/** Answers with a page that says what went wrong. */
export function sendProblem(response: ServerResponse, status: number, problem: string): void {
  sendPage(response, status, 'Not signed in', `<h1>Not signed in</h1>\n<p>${escapeHtml(problem)}</p>`)
}

/** The fields of a form as it was posted. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await text(request))
}

/** The account of a login form, in the one form it has here, or undefined. */
export function accountOf(form: URLSearchParams): string | undefined {
  const name = form.get('account')?.trim().toLowerCase() ?? ''
  return /^[\w.@+-]{1,64}$/.test(name) ? name : undefined
}

/** A number of so many digits that always belongs to the same text. */
export function numberOf(text: string, digits: number): string {
  const hash = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
  return `1${(hash % 10n ** BigInt(digits - 1)).toString().padStart(digits - 1, '0')}`
}

function sendPage(response: ServerResponse, status: number, title: string, body: string): void {
  response.writeHead(status, headers)
  response.end(
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>\n${body}\n</main></body></html>\n`,
  )
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '')
}
