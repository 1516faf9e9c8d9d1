/** A row of the catalogue: an attack (`23`), an invariant (`I7`) or a bad ID token or sign-in (`J5`). */
export interface CatalogueRow {
  readonly id: string
  readonly attack: string
  readonly outcome: string
  /** Why the row has no test of its own, if that was decided: what follows `*Decided otherwise*:` in the outcome. */
  readonly decision?: string
}

export interface CatalogueGroup {
  readonly letter: string
  readonly title: string
  readonly rows: readonly CatalogueRow[]
}

/**
 * Reads groups (`## A. Title`) and their table rows (`| 23 | attack | outcome |`) from the catalogue.
 * @throws when rows are not numbered 1, 2, 3 … (invariants I1, I2, I3 …, tokens J1, J2, J3 …): a number is a name that tests use.
 */
export function parseCatalogue(markdown: string): readonly CatalogueGroup[] {
  const groups: { letter: string; title: string; rows: CatalogueRow[] }[] = []
  const expected = { '': 1, I: 1, J: 1 }
  for (const line of markdown.split('\n')) {
    const heading = /^## ([A-Z])\. (.+)$/.exec(line)
    if (heading) groups.push({ letter: heading[1] ?? '', title: heading[2] ?? '', rows: [] })
    const row = /^\|\s*([IJ]?)(\d+)\s*\|\s*(.*?)\s*(?:\|\s*(\S.*?)\s*)?\|$/.exec(line)
    if (!row) continue
    const [, prefix = '', number, attack = '', outcome = ''] = row
    const series = prefix === 'I' || prefix === 'J' ? prefix : ''
    if (Number(number) !== expected[series]) {
      throw new Error(
        `Row ${prefix}${number} of the attack catalogue stands where ${prefix}${expected[series]} is expected.`,
      )
    }
    expected[series] += 1
    const group = groups.at(-1)
    if (group === undefined)
      throw new Error(`Row ${prefix}${number} of the attack catalogue stands before the first group.`)
    const decision = /\*Decided otherwise\*: (.+)$/.exec(outcome)?.[1]
    group.rows.push({ id: `${prefix}${number}`, attack, outcome, ...(decision === undefined ? {} : { decision }) })
  }
  return groups
}
