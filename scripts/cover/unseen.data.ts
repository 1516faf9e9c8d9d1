import type { Unseen } from './judgeCoverage.ts'

/** Tests that measure gas, which the unoptimised build for coverage has more of; and the long walks, to save time. */
export const unfitTests = [
  'test_starvedSetupIsAllOrNothing',
  'test_refusingCostsAsMuchAsAccepting',
  'test_actionsSucceed',
  'test_questionsAlongAWalk',
  'invariant_',
]

/** What is not even compiled for it: the long walks and their models, and what tests in TypeScript deploy. */
export const leftOut = [
  '*/GuardianRecovery/model/*.sol',
  '*Invariants*.sol',
  '*/mocks/erc7562/*.sol',
  '*/harness/*.sol',
  '*/utils/Test.t.sol',
]

const folded = 'the compiler folds the statement into its neighbours, and the map to the source loses it'
const elseIf = 'the way to the else is taken by tests, the map to the source loses it'

/** Lines that count as reached although forge does not say so, and why. */
export const unseen: readonly Unseen[] = [
  {
    file: 'contracts/account/ModuleManager.sol',
    lines: ['if (moduleTypeId == TYPE_FALLBACK) {'],
    why: folded,
  },
  { file: 'contracts/account/RekeyAccount.sol', lines: ['_requireNotHalted();', '_halt();'], why: folded },
  { file: 'contracts/libraries/Approvals.sol', lines: ['bool known = true;', 'return false;'], why: folded },
  { file: 'contracts/libraries/ClientData.sol', lines: ['return pos;'], why: folded },
  {
    file: 'contracts/libraries/Create3.sol',
    lines: ['if (deployer == address(0)) return false;'],
    why: 'a salt is used once its policy is stored, which PolicyStore asks first; else CREATE2 fails for want of gas alone',
  },
  {
    file: 'contracts/libraries/P256Verifier.sol',
    lines: ['return false;'],
    why: 'the hardfork that forge runs has the precompile; the suites of the others run the rest',
  },
  { file: 'contracts/libraries/Json.sol', lines: ['return end;', 'return place;'], why: folded },
  { file: 'contracts/libraries/OidcProof.sol', lines: ['return false;'], why: folded },
  { file: 'contracts/libraries/RsaVerifier.sol', lines: ['return false;'], why: folded },
  {
    file: 'contracts/modules/OidcRecoveryValidator.sol',
    lines: ['function onInstall(bytes calldata) external {}', 'function onUninstall(bytes calldata) external {}'],
    why: 'there is nothing in them to be reached; a test calls both',
  },
  { file: 'contracts/libraries/PolicyRules.sol', lines: ['pos = end;'], why: folded },
  { file: 'contracts/libraries/WebAuthn.sol', lines: ['pos = end;'], why: folded },
  {
    file: 'contracts/modules/GuardianRecovery.sol',
    lines: ['readyAt = time;', 'if (head.rules & NATIVE != 0) {'],
    why: `${folded}; ${elseIf}`,
  },
  {
    file: 'contracts/modules/RecoveryProvider.sol',
    lines: ['if (proof[0] == START) {', '} else if (proof[0] == EXECUTE) {'],
    why: elseIf,
  },
  {
    file: 'contracts/modules/SignerValidator.sol',
    lines: [
      '_revokeAll();',
      'bytes4 selector = IERC7913SignatureVerifier.verify.selector;',
      'bytes4 magic = IERC1271.isValidSignature.selector;',
      'if (signer.length == EOA_LENGTH) {',
    ],
    why: `${folded}; ${elseIf}`,
  },
  { file: 'contracts/modules/recovery/ForeignRecovery.sol', lines: ['return false;'], why: folded },
]
