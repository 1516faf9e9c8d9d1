import { accountAt } from './policyWords.ts'

type Named = { readonly name: string }

/** What somebody reads before a sign-in becomes a guardian. */
export type SignInWords = {
  /** When what follows becomes public. */
  readonly publicLead: string
  readonly notPublic: string
  /** Who could misuse it, and what limits them. */
  readonly trust: readonly string[]
}

/** Says what an account at a provider is as a guardian, before it is one. */
export function guardianWords({ name }: Named, isBridged: boolean): SignInWords {
  return {
    publicLead: `Now: that some account at ${name} is a guardian of yours, and not which. Only who has its number from elsewhere can check that it is this one. If you recover with it, everybody can read, for ever:`,
    notPublic: 'Your name, your e-mail address and your picture are never asked for.',
    trust: isBridged ? bridgeTrust(name) : issuerTrust(name),
  }
}

function issuerTrust(name: string): readonly string[] {
  return [
    `${name}, or whoever breaks into your ${accountAt({ name })}, can approve as you. What a guardian alone can do, and whether you can stop it, you choose in the next step.`,
    `${name} can lock you out. If ${name} keeps your passkey too, one locked account takes both: add a guardian of another kind.`,
  ]
}

function bridgeTrust(name: string): readonly string[] {
  return [
    `${name} signs nothing that a network can check. A service of ours, the bridge, signs for it; so the bridge, ${name} and whoever breaks into your account could each approve as you.`,
    'What limits them: it counts as one guardian and no more, every sign-in that the bridge vouches for is in a public log, and while a guardian waits, your passkey stops it. Choose a wait in the next step.',
  ]
}

/** What is read before a sign-in approves something. */
export const approvalPublicLead = 'When your approval is sent to the networks, everybody can read, for ever:'

/** Which of several accounts it was is known to nobody but its owner. */
export function linkedWords({ name }: Named): { readonly title: string; readonly lead: string } {
  return {
    title: `You signed in with ${name}`,
    lead: `${name} told this page a number, and neither your name nor your e-mail address. If you have several accounts there, note which one it is.`,
  }
}
