type Path = readonly (string | number)[]

/** Paths of everything in a JSON value that is neither object nor list. */
export function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

/** Returns a copy of a JSON value with one leaf replaced. */
export function replaceLeaf(value: unknown, [key, ...rest]: Path, leaf: unknown): unknown {
  if (key === undefined) return leaf
  if (Array.isArray(value)) return value.map((inner, at) => (at === key ? replaceLeaf(inner, rest, leaf) : inner))
  const inner: unknown = Reflect.get(value as object, key)
  return { ...(value as object), [key]: replaceLeaf(inner, rest, leaf) }
}
