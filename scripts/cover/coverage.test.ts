import { describe, expect, it } from 'vitest'
import { judgeCoverage, type Unseen } from './judgeCoverage.ts'
import { parseLcov } from './lcov.ts'

const source = 'contract A {\n  function f() external {\n    if (a) b();\n  }\n}\n'
const sources = new Map([['contracts/A.sol', source]])
const report = (hits: number, branch: string) =>
  `TN:\nSF:contracts/A.sol\nDA:2,1\nDA:3,${hits}\nBRDA:3,0,0,${branch}\nBRDA:3,0,1,4\nend_of_record\n`
const judge = (text: string, unseen: readonly Unseen[] = []) => judgeCoverage(sources, parseLcov(text), unseen)
const listed = { file: 'contracts/A.sol', lines: ['if (a) b();'], why: 'a tool that does not see it' }

describe('coverage', () => {
  it('is complete when every line and branch was reached', () => {
    expect(judge(report(1, '2'))).toEqual([{ name: 'contracts/A.sol', ok: true, detail: '2 lines, 2 branches' }])
  })

  it('names a line that was not reached, and a branch that was not taken or never evaluated', () => {
    for (const text of [report(0, '2'), report(1, '0'), report(1, '-')]) {
      const [result] = judge(text)
      expect(result?.ok).toBe(false)
      expect(result?.detail).toContain('line 3 "if (a) b();"')
    }
  })

  it('takes a listed line as reached, and a list that is not true as a failure', () => {
    expect(judge(report(1, '0'), [listed])[0]?.ok).toBe(true)
    expect(judge(report(1, '2'), [listed])[0]?.ok).toBe(false)
    expect(judge(report(1, '2'), [{ ...listed, lines: ['gone();'] }])[0]?.ok).toBe(false)
  })

  it('says how many lines of assembly were not seen, and demands the lines around them', () => {
    const assembly = 'contract A {\n  function f() external {\n    assembly {\n      pop(1)\n    }\n    b();\n  }\n}\n'
    const judgeAssembly = (after: number) => {
      const text = `SF:contracts/A.sol\nDA:2,1\nDA:4,0\nDA:6,${after}\n`
      return judgeCoverage(new Map([['contracts/A.sol', assembly]]), parseLcov(text), [])[0]
    }
    expect(judgeAssembly(1)).toMatchObject({ ok: true, detail: expect.stringContaining('1 in assembly') })
    expect(judgeAssembly(0)).toMatchObject({ ok: false, detail: expect.stringContaining('b();') })
  })

  it('fails for a contract that was not measured, and leaves out interfaces', () => {
    expect(judge('')[0]?.ok).toBe(false)
    const interfaces = new Map([['contracts/I.sol', 'interface I {\n  function f() external;\n}\n']])
    expect(judgeCoverage(interfaces, parseLcov(''), [])).toEqual([])
  })
})
