import type { Streams } from './terminal.ts'

const keys = {
  enter: '\r',
  lineFeed: '\n',
  interrupt: '\u0003',
  end: '\u0004',
  backspace: '\u007f',
  delete: '\b',
} as const

/** Reads a line from a terminal without showing it, not even its length. Ctrl-C ends it as it ends everything else. */
export async function readHiddenLine(
  { stdin, stderr }: Streams,
  question: string,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted()
  stderr.write(question)
  stdin.setRawMode?.(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  let forget = (): void => {}
  try {
    return await new Promise<string>((resolve, reject) => {
      let characters: string[] = []
      const onData = (chunk: string): void => {
        for (const character of chunk) {
          if (character === keys.enter || character === keys.lineFeed || character === keys.end) {
            resolve(characters.join(''))
            return
          }
          // In this mode the terminal leaves it to us.
          if (character === keys.interrupt) process.kill(process.pid, 'SIGINT')
          else if (character === keys.backspace || character === keys.delete) characters = characters.slice(0, -1)
          else if (character >= ' ') characters.push(character)
        }
      }
      const onAbort = (): void => reject(signal.reason)
      stdin.on('data', onData)
      signal.addEventListener('abort', onAbort, { once: true })
      forget = () => {
        stdin.off('data', onData)
        signal.removeEventListener('abort', onAbort)
      }
    })
  } finally {
    forget()
    stdin.setRawMode?.(false)
    stdin.pause()
    stderr.write('\n')
  }
}
