import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { useWallets } from '../../components/useWallets.ts'
import { type AnnouncedWallet, connectWallet } from '../../lib/wallets.ts'
import type { WayProps } from './inHand.ts'

/** Approves with a wallet of this browser that is a guardian. */
export function ByWallet({ ask: { request, task, collect }, onEnd }: WayProps) {
  const wallets = useWallets()
  const approve = (wallet: AnnouncedWallet): void =>
    void collect(wallet.id, async () => {
      await request.approve({ wallet: await connectWallet(wallet) })
      onEnd()
    })
  return (
    <Page title="Approve with your wallet">
      <p className="lead">The wallet signs a message. It costs nothing and moves nothing.</p>
      <TaskError task={task} />
      {wallets.length === 0 && (
        <div className="notice">
          <strong>No wallet found in this browser.</strong>
          <span>
            Switch it on and reload this page. Or is it elsewhere? Then choose “Ask somebody who is a guardian”.
          </span>
        </div>
      )}
      <div className="actions column">
        {wallets.map((wallet) => (
          <Button key={wallet.id} kind="primary" name={wallet.id} task={task} onClick={() => approve(wallet)}>
            Approve with {wallet.name}
          </Button>
        ))}
        <Button onClick={onEnd}>Other ways</Button>
      </div>
    </Page>
  )
}
