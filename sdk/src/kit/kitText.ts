import { describeKit, recoverCommand } from './describeKit.ts'
import type { RecoveryKit } from './kit.ts'
import { toKitJson } from './kitJson.ts'
import { kitMarkers } from './readKit.ts'

/** How a kit is written for people. */
export type KitTextParameters = {
  /** The command that recovers with the kit. Default: that of the `rekey` command line. */
  command?: string | undefined
}

const width = 100

/**
 * Writes a kit as plain text: in words, and at the end the JSON, which {@link readKit} finds.
 *
 * @example
 * await writeFile(kitFileName(kit, 'txt'), toKitText(kit))
 */
export function toKitText(kit: RecoveryKit, { command = recoverCommand }: KitTextParameters = {}): string {
  const sections = describeKit(kit, command).flatMap(({ title, lines }) => [
    title,
    ...lines.map((line) => `  ${line}`),
    '',
  ])
  return ['REKEY RECOVERY KIT', '', ...sections, ...kitBlock(kit), ''].join('\n')
}

/** The kit's JSON between its markers, in short lines. It has no space and nothing that means something to HTML. */
export function kitBlock(kit: RecoveryKit): string[] {
  const json = JSON.stringify(toKitJson(kit)).replace(
    /[ <>&\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return [kitMarkers.begin, ...(json.match(new RegExp(`.{1,${width}}`, 'g')) ?? []), kitMarkers.end]
}

/** Returns a name for a kit's file, by which it is found among others. */
export function kitFileName({ account }: RecoveryKit, extension: 'json' | 'txt' | 'html'): string {
  return `rekey-recovery-kit-${account.slice(2, 8).toLowerCase()}.${extension}`
}
