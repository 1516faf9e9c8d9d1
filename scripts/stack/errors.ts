/** Something of the local stack did not come up, or came down by itself. */
export class StackError extends Error {
  override readonly name = 'StackError'

  /** @param logTail The last lines of the process at fault, shown below the message. */
  constructor(message: string, logTail: readonly string[] = [], options?: ErrorOptions) {
    super([message, ...logTail.map((line) => `  | ${line}`)].join('\n'), options)
  }
}
