import { type RecoveryKit, readKit, recoveryFromKit } from '@rekey/sdk/kit'
import { type RecoveryRequest, reachOf, startRecovery } from '@rekey/sdk/recovery'
import { type Address, getAddress, isAddress } from 'viem'
import { deliveryOptions, readDelivery } from '../chains/delivery.ts'
import { type Nodes, nodeOptions, readNodes, toConfig } from '../chains/nodes.ts'
import { type Context, defineCommand, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import { expectFree, readText, removeOwn } from '../files/files.ts'
import { writeKeyFile } from '../files/keyFile.ts'
import { createRecoveryFile, type RecoveryFile, readRecoveryFile, saveRecovery } from '../files/recoveryFile.ts'
import { approverOptions, type LocalApprover, readApprovers } from '../keys/approvers.ts'
import { createSoftwareKey, softwareCredentials } from '../keys/softwareKey.ts'
import { describeGuardian } from '../render/policy.ts'
import { aboutPasskeysHere, pageOptions, refuseBesidePage, refuseWithoutPage, serveUntilStopped } from './page.ts'
import { deliverRecovery } from './recoverDelivery.ts'
import { describeApprovals, reportRecovery } from './recoverReport.ts'
import { readSubject } from './subject.ts'

const options = {
  kit: { type: 'text', value: '<file>', help: 'the recovery kit' },
  account: {
    type: 'text',
    value: '<address>',
    help: 'the account, where there is no kit, or to check the kit against',
  },
  passkey: { type: 'flag', help: 'make a new passkey in your browser, on a page that this command serves' },
  'new-key': { type: 'text', value: '<file>', help: 'make a new key in this file; it must not exist' },
  save: { type: 'text', value: '<file>', help: 'where to keep the recovery between runs; it must not exist' },
  resume: { type: 'text', value: '<file>', help: 'go on with a recovery that was kept' },
  approval: { type: 'list', value: '<text>', help: 'what a guardian sent back; once for each' },
  wait: { type: 'flag', help: 'wait for the delay to end, and execute then' },
  'link-page': { type: 'text', value: '<url>', help: 'a page that shows requests to guardians, for the link' },
  ...approverOptions,
  ...deliveryOptions,
  ...pageOptions,
  ...nodeOptions,
} as const

type RecoverContext = Context<typeof options>

/** `rekey recover`: from a kit and guardians to a new key that has the account on every chain. */
export const recover = defineCommand({
  name: 'recover',
  summary: 'get an account back with its guardians, by a new key or a new passkey',
  usage: '(--kit <file> | --account <address> | --resume <file>) (--new-key <file> | --passkey) --rpc <id>=<url> …',
  about: [
    'Makes a new key, has guardians approve it, delivers that to every chain, and after the delay executes it.',
    'It talks to the nodes you name, and to nobody else. Run it again with --resume as often as it takes.',
    'Guardians approve with `rekey approve`, on any machine. One who is here can approve at once: --wallet, --passphrase, --code.',
    `With --passkey all of it happens in your browser. ${aboutPasskeysHere}`,
    'Afterwards give the account a passkey of its own domain: “My account is on another domain” there, approved on this page; it takes --bundler.',
  ],
  options,
  async run(context): Promise<Outcome> {
    const { values } = context
    const nodes = await readNodes('recover', values)
    if (values.passkey) return recoverOnPage(context, nodes)
    refuseWithoutPage('recover', 'passkey', values)
    const delivery = await readDelivery(nodes, values, context.terminal)
    const kit =
      values.kit === undefined ? undefined : readKit(await readText(values.kit), await kitOptions(nodes, values))
    const config = toConfig(nodes, { relay: delivery.relay, kit })
    const reveals = kit?.guardians.flatMap(({ reveal }) => reveal ?? []) ?? []
    // Before a key is made: what is missing is missed now.
    const approvers = await readApprovers(config, values, {
      terminal: context.terminal,
      signal: context.signal,
      reveals,
    })
    const began = values.resume === undefined ? await begin(context, nodes, kit) : checkResume(values)
    const { request, ...place } = await readRecoveryFile(config, began)
    await collect(context, { request, place, kit, approvers })
    if (!isEnough(request))
      return reportRecovery({ request, place, kit, next: 'approve', linkPage: values['link-page'] })
    return deliverRecovery(context, { config, request, place, kit, delivery })
  },
})

/** What is done by files and pasted texts here happens on the page. */
async function recoverOnPage(context: RecoverContext, nodes: Nodes): Promise<Outcome> {
  const { values } = context
  const command = 'recover'
  const others = ['new-key', 'save', 'resume', 'approval', 'wait', 'link-page', ...Object.keys(approverOptions)]
  refuseBesidePage(command, 'passkey', values, others)
  const { account, kit } = values
  const address =
    account === undefined && kit === undefined
      ? undefined
      : (await readSubject(command, { account, kit }, nodes)).address
  return serveUntilStopped(context, {
    command,
    nodes,
    path: `/recover${address === undefined ? '' : `#account=${address}`}`,
  })
}

/** Makes the new key and the recovery, each in a file, before anything else happens; returns the recovery's. */
async function begin(
  { values, terminal, signal }: RecoverContext,
  nodes: Nodes,
  kit: RecoveryKit | undefined,
): Promise<string> {
  const account = kit?.account ?? readAccount(values.account)
  const keyFile = values['new-key']
  if (keyFile === undefined)
    throw new UsageError('It is not said what the new key is.', {
      command: 'recover',
      remedy: 'Give --new-key <file> for a key in a file, or --passkey for a passkey of this device.',
    })
  const file = values.save ?? `rekey-recovery-${account.slice(2, 8).toLowerCase()}.json`
  await expectFree(keyFile)
  await expectFree(file)
  reportChains(terminal.say, nodes, kit)
  terminal.say(`Reading the guardians of ${account}.`)
  let isWritten = false
  const credentials = softwareCredentials(createSoftwareKey(), async (key) => {
    await writeKeyFile(keyFile, { key, account })
    isWritten = true
  })
  const config = toConfig(nodes, { credentials, kit })
  try {
    const from = kit ? recoveryFromKit(kit) : { account }
    const request = await startRecovery(config, { ...from, name: 'rekey', signal })
    await createRecoveryFile({ file, keyFile }, request)
    terminal.say(`The new key is in ${keyFile}. Keep it: whoever has it will have the account.`)
    terminal.say(`The recovery is kept in ${file}.`)
    return file
  } catch (error) {
    // Nobody has learned of the key: without the recovery it is good for nothing.
    if (isWritten) await removeOwn(keyFile)
    throw error
  }
}

/** Returns the file to go on from. */
function checkResume(values: RecoverContext['values']): string {
  for (const name of ['new-key', 'save', 'account'] as const)
    if (values[name] !== undefined)
      throw new UsageError(`With --resume there is no --${name}: the recovery has it already.`, { command: 'recover' })
  return values.resume ?? ''
}

type Collecting = {
  readonly request: RecoveryRequest
  readonly place: RecoveryFile
  readonly kit: RecoveryKit | undefined
  readonly approvers: readonly LocalApprover[]
}

/** Records approvals: those that came back, those made here, and, at a terminal, those that are pasted. */
async function collect(
  { values, terminal }: RecoverContext,
  { request, place, kit, approvers }: Collecting,
): Promise<void> {
  for (const approval of values.approval) await request.addApproval(approval)
  for (const approver of approvers) await request.approve(await approver(request))
  if (values.approval.length + approvers.length > 0) await saveRecovery(place, request)
  if (!terminal.isInteractive || values.json) return
  while (!isEnough(request)) {
    for (const line of describeApprovals(request, kit, values['link-page'])) terminal.say(line)
    const text = (await terminal.ask('Paste an approval, or press Enter to go on later: ')).trim()
    if (text === '') return
    try {
      const known = request.approvals.length
      await request.addApproval(text)
      await saveRecovery(place, request)
      const approval = request.approvals.at(-1)
      const guardian = approval && request.policy.guardians[approval.index]
      if (guardian && request.approvals.length > known)
        terminal.say(`Approved by ${describeGuardian(guardian, kit?.guardians)}.`)
    } catch (error) {
      terminal.say(error instanceof Error ? error.message : 'That was no approval.')
    }
  }
}

function isEnough({ policy, approvals }: RecoveryRequest): boolean {
  const places = approvals.map(({ index }) => index)
  return reachOf(policy, places) !== undefined
}

/** Chains of the kit that nobody named a node for are recovered later, or not at all. */
function reportChains(say: (text: string) => void, { urls }: Nodes, kit: RecoveryKit | undefined): void {
  const missing = kit?.chains.filter(({ id }) => !urls.has(id)) ?? []
  if (missing.length === 0) return
  say(`Without a node, and left for later: chain ${missing.map(({ id }) => id).join(', ')}. Add --rpc when you resume.`)
}

async function kitOptions({ contracts }: Nodes, { account }: { account: string | undefined }) {
  return { contracts, ...(account !== undefined && { account: readAccount(account) }) }
}

function readAccount(text: string | undefined): Address {
  if (text === undefined)
    throw new UsageError('It is not said which account.', {
      command: 'recover',
      remedy: 'Give --kit <file>, --account <address>, or --resume <file>.',
    })
  if (!isAddress(text)) throw new UsageError('Option --account wants an address.', { command: 'recover' })
  return getAddress(text)
}
