export type { Misbehaviour, SyncedPasskey } from './device.ts'
export {
  assertErc7562,
  type CheckUserOpParameters,
  type CheckUserOpReturnType,
  checkUserOp,
} from './erc7562/checkUserOp.ts'
export { Erc7562TraceError, Erc7562ViolationError } from './erc7562/errors.ts'
export { erc7562Rules, type Rule, type Violation } from './erc7562/violation.ts'
export {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
  type SoftwareAuthenticatorParameters,
} from './softwareAuthenticator.ts'
export type { SoftwarePage } from './softwareBrowser.ts'
