import { keccak256, stringToHex } from 'viem'
import { blockedOpcodes, isAssignedOpcode, opcodes } from './opcodes.ts'

/** Topic of the event with which EntryPoint v0.7 and later close the verification loop. */
const beforeExecution = keccak256(stringToHex('BeforeExecution()')).slice(2)

const watched = {
  /** Recorded by number alone. */
  opcode: [
    ...blockedOpcodes.keys(),
    opcodes.BALANCE,
    opcodes.SELFBALANCE,
    opcodes.GAS,
    ...Array.from({ length: 256 }, (_, opcode) => opcode).filter((opcode) => !isAssignedOpcode(opcode)),
  ],
  storage: [opcodes.SLOAD, opcodes.SSTORE, opcodes.TLOAD, opcodes.TSTORE],
  code: [opcodes.EXTCODESIZE, opcodes.EXTCODECOPY, opcodes.EXTCODEHASH],
  call: [opcodes.CALL, opcodes.CALLCODE, opcodes.DELEGATECALL, opcodes.STATICCALL],
  create: [opcodes.CREATE2],
  hash: [opcodes.KECCAK256],
  log: [opcodes.LOG1],
}

const kinds = Object.fromEntries(
  Object.entries(watched).flatMap(([kind, numbers]) => numbers.map((number) => [number, kind])),
)

/**
 * The tracer a node runs beside `handleOps`: it notes what the rules look at and judges nothing.
 *
 * Written in the JavaScript common to geth (goja) and anvil (boa): ES5, numbers of the stack read through `toString(16)`.
 * It goes quiet at `BeforeExecution`, so the execution phase costs one comparison per opcode.
 */
export const tracerSource = `{
  kinds: ${JSON.stringify(kinds)},
  events: [],
  seen: {},
  depth: 1,
  done: false,
  waiting: null,
  creating: null,

  word: function (log, index) {
    var hex = log.stack.peek(index).toString(16);
    while (hex.length < 64) hex = '0' + hex;
    return hex;
  },

  number: function (log, index) { return parseInt(this.word(log, index), 16); },

  address: function (log, index) { return toHex(toAddress('0x' + this.word(log, index).slice(24))); },

  memory: function (log, offset, size) {
    var length = log.memory.length();
    var end = offset + size < length ? offset + size : length;
    var hex = end > offset ? toHex(log.memory.slice(offset, end)).slice(2) : '';
    while (hex.length < size * 2) hex += '00';
    return '0x' + hex;
  },

  codeSize: function (db, address) { return db.getCode(toAddress(address)).length; },

  note: function (log, kind, opcode) {
    var event = { kind: kind, depth: log.getDepth(), address: toHex(log.contract.getAddress()), opcode: opcode };
    this.events.push(event);
    return event;
  },

  step: function (log, db) {
    if (this.done) return;
    var opcode = log.op.toNumber();
    if (this.waiting !== null) {
      this.waiting.next = opcode;
      this.waiting = null;
    }
    var kind = this.kinds[opcode];
    if (kind === undefined) return;
    if (kind === 'log') {
      if (log.getDepth() === 1 && this.word(log, 2) === '${beforeExecution}') this.done = true;
      return;
    }
    if (kind === 'hash') {
      if (this.number(log, 1) !== 64) return;
      var preimage = this.memory(log, this.number(log, 0), 64);
      if (this.seen[preimage]) return;
      this.seen[preimage] = true;
      this.events.push({ kind: 'hash', preimage: preimage });
      return;
    }
    var event = this.note(log, kind, opcode);
    if (kind === 'opcode') this.waiting = event;
    if (kind === 'storage') event.slot = '0x' + this.word(log, 0);
    if (kind === 'create') this.creating = event;
    if (kind === 'code') {
      event.target = this.address(log, 0);
      event.codeSize = this.codeSize(db, event.target);
      this.waiting = event;
    }
    if (kind === 'call') {
      var hasValue = opcode === ${opcodes.CALL} || opcode === ${opcodes.CALLCODE};
      var first = hasValue ? 3 : 2;
      event.target = this.address(log, 1);
      event.codeSize = this.codeSize(db, event.target);
      event.value = '0x' + (hasValue ? this.word(log, 2) : '0');
      event.inputSize = this.number(log, first + 1);
      event.input = this.memory(log, this.number(log, first), event.inputSize < 36 ? event.inputSize : 36);
    }
  },

  fault: function () {},

  enter: function (frame) {
    if (this.done) return;
    this.depth += 1;
    if (this.creating !== null && frame.getType() === 'CREATE2') this.creating.created = toHex(frame.getTo());
    this.creating = null;
  },

  exit: function (result) {
    if (this.done) return;
    var event = { kind: 'exit', depth: this.depth, gasUsed: Number(result.getGasUsed()) };
    var error = result.getError();
    if (error !== undefined) event.error = String(error);
    this.events.push(event);
    this.depth -= 1;
    this.waiting = null;
  },

  result: function (ctx) {
    var trace = { events: this.events, hasValidated: this.done, output: toHex(ctx.output || []) };
    if (ctx.error !== undefined) trace.error = String(ctx.error);
    return trace;
  }
}`
