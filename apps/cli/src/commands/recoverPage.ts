import { readDelivery } from '../chains/delivery.ts'
import type { Nodes } from '../chains/nodes.ts'
import { type Context, exitCodes, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import type { Options } from '../io/arguments.ts'
import { servePage } from '../page/servePage.ts'

export const pageOptions = {
  passkey: { type: 'flag', help: 'make a new passkey in your browser, on a page served on this machine' },
  port: { type: 'text', value: '<number>', help: 'port of that page (default 7377); the passkey belongs to it' },
} as const satisfies Options

type PageContext = Pick<Context, 'terminal' | 'signal'> & {
  readonly values: {
    readonly port: string | undefined
    readonly relayer: string | undefined
    readonly 'relayer-env': string | undefined
    readonly 'new-key': string | undefined
    readonly resume: string | undefined
  }
}

/** Serves the recovery page on this machine until Ctrl-C. */
export async function serveRecoveryPage({ values, terminal, signal }: PageContext, nodes: Nodes): Promise<Outcome> {
  const { port = '7377' } = values
  if (values['new-key'] !== undefined || values.resume !== undefined)
    throw new UsageError('Option --passkey goes with neither --new-key nor --resume.', { command: 'recover' })
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UsageError('Option --port wants a number up to 65535.', { command: 'recover' })
  const { relay, payer } = await readDelivery(nodes, values, terminal)
  const page = await servePage({ nodes, relay: payer && relay, port: Number(port) })
  const url = `${page.url}/recover`
  terminal.say(`Open ${url} in your browser. This page is served by this command alone; Ctrl-C ends it.`)
  terminal.say(
    payer
      ? `Whatever the page delivers is paid for by ${payer.address}.`
      : 'The page can deliver nothing without --relayer; it can collect approvals.',
  )
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  await page.stop()
  return { exit: exitCodes.done, text: '', json: { url } }
}
