const longest = 64

/**
 * Returns a name as it may be shown and printed: without control and invisible characters, without those that turn the
 * direction of writing, in one line, and not endless.
 */
export function plainName(name: string): string {
  const visible = name.normalize('NFC').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
  return Array.from(visible.replace(/\s+/g, ' ').trim()).slice(0, longest).join('')
}
