import { getAccount } from '@rekey/sdk'
import { vetoRecovery } from '@rekey/sdk/recovery'
import { isHash, isHex } from 'viem'
import { deliveryOptions, describePayer, readDelivery } from '../chains/delivery.ts'
import { nodeOptions, readNodes, toConfig } from '../chains/nodes.ts'
import { defineCommand, exitCodes, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import { readKeyFile, toCredentialRecord } from '../files/keyFile.ts'
import { softwareCredentials } from '../keys/softwareKey.ts'
import { errorJson } from '../render/error.ts'
import { aboutPasskeysHere, pageOptions, refuseBesidePage, refuseWithoutPage, serveUntilStopped } from './page.ts'
import { describeTransaction, isUnsent } from './recoverReport.ts'
import { readGenesis, readSubject, subjectOptions } from './subject.ts'

/** `rekey veto`: the owner stops a recovery on every chain, with the key in a file or a passkey. */
export const veto = defineCommand({
  name: 'veto',
  summary: 'stop a recovery that somebody else has started',
  usage: '(--key <file> --recovery <digest> | --passkey) --rpc <id>=<url> …',
  about: [
    'One signature stops the recovery on every chain, also where it has not been started yet.',
    '`rekey health` lists recoveries. With a passkey of a domain, veto on the page of that domain: no other can ask for it.',
    `With --passkey this command serves a page, which shows what is pending once you sign in. ${aboutPasskeysHere}`,
  ],
  options: {
    key: { type: 'text', value: '<file>', help: 'the key that has the account, as `rekey recover --new-key` made it' },
    passkey: { type: 'flag', help: 'veto in your browser with a passkey that `rekey recover --passkey` made' },
    recovery: { type: 'text', value: '<digest>', help: 'the recovery', isHash: true },
    ...subjectOptions,
    ...deliveryOptions,
    ...pageOptions,
    ...nodeOptions,
  },
  async run(context): Promise<Outcome> {
    const { values, terminal, signal } = context
    if (values.passkey) {
      refuseBesidePage('veto', 'passkey', values, ['key', 'recovery', ...Object.keys(subjectOptions)])
      return serveUntilStopped(context, { command: 'veto', nodes: await readNodes('veto', values), path: '/' })
    }
    refuseWithoutPage('veto', 'passkey', values)
    const { key: file, recovery: digest } = values
    if (file === undefined || digest === undefined || !isHex(digest) || !isHash(digest))
      throw new UsageError('Options --key and --recovery want the file of the key and the 32 bytes of a recovery.', {
        command: 'veto',
        remedy: 'Or veto in your browser: --passkey.',
      })
    const nodes = await readNodes('veto', values)
    const { key, account } = await readKeyFile(file)
    const subject = await readSubject('veto', { ...values, account: values.account ?? account }, nodes)
    const delivery = await readDelivery(nodes, values, terminal)
    const config = toConfig(nodes, {
      credentials: softwareCredentials(key),
      party: key,
      relay: delivery.relay,
      kit: subject.kit,
    })
    const genesis = await readGenesis(config, subject, signal)
    const owner = getAccount(config, { address: subject.address, genesis, credential: toCredentialRecord(key) })
    for (const line of [
      `The recovery ${digest} of account ${subject.address} is stopped on every chain, for good.`,
      ...(await describePayer(config, delivery)),
    ])
      terminal.say(line)
    await terminal.confirm('Veto it?')
    const results = await vetoRecovery(owner, { digest, signal })
    const { unsent } = delivery
    const failed = results.filter((result) => result.status === 'failed' && !isUnsent(result))
    return {
      exit: failed.length > 0 ? exitCodes.failed : unsent.length > 0 ? exitCodes.unfinished : exitCodes.done,
      text: [
        ...results.map((result) => {
          const words = { done: 'vetoed', skipped: 'was vetoed before', failed: result.error?.message ?? 'failed' }
          return `Chain ${result.chainId}: ${isUnsent(result) ? 'for you to send' : words[result.status]}`
        }),
        ...unsent.flatMap((transaction) => ['', ...describeTransaction(transaction)]),
      ].join('\n'),
      json: {
        account: subject.address,
        digest,
        chains: results.map((result) => ({
          chainId: result.chainId,
          status: isUnsent(result) ? 'unsent' : result.status,
          transactionHash: result.transactionHash ?? null,
          error: result.error && !isUnsent(result) ? errorJson(result.error) : null,
        })),
        transactions: unsent,
      },
    }
  },
})
