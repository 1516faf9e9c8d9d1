import { isRekeyError } from '@rekey/sdk/errors'
import { signInTexts } from './signInTexts.ts'

/** What a person reads when something failed: what happened, and what to do. */
export type ErrorText = { readonly title: string; readonly advice: string; readonly code: string }

const texts: Readonly<Record<string, readonly [title: string, advice: string]>> = {
  WEBAUTHN_NOT_ALLOWED: [
    'The passkey prompt was closed, timed out, or no matching passkey was found here.',
    'Try again. If your passkey is on another device, choose that device in the prompt.',
  ],
  WEBAUTHN_ALREADY_REGISTERED: [
    'This device already has a passkey for this account.',
    'Choose another device in the prompt, or sign in with the passkey that is here.',
  ],
  WEBAUTHN_NOT_SUPPORTED: [
    'This browser can’t use passkeys here.',
    'Use a current browser and a device with a screen lock, or a security key with a PIN.',
  ],
  WEBAUTHN_INSECURE_CONTEXT: [
    'Passkeys do not work on this page: the connection is not secure.',
    'Check the address: it has to start with https.',
  ],
  ACCOUNT_NOT_FOUND: [
    'No account uses this passkey.',
    'Try another passkey. If this one worked before, it may have been removed: recover the account.',
  ],
  ACCOUNT_PASSKEY_REMOVED: [
    'This passkey no longer opens your account.',
    'It was removed, or the account was recovered. Use another passkey, or recover the account.',
  ],
  ACCOUNT_NO_LISTED_PASSKEY: [
    'No security key of this account works on this domain.',
    'Check the address, and open the domain on which you added the key. If it was added by a recovery, sign in without an address.',
  ],
  WEBAUTHN_SECURITY_KEY_NOT_USED: [
    'No security key answered.',
    'The prompt was closed, it was another key, or the key has no PIN. Set a PIN in the settings of your browser or system, then try again.',
  ],
  WEBAUTHN_RELYING_PARTY: [
    'This page can’t use the passkey.',
    'It belongs to another domain. Open your account there, or add a passkey of this domain to it.',
  ],
  PASSKEY_REQUEST_INVALID: [
    'This is not a complete request to add a passkey, or it was changed.',
    'Nothing was added. Go back to your other screen and open the link from there.',
  ],
  PASSKEY_REQUEST_NOT_PROVEN: [
    'The new passkey has not shown that it can open this account.',
    'Nothing was added. If you did not make this request yourself, somebody is trying to get in. Else start again.',
  ],
  PASSKEY_REQUEST_OTHER_ACCOUNT: [
    'This request is for another account.',
    'Nothing was added. Compare the addresses, and sign in with the account that the request is for.',
  ],
  PASSKEY_REQUEST_EXPIRED: ['This request is too old.', 'Nothing was added. Make it again on your other screen.'],
  ACCOUNT_PASSKEY_CANNOT_SIGN: [
    'This passkey does not sign for your account on this network.',
    'It may have been removed, or the account was recovered. Use another passkey, or recover the account.',
  ],
  ACCOUNT_LAST_PASSKEY: ['This is the only passkey of your account.', 'Add another one first. Nothing was removed.'],
  ACCOUNT_GENESIS_UNKNOWN: [
    'No network knows this account.',
    'Check the address. An account that was never used can’t be recovered.',
  ],
  CHAIN_UNREACHABLE: ['A network did not answer.', 'Check your connection, then try again. What is done stays done.'],
  CHAIN_BUNDLER_UNREACHABLE: ['The service that sends transactions did not answer.', 'Try again in a moment.'],
  CHAIN_RELAY_FAILED: ['It was not delivered to a network.', 'Try again in a moment. What was signed stays valid.'],
  USEROP_INSUFFICIENT_FUNDS: [
    'Your account can’t pay the network fee.',
    'Nothing was sent. Send a little money to your address on this network, then try again.',
  ],
  USEROP_NONCE_TAKEN: [
    'Your account sent something else at the same time.',
    'Nothing was sent. See what your other tab or device did, then try again.',
  ],
  USEROP_REJECTED: [
    'The network did not take it.',
    'Nothing was sent. Try again; if it stays so, check what it wanted to do.',
  ],
  USEROP_REJECTED_AA22: [
    'The network does not take it at this time.',
    'Nothing was sent. If your account is stopped, the top of this page says until when. Else check this device’s clock.',
  ],
  USEROP_CALLS_REVERTED: ['The network refused the transaction.', 'Nothing was changed. Check what it wanted to do.'],
  RECOVERY_NO_POLICY: [
    'This account has no guardians.',
    'Check the address. Without guardians named in advance nobody can recover an account.',
  ],
  RECOVERY_NOT_A_GUARDIAN: [
    'This wallet is not a guardian of the account.',
    'Nothing was signed. Switch to the wallet that the owner named.',
  ],
  RECOVERY_INVALID_APPROVAL: [
    'This is not an approval of this recovery.',
    'Ask your guardian to open the link again, and paste all of what they get.',
  ],
  RECOVERY_GUARDIAN_ABSENT: [
    'The wallet that approved is a contract, and is not on this network yet.',
    'Use that wallet there once, so that it is created, and deliver again: the approval stays valid. Or ask another guardian.',
  ],
  RECOVERY_NOT_ENOUGH_APPROVALS: ['More guardians have to approve.', 'The ones who did need not do it again.'],
  RECOVERY_NOT_READY: ['The waiting time is not over yet.', 'Come back when it is.'],
  RECOVERY_OVER: ['This recovery is over. Nothing changed since.', 'Start again if you still need it.'],
  RECOVERY_NEW_PASSKEY_UNUSABLE: [
    'The new passkey could not sign for your account.',
    'Nothing was sent. Start again, on another device or browser if it happens twice.',
  ],
  RECOVERY_OTHER_POLICY: [
    'The account has no guardians there, or others than this asks.',
    'Nothing was signed. Ask the owner for a new link.',
  ],
  RECOVERY_LINK_DAMAGED: [
    'This is not complete, or it was changed.',
    'Nothing happened. Ask for it again, and open or paste all of it.',
  ],
  RECOVERY_LINK_EXPIRED: ['This request is too old.', 'Nothing was signed. The owner has to begin again.'],
  RECOVERY_LINK_WRONG_CHAIN: [
    'This request is for other networks than this page works with.',
    'Nothing was signed. Open it on the page that it names.',
  ],
  RECOVERY_LINK_OTHER_REQUEST: [
    'This approval is for another recovery.',
    'Ask your guardian to open your newest link.',
  ],
  ACCOUNT_ABSENT: ['No network knows this account.', 'Check the address, letter by letter.'],
  ACCOUNT_NOT_SET_UP: [
    'Your account has not been used on any of these networks.',
    'Nothing was signed. Set up recovery for your own account first, then open this link again.',
  ],
  NAME_UNKNOWN: [
    'No account has this name.',
    'Check how it is written, or use the address. It is on your sheet of codes and in your kit.',
  ],
  NAME_INVALID: [
    'This is not a name that an account can have.',
    'It may have characters that cannot be seen. Type it by hand, or use the address.',
  ],
  NAME_SERVICE_FAILED: [
    'The service that knows the names did not answer.',
    'Use the address: nothing but the name depends on that service.',
  ],
  KIT_INVALID: [
    'This is not a recovery kit, or it was changed.',
    'Nothing was done. Use another copy of the kit, or the address of the account.',
  ],
  CODE_UNKNOWN: [
    'This code is not of the set that counts.',
    'Nothing was sent. Look for a newer sheet, and compare the account on it.',
  ],
  CODE_SPENT: ['This code was already used.', 'Nothing was sent. Use another one of your sheet.'],
  CODES_MISSING: ['This account has no recovery codes.', 'Set them up as a guardian first.'],
  CODES_CHANGE_OVER: [
    'The new codes no longer wait on a network.',
    'They were called off, or too much time went by. The old codes stay good. Begin again.',
  ],
  CONTRACT_CHANGE_NOT_READY: ['The waiting time is not over yet.', 'Come back when it is.'],
  PASSPHRASE_WRONG: [
    'This is not the passphrase of this account.',
    'Nothing was sent. Check each word and their order.',
  ],
  PASSPHRASE_MISSING: ['This account has no passphrase.', 'Use another guardian.'],
  PASSPHRASE_NOT_ENOUGH_MEMORY: [
    'This device does not have enough memory free for a passphrase.',
    'Close other pages and apps, or use another device; then try again.',
  ],
  POLICY_SECRET_ALONE: [
    'Codes or a passphrase alone would open your account at once.',
    'Choose a way with a waiting time, or add another kind of guardian.',
  ],
  ACCOUNT_INVALID_RECORD: ['This is not complete, or it was changed.', 'Open the link again, or paste all of it.'],
  POLICY_INVALID: [
    'These guardians can’t be used together in this way.',
    'Check the addresses: none may be your own account or a part of the system, and each is named once. Or choose another way.',
  ],
  ...signInTexts,
  WALLET_REJECTED: ['The wallet did not sign.', 'Nothing was sent. Try again when you are ready.'],
  WALLET_MISSING: ['No wallet was found in this browser.', 'Open this link in the browser that has your wallet.'],
}

/** Returns the words for an error. An error of a stranger is not quoted. */
export function errorText(error: unknown): ErrorText {
  const code = isRekeyError(error) ? error.code : walletCode(error)
  const text = texts[`${code}_${variantOf(error)}`] ?? texts[code]
  if (text) return { code, title: text[0], advice: text[1] }
  if (isRekeyError(error)) return { code, title: error.shortMessage, advice: error.metaMessages.join(' ') }
  return { code, title: 'Something went wrong.', advice: 'Nothing is lost. Try again.' }
}

/** Does something with what was typed; returns in words why that was refused, if it was. */
export function refusal(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (!isRekeyError(error)) throw error
    const { title, advice } = errorText(error)
    return `${title} ${advice}`
  }
}

/** What the EntryPoint gave as the reason, where it refused; what of a sign-in does not fit. */
function variantOf(error: unknown): string {
  return isRekeyError(error) ? String(Reflect.get(error, 'entryPointCode') ?? Reflect.get(error, 'mismatch')) : ''
}

function walletCode(error: unknown): string {
  for (let current = error; current instanceof Error; current = current.cause)
    if (Reflect.get(current, 'code') === 4001) return 'WALLET_REJECTED'
  return 'UNKNOWN'
}
