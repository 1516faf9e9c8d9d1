import * as v from 'valibot'
import { RequestError } from '../errors.ts'
import type { ServiceContext } from './app.ts'

/**
 * Reads a request's body.
 *
 * @throws {RequestError} 415 when it is not announced as JSON, 400 when it does not fit `schema`.
 */
export async function readJson<schema extends v.GenericSchema>(
  context: ServiceContext,
  schema: schema,
): Promise<v.InferOutput<schema>> {
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new RequestError(415, 'NOT_JSON', 'The body is not JSON.', 'Send it with content-type application/json.')
  const body: unknown = await context.req.json().catch(() => undefined)
  return check(body, schema)
}

/** Checks what came in a request; the refusal names the field that is wrong, never what was in it. */
export function check<schema extends v.GenericSchema>(input: unknown, schema: schema): v.InferOutput<schema> {
  const result = v.safeParse(schema, input)
  if (result.success) return result.output
  const field = result.issues.map((issue) => v.getDotPath(issue)).find((path) => path !== null) ?? 'the whole'
  throw new RequestError(400, 'REQUEST_INVALID', 'The request is not as it should be.', `Look at ${field}.`)
}
