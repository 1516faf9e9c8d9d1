import { afterAll, beforeAll } from 'vitest'
import { type Stack, startStack } from '../../../scripts/stack/startStack.ts'
import { temporaryDirectory } from './directory.ts'

const directory = temporaryDirectory()

/** Chains, bundlers and clock, up while the tests of the file run that imports this; each file has its own. */
export let stack: Stack

beforeAll(async () => {
  stack = await startStack({ directory: directory.path, sites: [] })
})
afterAll(async () => {
  await stack?.stop()
  directory[Symbol.dispose]()
})
