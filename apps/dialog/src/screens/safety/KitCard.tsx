import type { PasskeyAccount } from '@rekey/sdk'
import { exportKit, kitFileName, toKitHtml, toSheetText } from '@rekey/sdk/kit'
import { useState } from 'react'
import { Button } from '../../components/Button.tsx'
import { chainName } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { useTask } from '../../components/useTask.ts'
import { fitsQr, qrSquares } from '../../lib/qr.ts'
import { saveFile } from '../../lib/saveFile.ts'

/** The recovery kit: everything about the account that is not secret, as a page to keep. */
export function KitCard({ account }: { account: PasskeyAccount }) {
  const { config } = account
  const [unread, setUnread] = useState<readonly number[]>()
  const [task, run] = useTask()
  const save = (): void =>
    void run('kit', async (signal) => {
      const { kit, unread: silent } = await exportKit(account, { signal })
      // The page has a margin of its own; one of nothing is more than the encoder draws.
      const drawQr = fitsQr(toSheetText(kit)) ? (text: string) => qrSquares(text, 1) : undefined
      saveFile(kitFileName(kit, 'html'), toKitHtml(kit, { drawQr }), 'text/html')
      setUnread(silent.map(({ chainId }) => chainId))
    })
  return (
    <section className="card" data-section="kit">
      <h2>Recovery kit</h2>
      <p>
        Your address, your guardians and how they let you in, on one page. With it a recovery works even if this page is
        gone. Nothing in it is secret; make a new one after each change of guardians.
      </p>
      <TaskError task={task} />
      <Button name="kit" task={task} onClick={save}>
        Save the kit as a file
      </Button>
      <p role="status">
        {unread?.length === 0 && 'Saved.'}
        {unread !== undefined &&
          unread.length > 0 &&
          `Saved without ${unread.map((chainId) => chainName(config, chainId)).join(', ')}, which did not answer. Save it again later.`}
      </p>
    </section>
  )
}
