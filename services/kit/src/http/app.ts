import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { RequestError } from '../errors.ts'
import type { Log } from '../log/log.ts'

/** What a handler finds in its context: `context.get('log')`. */
export type ServiceVariables = {
  /** In every answer as `x-request-id`, and in every line of the log about the request. */
  readonly requestId: string
  readonly log: Log
}
export type ServiceApp = Hono<{ Variables: ServiceVariables }>
export type ServiceContext = Context<{ Variables: ServiceVariables }>

export type AppParameters = {
  readonly log: Log
  /** Most bytes of a request's body. Default 65,536. */
  readonly maxBodyBytes?: number
}

/**
 * Makes the app of a service. Every answer has security headers and a request's id, and is not kept by caches unless
 * its handler says so; every refusal is `{code, message, remedy}`; what fails unforeseen is told to the log alone.
 */
export function createApp({ log, maxBodyBytes = 65_536 }: AppParameters): ServiceApp {
  const app: ServiceApp = new Hono()
  app.use(async (context, next) => {
    const requestId = randomUUID()
    const started = performance.now()
    context.set('requestId', requestId)
    context.set('log', log.with({ requestId }))
    await next()
    context.header('x-request-id', requestId)
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
    const { method, path } = context.req
    context.get('log').info('request', {
      method,
      path,
      status: context.res.status,
      milliseconds: Math.round(performance.now() - started),
    })
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
      crossOriginResourcePolicy: false,
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
    }),
  )
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: (context) => refuse(context, tooLarge(maxBodyBytes)) }))
  app.notFound((context) => refuse(context, notFound()))
  app.onError((error, context) => {
    if (error instanceof RequestError) return refuse(context, error)
    context.get('log').error('request failed', { error })
    return refuse(context, unforeseen())
  })
  return app
}

/** The answer that a refusal is. */
export function refuse(context: Context, error: RequestError): Response {
  const { code, shortMessage: message, metaMessages } = error
  return context.json({ code, message, remedy: metaMessages.join(' ') }, error.status)
}

function notFound(): RequestError {
  return new RequestError(404, 'NOT_FOUND', 'There is nothing here.', 'Look at the paths in the README.')
}

function tooLarge(most: number): RequestError {
  return new RequestError(413, 'BODY_TOO_LARGE', 'The body is too large.', `Send at most ${most} bytes.`)
}

function unforeseen(): RequestError {
  return new RequestError(500, 'INTERNAL', 'Something went wrong here.', 'Try later; tell us the x-request-id.')
}
