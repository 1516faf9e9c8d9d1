import type { RekeyConfig } from '@rekey/sdk'
import { type ApprovalRequest, loadApprovalRequest, loadRecovery, type RecoveryRequest } from '@rekey/sdk/recovery'
import { type ErrorText, errorText } from './errorText.ts'

/** What a guardian's link holds. */
export type OpenedAsk =
  | {
      readonly ask: ApprovalRequest
      /** All of the recovery, where the link carries it: then the guardian can deliver, too. */
      readonly recovery: RecoveryRequest | undefined
    }
  | { readonly error: ErrorText }

/** Reads a guardian's link, long or short. */
export function openAsk(config: RekeyConfig, { href, hash }: Pick<Location, 'href' | 'hash'>): OpenedAsk {
  try {
    if (!hash.startsWith('#recovery=')) return { ask: loadApprovalRequest(config, href), recovery: undefined }
    const recovery = loadRecovery(config, href)
    return { ask: loadApprovalRequest(config, recovery.text), recovery }
  } catch (error) {
    return { error: errorText(error) }
  }
}
