import { type AbiParameter, toFunctionSelector } from 'viem'
import { type AstNode, type Compiled, readCompiled } from './artifacts.ts'
import { type Generator, generatedBanner } from './generator.ts'
import { literal } from './literal.ts'
import { parseNatSpec } from './natspec.ts'

interface ErrorItem {
  readonly type: 'error'
  readonly name: string
  readonly inputs: readonly AbiParameter[]
}

interface ErrorEntry {
  readonly selector: string
  readonly args: readonly { readonly name: string; readonly type: string }[]
  readonly message?: string
  readonly remedy?: string
}

/** Custom errors of all ABIs, with what their documentation says → `sdk/src/errors/contractErrors.generated.ts`. */
export const contractErrors: Generator = {
  name: 'contract errors',
  async generate(root) {
    const { items, entries } = collectErrors(await readCompiled(root))
    const content = [
      generatedBanner,
      '/** Custom errors of the contracts by name: selector, arguments, what it means and what to do. */',
      `export const contractErrors = ${literal(entries)} as const`,
      '',
      '/** The same errors as an ABI, to decode revert data whichever contract it came from. */',
      `export const contractErrorsAbi = ${literal(items)} as const`,
      '',
      'export type ContractErrorName = keyof typeof contractErrors',
      '',
    ]
    return [{ path: 'sdk/src/errors/contractErrors.generated.ts', content: content.join('\n') }]
  },
}

/**
 * Collects the errors of all ABIs in order of name.
 * @throws when two contracts give one name different arguments: a name is what the SDK's users catch.
 */
export function collectErrors({ contracts, sources }: Compiled): {
  readonly items: readonly ErrorItem[]
  readonly entries: Readonly<Record<string, ErrorEntry>>
} {
  const docs = errorDocs(sources)
  const found = new Map<string, ErrorItem>()
  for (const contract of contracts) {
    for (const item of contract.abi) {
      if (item.type !== 'error') continue
      const known = found.get(item.name)
      if (known !== undefined && signature(known) !== signature(item)) {
        throw new Error(`Two errors are named ${item.name}: ${signature(known)} and ${signature(item)}.`)
      }
      found.set(item.name, item)
    }
  }
  const items = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const entries: Record<string, ErrorEntry> = {}
  for (const item of items) {
    const selector = toFunctionSelector(signature(item))
    const { notice, dev, remedy } = docs.get(selector) ?? {}
    const message = notice ?? dev
    entries[item.name] = {
      selector,
      args: item.inputs.map(({ name = '', type }) => ({ name, type })),
      ...(message === undefined ? {} : { message }),
      ...(remedy === undefined ? {} : { remedy }),
    }
  }
  return { items, entries }
}

/** Documentation of every error definition in the sources, by selector. */
function errorDocs(sources: ReadonlyMap<string, AstNode>): Map<string, ReturnType<typeof parseNatSpec>> {
  const docs = new Map<string, ReturnType<typeof parseNatSpec>>()
  const visit = (node: AstNode): void => {
    if (node.nodeType === 'ErrorDefinition' && node.errorSelector && node.documentation) {
      docs.set(`0x${node.errorSelector}`, parseNatSpec(node.documentation.text))
    }
    for (const child of node.nodes ?? []) visit(child)
  }
  for (const name of [...sources.keys()].sort()) visit(sources.get(name) as AstNode)
  return docs
}

function signature(item: ErrorItem): string {
  return `${item.name}(${item.inputs.map(canonicalType).join(',')})`
}

function canonicalType(parameter: AbiParameter): string {
  if (!parameter.type.startsWith('tuple')) return parameter.type
  const components = (parameter as { components: readonly AbiParameter[] }).components
  return `(${components.map(canonicalType).join(',')})${parameter.type.slice('tuple'.length)}`
}
