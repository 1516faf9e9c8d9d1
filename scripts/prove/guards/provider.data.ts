import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const provider = inFile('contracts/modules/RecoveryProvider.sol', [
  ['no ETH', 'if (msg.value != 0) revert ValueNotAccepted(msg.value);', ''],
  ['subscribe: nothing given, nothing there', 'if (policyId == 0) revert IRecoveryTypes.NoPolicy(msg.sender);', ''],
  [
    'subscribe: replaces no policy',
    'revert SubscriptionTakesTime(msg.sender, policyId);',
    'GUARDIAN_RECOVERY.setPolicy(msg.sender, policy, issuedAt, ownerSignature);',
  ],
  ['subscribe: the policy there may be named again', 'policyId != uint160(uint256(keccak256(policy)))', 'true'],
  ['subscribe: the module is there', '!_isGuarded(msg.sender)', 'false'],
  ['unsubscribe: not while guarded', 'policyId != 0 && _isGuarded(msg.sender)', 'false'],
  ['recover: a contract delivers its own only', 'isContract && msg.sender != recovery.account', 'false'],
  [
    'recover: what waits is no proof',
    'if (record.status != IRecoveryTypes.Status.None) revert RecoveryWaits(digest, record.readyAt);',
    '',
  ],
  ['recover: who has no code may start one that waits', 'if (!isContract) return;', ''],
  ['recover: there is a proof', 'proof.length == 0', 'false'],
  ['recover: of a known kind', 'proof[0] == EXECUTE', 'true'],
  ['guarded: an account', 'account.code.length != 0', 'true'],
  ['recovery data: no policy, none', 'head.policyId == 0', 'false'],
  ['recovery data: no module, none', '!_isGuarded(account)', 'false'],
])

export const providerGuards: GuardGroup = {
  name: 'provider',
  tests: ['RecoveryProvider/RecoveryProvider.t.sol'],
  guards: provider,
}
