import { answerSignInPopup, completeSignIn, isSignInReturning } from '@rekey/sdk/oidc'
import type { Arrival } from '../components/arrival.ts'
import { type ErrorText, errorText } from './errorText.ts'
import { takeReturn } from './signInReturn.ts'

/** What became of an answer that a provider sent to this page. */
export type ReturnedSignIn =
  /** The page that asked in another window has it. */
  | { readonly outcome: 'answered' }
  /** This window had asked, and goes on at a path. */
  | { readonly outcome: 'completed'; readonly arrival: Arrival; readonly path: string }
  | { readonly outcome: 'refused'; readonly error: ErrorText }

/** Takes a provider's answer out of the page's address, and hands it to whoever asked; one that nobody asked for is refused. */
export async function returnFromProvider(): Promise<ReturnedSignIn> {
  try {
    if (!isSignInReturning()) {
      await answerSignInPopup()
      return { outcome: 'answered' }
    }
    const back = takeReturn(sessionStorage)
    const { token, request } = await completeSignIn()
    return {
      outcome: 'completed',
      arrival: { token, nonce: request.nonce, way: back?.way },
      path: back?.path ?? '/',
    }
  } catch (error) {
    return { outcome: 'refused', error: errorText(error) }
  }
}
