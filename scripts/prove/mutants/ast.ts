/** One node of the syntax tree that solc prints; what it has beyond these depends on its type. */
export interface AstNode {
  readonly nodeType: string
  /** `offset:length:file`, in bytes. */
  readonly src: string
  readonly [key: string]: unknown
}

/** Half open, in bytes of the source. */
export interface Range {
  readonly start: number
  readonly end: number
}

export function isNode(value: unknown): value is AstNode {
  return typeof value === 'object' && value !== null && 'nodeType' in value && 'src' in value
}

/** The node under `key`, if there is one. */
export function nodeAt(node: AstNode, key: string): AstNode | undefined {
  const value = node[key]
  return isNode(value) ? value : undefined
}

/** The nodes of the list under `key`; a gap, as in a tuple that ignores a component, is undefined. */
export function nodesAt(node: AstNode, key: string): readonly (AstNode | undefined)[] {
  const value = node[key]
  return Array.isArray(value) ? value.map((entry) => (isNode(entry) ? entry : undefined)) : []
}

export function textAt(node: AstNode, key: string): string {
  const value = node[key]
  return typeof value === 'string' ? value : ''
}

/** What solc calls the type of an expression or declaration, without where it is stored. */
export function typeOf(node: AstNode | undefined, key = 'typeDescriptions'): string {
  const value = node?.[key]
  if (typeof value !== 'object' || value === null || !('typeString' in value)) return ''
  return String(value.typeString)
}

export function rangeOf({ src }: AstNode): Range {
  const [start = 0, length = 0] = src.split(':').map(Number)
  return { start, end: start + length }
}

/** Every node directly below, in the order of the source. */
export function childrenOf(node: AstNode): readonly AstNode[] {
  const children = Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]).filter(isNode))
  return children.sort((a, b) => rangeOf(a).start - rangeOf(b).start)
}

/** Every node with an id, so that a reference to it can be followed. */
export function indexNodes(roots: readonly AstNode[]): ReadonlyMap<number, AstNode> {
  const byId = new Map<number, AstNode>()
  const visit = (node: AstNode): void => {
    if (typeof node.id === 'number') byId.set(node.id, node)
    for (const child of childrenOf(node)) visit(child)
  }
  for (const root of roots) visit(root)
  return byId
}

/** A node and all that stand around it, the nearest first. */
export interface Place {
  readonly node: AstNode
  readonly above: readonly AstNode[]
}

/** Every node below `root` whose code can be mutated; `isClosed` tells below which ones nothing is. */
export function placesIn(root: AstNode, isClosed: (node: AstNode) => boolean): readonly Place[] {
  const places: Place[] = []
  const visit = (node: AstNode, above: readonly AstNode[]): void => {
    places.push({ node, above })
    if (isClosed(node)) return
    for (const child of childrenOf(node)) visit(child, [node, ...above])
  }
  visit(root, [])
  return places
}
