import { type Command, commonOptions } from '../command.ts'
import type { Options } from '../io/arguments.ts'

/** The commands, one line each. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'rekey: get an account back, or help somebody to, with nothing but nodes.',
    '',
    ...commands.map(({ name, summary }) => `  rekey ${name.padEnd(width)}  ${summary}`),
    '',
    'Each has --help, --json (one document on standard output) and --yes (no questions).',
    'Exit codes: 0 done, 1 failed, 2 wrong arguments or files, 3 more to do, 4 declined, 130 interrupted.',
  ].join('\n')
}

/** All about one command. */
export function commandHelp({ name, usage, summary, about, options }: Command): string {
  const all: Options = { ...options, ...commonOptions }
  const rows = Object.entries(all).map(([option, { value, help }]) => ({
    left: `--${option}${value === undefined ? '' : ` ${value}`}`,
    help,
  }))
  const width = Math.max(...rows.map(({ left }) => left.length))
  return [
    `rekey ${name}: ${summary}.`,
    '',
    `  rekey ${name} ${usage}`,
    '',
    ...about,
    '',
    ...rows.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`),
  ].join('\n')
}
