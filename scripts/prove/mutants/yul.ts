import { type AstNode, nodeAt, nodesAt, type Place, rangeOf, textAt } from './ast.ts'
import { isOnInYul } from './helpers.ts'
import type { Candidate } from './mutant.ts'

/** What can be broken in a place of inline assembly. */
export function yulCandidates({ node, above }: Place): Candidate[] {
  if (node.nodeType === 'YulExpressionStatement' || node.nodeType === 'YulAssignment') return [removal(node)]
  if (node.nodeType === 'YulLiteral') return [literal(node)]
  const parent = above[0]
  if (parent?.nodeType === 'YulIf' && nodeAt(parent, 'condition') === node) return [negation(node)]
  if (node.nodeType === 'YulFunctionCall') return difference(node)
  return []
}

function removal(node: AstNode): Candidate {
  return {
    operator: 'removed',
    node,
    write: (number, inside) => `if iszero(${isOnInYul(number)}) { ${inside(rangeOf(node))} }`,
  }
}

/** A number gains or loses one; of a text the first character changes, since the last ones may be padding. */
function literal(node: AstNode): Candidate {
  const isText = textAt(node, 'kind') === 'string'
  return {
    operator: 'one more',
    node,
    write: (number, inside) => {
      const on = isOnInYul(number)
      return `xor(${inside(rangeOf(node))}, ${isText ? `shl(248, ${on})` : on})`
    },
  }
}

function negation(node: AstNode): Candidate {
  return {
    operator: 'negated',
    node,
    write: (number, inside) => `xor(iszero(iszero(${inside(rangeOf(node))})), ${isOnInYul(number)})`,
  }
}

/** The second operand of `add` and `sub` counts the other way. */
function difference(node: AstNode): Candidate[] {
  const name = nodeAt(node, 'functionName')
  const [left, right] = nodesAt(node, 'arguments')
  if (name === undefined || !['add', 'sub'].includes(textAt(name, 'name')) || !left || !right) return []
  const write: Candidate['write'] = (number, inside) => {
    const sign = `sub(1, shl(1, ${isOnInYul(number)}))`
    return `${textAt(name, 'name')}(${inside(rangeOf(left))}, mul(${sign}, ${inside(rangeOf(right))}))`
  }
  return [{ operator: 'other operator', node, write }]
}
