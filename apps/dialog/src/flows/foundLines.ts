import type { FoundAccount } from '@rekey/sdk'
import type { ChainLine } from '../components/ChainList.tsx'
import { errorText } from '../lib/errorText.ts'

/** Says for each network what was found of an account there. */
export function foundLines({ chains }: Pick<FoundAccount, 'chains'>): ChainLine[] {
  return chains.map((chain): ChainLine => {
    const { chainId } = chain
    if ('error' in chain) return { chainId, tone: 'failed', text: 'Does not answer', error: errorText(chain.error) }
    if (!chain.isSetUp) return { chainId, tone: 'open', text: 'Not used there yet' }
    return chain.hasGuardians
      ? { chainId, tone: 'done', text: 'Found, with guardians' }
      : { chainId, tone: 'open', text: 'Found, without guardians' }
  })
}
