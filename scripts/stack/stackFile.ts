import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Address } from 'viem'
import { StackError } from './errors.ts'

/** `stack.json`: how to reach the stack that runs in this directory. */
export type StackInfo = {
  readonly pid: number
  readonly chains: readonly { readonly chainId: number; readonly rpcUrl: string; readonly bundlerUrl: string | null }[]
  readonly contracts: Readonly<Record<string, Address>>
  readonly token: Address
  readonly urls: Readonly<Record<string, string>>
  /** Where people can sign in; none in a stack that was not asked for it. */
  readonly signIn: readonly SignInProvider[]
}

/** What a page needs to know so as to have somebody sign in with OpenID Connect. */
export type SignInProvider = {
  readonly id: 'google' | 'x' | 'github'
  readonly name: string
  /** As in the tokens' `iss`. */
  readonly issuer: string
  readonly clientId: string
  /** May have a query already. */
  readonly authorizationEndpoint: string
  readonly jwksUri: string
  /** The token comes in the fragment of the page it is sent back to. */
  readonly responseType: 'id_token'
}

/** What runs in a directory, or undefined. A file left behind by a stack that was killed does not count. */
export function readStackFile(directory: string): StackInfo | undefined {
  let text: string
  try {
    text = readFileSync(fileIn(directory), 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
  const info = JSON.parse(text) as StackInfo
  return isAlive(info.pid) ? info : undefined
}

/** @throws StackError when another stack runs in the directory. */
export function checkFree(directory: string): void {
  const running = readStackFile(directory)
  if (running) throw new StackError(`A stack already runs in ${directory} (process ${running.pid}). Stop it first.`)
}

export function writeStackFile(directory: string, info: StackInfo): void {
  mkdirSync(directory, { recursive: true })
  const file = fileIn(directory)
  writeFileSync(`${file}.tmp`, `${JSON.stringify(info, null, 2)}\n`)
  renameSync(`${file}.tmp`, file)
}

export function removeStackFile(directory: string): void {
  rmSync(fileIn(directory), { force: true })
}

function fileIn(directory: string): string {
  return path.join(directory, 'stack.json')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
