import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createTerminal } from './terminal.ts'

/** Two ends of a terminal: what is typed, and what is shown. */
function fakeTerminal({ isTTY = true } = {}) {
  const stdin = Object.assign(new PassThrough(), { isTTY, modes: [] as boolean[] })
  const setRawMode = (mode: boolean) => void stdin.modes.push(mode)
  Object.assign(stdin, { setRawMode })
  const stderr = Object.assign(new PassThrough(), { isTTY })
  let shown = ''
  stderr.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8')
  })
  const controller = new AbortController()
  const terminal = createTerminal({ stdin, stderr } as never, { isConfirmed: false, signal: controller.signal })
  return { stdin, terminal, controller, shown: () => shown }
}

test('a secret is read and not shown, nor is its length; the terminal is left as it was', async () => {
  const { stdin, terminal, shown } = fakeTerminal()
  const answer = terminal.askSecret('Passphrase: ')
  stdin.write('vivid graviti')
  stdin.write('\u007fy\r')
  expect(await answer).toBe('vivid gravity')
  expect(shown()).toBe('Passphrase: \n')
  expect(stdin.modes).toEqual([true, false])
})

test('Ctrl-C ends the question for a secret, and the terminal is left as it was', async () => {
  const { terminal, controller, stdin } = fakeTerminal()
  const answer = terminal.askSecret('Code: ')
  controller.abort()
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
  expect(stdin.modes).toEqual([true, false])
})

test('without a terminal secrets are lines of the input, and nobody confirms', async () => {
  const { stdin, terminal } = fakeTerminal({ isTTY: false })
  stdin.end('first\nsecond\n')
  expect([await terminal.askSecret('One: '), await terminal.askSecret('Two: ')]).toEqual(['first', 'second'])
  await expect(terminal.confirm('Send?')).rejects.toMatchObject({ code: 'CLI_DECLINED' })
})

test.each([
  ['y', true],
  ['Yes', true],
  ['', false],
  ['yep', false],
])('the answer "%s" is yes: %s', async (answer, isYes) => {
  const { stdin, terminal } = fakeTerminal()
  const asking = terminal.confirm('Send it?')
  stdin.write(`${answer}\n`)
  if (isYes) await asking
  else await expect(asking).rejects.toMatchObject({ code: 'CLI_DECLINED' })
})
