import { codeExplanations } from './explained/codes.data.ts'
import { guardianRecoveryExplanations } from './explained/guardianRecovery.data.ts'
import { webAuthnExplanations } from './explained/webAuthn.data.ts'
import type { Explanation } from './explanations.ts'

/** Every mutant that survives, and why that is no gap in the tests. */
export const explanations: readonly Explanation[] = [
  ...codeExplanations,
  ...webAuthnExplanations,
  ...guardianRecoveryExplanations,
]
