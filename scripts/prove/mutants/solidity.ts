import { type AstNode, nodeAt, nodesAt, type Place, placesIn, rangeOf, textAt, typeOf } from './ast.ts'
import {
  complementCall,
  isComparison,
  isInteger,
  isOn,
  isWord,
  moreCall,
  stepCall,
  swapCall,
  swapped,
} from './helpers.ts'
import type { Candidate, Operator } from './mutant.ts'
import { operandType, receivers, wantedType } from './types.ts'
import { yulCandidates } from './yul.ts'

type Declarations = ReadonlyMap<number, AstNode>

/** Every way to break the functions of a file, found in its syntax tree; `declarations` are what it refers to. */
export function findCandidates(file: AstNode, declarations: Declarations): Candidate[] {
  return placesIn(file, isClosed)
    .filter(({ above }) => above.some(({ nodeType }) => nodeType === 'Block'))
    .flatMap((place) => [...yulCandidates(place), ...solidityCandidates(place, declarations)])
}

/** Below these nothing computes anything, or nothing that counts: declarations, types, and what an event says. */
function isClosed({ nodeType }: AstNode): boolean {
  const names = ['EmitStatement', 'ModifierInvocation', 'StructDefinition', 'ParameterList', 'InheritanceSpecifier']
  return names.includes(nodeType) || nodeType.endsWith('TypeName') || nodeType.endsWith('Directive')
}

function solidityCandidates(place: Place, declarations: Declarations): Candidate[] {
  const { node } = place
  return [
    ...removals(place),
    ...forcings(place),
    ...zeroes(place, declarations),
    ...(node.nodeType === 'BinaryOperation' ? swaps(place) : []),
    ...(node.nodeType === 'Assignment' ? compoundSwaps(place) : []),
    ...(node.nodeType === 'UnaryOperation' ? steps(place) : []),
    ...mores(place, declarations),
  ]
}

function removals({ node, above }: Place): Candidate[] {
  const isLoopHead = above[0]?.nodeType === 'ForStatement' && nodeAt(above[0], 'body') !== node
  if (!['ExpressionStatement', 'EmitStatement'].includes(node.nodeType) || isLoopHead) return []
  const write: Candidate['write'] = (number, inside) => `{ if (!${isOn(number)}) { ${inside(rangeOf(node))}; } }`
  return [{ operator: 'removed', node, endsBehind: ';', write, isRefused: setsPointer(nodeAt(node, 'expression')) }]
}

/** A pointer into calldata or storage that may not have been set does not compile. */
function setsPointer(expression: AstNode | undefined): boolean {
  const left = expression?.nodeType === 'Assignment' ? nodeAt(expression, 'leftHandSide') : undefined
  if (left === undefined) return false
  const targets = left.nodeType === 'TupleExpression' ? nodesAt(left, 'components') : [left]
  return targets.some(
    (target) => target?.nodeType === 'Identifier' && / calldata| storage pointer/.test(typeOf(target)),
  )
}

/**
 * True and false in place of a condition, an operand of `&&` or `||`, a returned or assigned boolean and an argument.
 * Left out is what another mutant does as well: one false operand of `&&` makes all of it false, and it is forced itself.
 */
function forcings({ node, above }: Place): Candidate[] {
  const [parent, grandparent] = above
  if (parent === undefined || typeOf(node) !== 'bool' || !isDecision(node, parent, grandparent)) return []
  const operator = textAt(parent, 'operator')
  if (isLogic(parent) && textAt(node, 'operator') === operator) return []
  const isLiteral = node.nodeType === 'Literal'
  const skipsTrue = (isLogic(parent) && operator === '||') || (isLiteral && textAt(node, 'value') === 'true')
  const skipsFalse = (isLogic(parent) && operator === '&&') || (isLiteral && textAt(node, 'value') === 'false')
  const forced = (name: Operator, write: Candidate['write']): Candidate => ({ operator: name, node, write })
  return [
    ...(skipsTrue ? [] : [forced('always true', (n, inside) => `(${isOn(n)} || (${inside(rangeOf(node))}))`)]),
    ...(skipsFalse ? [] : [forced('always false', (n, inside) => `(!${isOn(n)} && (${inside(rangeOf(node))}))`)]),
  ]
}

function isLogic(node: AstNode): boolean {
  return node.nodeType === 'BinaryOperation' && ['&&', '||'].includes(textAt(node, 'operator'))
}

function isDecision(node: AstNode, parent: AstNode, grandparent: AstNode | undefined): boolean {
  if (isLogic(parent) || nodeAt(parent, 'condition') === node) return true
  if (parent.nodeType === 'TupleExpression') {
    const isTarget = grandparent !== undefined && nodeAt(grandparent, 'leftHandSide') === parent
    return nodesAt(parent, 'components').length > 1 && !isTarget
  }
  if (parent.nodeType === 'FunctionCall') return nodesAt(parent, 'arguments').includes(node)
  if (parent.nodeType === 'Assignment') return nodeAt(parent, 'rightHandSide') === node
  return parent.nodeType === 'Return' || nodeAt(parent, 'initialValue') === node
}

function zeroes({ node, above }: Place, declarations: Declarations): Candidate[] {
  const [parent, grandparent] = above
  const isSingle = parent?.nodeType === 'Return' && node.nodeType !== 'TupleExpression'
  const isComponent = parent?.nodeType === 'TupleExpression' && grandparent?.nodeType === 'Return'
  if (!isSingle && !isComponent) return []
  const position = isComponent ? nodesAt(parent, 'components').indexOf(node) : 0
  const wanted = receivers(isComponent ? parent : node, isComponent ? grandparent : parent, declarations)[position]
  const zero = zeroOf(typeOf(wanted))
  if (zero === undefined || isZero(node)) return []
  const write: Candidate['write'] = (number, inside) => `(${isOn(number)} ? ${zero} : (${inside(rangeOf(node))}))`
  return [{ operator: 'returns zero', node, write }]
}

function zeroOf(type: string): string | undefined {
  if (isWord(type)) return `${type}(0)`
  if (type === 'address') return 'address(0)'
  return /^[A-Z]\w*$/.test(type) ? `${type}.wrap(0)` : undefined
}

function isZero(node: AstNode): boolean {
  if (node.nodeType === 'Literal') return Number(textAt(node, 'value')) === 0
  const [argument] = textAt(node, 'kind') === 'typeConversion' ? nodesAt(node, 'arguments') : []
  return argument !== undefined && isZero(argument)
}

function swaps({ node, above }: Place): Candidate[] {
  const operator = textAt(node, 'operator')
  const [left, right] = [nodeAt(node, 'leftExpression'), nodeAt(node, 'rightExpression')]
  const type = operandType(node)
  if (type === '' || !left || !right || !(operator in swapped)) return []
  const write: Candidate['write'] = (number, inside) =>
    swapCall(operator, type, isUnchecked(above), [inside(rangeOf(left)), inside(rangeOf(right))], number)
  return [{ operator: isComparison(operator) ? 'boundary' : 'other operator', node, write }]
}

/** `x += y` as `x = x + y`, where it does no harm to read and write `x` in two places. */
function compoundSwaps({ node, above }: Place): Candidate[] {
  const operator = textAt(node, 'operator').slice(0, -1)
  const [left, right] = [nodeAt(node, 'leftHandSide'), nodeAt(node, 'rightHandSide')]
  if (!left || !right || !(operator in swapped) || !isWord(typeOf(left)) || hasEffect(left)) return []
  const write: Candidate['write'] = (number, inside) => {
    const target = inside(rangeOf(left))
    const operands = [target, inside(rangeOf(right))] as const
    return `${target} = ${swapCall(operator, typeOf(left), isUnchecked(above), operands, number)}`
  }
  return [{ operator: 'other operator', node, write }]
}

function steps({ node, above }: Place): Candidate[] {
  const operator = textAt(node, 'operator')
  const operand = nodeAt(node, 'subExpression')
  const type = typeOf(operand)
  if (operand === undefined || !isInteger(type)) return []
  if (operator === '~') {
    const write: Candidate['write'] = (number, inside) => complementCall(type, inside(rangeOf(operand)), number)
    return [{ operator: 'other operator', node, write }]
  }
  const isValueUsed = above[0]?.nodeType !== 'ExpressionStatement'
  if (!['++', '--'].includes(operator) || hasEffect(operand) || (isValueUsed && node.prefix !== true)) return []
  const write: Candidate['write'] = (number, inside) => {
    const target = inside(rangeOf(operand))
    return `(${target} = ${stepCall(operator, type, isUnchecked(above), target, number)})`
  }
  return [{ operator: 'other operator', node, write }]
}

/** Literals and named constants. */
function mores(place: Place, declarations: Declarations): Candidate[] {
  const { node, above } = place
  const type = numberType(place, declarations)
  if (type === '' || above.some(({ nodeType }) => nodeType === 'ArrayTypeName')) return []
  const write: Candidate['write'] = (number, inside) => moreCall(type, inside(rangeOf(node)), number)
  return [{ operator: 'one more', node, write }]
}

function numberType(place: Place, declarations: Declarations): string {
  const { node } = place
  if (node.nodeType === 'Literal') return textAt(node, 'kind') === 'number' ? wantedType(place, declarations) : ''
  if (node.nodeType !== 'Identifier' && node.nodeType !== 'MemberAccess') return ''
  const declaration = declarations.get(Number(node.referencedDeclaration))
  if (declaration?.nodeType !== 'VariableDeclaration' || declaration.constant !== true) return ''
  const type = typeOf(declaration)
  return isWord(type) ? type : ''
}

function hasEffect(node: AstNode): boolean {
  return placesIn(node, () => false).some(
    ({ node: { nodeType, operator } }) =>
      ['FunctionCall', 'Assignment'].includes(nodeType) || operator === '++' || operator === '--',
  )
}

function isUnchecked(above: readonly AstNode[]): boolean {
  return above.some(({ nodeType }) => nodeType === 'UncheckedBlock')
}
