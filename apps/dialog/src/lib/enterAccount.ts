import { type PasskeyAccount, type RekeyConfig, type SignInParameters, signIn } from '@rekey/sdk'

type Entrance = {
  readonly config: RekeyConfig
  readonly onAccount: (account: PasskeyAccount) => void
  /** Told why it failed, before the screen is. */
  readonly onFailed: (error: unknown) => void
}

/** Signs in with a passkey. */
export async function enterAccount(
  { config, onAccount, onFailed }: Entrance,
  parameters: SignInParameters,
): Promise<void> {
  try {
    onAccount(await signIn(config, parameters))
  } catch (error) {
    onFailed(error)
    throw error
  }
}
