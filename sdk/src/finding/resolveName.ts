import { type Address, getAddress, isAddress, isAddressEqual } from 'viem'
import { throwIfAborted, untilAborted } from '../config/abort.ts'
import type { RekeyConfig } from '../config/createConfig.ts'
import {
  InvalidNameError,
  NameMismatchError,
  NameResolverMissingError,
  NameServiceError,
  UnknownNameError,
} from '../errors/names.ts'

const longestName = 255

/**
 * Looks up which account a name belongs to. Whoever resolves names may err or lie: show the address with the name.
 *
 * @throws {InvalidNameError} {@link NameResolverMissingError} before anybody is asked.
 * @throws {NameServiceError} {@link UnknownNameError}
 * @throws {NameMismatchError} when it is another account than the expected one.
 */
export async function resolveName(
  config: Pick<RekeyConfig, 'resolveName'>,
  { name, expected, signal }: { name: string; expected?: Address | undefined; signal?: AbortSignal | undefined },
): Promise<Address> {
  expectVisible(name)
  const ask = config.resolveName
  if (!ask) throw new NameResolverMissingError()
  throwIfAborted(signal)
  const asked = Promise.resolve()
    .then(() => ask(name, { signal }))
    .catch((cause: unknown) => {
      throwIfAborted(signal)
      throw new NameServiceError(cause)
    })
  const answer = await untilAborted(asked, signal)
  if (answer === undefined) throw new UnknownNameError()
  if (!isAddress(answer, { strict: false })) throw new NameServiceError(new TypeError('It answered no address.'))
  const resolved = getAddress(answer)
  if (expected && !isAddressEqual(resolved, expected)) throw new NameMismatchError({ resolved, expected })
  return resolved
}

/** Refuses a name that has characters nobody sees, or that turn the direction of writing. */
function expectVisible(name: string): void {
  if (name.trim() === '') throw new InvalidNameError('it is empty')
  if (name.length > longestName) throw new InvalidNameError(`it is longer than ${longestName} characters`)
  if (name !== name.normalize('NFC').trim()) throw new InvalidNameError('it is written in an unusual form')
  if (/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(name))
    throw new InvalidNameError('it has characters that cannot be seen')
}
