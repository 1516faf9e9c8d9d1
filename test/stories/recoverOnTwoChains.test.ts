import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stack, startStack } from '../../scripts/stack/startStack.ts'
import { tellRecovery } from '../../scripts/stack/story.ts'
import { billOf, type StoryStep } from '../../scripts/stack/storySteps.ts'
import { temporaryDirectory } from '../integration/support/directory.ts'

/** The last title of each story, and the bill of P11 for two chains. */
const lastTitle = 'The new passkey uses the account'
const bill = { prompts: 2, guardianSignatures: 1, transactions: 4 }

async function tell(stack: Stack): Promise<StoryStep[]> {
  const steps: StoryStep[] = []
  for await (const step of tellRecovery(stack)) steps.push(step)
  return steps
}

function stepOf(steps: readonly StoryStep[], title: string): StoryStep {
  const step = steps.find((step) => step.title === title)
  if (!step) throw new Error(`The story has no step "${title}".`)
  return step
}

describe('the only passkey is lost', () => {
  const directory = temporaryDirectory()
  let stack: Stack
  beforeAll(async () => {
    stack = await startStack({ directory: directory.path, sites: [] })
  })
  afterAll(async () => {
    await stack?.stop()
    directory[Symbol.dispose]()
  })

  test('[58] one approval and a day later both chains know the new passkey, and refuse the old one', async () => {
    const steps = await tell(stack)
    expect(steps.at(-1)?.title).toBe(lastTitle)
    expect(stepOf(steps, 'The lost passkey is refused').notes).toEqual([
      'chain 31337: AA24 signature error',
      'chain 31338: AA24 signature error',
    ])
    for (const title of ['The account is used', 'Its owner names a guardian', lastTitle]) {
      const { prompts, transactions } = stepOf(steps, title)
      expect([title, prompts, transactions.map(({ chainId }) => chainId)]).toEqual([title, 1, [31337, 31338]])
    }
    expect(billOf(steps)).toMatchObject(bill)
  })
})

describe('the second chain has no P256VERIFY', () => {
  const directory = temporaryDirectory()
  let stack: Stack
  beforeAll(async () => {
    const chains = [{ chainId: 31337 }, { chainId: 31338, hardfork: 'prague' }] as const
    stack = await startStack({ directory: directory.path, sites: [], chains })
  })
  afterAll(async () => {
    await stack?.stop()
    directory[Symbol.dispose]()
  })

  test('the same recovery works there, for more gas', async () => {
    const steps = await tell(stack)
    expect(steps.at(-1)?.title).toBe(lastTitle)
    expect(billOf(steps)).toMatchObject(bill)
    const [withPrecompile, without] = stepOf(steps, lastTitle).transactions
    expect(Number(without?.gasUsed) - Number(withPrecompile?.gasUsed)).toBeGreaterThan(150_000)
  })
})
