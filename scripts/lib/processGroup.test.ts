import { expect, test } from 'vitest'
import { endAllGroups, type GroupOptions, groupMembers, runInGroup } from './processGroup.ts'

const sleeper = `setInterval(() => {}, 1000)`

/** A parent that starts a child which outlives it, prints the group and then runs `last`. */
const parentOf = (last: string) => `
  const { spawn } = require('node:child_process')
  const child = spawn(process.execPath, ['-e', ${JSON.stringify(sleeper)}], { stdio: 'ignore' })
  child.unref()
  child.once('spawn', () => { process.stdout.write(String(process.pid)); ${last} })`

function run(script: string, options: Partial<GroupOptions> = {}) {
  const output: string[] = []
  let announce: (text: string) => void = () => {}
  const firstOutput = new Promise<string>((resolve) => (announce = resolve))
  const end = runInGroup(process.execPath, ['-e', script], {
    environment: process.env,
    timeoutMs: 60_000,
    onOutput: (text) => {
      output.push(text)
      announce(text)
    },
    ...options,
  })
  return { end, output, firstOutput }
}

test('exit code and output of a command', async () => {
  const { end, output } = run(`console.log('hello'); process.exitCode = 3`)
  expect(await end).toEqual({ exitCode: 3, isTimedOut: false, leftovers: [] })
  expect(output.join('')).toBe('hello\n')
})

test('a descendant that is left behind is named and ended', async () => {
  const { end, output } = run(parentOf('process.exitCode = 0'))
  const { exitCode, leftovers } = await end
  expect(exitCode).toBe(0)
  expect(leftovers).toHaveLength(1)
  expect(groupMembers(Number(output.join('')))).toEqual([])
})

test('a command that takes too long is ended with its descendants', async () => {
  const { end, output } = run(parentOf(sleeper), { timeoutMs: 500 })
  expect(await end).toEqual({ exitCode: undefined, isTimedOut: true, leftovers: [] })
  expect(groupMembers(Number(output.join('')))).toEqual([])
})

test('ending all groups leaves no process', async () => {
  const { end, firstOutput } = run(parentOf(sleeper))
  const group = Number(await firstOutput)
  expect(groupMembers(group)).toHaveLength(2)
  await endAllGroups()
  expect(groupMembers(group)).toEqual([])
  expect((await end).exitCode).toBeUndefined()
})

test('a command that does not exist is an error', async () => {
  const options = { environment: process.env, timeoutMs: 1_000 }
  await expect(runInGroup('/no/such/command', [], options)).rejects.toThrow('ENOENT')
})
