/** A promise of the product, and the tests that keep it on real chains, bundlers and browsers. */
export type Feature = {
  readonly id: string
  readonly what: string
  /** Path of a test file, and part of the name of a test or suite in it. */
  readonly proofs: readonly (readonly [path: string, name: string])[]
  /** What no test shows. */
  readonly open?: string | undefined
}

const e2e = (file: string): string => `test/e2e/${file}.test.ts`
const story = (file: string): string => `test/stories/${file}.test.ts`
const integration = (file: string): string => `test/integration/${file}.test.ts`

export const features: readonly Feature[] = [
  {
    id: 'A2',
    what: 'Synced passkeys work on every device that has them; the page tells synced from device-bound',
    proofs: [
      [integration('sdkPasskeys'), 'find the account from a new device to which the passkey was synced'],
      [e2e('passkeyKinds'), 'is shown, and follows the next answer when it changes'],
    ],
  },
  {
    id: 'A3',
    what: 'Another passkey from a new device, with the consent of an existing one',
    proofs: [
      [e2e('secondPasskey'), 'on another device, signs in there and sends on both chains'],
      [integration('sdkPasskeys'), 'are added on both chains with one owner prompt, listed and used'],
    ],
  },
  {
    id: 'A4',
    what: 'An auth page on another domain, by the address of the account; its passkeys work when the first domain is gone',
    proofs: [
      [e2e('secondDomain'), 'then the first is gone, and the second sends on both chains'],
      [e2e('secondDomain'), 'the victim’s screen names domain, passkey, account and words'],
      [integration('sdkSecondDomain'), 'second domain'],
    ],
  },
  {
    id: 'A5',
    what: 'An EOA is linked, and recovers the account',
    proofs: [
      [e2e('recover'), 'the only passkey is lost: one approval brings the account back on both chains'],
      [e2e('guardianKinds'), 'with a wallet of this browser and a friend’s passkey together: at once'],
      [integration('cliRecover'), 'a wallet guardian approves on another machine'],
    ],
  },
  {
    id: 'A7',
    what: 'Google gives the account back: the chain checks the sign-in itself',
    proofs: [
      [e2e('signIn'), 'the phone is lost: at once, on both chains, by keyboard alone; the old passkey is out'],
      [e2e('signIn'), 'Google alone waits a day; one network is down until the sign-in has run out'],
    ],
    open: 'The local stack’s Google is a certified OpenID provider with Google’s forms; Google itself is not asked.',
  },
  {
    id: 'A8',
    what: 'An account at Facebook, Apple or Microsoft as guardian, verified on chain',
    proofs: [[story('issuers'), 'an account is recovered by the sign-in alone, at once, on both chains']],
    open: 'No test reaches these issuers: keys of our own sign tokens of their shape, for their names.',
  },
  {
    id: 'A9',
    what: 'X gives the account back, by a bridge that its owner is told of',
    proofs: [[e2e('signIn'), 'X, by the bridge, that its owner is told of']],
    open: 'The local stack has a stand-in for X; X itself is not asked.',
  },
  {
    id: 'A10',
    what: 'Hardware security keys and platform authenticators',
    proofs: [
      [e2e('passkeyKinds'), 'over USB, NFC and Bluetooth are added, and each signs in by address'],
      [e2e('passkeyKinds'), 'one without a PIN is refused'],
      [integration('sdkSecurityKeys'), 'a security key that keeps no passkeys'],
    ],
    open: 'No test touches a key of metal: Chromium stands in for it.',
  },
  {
    id: 'A13',
    what: 'Guardian: a Google account, linked by a real sign-in; what becomes public is said before',
    proofs: [
      [e2e('signIn'), 'is linked by a real sign-in: what becomes public is said before, and what goes wrong is told'],
    ],
  },
  {
    id: 'A14',
    what: 'Guardian: a backup passphrase, derived in the browser, which works offline',
    proofs: [
      [e2e('guardianKinds'), 'with the passphrase, by keyboard alone'],
      [story('secrets'), 'takes nothing but its words and a node; nothing that it goes through leaves the device'],
      [story('guardianKinds'), 'brings an account back on both chains, to the last transaction'],
    ],
  },
  {
    id: 'A15',
    what: 'Guardian: an external wallet, EOA or contract',
    proofs: [
      [story('guardianKinds'), 'brings an account back on both chains, to the last transaction'],
      [e2e('guardianKinds'), 'with a wallet of this browser and a friend’s passkey together: at once'],
      [e2e('guardianKinds'), 'on the other its approval counts once it is there'],
      [story('manyGuardians'), 'the other says what is missing, and takes the same approval after that'],
    ],
  },
  {
    id: 'A16',
    what: 'Threshold one or both; any m of n',
    proofs: [
      [story('recoveries'), 'by two kinds of guardians, a wallet and a passkey of a friend, needs no delay'],
      [story('thief'), 'a veto does not stop both guardians'],
      [integration('sdkEvidence'), 'the others wait as long as they do alone'],
      [story('manyGuardians'), 'a set that does not reach the weight is told so; one that does waits'],
      [story('manyGuardians'), 'any three of five recover, each from a device of their own'],
    ],
  },
  {
    id: 'A19',
    what: 'Recover from the login dialog: found by address or name, guardians read from the chain',
    proofs: [
      [e2e('guardianKinds'), 'with a code: a typo is told, a reload half way loses nothing'],
      [story('findAccount'), 'by its address, which some chain must know'],
      [story('findAccount'), 'is shown with the address, and looked up on the chains before anything is done with it'],
      [e2e('otherWays'), 'finds it; its address is shown, compared and ticked before a passkey is made'],
      [e2e('otherWays'), 'leads nowhere unnoticed when who knows the names lies'],
    ],
  },
  {
    id: 'A20',
    what: 'A new passkey, with Google or the passphrase as proof, or with both',
    proofs: [
      [e2e('signIn'), 'Google is down: the passphrase still works; when Google is back, both together need no wait'],
      [e2e('signIn'), 'the phone is lost: at once, on both chains, by keyboard alone; the old passkey is out'],
      [e2e('guardianKinds'), 'with the passphrase, by keyboard alone'],
    ],
  },
  {
    id: 'A22',
    what: 'The account is unchanged until the recovery executes',
    proofs: [
      [story('recoveries'), 'leaves the account as it was until it is executed, and its owner can send meanwhile'],
    ],
  },
  {
    id: 'A24',
    what: 'Sign-in across devices by QR, then a passkey on the new device',
    proofs: [
      [e2e('secondPasskey'), 'on another device, signs in there and sends on both chains'],
      [e2e('secondDomain'), 'by address, with the consent of the first'],
    ],
    open: 'The QR code that a browser shows by itself (hybrid transport) cannot be driven by a test; ours can.',
  },
  {
    id: 'A25',
    what: 'Recovery codes: paste one, enrol a fresh passkey, the code is used up',
    proofs: [
      [
        e2e('guardianKinds'),
        'with a code: a typo is told, a reload half way loses nothing, and the code counts as used',
      ],
      [story('codes'), 'the new passkey sends, the code is spent, another one still works'],
    ],
  },
  {
    id: 'A26',
    what: 'Spent codes are marked and refused; those left are shown; the set is made anew',
    proofs: [
      [story('codes'), 'from fifty relayers, for ten recoveries, on two chains: one effect on each'],
      [story('secrets'), 'take the place of old ones on both chains'],
      [e2e('guardianKinds'), 'are announced, wait, and come into force; until then the old ones count'],
    ],
  },
  {
    id: 'B17',
    what: 'Any conformant OpenID Connect issuer, Apple, Microsoft, Auth0 and Keycloak among them',
    proofs: [
      [integration('sdkSignIn'), 'a sign-in is linked and recovers the account on both chains'],
      [story('issuers'), 'an account is recovered by the sign-in alone, at once, on both chains'],
      ['test/differential/oidcTokens.test.ts', 'tokens as issuers write them'],
    ],
    open: 'No test reaches an issuer on the internet; a certified provider runs on this machine.',
  },
  {
    id: 'C6',
    what: 'Sign-ins verified on chain without ZK and without a trusted signer: a registry of keys by several parties, with a delay, or keys pinned by the account',
    proofs: [
      [story('issuers'), 'an account is recovered by the sign-in alone, at once, on both chains'],
      ['test/differential/oidcTokens.test.ts', 'tokens as issuers write them'],
      [integration('attesters'), 'a new key is on both chains, verifies nothing for two days, and then does'],
      [integration('attesters'), 'it signs another key for a name, one that nobody shows, and garbage'],
    ],
  },
  {
    id: 'C7',
    what: 'Accounts at X and GitHub as guardians, by a bridge that goes by their numbers and lists every token it gave',
    proofs: [
      [integration('openid'), 'recovers an account on both chains, by the clock of the chains'],
      [e2e('signIn'), 'X, by the bridge, that its owner is told of'],
      [integration('bridge'), 'has every token’s nonce in a chain that anybody can check'],
    ],
    open: 'No test reaches X or GitHub: servers of ours stand in for them.',
  },
  {
    id: 'C8',
    what: 'Recovery drill, health score with fixes, and what the loss of a device would mean',
    proofs: [
      [story('guardianRequests'), 'shows on both chains which tiers the guardians reach, free of charge'],
      [story('ownerChanges'), 'health sees what is pending and what was proven'],
      [integration('cliCommands'), 'the chains tell what they reach, and health knows'],
      ['sdk/src/recovery/plan/simulateLoss.test.ts', 'ends as the game ends that both sides play to the end'],
    ],
  },
  {
    id: 'C10',
    what: 'A recovery is an object that survives a reload, another device, a dead node and a failing chain',
    proofs: [
      [integration('sdkDriver'), 'when the line to a chain dies for good %s any step'],
      [integration('sdkInterrupted'), 'the end is the same, and nothing is paid for twice'],
      [story('recoveries'), 'goes on from its JSON when a chain that was down is back'],
      [integration('cliCommands'), 'by kill -9 goes on from its file; what was done is not done twice'],
      [e2e('guardianKinds'), 'a reload half way loses nothing'],
    ],
  },
  {
    id: 'C12',
    what: 'Words to compare and a decoded request for the guardian',
    proofs: [
      [story('guardianRequests'), 'approves without account and gas; the answer comes back as text and as link'],
      [e2e('secondDomain'), 'the victim’s screen names domain, passkey, account and words'],
      [integration('sdkRecoveryOptions'), 'that keeps passkeys adds one'],
    ],
  },
  {
    id: 'C14',
    what: 'Chains that differ are shown and brought in line with one prompt',
    proofs: [
      [story('chainDrift'), 'one prompt makes it equal, and both passkeys send on both'],
      [story('chainDrift'), 'what was signed is sent later, without another prompt'],
      [e2e('setUp'), 'is told on the account’s page later, and ended there'],
    ],
  },
  {
    id: 'C18',
    what: 'Recovery kit: exported, printed, without secrets',
    proofs: [
      [story('kit'), 'as a page in a drawer: no node tells events, and the account is back on both chains'],
      [story('kit'), 'as a QR code on a card'],
      [integration('cliCommands'), 'kit and policy: exported, checked, printed, shown, and compared'],
    ],
  },
]
