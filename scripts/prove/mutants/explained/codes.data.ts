import { explainIn } from '../explanations.ts'

export const codeExplanations = explainIn('contracts/verifiers/RecoveryCodeVerifier.sol', [
  [
    'other operator',
    'index ^ 1',
    'bool hasPartner = (index ^ 1) < width;',
    'Equivalent: an index is below the width, so `index | 1` and `index ^ 1` differ only for odd ones, where both are.',
  ],
  [
    'boundary',
    'a < b',
    'a < b ? keccak256(abi.encodePacked(bytes1(0x01), a, b)) : keccak256(abi.encodePacked(bytes1(0x01), b, a));',
    'Equivalent: two equal nodes have the same hash in both orders.',
  ],
])
