import { BaseError } from '@rekey/sdk/errors'

/** Thrown when the command line, a file or an answer is not what the command takes; nothing was changed. */
export class UsageError extends BaseError {
  override readonly name = 'Cli.UsageError'
  readonly code = 'CLI_USAGE'

  constructor(
    problem: string,
    { command, remedy }: { command?: string | undefined; remedy?: string | undefined } = {},
  ) {
    const help = command === undefined ? 'See `rekey --help`.' : `See \`rekey ${command} --help\`.`
    super(problem, { metaMessages: [...(remedy === undefined ? [] : [remedy]), help] })
  }
}

/** Thrown when a secret is given where others can read it: in the list of processes, in the shell's history. */
export class SecretInArgumentsError extends BaseError {
  override readonly name = 'Cli.SecretInArgumentsError'
  readonly code = 'CLI_SECRET_IN_ARGUMENTS'

  constructor(option: string, remedy: string) {
    super(`Option --${option} takes no secret.`, {
      metaMessages: [
        remedy,
        'What you typed is in your shell’s history, and was in the list of processes: others may have seen it.',
      ],
    })
  }
}

/** Thrown when a file cannot be read or written. */
export class FileError extends BaseError {
  override readonly name = 'Cli.FileError'
  readonly code = 'CLI_FILE'

  constructor(file: string, problem: string, remedy?: string) {
    super(`${file}: ${problem}.`, { metaMessages: remedy === undefined ? [] : [remedy] })
  }
}

/** Thrown when the user said no; nothing was sent. */
export class DeclinedError extends BaseError {
  override readonly name = 'Cli.DeclinedError'
  readonly code = 'CLI_DECLINED'

  constructor(isAsked: boolean) {
    super(isAsked ? 'Nothing was sent or signed.' : 'There is nobody to ask, so nothing was sent or signed.', {
      metaMessages: isAsked ? [] : ['Run it in a terminal, or give --yes when you have read what will happen.'],
    })
  }
}

/** Thrown when Ctrl-C ended it. */
export class InterruptedError extends BaseError {
  override readonly name = 'Cli.InterruptedError'
  readonly code = 'CLI_INTERRUPTED'

  constructor() {
    super('Stopped.', {
      metaMessages: ['What was sent stays sent. Run it again to go on; a recovery goes on with --resume and its file.'],
    })
  }
}
