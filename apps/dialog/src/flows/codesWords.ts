import type { CodesState } from '@rekey/sdk/codes'

/** Says how many codes are left, over all networks: a code that is used on one is as good as used. */
export function codesLeftSentence({ chains, left }: CodesState): string {
  const sets = chains.flatMap((chain) => ('sets' in chain ? chain.sets : []))
  const [first] = sets
  if (!first) return chains.some((chain) => 'error' in chain) ? 'The networks do not answer.' : 'No codes.'
  return `${left} of ${first.spent.length} codes left, set ${first.name}`
}

/** Numbers of the codes that were used on some network, as on the sheet. */
export function spentNumbers({ chains }: CodesState): readonly number[] {
  const numbers = chains.flatMap((chain) =>
    'sets' in chain
      ? chain.sets.flatMap(({ spent }) => spent.flatMap((isSpent, place) => (isSpent ? [place + 1] : [])))
      : [],
  )
  return [...new Set(numbers)].toSorted((a, b) => a - b)
}
