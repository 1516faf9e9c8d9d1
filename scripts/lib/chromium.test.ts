import { expect, test, vi } from 'vitest'
import { ChromiumNotFoundError, findChromium, installCommand } from './chromium.ts'

function machine(files: string[], rest: Partial<Parameters<typeof findChromium>[0]> = {}) {
  return {
    chromePath: undefined,
    platform: 'linux',
    isDebian: true,
    isRoot: true,
    exists: (path: string) => files.includes(path),
    run: () => 1,
    ...rest,
  }
}

test('CHROME_PATH comes before known places', () => {
  const files = ['/my/chrome', '/usr/lib/chromium/chromium']
  expect(findChromium(machine(files, { chromePath: '/my/chrome' }))).toBe('/my/chrome')
})

test('a CHROME_PATH that does not exist is an error, not ignored', () => {
  const files = ['/usr/lib/chromium/chromium']
  expect(() => findChromium(machine(files, { chromePath: '/my/chrome' }))).toThrow('CHROME_PATH is /my/chrome')
})

test('the binary itself comes before the wrapper script', () => {
  expect(findChromium(machine(['/usr/bin/chromium', '/usr/lib/chromium/chromium']))).toBe('/usr/lib/chromium/chromium')
})

test('root on Debian: announced, then installed with apt-get', () => {
  const files: string[] = []
  const commands: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const run = (command: string, args: string[]) => {
    commands.push([command, ...args].join(' '))
    if (args[0] === 'install') files.push('/usr/lib/chromium/chromium')
    return 0
  }
  expect(findChromium(machine(files, { run }))).toBe('/usr/lib/chromium/chromium')
  expect(commands.join(' && ')).toBe(installCommand)
  expect(log.mock.calls.flat().join()).toContain(installCommand)
  log.mockRestore()
})

test('an apt-get that fails is an error', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  expect(() => findChromium(machine([]))).toThrow(ChromiumNotFoundError)
  log.mockRestore()
})

test.each([{ isRoot: false }, { isDebian: false }, { platform: 'darwin', isDebian: false }])(
  'elsewhere the command is printed and nothing is installed: %o',
  (rest) => {
    const run = vi.fn(() => 0)
    expect(() => findChromium(machine([], { ...rest, run }))).toThrow(installCommand)
    expect(run).not.toHaveBeenCalled()
  },
)
