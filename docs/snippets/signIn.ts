import type { PasskeyAccount, RekeyConfig } from '@rekey/sdk'
import {
  answerSignInPopup,
  approveWithProvider,
  google,
  linkSignIn,
  type SignInWith,
  signInWithPopup,
} from '@rekey/sdk/oidc'
import { planRecovery, startRecovery } from '@rekey/sdk/recovery'
import type { Address } from 'viem'

declare const config: RekeyConfig
declare const account: PasskeyAccount
declare const registry: Address // OidcKeyRegistry: who says which keys are Google's
declare const askFirst: (becomesPublic: readonly string[]) => Promise<void>

const provider = google({ clientId: '1234.apps.googleusercontent.com' })
// A window of its own; call it in the handler of a click.
const signIn: SignInWith = (at, { nonce }) =>
  signInWithPopup(at, { nonce, redirectUri: 'https://auth.example.com/sign-in' })

// The page at https://auth.example.com/sign-in does this and nothing else.
export const onRedirect = () => answerSignInPopup()

// A real sign-in makes the Google account a guardian; the chains get a salted hash of it.
const { guardian } = await linkSignIn(config, provider, { registry, signIn })
await (await planRecovery(account, { guardians: [guardian], preset: 'simple' })).apply()

// The passkey is lost. The sign-in is for this recovery and no other; what it shows is public from then on.
const recovery = await startRecovery(config, { account: account.address, name: 'Ada, new phone' })
await askFirst(provider.becomesPublic)
const { approval } = await approveWithProvider(config, recovery, { provider, signIn })
await recovery.addApproval(approval)
await recovery.submit()
