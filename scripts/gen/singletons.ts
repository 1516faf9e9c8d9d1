import { readArtifact } from '../deploy/artifacts.ts'
import { singletons as manifest } from '../deploy/manifest.ts'
import { planDeployment } from '../deploy/plan.ts'
import { singletonsText } from '../deploy/records.ts'
import type { Generator } from './generator.ts'

/** Salt, initcode hash and address of every singleton → `deployments/singletons.json`. */
export const singletons: Generator = {
  name: 'singletons',
  generate: async (root) => {
    const plan = planDeployment(manifest, (name) => readArtifact(name, 'contracts', root))
    return [{ path: 'deployments/singletons.json', content: singletonsText(plan) }]
  },
}
