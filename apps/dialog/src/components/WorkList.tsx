import type { RekeyConfig } from '@rekey/sdk'
import { ChainList, progressLines } from './ChainList.tsx'
import type { ChainWork } from './useChainWork.ts'

type WorkListProps = {
  config: RekeyConfig
  work: Pick<ChainWork, 'task' | 'progress'>
  /** What it is called while it is under way, and once it is done. */
  working: string
  done: string
}

/** How a piece of work goes on each network; nothing before it begins, or where it failed before any network was asked. */
export function WorkList({ config, work: { task, progress }, working, done }: WorkListProps) {
  if (progress.length === 0 || task.status === 'failed') return null
  return <ChainList config={config} lines={progressLines(progress, { working, done, failed: 'Failed' })} />
}
