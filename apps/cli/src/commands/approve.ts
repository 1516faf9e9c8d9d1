import type { RekeyConfig } from '@rekey/sdk'
import { type ApprovalRequest, type Approver, loadApprovalRequest, loadRecovery } from '@rekey/sdk/recovery'
import { credentialCommitment } from '@rekey/sdk/webauthn'
import { isAddress, isHex } from 'viem'
import { nodeOptions, readNodes, toConfig } from '../chains/nodes.ts'
import { type Context, defineCommand, exitCodes, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import { readText } from '../files/files.ts'
import { approverOptions, readApprovers } from '../keys/approvers.ts'
import { describeMoment, describePolicy, policyJson } from '../render/policy.ts'
import { typedDataJson } from '../render/typedData.ts'
import { pageOptions, refuseBesidePage, refuseWithoutPage, serveUntilStopped } from './page.ts'

const options = {
  request: { type: 'text', value: '<file>', help: 'file with the request, instead of the text itself' },
  account: { type: 'text', value: '<address>', help: 'the account that it has to be for' },
  ...approverOptions,
  browser: { type: 'flag', help: 'approve with a wallet of your browser, on a page that this command serves' },
  'typed-data': { type: 'flag', help: 'print what an external wallet has to sign (EIP-712), and stop' },
  signer: { type: 'text', value: '<address>', help: 'the external wallet that signed' },
  signature: { type: 'text', value: '<hex>', help: 'what it signed' },
  ...pageOptions,
  ...nodeOptions,
} as const

/** `rekey approve`: a guardian's side. It takes no account and no gas, and sends nothing. */
export const approve = defineCommand({
  name: 'approve',
  summary: 'approve as a guardian what an owner asks for: a recovery, a drill, …',
  usage:
    '(<request or link> | --request <file>) (--wallet <file> | --passphrase | --code | --browser | --typed-data) --rpc <id>=<url> …',
  about: [
    'Shows what is asked and four words. Approve only if the owner tells you the same words, in person or by a call.',
    'It prints an approval to send back. Nothing is sent, and it costs nothing.',
    'With a wallet of your browser: --browser, and send back the text that the page shows at the end.',
    'With any other wallet: sign what --typed-data prints, and give --signer and --signature.',
  ],
  options,
  positionals: 1,
  async run(context): Promise<Outcome> {
    const { values, terminal, signal } = context
    const nodes = await readNodes('approve', values)
    const config = toConfig(nodes)
    const { account } = values
    if (account !== undefined && !isAddress(account))
      throw new UsageError('Option --account wants an address.', { command: 'approve' })
    const asked = toRequest(config, await readRequest(context))
    const request = loadApprovalRequest(config, asked, { account })
    if (values.browser) {
      refuseBesidePage('approve', 'browser', values, [
        ...['typed-data', 'signer', 'signature', 'bundler'],
        ...Object.keys(approverOptions),
      ])
      return serveUntilStopped(context, { command: 'approve', nodes, path: `/guardian#request=${asked}` })
    }
    refuseWithoutPage('approve', 'browser', values)
    if (values['typed-data']) {
      const typedData = typedDataJson(request.typedData)
      return {
        exit: exitCodes.done,
        text: JSON.stringify(typedData, undefined, 2),
        json: { ...head(request), typedData },
      }
    }
    const external = readExternal(request, values)
    const approvers = await readApprovers(config, values, { terminal, signal, reveals: [] })
    const [approver, ...others] = external ? [async () => external, ...approvers] : approvers
    if (!approver || others.length > 0)
      throw new UsageError(approver ? 'An approval is by one guardian.' : 'It is not said who approves.', {
        command: 'approve',
        remedy: 'Give one of --wallet, --wallet-env, --passphrase, --code, --browser, or --signer with --signature.',
      })
    await request.check({ signal })
    for (const line of describeRequest(request)) terminal.say(line)
    await terminal.confirm('Did the owner tell you the same four words, and do you approve?')
    const { approval, text } = await request.approve(await approver(request))
    return {
      exit: exitCodes.done,
      text,
      json: { ...head(request), approval: text, guardian: approval.index },
    }
  },
})

async function readRequest({ values, positionals, terminal }: Context<typeof options>): Promise<string> {
  const [given] = positionals
  if (given !== undefined && values.request !== undefined)
    throw new UsageError('There are two requests.', { command: 'approve' })
  if (values.request !== undefined) return (await readText(values.request)).trim()
  if (given !== undefined) return given
  if (terminal.isInteractive) return (await terminal.ask('The request or link that the owner sent: ')).trim()
  throw new UsageError('There is no request.', { command: 'approve' })
}

/** The text of a request, also out of a link, and out of the longer one that carries all of a recovery. */
function toRequest(config: RekeyConfig, given: string): string {
  if (given.includes('#recovery=')) return loadRecovery(config, given).text
  return given.slice(given.lastIndexOf('=') + 1)
}

/** What an external wallet signed, as the guardian that it is. */
function readExternal(
  { policy }: ApprovalRequest,
  { signer, signature }: { signer: string | undefined; signature: string | undefined },
): Approver | undefined {
  if (signer === undefined && signature === undefined) return undefined
  if (signer === undefined || !isAddress(signer) || !isHex(signature))
    throw new UsageError('Options --signer and --signature want an address and the hexadecimal signature.', {
      command: 'approve',
    })
  const index = policy.guardians.findIndex((guardian) => guardian.signer.toLowerCase() === signer.toLowerCase())
  if (index === -1)
    throw new UsageError('The policy names no such guardian.', {
      command: 'approve',
      remedy: 'A hidden guardian approves with --wallet.',
    })
  return { index, signature }
}

function head(request: ApprovalRequest) {
  const { name, account, digest, phrase, deadline } = request
  return { asks: name, account, digest, phrase, deadline: deadline ?? null, policy: policyJson(request.policy) }
}

function describeRequest(request: ApprovalRequest): string[] {
  const { account, phrase, deadline, policy } = request
  return [
    '',
    ...describeAsk(request),
    `Account ${account}`,
    ...(deadline === undefined ? [] : [`Until ${describeMoment(deadline)}`]),
    'Who may approve:',
    ...describePolicy(policy).map((line) => `  ${line}`),
    '',
    'The four words:',
    `  ${phrase}`,
    '',
    'Talk to the owner first: call or meet them. Approve only if they tell you these words.',
    '',
  ]
}

function describeAsk(request: ApprovalRequest): string[] {
  switch (request.name) {
    case 'Recovery': {
      const { credential, chainIds } = request.message
      return [
        'You are asked to let somebody back into their account: a new key comes in, all others go out.',
        `New key ${credentialCommitment(credential)}, of ${chainIds.length === 0 ? 'every chain' : `chain ${chainIds.join(', ')}`}`,
      ]
    }
    case 'Drill':
      return ['You are asked to take part in a drill. What you sign can do nothing; it proves that you could.']
    case 'Freeze':
      return ['You are asked to stop the account for some hours: nobody can use it then, its owner neither.']
    case 'GuardianCancel':
      return [`You are asked to call off the recovery ${request.message.recovery}.`]
  }
}
