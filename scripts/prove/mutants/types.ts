import { type AstNode, nodeAt, nodesAt, type Place, textAt, typeOf } from './ast.ts'
import { isComparison, isInteger, isShift, isWord } from './helpers.ts'

type Declarations = ReadonlyMap<number, AstNode>

/** The type in which a binary operation computes or compares; empty if that is not a word. */
export function operandType(node: AstNode): string {
  const type = isShift(textAt(node, 'operator')) ? typeOf(node) : typeOf(node, 'commonType')
  return isWord(type) ? type : ''
}

/** The type that what stands around an expression wants of it; empty where that cannot be told or is not a word. */
export function wantedType({ node, above }: Place, declarations: Declarations): string {
  const [parent, ...beyond] = above
  if (parent === undefined) return ''
  const wantedOfParent = (): string => wantedType({ node: parent, above: beyond }, declarations)
  const type = typeAround(node, parent, beyond, declarations, wantedOfParent)
  return isWord(type) ? type : ''
}

function typeAround(
  node: AstNode,
  parent: AstNode,
  beyond: readonly AstNode[],
  declarations: Declarations,
  wantedOfParent: () => string,
): string {
  switch (parent.nodeType) {
    case 'BinaryOperation':
      return inOperation(node, parent, wantedOfParent)
    case 'UnaryOperation':
      return wantedOfParent()
    case 'Conditional':
      return nodeAt(parent, 'condition') === node ? '' : wantedOfParent()
    case 'TupleExpression': {
      const components = nodesAt(parent, 'components')
      if (components.length === 1) return wantedOfParent()
      return typeOf(receivers(parent, beyond[0], declarations)[components.indexOf(node)])
    }
    case 'Assignment':
      return typeOf(nodeAt(parent, 'leftHandSide'))
    case 'VariableDeclarationStatement':
    case 'Return':
      return typeOf(receivers(node, parent, declarations)[0])
    case 'IndexAccess':
      return nodeAt(parent, 'indexExpression') === node ? typeOfIndex(parent) : ''
    case 'IndexRangeAccess':
      return 'uint256'
    case 'FunctionCall':
      return typeOfArgument(node, parent, declarations)
    default:
      return ''
  }
}

function inOperation(node: AstNode, parent: AstNode, wantedOfParent: () => string): string {
  const operator = textAt(parent, 'operator')
  if (isShift(operator) && nodeAt(parent, 'rightExpression') === node) return 'uint256'
  return operandType(parent) || (isComparison(operator) ? '' : wantedOfParent())
}

/** The declarations or expressions that take the values of `value`, a tuple or single. */
export function receivers(
  value: AstNode,
  around: AstNode | undefined,
  declarations: Declarations,
): readonly (AstNode | undefined)[] {
  if (around?.nodeType === 'Return') {
    const parameters = declarations.get(Number(around.functionReturnParameters))
    return parameters ? nodesAt(parameters, 'parameters') : []
  }
  if (around?.nodeType === 'VariableDeclarationStatement') return nodesAt(around, 'declarations')
  const left = around?.nodeType === 'Assignment' ? nodeAt(around, 'leftHandSide') : undefined
  return left && left !== value ? nodesAt(left, 'components') : []
}

function typeOfIndex(access: AstNode): string {
  const base = nodeAt(access, 'baseExpression')
  const [, key = 'uint256'] = /^mapping\((\w+)/.exec(typeOf(base)) ?? []
  return key
}

function typeOfArgument(node: AstNode, call: AstNode, declarations: Declarations): string {
  const position = nodesAt(call, 'arguments').indexOf(node)
  const callee = nodeAt(call, 'expression')
  if (position === -1 || callee === undefined) return ''
  if (textAt(call, 'kind') === 'typeConversion') return inConversion(typeOf(call))
  if (callee.nodeType === 'NewExpression') return 'uint256'
  const declaration = declarations.get(Number(callee.referencedDeclaration))
  if (declaration === undefined) return ''
  if (declaration.nodeType === 'StructDefinition') {
    const names = Array.isArray(call.names) ? call.names : []
    const members = nodesAt(declaration, 'members')
    return typeOf(names.length > 0 ? members.find((member) => member?.name === names[position]) : members[position])
  }
  const list = nodeAt(declaration, 'parameters')
  const parameters = list ? nodesAt(list, 'parameters') : []
  // A function attached with `using for` has what it is called on as its first parameter.
  return typeOf(parameters[position + Math.max(0, parameters.length - nodesAt(call, 'arguments').length)])
}

/** What a literal must be so that it can be converted to `type`. */
function inConversion(type: string): string {
  if (isInteger(type)) return type
  const size = /^bytes(\d+)$/.exec(type)?.[1]
  if (size !== undefined) return `uint${Number(size) * 8}`
  return type.startsWith('address') ? 'uint160' : ''
}
