import type { GuardGroup } from '../schemata.ts'
import { inFile } from './rows.ts'

const store = [
  ...inFile('contracts/registries/PolicyStore.sol', [
    ['put: not empty', 'policy.length == 0', 'false'],
    ['put: not too long', 'policy.length > MAX_POLICY', 'false'],
    ['put: twice', 'if (pointer.code.length != 0) return pointer;', ''],
    ['put: the id follows from the bytes', 'keccak256(policy)', 'bytes32(policy[0:1])'],
    ['put: event', 'emit PolicyStored(policyId, pointer);', ''],
    ['code: cannot be called', 'bytes1(0x00)', 'bytes1(0xfe)'],
    ['salt is the id', 'bytes32(uint256(policyId))', 'bytes32(uint256(policyId >> 8))'],
  ]),
  ...inFile('contracts/libraries/Create3.sol', [
    ['create: the code is there', 'addressOf(salt).code.length != 0', 'true'],
    ['address: of the first nonce', 'hex"01"', 'hex"02"'],
  ]),
]

export const storeGuards: GuardGroup = { name: 'store', tests: ['PolicyStore/PolicyStore.t.sol'], guards: store }
