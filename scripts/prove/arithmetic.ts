// Proves the arithmetic of votes and tiers with the SMTChecker of solc (CHC, z3):
//   pnpm prove:arithmetic [--json]
// Every claim of test/smt is one result. Claims of BrokenProofs are false and count when the solver does not prove them.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Claim, type CompilerMessage, judgeClaims } from './smtClaims.ts'

const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }
const root = resolve(import.meta.dirname, '../..')
const isJson = process.argv.includes('--json')
const contracts = ['VoteProofs', 'TierProofs', 'BrokenProofs']

const claims: Claim[] = []
for (const contract of contracts) {
  const startedAt = performance.now()
  const found = judgeClaims(contract, readSource(`test/smt/${contract}.sol`), checkModel(contract))
  claims.push(...found)
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
  if (!isJson) for (const { name, ok, detail } of found) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${detail}`)
  if (!isJson) console.log(`${contract}: ${found.length} claims in ${seconds} s`)
}
const failed = claims.filter(({ ok }) => !ok).length
console.log(isJson ? JSON.stringify({ results: claims }) : `${claims.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

function checkModel(contract: string): CompilerMessage[] {
  const proofs = `test/smt/${contract}.sol`
  const files = ['contracts/libraries/RecoveryPolicy.sol', 'contracts/libraries/Tiers.sol', proofs]
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(files.map((file) => [file, { content: readSource(file) }])),
    settings: {
      viaIR: true,
      outputSelection: { '*': { '*': [] } },
      modelChecker: {
        engine: 'chc',
        solvers: ['z3'],
        targets: ['assert', 'underflow', 'overflow', 'divByZero'],
        contracts: { [proofs]: [contract] },
        showProvedSafe: true,
        showUnproved: true,
        showUnsupported: true,
      },
    },
  }
  return (JSON.parse(solc.compile(JSON.stringify(input))) as { errors?: CompilerMessage[] }).errors ?? []
}

function readSource(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}
