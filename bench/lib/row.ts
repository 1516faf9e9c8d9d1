import type { Cost } from './measure.ts'

/** One measured figure beside its goal. */
export type Row = {
  /** Row of the performance page, with a letter where it has several figures. */
  readonly id: string
  readonly what: string
  readonly unit: 'gas' | 'bytes' | 'slots' | 'count' | 'B gzip'
  readonly measured: number
  /** Absent for figures that show how a cost grows; the snapshot alone guards them. */
  readonly target?: number
  readonly moonshot?: number
  /** What it may never come to, whatever was committed before. */
  readonly ceiling?: number
  /** The whole cost of the transaction it was read from. */
  readonly cost?: Cost
}

export type Status = 'moonshot' | 'met' | 'missed' | 'shown'

/** Where a figure stands. */
export function statusOf({ measured, target, moonshot }: Row): Status {
  if (moonshot !== undefined && measured <= moonshot) return 'moonshot'
  if (target === undefined) return 'shown'
  return measured <= target ? 'met' : 'missed'
}

/** A table for the terminal and for results.md. */
export function toTable(rows: readonly Row[]): string {
  const head = [
    'row',
    'what',
    'measured',
    'target',
    'moonshot',
    'unit',
    'status',
    'calldata B',
    'FastLZ B',
    'new slots',
    'deployed B',
  ]
  const number = (value: number | undefined): string => (value === undefined ? '' : value.toLocaleString('en-US'))
  const lines = rows.map((row) => [
    row.id,
    row.what,
    number(row.measured),
    number(row.target),
    number(row.moonshot),
    row.unit,
    statusOf(row),
    number(row.cost?.calldataBytes),
    number(row.cost?.fastLzBytes),
    number(row.cost?.newSlots),
    number(row.cost?.deployedBytes),
  ])
  const rule = head.map(() => '---')
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
