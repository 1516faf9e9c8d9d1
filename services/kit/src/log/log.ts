import { createRedact } from './redact.ts'

/** `alarm` is for somebody to be woken; the others are for reading later. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'alarm'

/** What belongs to an event. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes events as JSON, one a line. */
export type Log = Readonly<Record<LogLevel, (event: string, fields?: LogFields) => void>> & {
  /** A log that adds `fields` to all it writes. */
  readonly with: (fields: LogFields) => Log
}

export type LogParameters = {
  readonly service: string
  /** Texts that must never be written: see `readSettings`. */
  readonly secrets?: readonly string[]
  readonly least?: LogLevel
  readonly write?: (line: string) => void
  readonly now?: () => Date
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'alarm']

/** Makes a log. Everything that goes in is cleaned of secrets: see `createRedact`. */
export function createLog({
  service,
  secrets = [],
  least = 'info',
  write = (line) => void process.stdout.write(line),
  now = () => new Date(),
}: LogParameters): Log {
  const redact = createRedact(secrets)
  const make = (common: LogFields): Log => {
    const writer =
      (level: LogLevel) =>
      (event: string, fields: LogFields = {}): void => {
        if (levels.indexOf(level) < levels.indexOf(least)) return
        const cleaned = redact({ ...common, ...fields }) as LogFields
        const entry = { ...cleaned, time: now().toISOString(), level, service, event: redact(event) }
        write(`${toLine(entry)}\n`)
      }
    return {
      debug: writer('debug'),
      info: writer('info'),
      warn: writer('warn'),
      error: writer('error'),
      alarm: writer('alarm'),
      with: (fields) => make({ ...common, ...fields }),
    }
  }
  return make({})
}

/** JSON leaves these characters as they are, but terminals and readers of lines do not. */
function toLine(entry: LogFields): string {
  return JSON.stringify(entry).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
