/** What solc says in its output, as far as it is read here. */
export interface CompilerMessage {
  readonly severity: string
  readonly message: string
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number }
}

/** One assertion, or the absence of over- and underflows in one contract. */
export interface Claim {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** Contracts of this name hold false claims. */
const isBroken = (contract: string) => contract.startsWith('Broken')

/**
 * Reads the verdict on every `assert` of `source`, and on everything else that the solver looked at.
 * An assertion that the solver does not mention counts as unproved: silence is no proof.
 */
export function judgeClaims(contract: string, source: string, messages: readonly CompilerMessage[]): Claim[] {
  const fatal = messages.find(({ severity }) => severity === 'error')
  if (fatal) return [{ name: `${contract} compiles`, ok: false, detail: fatal.message }]
  const file = `test/smt/${contract}.sol`
  const claims = assertions(source).map(({ start, text }) => {
    const verdicts = messages.filter((message) => message.sourceLocation?.file === file && isAt(message, start))
    const isProved = verdicts.length > 0 && verdicts.every(isSafe)
    const ok = isBroken(contract) ? verdicts.length > 0 && !verdicts.some(isSafe) : isProved
    return { name: `${contract}: ${text}`, ok, detail: describe(verdicts.length, isProved) }
  })
  if (isBroken(contract)) return claims
  const others = messages.filter((message) => /CHC: (Over|Under|Division)/.test(message.message))
  const unsafe = others.filter((message) => !isSafe(message))
  const detail = unsafe.length > 0 ? unsafe.map(({ message }) => message).join('; ') : `${others.length} proved`
  return [
    ...claims,
    {
      name: `${contract}: no overflow, underflow, division by zero`,
      ok: others.length > 0 && unsafe.length === 0,
      detail,
    },
  ]
}

/** The position and the text of every `assert(…)` that ends its line. */
function assertions(source: string): { start: number; text: string }[] {
  return [...source.matchAll(/assert\((.+)\);$/gm)].map((match) => ({ start: match.index, text: match[1] ?? '' }))
}

function isAt({ message, sourceLocation }: CompilerMessage, start: number): boolean {
  return message.includes('Assertion violation') && sourceLocation?.start === start
}

function isSafe({ message }: CompilerMessage): boolean {
  return message.includes('is safe!')
}

function describe(verdicts: number, isProved: boolean): string {
  if (verdicts === 0) return 'the solver said nothing'
  return isProved ? 'proved' : 'not proved'
}
