import { describe, expect, it } from 'vitest'
import { judgeClaims } from './smtClaims.ts'

const source = 'contract VoteProofs {\n    assert(a <= b);\n    assert(c);\n}\n'
const at = (start: number, message: string, severity = 'info', file = 'test/smt/VoteProofs.sol') => ({
  severity,
  message,
  sourceLocation: { file, start, end: start + 1 },
})
const first = source.indexOf('assert(a')
const second = source.indexOf('assert(c')
const safe = 'CHC: Assertion violation check is safe!'
const open = 'CHC: Assertion violation might happen here.'
const noOverflow = at(0, 'CHC: Overflow (resulting value larger than 2**256 - 1) check is safe!')

const verdicts = (contract: string, text: string, messages: Parameters<typeof judgeClaims>[2]) =>
  judgeClaims(contract, text, messages).map(({ ok }) => ok)

describe('claims of the solver', () => {
  it('holds what is proved, and nothing that was not mentioned', () => {
    expect(verdicts('VoteProofs', source, [at(first, safe), noOverflow])).toEqual([true, false, true])
  })

  it('does not hold what might be violated', () => {
    const messages = [at(first, safe), at(second, open, 'warning'), noOverflow]
    expect(verdicts('VoteProofs', source, messages)).toEqual([true, false, true])
  })

  it('does not hold arithmetic that might overflow, nor arithmetic that nobody looked at', () => {
    const overflow = at(0, 'CHC: Overflow (resulting value larger than 2**256 - 1) might happen here.', 'warning')
    expect(verdicts('VoteProofs', source, [at(first, safe), at(second, safe), overflow])).toEqual([true, true, false])
    expect(verdicts('VoteProofs', source, [at(first, safe), at(second, safe)])).toEqual([true, true, false])
  })

  it('wants false claims to be refuted', () => {
    const text = source.replace('VoteProofs', 'BrokenProofs')
    const file = 'test/smt/BrokenProofs.sol'
    const [one, two] = [text.indexOf('assert(a'), text.indexOf('assert(c')]
    expect(verdicts('BrokenProofs', text, [at(one, open, 'warning', file), at(two, safe, 'info', file)])).toEqual([
      true,
      false,
    ])
    expect(verdicts('BrokenProofs', text, [])).toEqual([false, false])
  })

  it('fails when the proofs do not compile', () => {
    expect(verdicts('VoteProofs', source, [{ severity: 'error', message: 'ParserError' }])).toEqual([false])
  })
})
