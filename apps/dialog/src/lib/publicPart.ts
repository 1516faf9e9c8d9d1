import type { RekeyConfig } from '@rekey/sdk'
import { loadRecovery, type RecoveryRequest } from '@rekey/sdk/recovery'

/**
 * A recovery without the sign-ins that no network has counted yet: they say who somebody is at a provider, so they are
 * neither kept nor sent to anybody before they are public.
 *
 * @param counted - Places of the guardians whose approvals some network has counted.
 */
export function publicPart(config: RekeyConfig, request: RecoveryRequest, counted: readonly number[]): RecoveryRequest {
  const { policy, approvals } = request
  const shown = approvals.filter(({ index }) => !policy.guardians[index]?.needsEvidence || counted.includes(index))
  return shown.length === approvals.length ? request : loadRecovery(config, { ...request.toJSON(), approvals: shown })
}
