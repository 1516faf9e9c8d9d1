import { parseArgs } from 'node:util'
import { SecretInArgumentsError, UsageError } from '../errors.ts'

/** An option of a command. */
export type Option = {
  /** `flag` has no value; `secret` is a flag after which a secret is typed; `list` may be given several times. */
  readonly type: 'flag' | 'secret' | 'text' | 'list'
  /** What stands for the value in the help. */
  readonly value?: string
  readonly help: string
  /** Its value is a hash, which looks like a private key. */
  readonly isHash?: boolean
}

export type Options = Readonly<Record<string, Option>>

/** What was given for one option; `undefined` or an empty list when it was not. */
export type Value = readonly string[] | string | undefined | boolean

type ValueOf<option extends Option> = option['type'] extends 'list'
  ? readonly string[]
  : option['type'] extends 'text'
    ? string | undefined
    : boolean

/** What was given for each option. */
export type Values<options extends Options> = { readonly [name in keyof options]: ValueOf<options[name]> }

export type Arguments<options extends Options> = {
  readonly values: Values<options>
  readonly positionals: readonly string[]
}

/** What looks like a private key or a mnemonic. */
const secretForm = /^\s*(?:(?:0x)?[0-9a-f]{64}|[a-z]+(?:\s+[a-z]+){11,23})\s*$/i

/**
 * Reads the arguments of a command. Nothing that was given is repeated in an error: it might be a secret.
 *
 * @throws {UsageError} for what the command does not know.
 * @throws {SecretInArgumentsError} for a secret among them.
 */
export function readArguments<const options extends Options>(
  command: string,
  { options, positionals: most = 0 }: { options: options; positionals?: number | undefined },
  argv: readonly string[],
): Arguments<options> {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { type }]) => [
      name,
      { type: type === 'text' || type === 'list' ? ('string' as const) : ('boolean' as const), multiple: true },
    ]),
  )
  const { tokens } = parseArgs({ args: [...argv], options: config, strict: false, tokens: true })
  const given = new Map<string, string[]>()
  const positionals: string[] = []
  let last: { name: string; option: Option } | undefined
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (last?.option.type === 'secret') refuseSecret(last.name)
      if (positionals.length === most || secretForm.test(token.value))
        throw new UsageError(`There is an argument that \`rekey ${command}\` does not take.`, { command })
      positionals.push(token.value)
      last = undefined
    } else if (token.kind === 'option') {
      const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
      if (!option)
        throw new UsageError(`\`rekey ${command}\` has no option ${plainOption(token.rawName)}.`, { command })
      last = { name: token.name, option }
      given.set(token.name, [...(given.get(token.name) ?? []), readValue(command, token.name, option, token.value)])
    }
  }
  return { values: toValues(command, options, given), positionals }
}

function readValue(command: string, name: string, { type, isHash }: Option, value: string | undefined): string {
  const takesValue = type === 'text' || type === 'list'
  if (!takesValue && value !== undefined) {
    if (type === 'secret') refuseSecret(name)
    throw new UsageError(`Option --${name} has no value.`, { command })
  }
  if (!takesValue) return ''
  if (value === undefined || value === '') throw new UsageError(`Option --${name} needs a value.`, { command })
  if (!isHash && secretForm.test(value))
    throw new SecretInArgumentsError(name, 'Put the key into a file that only you can read.')
  return value
}

function toValues<options extends Options>(
  command: string,
  options: options,
  given: ReadonlyMap<string, readonly string[]>,
): Values<options> {
  const entries = Object.entries(options).map(([name, { type }]) => {
    const values = given.get(name) ?? []
    if (type === 'list') return [name, values]
    if (values.length > 1) throw new UsageError(`Option --${name} is given twice.`, { command })
    return [name, type === 'text' ? values[0] : values.length > 0]
  })
  return Object.fromEntries(entries) as Values<options>
}

function refuseSecret(name: string): never {
  throw new SecretInArgumentsError(name, `Give --${name} alone: it is asked for, and typed without being shown.`)
}

/** The name of an option as it was given, unless it could be something else. */
function plainOption(raw: string): string {
  return /^--?[a-z][a-z-]{0,30}$/i.test(raw) ? raw : 'like that'
}
