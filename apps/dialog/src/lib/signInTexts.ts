/** What a person reads when signing in failed: what happened, and what to do. */
export const signInTexts: Readonly<Record<string, readonly [title: string, advice: string]>> = {
  OIDC_POPUP_BLOCKED: [
    'The sign-in window could not open.',
    'Allow pop-ups for this page and try again, or continue in this window.',
  ],
  OIDC_POPUP_CLOSED: [
    'The sign-in window was closed before you signed in.',
    'Nothing was done. Try again. If the window shows nothing, the provider may be down: go on in another way.',
  ],
  OIDC_SIGN_IN_CANCELLED: [
    'You went back without signing in.',
    'Nothing was done. Try again, or go on in another way.',
  ],
  OIDC_SIGN_IN_REFUSED: [
    'The provider refused the sign-in.',
    'Nothing was done. Try again later, or go on in another way.',
  ],
  OIDC_SIGN_IN_UNEXPECTED: [
    'Nobody here asked for this sign-in.',
    'Nothing was done with it. If a link brought you here, somebody may have tried to sign you in as themselves. Start from the page where you need it.',
  ],
  OIDC_ISSUER_UNREACHABLE: [
    'The provider does not answer.',
    'Nothing was done. Try again later, or go on in another way.',
  ],
  OIDC_PROVIDER_INVALID: [
    'Signing in there is not set up rightly on this page.',
    'Nothing was done. Go on in another way, and tell whoever runs this page.',
  ],
  OIDC_TOKEN_INVALID: [
    'The provider answered in a form that the networks would not take.',
    'Nothing was sent. Try again, or go on in another way.',
  ],
  OIDC_PERSONAL_CLAIMS: [
    'The provider sent your name or e-mail address along, which would become public.',
    'Nothing was sent. Go on in another way.',
  ],
  OIDC_NOTE_MISSING: ['No guardian of this account signs in there.', 'Check the account, or go on in another way.'],
  OIDC_KEY_UNKNOWN: [
    'The networks do not know yet the key that the provider signs with.',
    'New keys count after some days. Try again then, or go on in another way.',
  ],
  OIDC_KEY_UNSUPPORTED: [
    'The provider signs in a way that the networks can’t check.',
    'Nothing was sent. Go on in another way.',
  ],
  OIDC_SIGN_IN_MISMATCH: ['This sign-in does not fit.', 'Nothing was sent. Sign in again from here.'],
  OIDC_SIGN_IN_MISMATCH_person: [
    'This is not the account that is your guardian.',
    'Nothing was sent. Sign in again, and choose the account that you named when you set up recovery.',
  ],
  OIDC_SIGN_IN_MISMATCH_nonce: [
    'This sign-in was made for something else.',
    'Nothing was sent. Sign in again from here.',
  ],
  OIDC_SIGN_IN_MISMATCH_expired: [
    'This sign-in has run out.',
    'Nothing was sent. Sign in again; what is done already stays.',
  ],
  OIDC_SIGN_IN_MISMATCH_early: ['A clock is wrong.', 'Set the clock of this device right, then sign in again.'],
  OIDC_SIGN_IN_MISMATCH_late: ['A clock is wrong.', 'Set the clock of this device right, then sign in again.'],
}
