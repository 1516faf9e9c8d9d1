import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const foreign = inFile('contracts/modules/recovery/ForeignRecovery.sol', [
  ['check: has this module', 'if (!_hasThis(account)) revert NotInstalled(account);', ''],
  [
    'check: or has PasskeyValidator',
    '!_has(account, MODULE_TYPE_VALIDATOR, address(PASSKEY_VALIDATOR))',
    'true',
    { within: '!_has(account, MODULE_TYPE_VALIDATOR, address(PASSKEY_VALIDATOR)) &&' },
  ],
  ['check: takes validators', '!IERC7579AccountConfig(account).supportsModule(MODULE_TYPE_VALIDATOR)', 'false'],
  ['recover: installs PasskeyValidator', 'calls[1] = Execution({target: account, value: 0, callData: data});', ''],
  ['recover: only if it is not there', '!_has(account, MODULE_TYPE_VALIDATOR, passkeys)', 'true'],
  ['recover: keeps the signers', 'recovery.keep & KEEP_SIGNERS == 0', 'true'],
  ['recover: revokes the signers', '_has(account, MODULE_TYPE_VALIDATOR, signers)', 'false'],
  [
    'recover: keeps the passkeys only if asked',
    'recovery.keep & KEEP_PASSKEYS != 0',
    'true',
    { within: 'bool keep = recovery.keep & KEEP_PASSKEYS != 0;' },
  ],
  ['recovered: asked afterwards', 'if (!_isRecovered(account, recovery)) revert NotRecovered(account);', ''],
  [
    'recovered: PasskeyValidator is there',
    'if (!_has(account, MODULE_TYPE_VALIDATOR, address(PASSKEY_VALIDATOR))) return false;',
    '',
  ],
  ['recovered: the new passkey', 'commitments[i] == wanted', 'true'],
  [
    'recovered: beside others if they are kept',
    'recovery.keep & KEEP_PASSKEYS != 0',
    'false',
    { within: 'return recovery.keep & KEEP_PASSKEYS != 0 ||' },
  ],
  ['recovered: it alone', 'commitments.length == 1', 'true'],
])

export const foreignGuards: GuardGroup = {
  name: 'foreign',
  tests: ['GuardianRecovery/Foreign.t.sol', 'GuardianRecovery/ForeignChecks.t.sol'],
  guards: foreign,
}
