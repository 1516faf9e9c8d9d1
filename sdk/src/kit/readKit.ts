import type { Address } from 'viem'
import { defaultContracts } from '../config/contracts.generated.ts'
import { InvalidKitError, TruncatedKitError } from '../errors/kit.ts'
import type { KitContracts, RecoveryKit } from './kit.ts'
import { fromKitJson } from './kitJson.ts'

/** The lines around the JSON in a kit's text and page. */
export const kitMarkers = { begin: '-----BEGIN REKEY KIT-----', end: '-----END REKEY KIT-----' } as const

const longestKit = 65_536

/** What {@link readKit} takes besides the kit. */
export type ReadKitParameters = {
  /**
   * Contracts in use. Default: those of this release. `ofKit` takes those that the kit names, of an older release for
   * example: a forged kit can name others, so show the account and compare it with what its owner knows.
   */
  contracts?: KitContracts | 'ofKit' | undefined
  /** The account that is wanted, where it is known. */
  account?: Address | undefined
}

/**
 * Reads a recovery kit: its JSON, parsed or not, its text, or its page as a file. It asks nobody.
 *
 * What the kit says is checked as far as that goes without a chain: that it is complete and unchanged, that the account's
 * address commits to its genesis, that what it reveals of hidden guardians is true. Its policies are used only where a
 * chain names them.
 *
 * @throws {TruncatedKitError} when its end is missing.
 * @throws {KitChecksumError} when it was changed.
 * @throws {KitVersionError} when a newer release made it.
 * @throws {KitAccountError} when it is of another account than the one wanted.
 * @throws {KitContractsError} when it is for other contracts.
 * @throws {InvalidKitError} when it is no kit, or contradicts itself.
 * @example
 * const kit = readKit(await file.text(), { contracts: config.contracts })
 * const request = await startRecovery(config, { ...recoveryFromKit(kit), name: 'Ada, new phone' })
 */
export function readKit(input: unknown, parameters: ReadKitParameters = {}): RecoveryKit {
  const { contracts = defaultContracts, account } = parameters
  return fromKitJson(typeof input === 'string' ? parse(input) : input, { contracts, account })
}

function parse(text: string): unknown {
  const json = findJson(text)
  if (json.length > longestKit) throw new InvalidKitError(`it is longer than ${longestKit} characters`)
  try {
    return JSON.parse(json)
  } catch (error) {
    // The parser's own words quote the text.
    const problem = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read'
    if (isCut(json)) throw new TruncatedKitError(`it ends at character ${json.length}`)
    throw new InvalidKitError(problem)
  }
}

/** Returns the JSON of a kit in whatever form; where it was broken into lines, the lines are joined. */
function findJson(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim())
  const begin = lines.lastIndexOf(kitMarkers.begin)
  if (begin === -1) {
    if (text.trimStart().startsWith('{')) return text.trim()
    throw new InvalidKitError('it is neither the JSON nor the text nor the page of a kit')
  }
  const end = lines.indexOf(kitMarkers.end, begin)
  if (end === -1) throw new TruncatedKitError(`the line ${kitMarkers.end} is missing`)
  return lines.slice(begin + 1, end).join('')
}

/** Tells whether JSON ends inside of a bracket or a text. */
function isCut(json: string): boolean {
  let depth = 0
  let isText = false
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at]
    if (isText && character === '\\') at += 1
    else if (character === '"') isText = !isText
    else if (!isText && (character === '{' || character === '[')) depth += 1
    else if (!isText && (character === '}' || character === ']')) depth -= 1
  }
  return isText || depth > 0
}
