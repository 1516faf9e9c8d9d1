import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Address, Hex } from 'viem'
import { repositoryRoot } from './artifacts.ts'
import { LOCAL_CHAIN_IDS } from './constants.ts'
import type { ChainReport } from './deployChain.ts'
import { DeployError } from './errors.ts'
import { type PlannedSingleton, toRecords } from './plan.ts'

export type DeployedRecord = {
  readonly name: string
  readonly address: Address
  readonly codeHash: Hex
  /** Known when this script sent it, now or in an earlier run. */
  readonly transactionHash?: Hex
  readonly blockNumber?: number
}

export type ChainRecord = {
  readonly chainId: number
  readonly p256: string
  readonly singletons: readonly DeployedRecord[]
}

/** Text of `deployments/singletons.json`. Pure. */
export function singletonsText(plan: readonly PlannedSingleton[]): string {
  return `${JSON.stringify(toRecords(plan), null, 2)}\n`
}

/** What is known about a chain, with the transactions of earlier runs kept. Pure. */
export function chainRecord(report: ChainReport, earlier: ChainRecord | undefined): ChainRecord | undefined {
  const { chainId, p256 } = report
  if (chainId === null || p256 === null) return undefined
  const singletons = report.after.flatMap(({ name, address, state, codeHash }): readonly DeployedRecord[] => {
    if (codeHash === null || state === 'wrong-code') return []
    const sent = report.transactions.find((transaction) => transaction.name === name)
    const known = earlier?.singletons.find((record) => record.address === address)
    if (sent) return [{ name, address, codeHash, transactionHash: sent.hash, blockNumber: Number(sent.blockNumber) }]
    return [{ ...known, name, address, codeHash }]
  })
  return singletons.length === 0 ? undefined : { chainId, p256, singletons }
}

/** Writes `<chainId>.json`; local chains are kept under `.rekey/deployments`, outside the repository. */
export function writeChainRecord(report: ChainReport, root: string = repositoryRoot): string | undefined {
  if (report.chainId === null) return undefined
  const folder = path.join(root, LOCAL_CHAIN_IDS.includes(report.chainId) ? '.rekey/deployments' : 'deployments')
  const file = path.join(folder, `${report.chainId}.json`)
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ChainRecord) : undefined
  const record = chainRecord(report, earlier)
  if (!record) return undefined
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${file}.tmp`, `${JSON.stringify(record, null, 2)}\n`)
  renameSync(`${file}.tmp`, file)
  return file
}

/**
 * A real chain gets only the build that was reviewed: the one whose initcode hashes are committed.
 *
 * @throws DeployError `BuildChanged`
 */
export function checkCommittedBuild(plan: readonly PlannedSingleton[], committed: string | undefined): void {
  if (committed === singletonsText(plan)) return
  throw new DeployError({
    code: 'BuildChanged',
    message: 'This build gives other initcode hashes or addresses than deployments/singletons.json.',
    remedy:
      'Build the commit that you mean to deploy; if the change is meant, run `pnpm gen` and commit the new file first.',
  })
}

/** The committed `deployments/singletons.json`, if there is one. */
export function readSingletons(root: string = repositoryRoot): string | undefined {
  const file = path.join(root, 'deployments/singletons.json')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}
