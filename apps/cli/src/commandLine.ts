import { isRekeyError } from '@rekey/sdk/errors'
import { type Command, commonOptions, exitCodes, type Outcome } from './command.ts'
import { approve } from './commands/approve.ts'
import { drill } from './commands/drill.ts'
import { health } from './commands/health.ts'
import { kitCheck, kitExport, kitPrint } from './commands/kit.ts'
import { policyDiff, policyShow } from './commands/policy.ts'
import { recover } from './commands/recover.ts'
import { send } from './commands/send.ts'
import { veto } from './commands/veto.ts'
import { InterruptedError, UsageError } from './errors.ts'
import { readArguments } from './io/arguments.ts'
import { createTerminal, type Streams } from './io/terminal.ts'
import { errorJson, errorText } from './render/error.ts'
import { commandHelp, overview } from './render/help.ts'

export const commands: readonly Command[] = [
  recover,
  approve,
  veto,
  send,
  drill,
  health,
  policyShow,
  policyDiff,
  kitExport,
  kitCheck,
  kitPrint,
]

/** The streams of a process, and its signals. */
export type ProcessLike = Streams & {
  readonly stdout: NodeJS.WritableStream
  once(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

/** Runs a command line to its end and returns the exit code. One document or text goes to `stdout`, all else to `stderr`. */
export async function runCommandLine(argv: readonly string[], self: ProcessLike): Promise<number> {
  const [name = '', ...rest] = argv
  // What follows is read as JSON whatever is wrong with it.
  const isJson = argv.includes('--json')
  const words = commands.find(({ name: known }) => known === name || known === `${name} ${rest[0]}`)?.name ?? null
  const print = (text: string): void => void self.stdout.write(text === '' ? '' : `${text}\n`)
  try {
    if (['', '--help', '-h', 'help'].includes(name)) {
      print(overview(commands))
      return name === '' ? exitCodes.usage : exitCodes.done
    }
    const command = findCommand(name, rest)
    const outcome = await runCommand(command, rest.slice(command.name.split(' ').length - 1), self)
    print(isJson ? document({ ok: isFine(outcome), command: command.name, ...outcome.json }) : outcome.text)
    return outcome.exit
  } catch (thrown) {
    const error = isInterruption(thrown) ? new InterruptedError() : thrown
    if (isJson)
      print(
        document({
          ok: false,
          command: words,
          error: errorJson(error),
        }),
      )
    else self.stderr.write(`${errorText(error)}\n`)
    return exitCodeOf(error)
  }
}

async function runCommand(command: Command, argv: readonly string[], self: ProcessLike): Promise<Outcome> {
  const options = { ...command.options, ...commonOptions }
  if (argv.some((argument) => argument === '--help' || argument === '-h'))
    return { exit: exitCodes.done, text: commandHelp(command), json: { help: commandHelp(command) } }
  const { values, positionals } = readArguments(command.name, { options, positionals: command.positionals }, argv)
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  // The second Ctrl-C ends it at once.
  self.once('SIGINT', stop)
  self.once('SIGTERM', stop)
  const { signal } = controller
  const terminal = createTerminal(self, { isConfirmed: values.yes === true, signal })
  return command.run({ values, positionals, terminal, signal } as Parameters<Command['run']>[0])
}

/** A command may have two words: `kit print`. */
function findCommand(name: string, [second = '']: readonly string[]): Command {
  const command = commands.find((one) => one.name === `${name} ${second}`) ?? commands.find((one) => one.name === name)
  if (command) return command
  const forms = commands.filter((one) => one.name.startsWith(`${name} `)).map((one) => one.name)
  if (forms.length > 0) throw new UsageError(`There is \`rekey ${forms.join('`, `rekey ')}\`.`)
  throw new UsageError('There is no such command.')
}

function isFine({ exit }: Outcome): boolean {
  return exit === exitCodes.done || exit === exitCodes.unfinished
}

function exitCodeOf(error: unknown): number {
  if (isRekeyError(error, 'CLI_USAGE') || isRekeyError(error, 'CLI_SECRET_IN_ARGUMENTS')) return exitCodes.usage
  if (isRekeyError(error, 'CLI_FILE')) return exitCodes.usage
  if (isRekeyError(error, 'CLI_DECLINED')) return exitCodes.declined
  if (isRekeyError(error, 'CLI_INTERRUPTED')) return exitCodes.interrupted
  return exitCodes.failed
}

function isInterruption(error: unknown): boolean {
  if (isRekeyError(error, 'CHAIN_ABORTED') || isRekeyError(error, 'WEBAUTHN_ABORTED')) return true
  return error instanceof Error && error.name === 'AbortError'
}

function document(content: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(content, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)
}
