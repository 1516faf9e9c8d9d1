import type { RekeyConfig } from '@rekey/sdk'
import { approveWithCode } from '@rekey/sdk/codes'
import { approveWithPassphrase } from '@rekey/sdk/passphrase'
import type { ApprovalRequest, Approver, RecoveryRequest, Reveal } from '@rekey/sdk/recovery'
import { UsageError } from '../errors.ts'
import type { Options, Values } from '../io/arguments.ts'
import type { Terminal } from '../io/terminal.ts'
import { readWallet } from './wallet.ts'

export const approverOptions = {
  wallet: { type: 'text', value: '<file>', help: 'approve with the private key or mnemonic in this file' },
  'wallet-env': {
    type: 'text',
    value: '<name>',
    help: 'approve with the private key or mnemonic in this environment variable',
  },
  'wallet-index': { type: 'text', value: '<number>', help: 'which account of the mnemonic (default 0)' },
  passphrase: { type: 'secret', help: 'approve with a passphrase; it is asked for and not shown' },
  code: { type: 'secret', help: 'approve with a recovery code; it is asked for and not shown' },
} as const satisfies Options

/** How somebody at this machine approves. */
export type LocalApprover = (request: Pick<RecoveryRequest | ApprovalRequest, 'policy' | 'digest'>) => Promise<Approver>

/** Reads who approves here; secrets are asked for when they are needed, and forgotten. */
export async function readApprovers(
  config: RekeyConfig,
  values: Values<typeof approverOptions>,
  { terminal, signal, reveals }: { terminal: Terminal; signal: AbortSignal; reveals: readonly Reveal[] },
): Promise<LocalApprover[]> {
  const { wallet: file, 'wallet-env': env, passphrase, code } = values
  const approvers: LocalApprover[] = []
  if (file !== undefined || env !== undefined) {
    const wallet = await readWallet({ file, env, index: readIndex(values['wallet-index']) }, terminal)
    approvers.push(async () => ({ wallet, reveals }))
  }
  if (passphrase)
    approvers.push(async (request) => {
      const phrase = await terminal.askSecret('Passphrase (not shown): ')
      terminal.say('Deriving the key of the passphrase. This takes some seconds and much memory, on purpose.')
      return approveWithPassphrase(request, { phrase, signal })
    })
  if (code)
    approvers.push(async (request) =>
      approveWithCode(config, request, await terminal.askSecret('Recovery code (not shown): ')),
    )
  return approvers
}

function readIndex(text: string | undefined): number {
  if (text === undefined) return 0
  if (!/^\d{1,6}$/.test(text)) throw new UsageError('Option --wallet-index wants a number.')
  return Number(text)
}
