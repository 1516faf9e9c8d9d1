// Recovers an account on a local stack, visibly, then stays up.
//   --once              ends after the recovery; fails when a step of it failed
//   --directory <path>  where stack.json and logs go; default .rekey
import path from 'node:path'
import { parseArgs } from 'node:util'
import { repositoryRoot } from './deploy/artifacts.ts'
import { BuildError, ensureBuilt, targets } from './lib/built.ts'
import { watchParent } from './lib/parent.mjs'
import { endAllGroups } from './lib/processGroup.ts'
import { StackError } from './stack/errors.ts'
import { checkFree } from './stack/stackFile.ts'
import { type Stack, startStack } from './stack/startStack.ts'
import { tellRecovery } from './stack/story.ts'
import { StoryError, type StoryStep } from './stack/storySteps.ts'
import { formatBill, formatStep, storyHead } from './stack/storyTable.ts'

const began = performance.now()
const elapsed = (): number => (performance.now() - began) / 1000
let stack: Stack | undefined
let isTold = false
let isEnding = false

/** Ends everything, once, however often it is asked to: a terminal sends Ctrl-C to us and to those who pass it on. */
async function end(exitCode: number): Promise<never> {
  if (isEnding) return new Promise(() => {})
  isEnding = true
  await endAllGroups()
  // A stack that is still starting ends with this process.
  await stack?.stop()
  process.exit(exitCode)
}

async function build(): Promise<void> {
  for (const target of targets)
    await ensureBuilt(repositoryRoot, target, () => console.log(`Building the ${target.name}`))
}

async function tell(stack: Stack): Promise<void> {
  const steps: StoryStep[] = []
  console.log(`\n${storyHead}`)
  for await (const step of tellRecovery(stack)) {
    console.log(formatStep(step, elapsed()))
    steps.push(step)
  }
  console.log(`\n${formatBill(steps, stack.chains.length)}`)
}

function invite({ urls, info }: Stack, directory: string): string {
  const lines = urls.demo
    ? [
        `Demo dApp    ${urls.demo}`,
        ...(urls.dialog ? [`Dialog       ${urls.dialog}`] : []),
        '',
        'Open the demo in a browser: create an account, name a guardian, lose the passkey, get back in.',
      ]
    : ['The demo dApp is not part of this checkout.']
  return [
    ...info.chains.map(({ chainId, rpcUrl, bundlerUrl }) => `Chain ${chainId}  ${rpcUrl}  bundler ${bundlerUrl}`),
    ...new Set(info.signIn.map(({ issuer }) => `Sign-ins     ${issuer}`)),
    ...lines,
    `Everything else is in ${path.join(directory, 'stack.json')}. Ctrl-C ends it.`,
  ].join('\n')
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: { once: { type: 'boolean', default: false }, directory: { type: 'string' } },
  })
  const directory = path.resolve(values.directory ?? path.join(repositoryRoot, '.rekey'))
  checkFree(directory)
  await build()
  console.log('Starting two chains, their bundlers and the contracts')
  const running = await startStack({ directory, signIn: true })
  stack = running
  await Promise.race([tell(running), running.failed])
  isTold = true
  if (values.once) return
  console.log(`\n${invite(running, path.relative(process.cwd(), directory))}`)
  await running.failed
}

/** What went wrong, for its reader: a stack trace only for what nobody expected. */
function explain(error: unknown): string {
  if (error instanceof StoryError) return `FAILED  ${error.message}`
  if (error instanceof StackError || error instanceof BuildError) return error.message
  if (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.on(signal, () => void end(isTold ? 0 : code))
watchParent(() => void end(143))
run().then(
  () => end(0),
  (error: unknown) => {
    // What fails because everything is being ended is no news.
    if (!isEnding) console.error(`\n${explain(error)}`)
    return end(1)
  },
)
