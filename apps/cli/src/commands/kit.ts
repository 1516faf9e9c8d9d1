import { findGenesis } from '@rekey/sdk'
import { exportKit, kitPhrase, type RecoveryKit, readKit, toKitHtml, toKitJson, toKitText } from '@rekey/sdk/kit'
import { getPolicy } from '@rekey/sdk/recovery'
import { getAddress, isAddress, isHex } from 'viem'
import { nodeOptions, readNodes, toConfig } from '../chains/nodes.ts'
import { defineCommand, exitCodes, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import { expectFree, readText, writeNew } from '../files/files.ts'
import { errorJson } from '../render/error.ts'

type Format = 'json' | 'text' | 'html'

/** `rekey kit export`: makes the kit of an account from what the chains tell. */
export const kitExport = defineCommand({
  name: 'kit export',
  summary: 'make the recovery kit of an account',
  usage: '--account <address> --rp-id <domain> --out <file> --rpc <id>=<url> …',
  about: [
    'Everything it takes to recover but guardians and nodes. Nothing in it is secret; it tells who the guardians are.',
    'The form follows from the name of the file: .json, .txt or .html.',
  ],
  options: {
    account: { type: 'text', value: '<address>', help: 'the account' },
    'rp-id': { type: 'text', value: '<domain>', help: 'domain that its passkeys belong to' },
    name: { type: 'text', value: '<name>', help: 'name of the account, to be printed' },
    guardian: { type: 'list', value: '<signer>=<name>', help: 'name of a guardian, to be printed' },
    out: { type: 'text', value: '<file>', help: 'where to write it; it must not exist' },
    ...nodeOptions,
  },
  async run({ values, signal }): Promise<Outcome> {
    const { account, 'rp-id': rpId, out, name } = values
    const command = 'kit export'
    if (account === undefined || !isAddress(account) || rpId === undefined || out === undefined)
      throw new UsageError('Options --account, --rp-id and --out want an address, a domain and a file.', { command })
    const format = formatOf(out, command)
    const guardians = values.guardian.map((text) => {
      const [signer = '', ...rest] = text.split('=')
      if (!isHex(signer) || rest.length === 0)
        throw new UsageError('Option --guardian wants a signer and a name: 0x…=Grace.', { command })
      return { signer, name: rest.join('=') }
    })
    const nodes = await readNodes(command, values)
    await expectFree(out)
    const config = toConfig(nodes, { party: { rpId, origins: [`https://${rpId}`] } })
    const address = getAddress(account)
    const genesis = await findGenesis(config, address, { signal })
    const { kit, unread } = await exportKit({ config, address, genesis }, { name, guardians, signal })
    await writeNew(out, `${write(kit, format)}\n`, 0o600)
    return {
      exit: unread.length > 0 ? exitCodes.unfinished : exitCodes.done,
      text: [
        `The kit is in ${out}. The words to compare copies of it: ${kitPhrase(kit)}`,
        ...unread.map(
          ({ chainId, error }) => `Chain ${chainId} is not in it: ${error.shortMessage} Make it again later.`,
        ),
      ].join('\n'),
      json: {
        file: out,
        account: address,
        phrase: kitPhrase(kit),
        unread: unread.map(({ chainId, error }) => ({ chainId, error: errorJson(error) })),
      },
    }
  },
})

/** `rekey kit check`: whether a kit is whole, and whether it still has the guardians that the chains name. */
export const kitCheck = defineCommand({
  name: 'kit check',
  summary: 'check that a kit is whole and, with nodes, up to date',
  usage: '<file> [--account <address>] [--rpc <id>=<url> …]',
  about: ['A kit that is out of date is of no use where its guardians are not those of the chain any more.'],
  options: { account: { type: 'text', value: '<address>', help: 'the account that it has to be of' }, ...nodeOptions },
  positionals: 1,
  async run({ values, positionals, signal }): Promise<Outcome> {
    const kit = await readKitFile('kit check', positionals, values.account)
    const hasNodes = values.rpc.length > 0 || values.config !== undefined
    const nodes = hasNodes ? await readNodes('kit check', values) : undefined
    const policies = kit.policies.map(({ bytes }) => bytes)
    const config = nodes && toConfig(nodes, { kit })
    const chains = await Promise.all(
      (config?.chains ?? []).map(async ({ id: chainId }) => {
        try {
          const found = config && (await getPolicy(config, { address: kit.account, chainId, policies, signal }))
          return {
            chainId,
            state: found === undefined ? 'noGuardians' : found.source === 'given' ? 'current' : 'outdated',
          }
        } catch (error) {
          signal.throwIfAborted()
          return { chainId, state: 'unknown', error: errorJson(error) }
        }
      }),
    )
    const words: Readonly<Record<string, string>> = {
      current: 'it has the guardians in effect',
      outdated: 'the guardians were changed since: make a new kit',
      noGuardians: 'the account has no guardians there',
      unknown: 'that could not be found out',
    }
    return {
      exit: chains.every(({ state }) => state === 'current') ? exitCodes.done : exitCodes.failed,
      text: [
        `The kit of ${kit.account} is whole. The words to compare copies of it: ${kitPhrase(kit)}`,
        ...chains.map(({ chainId, state }) => `Chain ${chainId}: ${words[state]}.`),
      ].join('\n'),
      json: { account: kit.account, phrase: kitPhrase(kit), createdAt: kit.createdAt, chains },
    }
  },
})

/** `rekey kit print`: a kit in another form. */
export const kitPrint = defineCommand({
  name: 'kit print',
  summary: 'print a kit as text, page or JSON',
  usage: '<file> [--format text|html|json]',
  about: ['A page is for a browser to print: rekey kit print kit.json --format html > kit.html'],
  options: { format: { type: 'text', value: 'text|html|json', help: 'the form (default text)' } },
  positionals: 1,
  async run({ values, positionals }): Promise<Outcome> {
    const { format = 'text' } = values
    if (!isFormat(format)) throw new UsageError('Option --format wants text, html or json.', { command: 'kit print' })
    const kit = await readKitFile('kit print', positionals, undefined)
    return { exit: exitCodes.done, text: write(kit, format), json: { kit: toKitJson(kit) } }
  },
})

async function readKitFile(
  command: string,
  [file]: readonly string[],
  account: string | undefined,
): Promise<RecoveryKit> {
  if (file === undefined) throw new UsageError('It is not said which kit.', { command })
  if (account !== undefined && !isAddress(account))
    throw new UsageError('Option --account wants an address.', { command })
  return readKit(await readText(file), { contracts: 'ofKit', ...(account !== undefined && { account }) })
}

function write(kit: RecoveryKit, format: Format): string {
  if (format === 'json') return JSON.stringify(toKitJson(kit), undefined, 2)
  return format === 'html' ? toKitHtml(kit) : toKitText(kit)
}

function formatOf(file: string, command: string): Format {
  const [, extension] = /\.(json|txt|html)$/.exec(file) ?? []
  if (extension === 'json' || extension === 'html') return extension
  if (extension === 'txt') return 'text'
  throw new UsageError('Option --out wants a file that ends in .json, .txt or .html.', { command })
}

function isFormat(text: string): text is Format {
  return ['json', 'text', 'html'].includes(text)
}
