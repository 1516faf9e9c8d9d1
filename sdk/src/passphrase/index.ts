export { type PassphraseCost, passphraseCosts } from './costs.ts'
export { normalisePassphrase } from './normalise.ts'
export {
  approveWithPassphrase,
  type CreatedPassphrase,
  type CreatePassphraseParameters,
  createPassphrase,
  isPassphrase,
  type PassphraseUse,
  replacePassphrase,
} from './passphrase.ts'
export { assessPassphrase, minPassphraseBits, type PassphraseStrength } from './strength.ts'
export type { StretchOptions } from './stretch.ts'
export type { StretchAnswer, StretchJob } from './stretchMessages.ts'
export { defaultWordCount, findUnknownWords, generatePassphrase } from './words.ts'
export type { WorkerPort } from './worker.ts'
