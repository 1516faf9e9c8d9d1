import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { SettingsError } from '../errors.ts'

/** One setting: what its text has to be, and a sentence that says so to whoever got it wrong. */
export type Setting<value = unknown> = {
  readonly schema: v.GenericSchema<string | undefined, value>
  readonly help: string
  /** Its value is never printed, and may be given as a file: `NAME_FILE`. */
  readonly isSecret: boolean
}

/** What settings come out as. */
export type SettingsOf<settings extends Readonly<Record<string, Setting>>> = {
  readonly [name in keyof settings]: v.InferOutput<settings[name]['schema']>
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Values, and the texts that must never be printed. */
export type Settings<values> = { readonly values: values; readonly secrets: readonly string[] }

/**
 * Reads all settings of a service from its environment.
 *
 * @param prefix - Names with it that are no settings are refused: they are misspelt.
 * @throws {SettingsError} that names every one that is missing or wrong, and no value.
 */
export function readSettings<const settings extends Readonly<Record<string, Setting>>>(
  settings: settings,
  environment: Environment,
  { prefix }: { readonly prefix?: string } = {},
): Settings<SettingsOf<settings>> {
  const problems: string[] = []
  const secrets: string[] = []
  const values = Object.entries<Setting>(settings).map(([name, setting]) => {
    const text = readText(name, setting, environment, problems)
    if (setting.isSecret && text !== undefined) secrets.push(text)
    const parsed = v.safeParse(setting.schema, text)
    if (!parsed.success)
      problems.push(`${name} is ${text === undefined ? 'missing' : 'wrong'}. Wanted: ${setting.help}`)
    return [name, parsed.output]
  })
  problems.push(...misspelt(settings, environment, prefix))
  if (problems.length > 0) throw new SettingsError(problems)
  return { values: Object.fromEntries(values) as SettingsOf<settings>, secrets }
}

function readText(
  name: string,
  { isSecret }: Setting,
  environment: Environment,
  problems: string[],
): string | undefined {
  const text = environment[name] === '' ? undefined : environment[name]
  const file = isSecret ? environment[`${name}_FILE`] : undefined
  if (file === undefined || file === '') return text
  if (text !== undefined) problems.push(`${name} and ${name}_FILE are both there. Wanted: one of them.`)
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    problems.push(`${name}_FILE cannot be read. Wanted: the path of a file that this process may read.`)
    return undefined
  }
}

function misspelt(
  settings: Readonly<Record<string, Setting>>,
  environment: Environment,
  prefix: string | undefined,
): readonly string[] {
  if (prefix === undefined) return []
  const known = (name: string): boolean => {
    if (Object.hasOwn(settings, name)) return true
    const base = name.endsWith('_FILE') ? settings[name.slice(0, -5)] : undefined
    return base?.isSecret === true
  }
  return Object.keys(environment)
    .filter((name) => name.startsWith(prefix) && !known(name))
    .map((name) => `${name} is no setting. Wanted: ${Object.keys(settings).join(', ')}.`)
}
