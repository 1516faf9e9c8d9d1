/** Characters that turn or hide what stands beside them: bidirectional controls, zero-width ones, other controls. */
const tricky = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u2028\u2029]/gu

/** Returns a stranger's text as one that cannot disguise itself, at most `maxLength` characters long. */
export function plainText(text: string, maxLength = 64): string {
  const clean = text.normalize('NFC').replaceAll(tricky, '\uFFFD')
  const characters = [...clean]
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : clean
}
