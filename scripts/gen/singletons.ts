import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ENTRY_POINT } from '../deploy/constants.ts'
import { singletons as manifest } from '../deploy/manifest.ts'
import { planDeployment } from '../deploy/plan.ts'
import { singletonsText } from '../deploy/records.ts'
import { readCompiled } from './artifacts.ts'
import { type Generator, generatedBanner } from './generator.ts'

/** Names of the contracts in the SDK's config by the singleton each of them is. */
const configNames = {
  factory: 'RekeyAccountFactory',
  implementation: 'RekeyAccount',
  passkeyValidator: 'PasskeyValidator',
  signerValidator: 'SignerValidator',
  guardianRecovery: 'GuardianRecovery',
  webAuthnVerifier: 'WebAuthnVerifier',
  recoveryCodeVerifier: 'RecoveryCodeVerifier',
  policyStore: 'PolicyStore',
} as const

/**
 * Salt, initcode hash and address of every singleton → `deployments/singletons.json`; the addresses that the SDK uses
 * unless told otherwise → `sdk/src/config/contracts.generated.ts`.
 */
export const singletons: Generator = {
  name: 'singletons',
  async generate(root) {
    const { contracts } = await readCompiled(root)
    const plan = planDeployment(manifest, (name) => {
      const compiled = contracts.find((contract) => contract.name === name)
      if (!compiled) throw new Error(`${name} is in scripts/deploy/manifest.ts but not in scripts/gen/contracts.ts.`)
      return { ...compiled, immutables: [] }
    })
    const addressOf = (name: string): string => {
      const singleton = plan.find((entry) => entry.name === name)
      if (!singleton) throw new Error(`The manifest has no ${name}.`)
      return singleton.address
    }
    const { version }: { version: string } = JSON.parse(await readFile(join(root, 'sdk/package.json'), 'utf8'))
    return [
      { path: 'deployments/singletons.json', content: singletonsText(plan) },
      { path: 'sdk/src/config/contracts.generated.ts', content: contractsText(addressOf, version) },
    ]
  },
}

function contractsText(addressOf: (name: string) => string, version: string): string {
  const lines = Object.entries(configNames).map(([key, name]) => `  ${key}: '${addressOf(name)}',`)
  return `${generatedBanner}
/** Where the contracts of this release are, on every chain. */
export const defaultContracts = {
  entryPoint: '${ENTRY_POINT}',
${lines.join('\n')}
} as const

/** The verifier of sign-ins; not part of an account's own contracts. */
export const oidcRecoveryValidator = '${addressOf('OidcRecoveryValidator')}'

/** The release that these addresses belong to. */
export const contractsRelease = '${version}'
`
}
