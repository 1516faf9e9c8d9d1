import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const registry = inFile('contracts/modules/RegistryAdapter.sol', [
  ['the registry says no', 'revert NotAttested(address(registry), module, moduleTypeId, reason);', ''],
  ['the registry says no, as an answer', 'return false;', 'return true;'],
  [
    'require: the question can be answered',
    '_checkQuestion(registry, attesters, threshold);',
    '',
    { within: 'external view {\n        _checkQuestion(registry, attesters, threshold);' },
  ],
  [
    'ask: the question can be answered',
    '_checkQuestion(registry, attesters, threshold);',
    '',
    { within: 'external view returns (bool) {\n        _checkQuestion(registry, attesters, threshold);' },
  ],
  ['there is a registry', 'address(registry).code.length == 0', 'false'],
  ['a threshold', 'threshold == 0', 'false'],
  ['as many attesters', 'threshold > count', 'false'],
  ['not too many attesters', 'count > MAX_ATTESTERS', 'false'],
  ['attesters ascending, each once', 'attesters[i] <= attesters[i - 1]', 'attesters[i] < attesters[i - 1]'],
])

export const registryGuards: GuardGroup = {
  name: 'registry',
  tests: ['RegistryAdapter/RegistryAdapter.t.sol'],
  guards: registry,
}
