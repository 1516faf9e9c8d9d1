export { type CodeContent, formatCode } from './format.ts'
export {
  type CodesInPolicy,
  codeSetName,
  codesGuardian,
  type FoundCode,
  findCode,
  findCodeSets,
} from './guardian.ts'
export { type CodesOnChain, type CodesState, readCodes } from './readCodes.ts'
export {
  createCodes,
  defaultCodeCount,
  forgetCodes,
  type NewCodes,
  parseCode,
  type RecoveryCode,
  revealCode,
} from './recoveryCode.ts'
export { approveWithCode, redeemCode } from './redeemCode.ts'
export {
  type CodeReplacement,
  type CodeReplacementJson,
  type CodeReplacementStatus,
  replaceCodes,
  resumeCodeReplacement,
} from './replaceCodes.ts'
export { assessSeenCodes, type CodesReach, type SeenCodes } from './seenCodes.ts'
export { type CodeSheet, type CodeSheetParameters, codeSheet, codeSheetFileName, codeSheetText } from './sheet.ts'
export { codeSheetHtml } from './sheetHtml.ts'
