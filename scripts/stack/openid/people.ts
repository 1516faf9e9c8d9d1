import { numberOf } from './loginPage.ts'

/** Accounts of a provider: each has a number for ever, and a handle for as long as it keeps it. */
export type People = {
  /** The number of whoever has a handle; whoever has none yet gets an account. */
  readonly idOf: (handle: string) => string
  readonly handleOf: (id: string) => string
  /** Gives an account another handle. The old one is free. */
  readonly rename: (from: string, to: string) => void
  /** Deletes an account and makes another of the same handle. */
  readonly recreate: (handle: string) => void
}

/** @param digits How many digits the numbers have. */
export function createPeople(provider: string, digits: number): People {
  const ids = new Map<string, string>()
  let count = 0
  const idOf = (handle: string): string => {
    const known = ids.get(handle)
    if (known !== undefined) return known
    // A handle that is free again leads to another account, as a new one does.
    const isTaken = [...ids.values()].includes(numberOf(`${provider} ${handle}`, digits))
    const id = numberOf(`${provider} ${handle}${isTaken || count > 0 ? ` ${count}` : ''}`, digits)
    ids.set(handle, id)
    return id
  }
  return {
    idOf,
    handleOf: (id) => [...ids].find(([, own]) => own === id)?.[0] ?? '',
    rename: (from, to) => {
      const id = idOf(from)
      ids.delete(from)
      ids.set(to, id)
    },
    recreate: (handle) => {
      idOf(handle)
      count += 1
      ids.delete(handle)
      idOf(handle)
    },
  }
}
