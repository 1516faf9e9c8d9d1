#!/usr/bin/env node
// Presents the compiler of the npm package `solc` as the command that forge expects.
import { readFileSync } from 'node:fs'
import solc from 'solc'

if (process.argv.includes('--version')) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`)
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
} else {
  console.error(`Only --version and --standard-json are answered, not: ${process.argv.slice(2).join(' ')}`)
  process.exitCode = 1
}
