import { getAccount, type RekeyConfig, sendCalls } from '@rekey/sdk'
import { type Address, formatEther, getAddress, type Hex, isAddress, isHex, parseEther, size } from 'viem'
import { call, getBalance, getCode } from 'viem/actions'
import { nodeOptions, readNodes, readUrls, toConfig } from '../chains/nodes.ts'
import { defineCommand, exitCodes, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import { readKeyFile, toCredentialRecord } from '../files/keyFile.ts'
import type { Options, Values } from '../io/arguments.ts'
import { softwareCredentials } from '../keys/softwareKey.ts'
import { errorJson } from '../render/error.ts'
import { readGenesis, readSubject, subjectOptions } from './subject.ts'

const callOptions = {
  to: { type: 'text', value: '<address>', help: 'who gets it, or the contract that is called' },
  value: { type: 'text', value: '<amount>', help: 'how much of the chain’s coin, such as 0.25; default: nothing' },
  data: { type: 'text', value: '<hex>', help: 'what the contract is called with; default: nothing' },
  chain: { type: 'text', value: '<chain id>', help: 'the chain, where nodes of several are named' },
} as const satisfies Options

/** `rekey send`: uses a recovered account with the key in a file, until it has a passkey again. */
export const send = defineCommand({
  name: 'send',
  summary: 'send from the account with the key in a file',
  usage: '--key <file> --to <address> [--value <amount>] [--data <hex>] --rpc <id>=<url> --bundler <id>=<url>',
  about: [
    'One call on one chain, shown before it is signed. The account pays for it; on a chain where it was never used, this creates it.',
    'It is for getting on after `rekey recover --new-key`: give the account a passkey soon, as anybody with the file has the account.',
  ],
  options: {
    key: { type: 'text', value: '<file>', help: 'the key that has the account, as `rekey recover --new-key` made it' },
    ...callOptions,
    ...subjectOptions,
    bundler: { type: 'list', value: '<chain id>=<url>', help: 'takes the transactions of accounts to the chain' },
    ...nodeOptions,
  },
  async run({ values, terminal, signal }): Promise<Outcome> {
    if (values.key === undefined) throw new UsageError('Option --key wants the file of the key.', { command: 'send' })
    const sent = readCall(values)
    const nodes = await readNodes('send', values)
    const bundlers = readUrls('send', 'bundler', values.bundler)
    const chainId = readChainId(values.chain, [...nodes.urls.keys()])
    if (!bundlers.has(chainId))
      throw new UsageError(`There is no bundler for chain ${chainId}.`, {
        command: 'send',
        remedy: `Give one: --bundler ${chainId}=https://bundler.example.com`,
      })
    const { key, account } = await readKeyFile(values.key)
    const subject = await readSubject('send', { ...values, account: values.account ?? account }, nodes)
    const config = toConfig(nodes, {
      credentials: softwareCredentials(key),
      party: key,
      kit: subject.kit,
      bundlers,
    })
    const genesis = await readGenesis(config, subject, signal)
    const { address } = subject
    const owner = getAccount(config, { address, genesis, credential: toCredentialRecord(key) })
    for (const line of await describeCall(config, { chainId, account: address, sent })) terminal.say(line)
    await terminal.confirm('Send it?')
    const result = await sendCalls(owner, { chainId, calls: [sent], signal })
    const { success, transactionHash, error } = result
    return {
      exit: success ? exitCodes.done : exitCodes.failed,
      text: success
        ? `Sent: transaction ${transactionHash} on chain ${chainId}.`
        : `The call failed in transaction ${transactionHash}, and nothing of it was done: ${error?.message ?? 'it reverted'}`,
      json: {
        account: address,
        chainId,
        call: { to: sent.to, value: sent.value, data: sent.data },
        status: success ? 'done' : 'failed',
        transactionHash,
        error: error ? errorJson(error) : null,
      },
    }
  },
})

type PlainCall = { readonly to: Address; readonly value: bigint; readonly data: Hex }

function readCall({ to, value = '0', data = '0x' }: Values<typeof callOptions>): PlainCall {
  if (to === undefined || !isAddress(to)) throw new UsageError('Option --to wants an address.', { command: 'send' })
  if (!/^\d{1,12}(\.\d{1,18})?$/.test(value))
    throw new UsageError('Option --value wants an amount of the coin.', {
      command: 'send',
      remedy: 'For example: --value 0.25',
    })
  if (!isHex(data) || data.length % 2 !== 0)
    throw new UsageError('Option --data wants bytes as hexadecimal.', { command: 'send' })
  if (Number(value) === 0 && data === '0x')
    throw new UsageError('There is nothing to send.', { command: 'send', remedy: 'Give --value, --data, or both.' })
  return { to: getAddress(to), value: parseEther(value), data }
}

function readChainId(text: string | undefined, known: readonly number[]): number {
  const [only] = known
  const chainId = text === undefined && known.length === 1 ? only : Number(text)
  if (chainId === undefined || !known.includes(chainId))
    throw new UsageError('Option --chain wants the id of a chain that has a node.', {
      command: 'send',
      remedy: `One of ${known.join(', ')}.`,
    })
  return chainId
}

/** Says what will be done, what the account has, and whether it would go wrong. */
async function describeCall(
  { chains }: RekeyConfig,
  { chainId, account, sent }: { chainId: number; account: Address; sent: PlainCall },
): Promise<string[]> {
  const client = chains.find(({ id }) => id === chainId)?.client
  if (!client) return []
  const { to, value, data } = sent
  const [balance, code, problem] = await Promise.all([
    getBalance(client, { address: account }),
    getCode(client, { address: to }),
    call(client, { account, to, value, data }).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : 'it reverts'),
    ),
  ])
  return [
    `Account ${account} on chain ${chainId}, which has ${formatEther(balance)} of its coin:`,
    `  sends ${formatEther(value)} of the coin to ${to}${code === undefined ? '' : ', a contract'}`,
    ...(data === '0x' ? [] : [`  with these ${size(data)} bytes: ${data}`]),
    ...(data !== '0x' && code === undefined ? ['  There is no contract at that address: the bytes do nothing.'] : []),
    ...(problem === undefined ? [] : [`  It would fail now: ${problem}`]),
  ]
}
