import ts from '@typescript/typescript6'

/** A test that names rows of the attack catalogue. */
export interface NamedTest {
  readonly path: string
  readonly name: string
  readonly rows: readonly string[]
}

const testFunctions = new Set(['test', 'it', 'describe', 'story'])

/**
 * Tests of a TypeScript file whose name carries row numbers, suites included: `test('[23] …')`, `it.each(…)('[23] …')`, and
 * the rows of a table that begin with such a name: `it.each([['[23] …', …], …])`.
 */
export function namedTypeScriptTests(path: string, source: string): readonly NamedTest[] {
  const tests: NamedTest[] = []
  for (const name of typeScriptTestNames(path, source)) addNamed(tests, path, name)
  return tests
}

/** The names of all tests and suites of a TypeScript file, and of rows that carry a number, as they are written. */
export function typeScriptTestNames(path: string, source: string): readonly string[] {
  const names: string[] = []
  const addText = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) names.push(node.text)
    else if (ts.isTemplateExpression(node)) names.push(node.getText(file).slice(1, -1))
  }
  const visit = (node: ts.Node): void => {
    const title =
      ts.isCallExpression(node) && testFunctions.has(rootName(node.expression)) ? node.arguments[0] : undefined
    if (title !== undefined) addText(title)
    const cell = ts.isArrayLiteralExpression(node) ? node.elements[0] : undefined
    if (cell !== undefined && /^.\[[IJ]?\d{1,3}\] /.test(cell.getText(file))) addText(cell)
    ts.forEachChild(node, visit)
  }
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false, kind)
  visit(file)
  return names
}

/** Test functions of a Solidity file with `/// [23] …` lines directly above them, and invariants by their name. */
export function namedSolidityTests(path: string, source: string): readonly NamedTest[] {
  const tests: NamedTest[] = []
  let docs: string[] = []
  for (const line of source.split('\n')) {
    const doc = /^\s*\/\/\/\s?(.*)$/.exec(line)
    if (doc) {
      docs.push(doc[1] ?? '')
      continue
    }
    const name = /^\s*function\s+((?:test|invariant)\w*)\s*\(/.exec(line)?.[1]
    if (name !== undefined) {
      const rows = docs.flatMap(rowsIn)
      const invariant = /^invariant_(\d+)_/.exec(name)?.[1]
      if (invariant !== undefined) rows.push(`I${Number(invariant)}`)
      if (rows.length > 0) tests.push({ path, name, rows: [...new Set(rows)] })
    }
    docs = []
  }
  return tests
}

function addNamed(tests: NamedTest[], path: string, name: string): void {
  const rows = rowsIn(name)
  if (rows.length > 0) tests.push({ path, name: name.replace(/\s+/g, ' '), rows: [...new Set(rows)] })
}

function rowsIn(text: string): string[] {
  return [...text.matchAll(/\[([IJ]?)(\d{1,3})\]/g)].map(([, prefix = '', number]) => `${prefix}${Number(number)}`)
}

/** The identifier a call chain starts with: `it` for `it.each([…])('…')`. */
function rootName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text
  if (ts.isPropertyAccessExpression(expression) || ts.isCallExpression(expression))
    return rootName(expression.expression)
  if (ts.isTaggedTemplateExpression(expression)) return rootName(expression.tag)
  return ''
}
