export type { CallsReceipt, CallsStatus, ConnectAnswer } from './answers.ts'
export { type AppConnection, type AppRequest, type ConnectToAppParameters, connectToApp } from './connectToApp.ts'
export { protocolVersion } from './messages.ts'
export {
  type CreateRekeyProviderParameters,
  createRekeyProvider,
  type ProviderEvents,
  type RekeyProvider,
} from './provider.ts'
export type { DialogRequest, TypedDataJson } from './requests.ts'
export { ProviderRpcError, type RpcErrorName, rpcError, rpcErrorCodes } from './rpcError.ts'
export type { AppWindow, DialogWindow, RemoteWindow, WindowMessage } from './windows.ts'
