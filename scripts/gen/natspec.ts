/** What a documentation comment says to the SDK's users. */
export interface NatSpec {
  readonly notice?: string
  readonly dev?: string
  readonly remedy?: string
}

const keys = { notice: 'notice', dev: 'dev', 'custom:remedy': 'remedy' } as const

/** Splits a NatSpec comment, as the compiler hands it over, into its tags; text before any tag is the notice. */
export function parseNatSpec(text: string): NatSpec {
  const found: { notice?: string; dev?: string; remedy?: string } = {}
  for (const part of `@notice ${text}`.split(/(?:^|\s)@(?=[a-z])/)) {
    const match = /^([a-z:-]+)\s+([\s\S]*)$/.exec(part)
    const tag = match?.[1]
    const content = match?.[2]?.replace(/\s+/g, ' ').trim()
    if (tag === undefined || !content || !(tag in keys)) continue
    const key = keys[tag as keyof typeof keys]
    found[key] = found[key] === undefined ? content : `${found[key]} ${content}`
  }
  return found
}
