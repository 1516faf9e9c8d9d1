export type { Misbehaviour, SyncedPasskey } from './device.ts'
export {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
  type SoftwareAuthenticatorParameters,
} from './softwareAuthenticator.ts'
export type { SoftwarePage } from './softwareBrowser.ts'
