import type { RekeyConfig } from '@rekey/sdk'
import { redeemCode } from '@rekey/sdk/codes'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import { countedApprovals } from '../../flows/recovery.ts'
import { publicPart } from '../../lib/publicPart.ts'
import type { AskInHand } from '../ways/inHand.ts'
import type { RecoveryInHand } from './useRecovery.ts'

/** A recovery as the screens of the ways to approve need it. */
export function recoveryAsk(config: RekeyConfig, request: RecoveryRequest, recovery: RecoveryInHand): AskInHand {
  const page = `${window.location.origin}/guardian`
  const { view, task, collect } = recovery
  return {
    request,
    link: publicPart(config, request, countedApprovals(view)).toLink(page),
    qr: request.toApprovalLink(page),
    isWatched: true,
    codeLead: 'It is used up when the recovery starts.',
    takeCode: (text, parameters) => redeemCode(config, request, text, parameters),
    task,
    collect,
  }
}
