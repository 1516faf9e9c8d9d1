import { type Address, getAddress } from 'viem'
import { EncodingError } from '../errors/encoding.ts'
import { codeSetName } from './guardian.ts'
import { type NewCodes, revealCode } from './recoveryCode.ts'

/** What a sheet of codes says besides them; nothing of it is secret. */
export type CodeSheetParameters = {
  account: Address
  /** Name of the app, as its users know it. */
  appName: string
  /** Name that the account has for its owner. */
  accountName?: string | undefined
  /** Page on which a code can be used: `https:` or, on this machine, `http:`. The address of the account is added to it. */
  recoveryUrl?: string | undefined
  /** When the codes were made, Unix time in seconds. */
  madeAt: number
  /** How long a recovery with a code alone waits, in seconds. */
  delay?: number | undefined
}

/** What is true of every sheet. */
const advice = [
  'Each code works once. One code is enough; keep the others.',
  'Keep this sheet away from the device that it replaces: on paper, in a safe, with someone you trust.',
  'Do not photograph it with that device, nor keep it in the same cloud as the passkey.',
  'Make new codes after a recovery, and when anyone may have seen these.',
  'Nobody who helps you needs a code. Type it only on the page named here, or one that you run yourself.',
] as const

/** What goes on a sheet, as data: for pages of your own. Only `codes` is secret. */
export type CodeSheet = {
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly codes: readonly string[]
  readonly advice: readonly string[]
  /** What the QR code says: where to go, and for which account. No secret. */
  readonly link: string
}

/**
 * Returns what goes on a sheet of codes.
 *
 * @throws {EncodingError} when the recovery page is no web address.
 */
export function codeSheet({ codes, set }: NewCodes, parameters: CodeSheetParameters): CodeSheet {
  const { appName, accountName, madeAt, delay, recoveryUrl } = parameters
  const account = getAddress(parameters.account)
  const link = recoveryUrl === undefined ? account : linkTo(recoveryUrl, account)
  const facts: [string, string][] = [
    ['Account', accountName ? `${accountName}, ${account}` : account],
    ['Set', `${codeSetName(set.root)}, ${codes.length} codes`],
    ['Made', new Date(madeAt * 1_000).toISOString().slice(0, 10)],
  ]
  if (recoveryUrl !== undefined) facts.push(['Use a code at', link])
  if (delay !== undefined) facts.push(['Wait', delay === 0 ? 'none' : `${Math.round(delay / 360) / 10} hours`])
  return { title: `${appName}: recovery codes`, facts, codes: codes.map(revealCode), advice, link }
}

/** Returns a name for the file: what it is, of which account and set. */
export function codeSheetFileName({ set }: NewCodes, { appName, account }: CodeSheetParameters): string {
  const app = appName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `${app || 'rekey'}-recovery-codes-${account.slice(2, 8).toLowerCase()}-set-${codeSetName(set.root)}.txt`
}

/**
 * Returns a sheet of codes as plain text.
 *
 * @example
 * const text = codeSheetText(codes, { account: account.address, appName: 'Example', madeAt })
 */
export function codeSheetText(codes: NewCodes, parameters: CodeSheetParameters): string {
  const sheet = codeSheet(codes, parameters)
  return [
    sheet.title,
    '',
    ...sheet.facts.map(([name, value]) => `${name}: ${value}`),
    '',
    ...sheet.codes.map((code, index) => `${String(index + 1).padStart(2)}. [ ] ${code}`),
    '',
    ...sheet.advice.map((line) => `- ${line}`),
    '',
  ].join('\n')
}

function linkTo(page: string, account: Address): string {
  const url = URL.canParse(page) ? new URL(page) : undefined
  if (!url || !['https:', 'http:'].includes(url.protocol))
    throw new EncodingError('recovery page', 'it is no address of the web')
  url.hash = `account=${account}`
  return url.href
}
