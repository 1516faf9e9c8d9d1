import { createInterface } from 'node:readline'

/**
 * Preloaded into programs that read the machine's clock: they follow the stack's. A line of standard input that
 * is a number says how many seconds it is ahead. Timers keep running as before.
 */
const machine = Date.now
let offset = 0

Date.now = () => machine() + offset * 1000

const input = createInterface({ input: process.stdin })
input.on('line', (line) => {
  if (!/^\d+$/.test(line)) return
  offset = Number(line)
  // A logger that writes to the same pipe may be in the middle of a line.
  console.log(`\nclock is ${offset} s ahead`)
})
