import { EncodingError } from '../errors/encoding.ts'

/** The fields of clientDataJSON that are checked. */
export type ClientData = {
  readonly type: string
  /** The challenge as base64url text. */
  readonly challenge: string
  readonly origin: string
  readonly crossOrigin: boolean
}

const subject = 'client data'
const wanted = ['type', 'challenge', 'origin', 'crossOrigin']
/** Levels below the object itself, as in the contracts. */
const maxDepth = 8

/**
 * Reads the fields of clientDataJSON that are checked, in any order and among any others.
 *
 * Every wanted key may occur once at the top level (an absent `crossOrigin` is false), without escapes; values nest at
 * most 8 deep, and nothing surrounds the object.
 *
 * @throws {EncodingError} when the text is anything else.
 * @see SPEC §3, full form
 */
export function parseClientData(json: string): ClientData {
  const fields = parseObject(json)
  const entries = topLevelEntries(json)
  for (const key of wanted)
    if (entries.filter((entry) => entry.key === `"${key}"`).length > 1)
      throw new EncodingError(subject, `it has the key ${key} twice`)
  if (
    entries.some(({ key, value }) => key.includes('\\') || (wanted.includes(key.slice(1, -1)) && value?.includes('\\')))
  )
    throw new EncodingError(subject, 'it has escapes in a key or in a checked value')
  const text = (key: string): string => {
    const value = own(fields, key)
    if (typeof value !== 'string') throw new EncodingError(subject, `its ${key} is missing or no text`)
    return value
  }
  const crossOrigin = Object.hasOwn(fields, 'crossOrigin') ? own(fields, 'crossOrigin') : false
  if (typeof crossOrigin !== 'boolean') throw new EncodingError(subject, 'its crossOrigin is neither true nor false')
  return { type: text('type'), challenge: text('challenge'), origin: text('origin'), crossOrigin }
}

/**
 * Decodes the bytes of clientDataJSON without losing any.
 *
 * @throws {EncodingError} when they are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new EncodingError(subject, 'it is not UTF-8')
  }
}

function parseObject(json: string): object {
  if (!json.startsWith('{') || !json.endsWith('}')) throw new EncodingError(subject, 'it is not one JSON object')
  try {
    return JSON.parse(json)
  } catch {
    throw new EncodingError(subject, 'it is not JSON')
  }
}

function own(fields: object, key: string): unknown {
  return Object.hasOwn(fields, key) ? Reflect.get(fields, key) : undefined
}

/** The raw text of every top-level key, and of its value where that is a string; `json` is known to be valid. */
function topLevelEntries(json: string): { key: string; value?: string }[] {
  const entries: { key: string; value?: string }[] = []
  let depth = 0
  let last = ''
  let isValue = false
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:,]/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (depth === 1 && token === ':') entries.push({ key: last })
    else if (depth === 1 && token.startsWith('"')) {
      const entry = entries.at(-1)
      if (isValue && entry) entry.value = token
      last = token
    }
    if (depth > maxDepth + 1) throw new EncodingError(subject, `it is nested deeper than ${maxDepth}`)
    isValue = token === ':'
  }
  return entries
}
