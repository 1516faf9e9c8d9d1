import type { RekeyConfig } from '@rekey/sdk'
import type { ChainWork } from '../../components/useChainWork.ts'
import { WorkList } from '../../components/WorkList.tsx'

/** How a plan gets to the networks, once it is signed. */
export function PlanNetworks({ config, work, done }: { config: RekeyConfig; work: ChainWork; done: string }) {
  if (work.progress.length === 0 || work.task.status === 'failed') return null
  return (
    <section className="card">
      <h2>Networks</h2>
      <WorkList config={config} work={work} working="Delivering" done={done} />
      {work.isPartial && (
        <p className="soft">
          What is done stays done. Try the others again now, or later from your account page; it takes no new set-up.
        </p>
      )}
    </section>
  )
}
