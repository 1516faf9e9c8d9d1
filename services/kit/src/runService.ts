import { isRekeyError } from '@rekey/sdk/errors'
import { type Environment, readSettings, type Setting, type SettingsOf } from './config/readSettings.ts'
import { createLog, type Log } from './log/log.ts'

/** What a service gets to start with. */
export type ServiceStart<values> = {
  readonly settings: values
  readonly log: Log
}

/** A service that has started; `stop` ends it in order. */
export type RunningService = { readonly stop: () => Promise<void> }

export type ServiceParameters<settings extends Readonly<Record<string, Setting>>> = {
  readonly name: string
  readonly settings: settings
  /** Names with it that are no settings are refused. */
  readonly prefix: string
  readonly environment?: Environment
  readonly start: (start: ServiceStart<SettingsOf<settings>>) => Promise<RunningService>
}

/** Runs a service as a process: reads its settings, starts it, and stops it in order at SIGTERM or SIGINT. */
export async function runService<const settings extends Readonly<Record<string, Setting>>>({
  name,
  settings,
  prefix,
  environment = process.env,
  start,
}: ServiceParameters<settings>): Promise<void> {
  let log: Log | undefined
  try {
    const { values, secrets } = readSettings(settings, environment, { prefix })
    log = createLog({ service: name, secrets })
    const service = await start({ settings: values, log })
    stopAtSignal(service, log)
  } catch (error) {
    // Settings come first, and their error says no value.
    if (log === undefined)
      process.stderr.write(`${isRekeyError(error) ? error.message : 'The service does not start.'}\n`)
    else log.error('the service does not start', { error })
    process.exit(isRekeyError(error, 'SERVICE_SETTINGS_INVALID') ? 2 : 1)
  }
}

function stopAtSignal(service: RunningService, log: Log): void {
  let isStopping = false
  const stop = async (signal: string): Promise<void> => {
    // The second one ends it at once.
    if (isStopping) process.exit(1)
    isStopping = true
    log.info('stopping', { signal })
    try {
      await service.stop()
      log.info('stopped')
      process.exit(0)
    } catch (error) {
      log.error('did not stop in order', { error })
      process.exit(1)
    }
  }
  process.on('SIGTERM', (signal) => void stop(signal))
  process.on('SIGINT', (signal) => void stop(signal))
}
