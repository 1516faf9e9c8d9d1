import { answerSignInPopup, type SignInProvider, signInWithPopup } from '@rekey/sdk/oidc'

/** What became of a sign-in: the token, or the code of the error. */
export type Outcome = { readonly token: string } | { readonly code: string }

/** A page of an app that signs people in, and, at `/sign-in`, the one that providers send them back to. */
function start(): void {
  if (window.location.pathname === '/sign-in') {
    answerSignInPopup({ waitMs: 1_000 }).catch((error: unknown) => {
      document.title = codeOf(error)
    })
    return
  }
  const button = document.createElement('button')
  button.textContent = 'Sign in'
  button.onclick = () => {
    const { provider, nonce } = JSON.parse(sessionStorage.getItem('ask') ?? '') as {
      provider: SignInProvider
      nonce: string
    }
    const redirectUri = `${window.location.origin}/sign-in`
    const outcome: Promise<Outcome> = signInWithPopup(provider, { nonce, redirectUri }).then(
      (token) => ({ token }),
      (error: unknown) => ({ code: codeOf(error) }),
    )
    Object.assign(globalThis, { outcome })
  }
  document.body.append(button)
}

function codeOf(error: unknown): string {
  return String(Reflect.get(Object(error), 'code') ?? error)
}

start()
