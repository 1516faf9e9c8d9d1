import { type Address, getAddress, isAddress, isAddressEqual } from 'viem'

/** The form in which an owner names a guardian. */
export type GuardianForm = {
  readonly text: string
  /** What is wrong with the address, once it was submitted. */
  readonly problem: 'missing' | 'invalid' | 'self' | undefined
}

export type GuardianFormEvent =
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'submitted'; readonly account: Address }

export const emptyGuardianForm: GuardianForm = { text: '', problem: undefined }

export const guardianProblems = {
  missing: 'Enter the address of your guardian’s wallet.',
  invalid: 'This is not a wallet address. It starts with 0x and has 42 characters; check for a typo.',
  self: 'This is your own account. Name a wallet that somebody else has, or that you keep elsewhere.',
} as const

/** A problem goes away as soon as something else is typed; it is found only when the form is submitted. */
export function guardianFormReducer(form: GuardianForm, event: GuardianFormEvent): GuardianForm {
  switch (event.type) {
    case 'typed':
      return { text: event.text, problem: undefined }
    case 'submitted':
      return { ...form, problem: findProblem(form.text.trim(), event.account) }
  }
}

/** The address in the form, if there is one. */
export function guardianAddress({ text }: GuardianForm): Address | undefined {
  return isAddress(text.trim()) ? getAddress(text.trim()) : undefined
}

function findProblem(text: string, account: Address): GuardianForm['problem'] {
  if (text === '') return 'missing'
  if (!isAddress(text)) return 'invalid'
  return isAddressEqual(text, account) ? 'self' : undefined
}
