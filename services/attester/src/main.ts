import { parseArgs } from 'node:util'
import { isRekeyError } from '@rekey/sdk/errors'
import { readSettings, runService } from '@rekey/service-kit'
import { revoke } from './commands/revoke.ts'
import { suspend } from './commands/suspend.ts'
import { CommandError } from './errors.ts'
import { startAttester } from './run.ts'
import { attesterSettings, settingsPrefix, signerSettings } from './settings.ts'

const usage = `attester run
attester suspend <issuer> <kid> [--yes]
attester revoke <issuer> <kid> [--signature <another attester's>]… [--yes]

Settings are in the environment: see the README.
`

const say = (line: string): void => void process.stdout.write(`${line}\n`)

async function runCommand(argv: readonly string[]): Promise<boolean> {
  const { values, positionals } = readArguments(argv)
  const [name, issuer, kid, ...more] = positionals
  if ((name !== 'suspend' && name !== 'revoke') || issuer === undefined || kid === undefined || more.length > 0)
    throw new CommandError('There is no such command.', usage)
  const isConfirmed = values.yes === true
  // The settings of a service that runs are not looked at: only what it takes to sign and to deliver.
  const { values: settings } = readSettings(signerSettings, process.env)
  if (name === 'revoke') return revoke(settings, { issuer, kid, signatures: values.signature ?? [], isConfirmed, say })
  return suspend(settings, { issuer, kid, isConfirmed, say, now: () => Math.floor(Date.now() / 1000) })
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { yes: { type: 'boolean' }, signature: { type: 'string', multiple: true } },
    })
  } catch {
    throw new CommandError('There is no such option.', usage)
  }
}

/** The message of an error that others made may have the address of a node in it. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

const argv = process.argv.slice(2)
if (argv[0] === 'run' && argv.length === 1) {
  await runService({ name: 'attester', settings: attesterSettings, prefix: settingsPrefix, start: startAttester })
} else {
  try {
    process.exitCode = (await runCommand(argv)) ? 0 : 3
  } catch (error) {
    process.stderr.write(`${isRekeyError(error) ? error.message : `Something went wrong: ${nameOf(error)}.`}\n`)
    process.exitCode =
      isRekeyError(error, 'ATTESTER_COMMAND') || isRekeyError(error, 'SERVICE_SETTINGS_INVALID') ? 2 : 1
  }
}
