import { runCommandLine } from './commandLine.ts'

const code = await runCommandLine(process.argv.slice(2), process)
// Requests that nobody waits for any more do not hold it up; what was printed goes out first.
process.stdout.write('', () => process.exit(code))
