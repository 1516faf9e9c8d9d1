import { singletons as manifest } from '../deploy/manifest.ts'
import { planDeployment } from '../deploy/plan.ts'
import { singletonsText } from '../deploy/records.ts'
import { readCompiled } from './artifacts.ts'
import type { Generator } from './generator.ts'

/** Salt, initcode hash and address of every singleton → `deployments/singletons.json`. */
export const singletons: Generator = {
  name: 'singletons',
  async generate(root) {
    const { contracts } = await readCompiled(root)
    const plan = planDeployment(manifest, (name) => {
      const compiled = contracts.find((contract) => contract.name === name)
      if (!compiled) throw new Error(`${name} is in scripts/deploy/manifest.ts but not in scripts/gen/contracts.ts.`)
      return { ...compiled, immutables: [] }
    })
    return [{ path: 'deployments/singletons.json', content: singletonsText(plan) }]
  },
}
