import type { Relay } from '@rekey/sdk'
import { type Delivery, describePayer, readDelivery } from '../chains/delivery.ts'
import { type Nodes, readUrls, toConfig } from '../chains/nodes.ts'
import { type Context, exitCodes, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import type { Options, Value } from '../io/arguments.ts'
import { servePage } from '../page/servePage.ts'
import { describeTransaction } from './recoverReport.ts'

const defaultPort = '7377'

/** Where a passkey that is made or used on the page belongs, for the help of every command that serves one. */
export const aboutPasskeysHere =
  'A passkey made on this page belongs to `localhost` and to the port: it opens the account on this page, at the same --port, and nowhere else.'

export const pageOptions = {
  port: {
    type: 'text',
    value: '<number>',
    help: `port of the page (default ${defaultPort}); its passkeys belong to it`,
  },
  bundler: {
    type: 'list',
    value: '<chain id>=<url>',
    help: 'a bundler, so that the account can send transactions on the page; once for each chain',
  },
} as const satisfies Options

type PageContext = Pick<Context, 'terminal' | 'signal'> & {
  readonly values: {
    readonly port: string | undefined
    readonly bundler: readonly string[]
    readonly relayer?: string | undefined
    readonly 'relayer-env'?: string | undefined
  }
}

/** Serves one of the dialog's pages on this machine until Ctrl-C. */
export async function serveUntilStopped(
  { values, terminal, signal }: PageContext,
  { command, nodes, path }: { command: string; nodes: Nodes; path: string },
): Promise<Outcome> {
  const { port = defaultPort } = values
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError('Option --port wants a number up to 65535.', { command })
  const bundlers = readUrls(command, 'bundler', values.bundler)
  const payer = { relayer: values.relayer, 'relayer-env': values['relayer-env'] }
  const delivery = await readDelivery(nodes, payer, terminal)
  if (delivery.payer) {
    for (const line of await describePayer(toConfig(nodes), delivery)) terminal.say(line)
    await terminal.confirm('Let the page send what guardians and owners signed on it?')
  }
  signal.throwIfAborted()
  const page = await servePage({ nodes, bundlers, relay: reportingRelay(delivery, terminal.say), port: Number(port) })
  terminal.say(`Open this address in a browser of this machine, and show it to nobody:\n\n  ${page.link(path)}\n`)
  terminal.say('The page is served by this command alone, and talks to nobody else. Ctrl-C ends it.')
  if (!delivery.payer)
    terminal.say('Transactions are printed here, for anybody to send; the page goes on when they are in.')
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await page.stop()
  return { exit: exitCodes.done, text: '', json: { page: page.origin, transactions: delivery.unsent } }
}

/** Refuses options that the page has no use for: what they say is typed or chosen there. */
export function refuseBesidePage(
  command: string,
  option: string,
  values: Readonly<Record<string, Value>>,
  names: readonly string[],
): void {
  const given = names.filter((name) => isGiven(values[name]))
  if (given.length > 0)
    throw new UsageError(`Option --${option} does not go with --${given.join(', --')}.`, {
      command,
      remedy: 'What the page needs is asked for on the page.',
    })
}

/** Refuses options of the page where there is none. */
export function refuseWithoutPage(
  command: string,
  option: string,
  { port, bundler }: { readonly port: string | undefined; readonly bundler: readonly string[] },
): void {
  if (port !== undefined || bundler.length > 0)
    throw new UsageError(`Options --port and --bundler are for the page of --${option}.`, { command })
}

function isGiven(value: Value): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false
}

/** Tells what goes out, or what somebody is to send. */
function reportingRelay({ relay, unsent }: Delivery, say: (text: string) => void): Relay {
  return {
    async send(transaction) {
      const count = unsent.length
      const sending = relay.send(transaction)
      // What the page tries again is printed once.
      if (unsent.length > count) for (const line of ['', ...describeTransaction(transaction), '']) say(line)
      const hash = await sending
      say(`Chain ${transaction.chainId}: sent, transaction ${hash}`)
      return hash
    },
  }
}
