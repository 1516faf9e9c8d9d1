import { expect, test } from 'vitest'
import { findWrongSolidityImports, solidityImports } from './solidityArchitecture.ts'

const library = { path: 'contracts/libraries/A.sol', source: 'library A {}' }
const shared = { path: 'contracts/modules/Shared.sol', source: 'abstract contract Shared {}' }
const validator = {
  path: 'contracts/modules/Validator.sol',
  source:
    'import {A} from "../libraries/A.sol";\nimport {Shared} from "./Shared.sol";\ncontract Validator is Shared {}',
}

test('a module may import libraries and an abstract part of its own folder', () => {
  expect(findWrongSolidityImports([library, shared, validator])).toEqual([])
})

test.each([
  ['contracts/modules/Recovery.sol', './Validator.sol', 'use the interface, not the implementation'],
  ['contracts/account/Account.sol', '../modules/Shared.sol', 'account may not know modules'],
  ['contracts/libraries/B.sol', '../modules/Shared.sol', 'libraries may not know modules'],
  ['contracts/interfaces/I.sol', '../libraries/A.sol', 'interfaces may not know libraries'],
  ['contracts/modules/Recovery.sol', '../../test/utils/Test.sol', 'contracts import only contracts'],
  ['contracts/utils/Util.sol', '../libraries/A.sol', 'not a folder of the design'],
])('%s must not import %s', (path, specifier, reason) => {
  const files = [library, shared, validator, { path, source: `import {X} from "${specifier}";` }]
  const problems = findWrongSolidityImports(files)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(reason)
})

test('imports are read in every form and not from comments', () => {
  const source =
    'import "./a.sol";\nimport {B, C as D} from\n  "./b.sol";\nimport * as E from \'./e.sol\';\n// import "./f.sol";'
  expect(solidityImports(source)).toEqual(['./a.sol', './b.sol', './e.sol'])
})
