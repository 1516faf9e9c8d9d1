/** What was measured of one file. A branch is one of the ways on from its line. */
export interface FileCoverage {
  readonly lines: ReadonlyMap<number, number>
  readonly branches: readonly { readonly line: number; readonly taken: number }[]
}

/** Reads an lcov report: hits of each line and branch by file. */
export function parseLcov(report: string): Map<string, FileCoverage> {
  const files = new Map<string, FileCoverage>()
  let lines = new Map<number, number>()
  let branches: { line: number; taken: number }[] = []
  for (const row of report.split('\n')) {
    const [key = '', value = ''] = split(row, ':')
    const numbers = value.split(',')
    if (key === 'SF') {
      lines = new Map()
      branches = []
      files.set(value, { lines, branches })
    } else if (key === 'DA') {
      lines.set(Number(numbers[0]), Number(numbers[1]))
    } else if (key === 'BRDA') {
      branches.push({ line: Number(numbers[0]), taken: numbers[3] === '-' ? 0 : Number(numbers[3]) })
    }
  }
  return files
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
