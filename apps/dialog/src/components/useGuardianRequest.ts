import type { RekeyConfig } from '@rekey/sdk'
import { approveWithCode } from '@rekey/sdk/codes'
import type { Ballot, GuardianRequest } from '@rekey/sdk/recovery'
import { useEffect, useState } from 'react'
import { keepRequest, type RequestName, type RequestSubject, readKeptRequest } from '../lib/keptRequest.ts'
import type { AskInHand } from '../screens/ways/inHand.ts'
import { useTask } from './useTask.ts'

/** What is collected for. */
type Collected = Ballot & Pick<GuardianRequest, 'policy' | 'digest' | 'phrase' | 'text' | 'toLink'>

/** A request to guardians as its screens use it. */
export type RequestInHand<request> = {
  /** `undefined` where none was begun. */
  readonly request: request | undefined
  /** What was kept from before is being read. */
  readonly isLoading: boolean
  /** Places in the policy of those who approved. */
  readonly approved: readonly number[]
  readonly task: AskInHand['task']
  readonly begin: (start: (signal: AbortSignal) => Promise<request>) => void
  /** Ends it here: what was approved is forgotten. */
  readonly forget: () => void
  /** For the screens of the ways to approve. */
  readonly toAsk: (request: request) => AskInHand
}

/** Keeps a request to guardians over reloads, and collects their approvals. */
export function useGuardianRequest<request extends Collected>(
  account: RequestSubject,
  name: RequestName,
  open: (config: RekeyConfig, text: string) => request,
): RequestInHand<request> {
  const { config } = account
  const [kept] = useState(() => readKeptRequest(name, account, localStorage))
  const [request, setRequest] = useState<request>()
  const [isLoading, setLoading] = useState(kept !== undefined)
  const [approved, setApproved] = useState<readonly number[]>([])
  const [task, run] = useTask()

  useEffect(() => {
    let isShown = true
    const load = async (): Promise<void> => {
      if (!kept) return
      const loaded = open(config, kept.text)
      for (const approval of kept.approvals) await loaded.addApproval(approval)
      if (!isShown) return
      setRequest(() => loaded)
      setApproved(loaded.approvals.map(({ index }) => index))
    }
    // What can no longer be read is begun anew; nothing depends on it.
    load()
      .catch(() => keepRequest(name, account, undefined, localStorage))
      .finally(() => isShown && setLoading(false))
    return () => {
      isShown = false
    }
  }, [account, config, kept, name, open])

  const keep = (next: request | undefined): void => {
    keepRequest(name, account, next, localStorage)
    setRequest(() => next)
    setApproved(next?.approvals.map(({ index }) => index) ?? [])
  }
  return {
    request,
    isLoading,
    approved,
    task,
    begin: (start) => void run('begin', async (signal) => keep(await start(signal))),
    forget: () => keep(undefined),
    toAsk: (asked) => ({
      request: asked,
      link: asked.toLink(`${window.location.origin}/guardian`),
      isWatched: false,
      codeLead: 'It is not used up.',
      takeCode: async (text) => asked.addApproval(approveWithCode(config, asked, text)),
      task,
      collect: (what, approve) =>
        run(what, async (signal) => {
          await approve(signal)
          keep(asked)
        }),
    }),
  }
}
