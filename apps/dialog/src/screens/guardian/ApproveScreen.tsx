import { type PasskeyAccount, type RekeyConfig, signIn } from '@rekey/sdk'
import type { ApprovalReply, ApprovalRequest } from '@rekey/sdk/recovery'
import { AddressText } from '../../components/AddressText.tsx'
import { Button } from '../../components/Button.tsx'
import { chainName } from '../../components/ChainList.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { Tiers } from '../../components/Tiers.tsx'
import { useTask } from '../../components/useTask.ts'
import { useWallets } from '../../components/useWallets.ts'
import { askWords } from '../../flows/askWords.ts'
import { formatTime } from '../../lib/format.ts'
import { type AnnouncedWallet, connectWallet } from '../../lib/wallets.ts'

type ApproveScreenProps = {
  config: RekeyConfig
  account: PasskeyAccount | undefined
  ask: ApprovalRequest
  onReply: (reply: ApprovalReply) => void
}

/** Says what an approval does, and has a wallet or a passkey sign it. */
export function ApproveScreen({ config, account, ask, onReply }: ApproveScreenProps) {
  const wallets = useWallets()
  const [task, run] = useTask()
  const { title, lead, effect } = askWords(ask)
  const byWallet = (wallet: AnnouncedWallet): void =>
    void run(wallet.id, async () => onReply(await ask.approve({ wallet: await connectWallet(wallet) })))
  const byPasskey = (): void =>
    void run('passkey', async (signal) =>
      onReply(await ask.approveWithAccount(account ?? (await signIn(config, { signal })), { signal })),
    )
  return (
    <Page title={title}>
      <p className="lead">{lead}</p>
      <div className="notice warning">
        <strong>Talk to them first.</strong>
        <span>
          Call or meet them. A message can come from somebody else. Approve only if they read you these words:
        </span>
      </div>
      <section className="card">
        <p className="phrase">{ask.phrase}</p>
        <dl className="facts">
          <div>
            <dt>Account</dt>
            <dd>
              <AddressText address={ask.account} label="Account" />
            </dd>
          </div>
          <div>
            <dt>What happens</dt>
            <dd>{effect}</dd>
          </div>
          <div>
            <dt>Networks</dt>
            <dd>{networksOf(config, ask).join(', ')}</dd>
          </div>
          {ask.name === 'Recovery' && (
            <div>
              <dt>How long it takes</dt>
              <dd>
                <Tiers {...ask.policy} freezeHours={0} isForOwner={false} />
              </dd>
            </div>
          )}
          {ask.deadline !== undefined && (
            <div>
              <dt>You can approve until</dt>
              <dd>{formatTime(ask.deadline)}</dd>
            </div>
          )}
        </dl>
      </section>
      <TaskError task={task} />
      <div className="stack">
        <p className="soft">You sign a message. It costs nothing, and moves and shows nothing of yours.</p>
        {wallets.length === 0 && (
          <p className="soft">
            No wallet was found in this browser. If yours is elsewhere, open this link in the browser that has it.
          </p>
        )}
        <div className="actions column">
          {wallets.map((wallet) => (
            <Button key={wallet.id} kind="primary" name={wallet.id} task={task} onClick={() => byWallet(wallet)}>
              Approve with {wallet.name}
            </Button>
          ))}
          <Button kind={wallets.length === 0 ? 'primary' : 'secondary'} name="passkey" task={task} onClick={byPasskey}>
            {account ? 'Approve with your passkey' : 'Approve with the passkey of your account here'}
          </Button>
        </div>
        <p className="soft">If anything seems wrong, close this page. Without you nothing happens.</p>
      </div>
    </Page>
  )
}

/** Names of the networks that an approval holds for. */
function networksOf(config: RekeyConfig, ask: ApprovalRequest): string[] {
  const named = ask.name === 'Recovery' ? ask.message.chainIds.map(Number) : []
  return (named.length > 0 ? named : config.chains.map(({ id }) => id)).map((id) => chainName(config, id))
}
