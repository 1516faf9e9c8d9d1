type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

const lineWidth = 120

/** Prints a JSON value as a TypeScript literal in the style of this repository: single quotes, bare keys, no semicolons. */
export function literal(value: unknown, indent = ''): string {
  return print(JSON.parse(JSON.stringify(value)) as Json, indent)
}

function print(value: Json, indent: string): string {
  const flat = flatten(value)
  if (indent.length + flat.length <= lineWidth - 40 || typeof value !== 'object' || value === null) return flat
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => `${inner}${print(item, inner)},\n`)
    return `[\n${items.join('')}${indent}]`
  }
  const entries = Object.entries(value).map(([key, item]) => `${inner}${printKey(key)}: ${print(item, inner)},\n`)
  return `{\n${entries.join('')}${indent}}`
}

function flatten(value: Json): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(flatten).join(', ')}]`
  const entries = Object.entries(value).map(([key, item]) => `${printKey(key)}: ${flatten(item)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function printKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)
}

function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  return escaped.includes("'") && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replaceAll("'", "\\'")}'`
}
