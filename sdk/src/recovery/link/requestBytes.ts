import { bytesToHex, concat, getAddress, type Hex, numberToHex, size } from 'viem'
import { type Cursor, createCursor, uint } from '../../encoding/cursor.ts'
import { policyHash } from '../../encoding/policy.ts'
import type { Messages } from '../../encoding/typedData.ts'
import type { GuardianMessage } from '../approve.ts'

/** What guardians are asked to sign, and the policy that names them. */
export type GuardianAsk<name extends GuardianMessage = GuardianMessage> = {
  readonly [one in name]: { readonly name: one; readonly message: Messages[one]; readonly policyBytes: Hex }
}[name]

const subject = 'request for approval'
/** The messages by their numbers in a link, from 1. */
const names = ['Recovery', 'GuardianCancel', 'Freeze', 'Drill'] as const satisfies readonly GuardianMessage[]

/** Packs a request: number of the message ‖ account ‖ its fields ‖ policy, the hash of which the message names. */
export function encodeAsk(ask: GuardianAsk): Hex {
  const { name, message, policyBytes } = ask
  return concat([
    uint(names.indexOf(name) + 1, 1, subject),
    message.account,
    encodeFields(ask),
    uint(size(policyBytes), 2, subject),
    policyBytes,
  ])
}

/** @throws {EncodingError} when bytes are cut, extended, or no such request. */
export function decodeAsk(bytes: Hex): GuardianAsk | undefined {
  const cursor = createCursor(bytes, subject)
  const name = names[cursor.number(1) - 1]
  if (!name) return undefined
  const account = getAddress(cursor.hex(20))
  const fields = decodeFields(name, cursor)
  const policyBytes = cursor.hex(cursor.number(2))
  cursor.end()
  const message = { account, policy: policyHash(policyBytes), ...fields }
  return { name, message, policyBytes } as GuardianAsk
}

function encodeFields(ask: GuardianAsk): Hex {
  switch (ask.name) {
    case 'Recovery': {
      const { credential, keep, chainIds, issuedAt, deadline } = ask.message
      return concat([
        ...[credential.x, credential.y].map((value) => numberToHex(value, { size: 32 })),
        credential.rpIdHash,
        credential.originsHash,
        uint(credential.flags, 1, subject),
        credential.idHash,
        uint(keep, 1, subject),
        uint(chainIds.length, 1, subject),
        ...chainIds.map((id) => uint(id, 8, subject)),
        uint(issuedAt, 5, subject),
        uint(deadline, 5, subject),
      ])
    }
    case 'GuardianCancel':
      return ask.message.recovery
    case 'Freeze':
      return concat([uint(ask.message.duration, 4, subject), uint(ask.message.issuedAt, 5, subject)])
    case 'Drill':
      return concat([ask.message.challenge, uint(ask.message.deadline, 5, subject)])
  }
}

function decodeFields(name: GuardianMessage, cursor: Cursor): object {
  switch (name) {
    case 'Recovery': {
      const [x, y] = [cursor.word(), cursor.word()]
      const [rpIdHash, originsHash] = [cursor.hex(32), cursor.hex(32)]
      const flags = cursor.number(1)
      const credential = { x, y, rpIdHash, originsHash, flags, idHash: cursor.hex(32) }
      const keep = cursor.number(1)
      const chainIds = Array.from({ length: cursor.number(1) }, () => BigInt(bytesToHex(cursor.take(8))))
      return { credential, keep, chainIds, issuedAt: cursor.number(5), deadline: cursor.number(5) }
    }
    case 'GuardianCancel':
      return { recovery: cursor.hex(32) }
    case 'Freeze':
      return { duration: cursor.number(4), issuedAt: cursor.number(5) }
    case 'Drill':
      return { challenge: cursor.hex(32), deadline: cursor.number(5) }
  }
}
