export { kitPhrase } from './describeKit.ts'
export {
  type ExportKitParameters,
  type ExportKitReturnType,
  exportKit,
  type KitGuardianInput,
  recoveryFromKit,
} from './exportKit.ts'
export type { KitChain, KitContracts, KitGuardian, KitPolicy, RecoveryKit } from './kit.ts'
export { type KitHtmlParameters, type QrSquares, toKitHtml } from './kitHtml.ts'
export { type KitJson, kitHash, toKitJson } from './kitJson.ts'
export { type KitTextParameters, kitFileName, toKitText } from './kitText.ts'
export { type ReadKitParameters, readKit } from './readKit.ts'
export { type RecoverySheet, readSheet, toSheetText } from './sheet.ts'
