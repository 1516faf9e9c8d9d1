export { type Environment, readSettings, type Setting, type Settings, type SettingsOf } from './config/readSettings.ts'
export {
  allowedHosts,
  json,
  port,
  privateKey,
  secret,
  setting,
  text,
  webAddress,
  wholeNumber,
} from './config/settings.ts'
export { databaseUrl } from './config/storeSettings.ts'
export {
  OutboundError,
  type OutboundProblem,
  RequestError,
  type RequestStatus,
  SettingsError,
  StoreError,
  type StoreProblem,
} from './errors.ts'
export {
  type AppParameters,
  createApp,
  type ServiceApp,
  type ServiceContext,
  type ServiceVariables,
} from './http/app.ts'
export { clientNetwork, limitByClient, spend } from './http/limit.ts'
export { check, readJson } from './http/readJson.ts'
export { type ServeParameters, type Serving, serve } from './http/serve.ts'
export { createLog, type Log, type LogFields, type LogLevel, type LogParameters } from './log/log.ts'
export {
  createSafeFetch,
  type FetchRequest,
  type FetchRules,
  type SafeAnswer,
  type SafeFetch,
} from './net/safeFetch.ts'
export { type RunningService, runService, type ServiceParameters, type ServiceStart } from './runService.ts'
export { type Allowance, createLimits, type Limit, limitMigration, type TakeAttempt } from './store/limits.ts'
export type { Migration } from './store/migrate.ts'
export { openStore } from './store/openStore.ts'
export type { Queryable, Row, SqlValue, Store, StorePlace } from './store/store.ts'
