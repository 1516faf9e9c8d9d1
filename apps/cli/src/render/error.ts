import { isRekeyError } from '@rekey/sdk/errors'

/** An error as programs read it; nothing of what others wrote is in it. */
export function errorJson(error: unknown): {
  readonly code: string
  readonly message: string
  readonly details: string | null
  readonly remedies: readonly string[]
} {
  if (!isRekeyError(error))
    return {
      code: 'CLI_UNEXPECTED',
      message: `Something unexpected went wrong (${error instanceof Error ? error.name : typeof error}).`,
      details: null,
      remedies: ['Run it again; what was done is not done twice.'],
    }
  const { code, shortMessage, details, metaMessages } = error
  return { code, message: shortMessage, details: details ?? null, remedies: metaMessages }
}

/** An error as people read it. */
export function errorText(error: unknown): string {
  const { message, details, remedies } = errorJson(error)
  return [message, ...remedies, ...(details === null ? [] : [`Details: ${details}`])].join('\n')
}
