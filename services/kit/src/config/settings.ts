import * as v from 'valibot'
import type { Setting } from './readSettings.ts'

type Options<value> = {
  /** Without it the setting has to be there. */
  readonly fallback?: value
}

/** A setting of any form. `schema` reads the text; its own messages are never shown, since they repeat it. */
export function setting<schema extends v.GenericSchema<string, unknown>>(
  help: string,
  schema: schema,
  { fallback }: Options<v.InferOutput<schema>> = {},
): Setting<v.InferOutput<schema>> {
  const whole =
    fallback === undefined
      ? v.pipe(v.string(), schema)
      : v.union([
          v.pipe(
            v.undefined(),
            v.transform(() => fallback),
          ),
          v.pipe(v.string(), schema),
        ])
  return { schema: whole as Setting<v.InferOutput<schema>>['schema'], help, isSecret: false }
}

/** Makes a setting secret: it may come from a file, and the log replaces its value wherever it turns up. */
export function secret<value>(one: Setting<value>): Setting<value> {
  return { ...one, isSecret: true }
}

/** A whole number in decimal digits. */
export function wholeNumber(name: string, least: number, most: number, options: Options<number> = {}): Setting<number> {
  const schema = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number), v.minValue(least), v.maxValue(most))
  return setting(`${name}, a whole number from ${least} to ${most}.`, schema, options)
}

/** The port to listen on; 0 lets the system choose. */
export function port(options: Options<number> = {}): Setting<number> {
  return wholeNumber('a port', 0, 65_535, options)
}

/** A text of a few characters. */
export function text(help: string, options: Options<string> = {}): Setting<string> {
  return setting(help, v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)), options)
}

/** An address of the web, as written; with `http` only where the caller allows it. */
export const webAddress = v.pipe(
  v.string(),
  v.maxLength(2_048),
  v.check((value) => {
    const url = URL.parse(value)
    return url !== null && ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.hash === ''
  }),
)

/** A setting that is JSON. */
export function json<schema extends v.GenericSchema>(
  help: string,
  schema: schema,
  options: Options<v.InferOutput<schema>> = {},
): Setting<v.InferOutput<schema>> {
  const whole = v.pipe(v.string(), v.parseJson(), schema) as v.GenericSchema<string, v.InferOutput<schema>>
  return setting(help, whole, options) as Setting<v.InferOutput<schema>>
}

/** A private key of secp256k1. */
export function privateKey(): Setting<`0x${string}`> {
  const schema = v.pipe(
    v.string(),
    v.regex(/^0x[0-9a-fA-F]{64}$/),
    v.transform((value) => value as `0x${string}`),
  )
  return secret(setting('a private key: 0x and 64 hexadecimal digits.', schema))
}

/** Hosts (`host` or `host:port`) that may be asked although they are not public, or without TLS. For local stacks. */
export function allowedHosts(): Setting<readonly string[]> {
  const schema = v.pipe(
    v.string(),
    v.transform((value) => value.split(',').map((host) => host.trim())),
    v.array(v.pipe(v.string(), v.regex(/^[a-z0-9.[\]:-]+$/))),
  )
  return setting('hosts separated by commas, such as localhost:4000.', schema, { fallback: [] })
}
