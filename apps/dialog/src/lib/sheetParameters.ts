import type { PasskeyAccount } from '@rekey/sdk'
import { type CodeSheetParameters, codeSetName, type NewCodes } from '@rekey/sdk/codes'

/** What a sheet of codes made on this page says besides them. */
export function sheetParameters({ address, config }: PasskeyAccount): {
  sheet: CodeSheetParameters
  setName: (codes: NewCodes) => string
} {
  return {
    sheet: {
      account: address,
      appName: config.rpName,
      recoveryUrl: `${window.location.origin}/recover`,
      madeAt: Math.floor(Date.now() / 1_000),
    },
    setName: ({ set }) => codeSetName(set.root),
  }
}
