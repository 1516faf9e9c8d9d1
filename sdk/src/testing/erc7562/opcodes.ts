/** The opcodes the rules name, by mnemonic. */
export const opcodes = {
  ISZERO: 0x15,
  KECCAK256: 0x20,
  BALANCE: 0x31,
  EXTCODESIZE: 0x3b,
  EXTCODECOPY: 0x3c,
  EXTCODEHASH: 0x3f,
  SELFBALANCE: 0x47,
  SLOAD: 0x54,
  SSTORE: 0x55,
  GAS: 0x5a,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  LOG1: 0xa1,
  CALL: 0xf1,
  CALLCODE: 0xf2,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  STATICCALL: 0xfa,
} as const

/** OP-011: opcodes that see the block or the transaction, create with a nonce, or end the frame for good. */
export const blockedOpcodes: ReadonlyMap<number, string> = new Map([
  [0x32, 'ORIGIN'],
  [0x3a, 'GASPRICE'],
  [0x40, 'BLOCKHASH'],
  [0x41, 'COINBASE'],
  [0x42, 'TIMESTAMP'],
  [0x43, 'NUMBER'],
  [0x44, 'PREVRANDAO'],
  [0x45, 'GASLIMIT'],
  [0x48, 'BASEFEE'],
  [0x49, 'BLOBHASH'],
  [0x4a, 'BLOBBASEFEE'],
  [0xf0, 'CREATE'],
  [0xfe, 'INVALID'],
  [0xff, 'SELFDESTRUCT'],
])

/** Every opcode number an EVM of the Osaka fork assigns, as inclusive ranges. */
const assignedRanges: readonly (readonly [number, number])[] = [
  [0x00, 0x0b],
  [0x10, 0x1e],
  [0x20, 0x20],
  [0x30, 0x4a],
  [0x50, 0xa4],
  [0xf0, 0xf5],
  [0xfa, 0xfa],
  [0xfd, 0xff],
]

/** Whether the Osaka fork gives this opcode number a meaning (INVALID is one that does). */
export function isAssignedOpcode(opcode: number): boolean {
  return assignedRanges.some(([first, last]) => opcode >= first && opcode <= last)
}

const mnemonics = new Map<number, string>([
  ...Object.entries(opcodes).map(([name, opcode]): [number, string] => [opcode, name]),
  ...blockedOpcodes,
])

/** The mnemonic of an opcode a rule names, or its number in hex. */
export function opcodeName(opcode: number): string {
  return mnemonics.get(opcode) ?? `0x${opcode.toString(16).padStart(2, '0')}`
}

/** Whether the opcode calls another address: CALL, CALLCODE, DELEGATECALL or STATICCALL. */
export function isCallOpcode(opcode: number | undefined): boolean {
  return (
    opcode === opcodes.CALL ||
    opcode === opcodes.CALLCODE ||
    opcode === opcodes.DELEGATECALL ||
    opcode === opcodes.STATICCALL
  )
}
