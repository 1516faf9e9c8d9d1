/**
 * Text of others as it may be shown in a terminal: nothing that moves the cursor, changes colours or the direction of
 * writing, and not endless.
 */
export function plain(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�')
  return shown.length > 100 ? `${shown.slice(0, 100)}…` : shown
}
