import type { RekeyConfig } from '@rekey/sdk'
import type { Ballot, RecoveryRequest } from '@rekey/sdk/recovery'
import type { Task } from '../../flows/task.ts'

/** Something that guardians are asked for, as the screens of the ways to approve need it. */
export type AskInHand = {
  readonly request: Pick<Ballot, 'approve' | 'addApproval'> & Pick<RecoveryRequest, 'policy' | 'digest' | 'phrase'>
  /** The link for a guardian. */
  readonly link: string
  /** A shorter one to the same, for a QR code. */
  readonly qr?: string
  /** A guardian may deliver the approval, and the page sees it on the networks. */
  readonly isWatched: boolean
  /** What becomes of a code that is entered. */
  readonly codeLead: string
  /** Approves with a code. */
  readonly takeCode: (text: string, parameters: { signal: AbortSignal }) => Promise<void>
  readonly task: Task
  /** Gets an approval, and keeps it. */
  readonly collect: (what: string, approve: (signal: AbortSignal) => Promise<unknown>) => Promise<void>
}

/** What every way to approve takes. */
export type WayProps = {
  config: RekeyConfig
  ask: AskInHand
  /** The approval was taken, or the owner went back. */
  onEnd: () => void
}
