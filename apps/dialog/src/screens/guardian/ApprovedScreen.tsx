import type { RekeyConfig } from '@rekey/sdk'
import { type ApprovalReply, type ApprovalRequest, type RecoveryRequest, reachOf } from '@rekey/sdk/recovery'
import { Button } from '../../components/Button.tsx'
import { TaskError } from '../../components/ErrorNotice.tsx'
import { Page } from '../../components/Page.tsx'
import { ShareLink } from '../../components/ShareLink.tsx'
import { TextField } from '../../components/TextField.tsx'
import { useChainWork } from '../../components/useChainWork.ts'
import { WorkList } from '../../components/WorkList.tsx'
import { askWords } from '../../flows/askWords.ts'

type ApprovedScreenProps = {
  config: RekeyConfig
  ask: ApprovalRequest
  reply: ApprovalReply
  recovery: RecoveryRequest | undefined
}

/** The approval is there: deliver it where that can be done here, or send it back. */
export function ApprovedScreen({ config, ask, reply, recovery }: ApprovedScreenProps) {
  const work = useChainWork(config)
  const { task, isPartial, isDone: isDelivered } = work
  const places = [...(recovery?.approvals ?? []).map(({ index }) => index), reply.approval.index]
  const canDeliver = recovery !== undefined && reachOf(recovery.policy, places) !== undefined
  const deliver = (request: RecoveryRequest): void =>
    work.start('deliver', async (parameters) => {
      await request.addApproval(reply.approval)
      return request.submit(parameters)
    })
  const link = reply.toLink(`${window.location.origin}${askWords(ask).answerPath}`)
  return (
    <Page title="You approved">
      <p className="lead">
        {isDelivered
          ? askWords(ask).done
          : canDeliver
            ? 'Nothing has happened yet. Deliver your approval, or send it back to the owner.'
            : 'Nothing has happened yet. Send your approval back to the owner.'}
      </p>
      <TaskError task={task} />
      {canDeliver && (
        <section className="card">
          <h2>Deliver it for them</h2>
          <p className="soft">It goes to every network. You pay nothing.</p>
          <WorkList config={config} work={work} working="Delivering" done="Delivered" />
          {isDelivered ? (
            <p role="status">
              <strong>Delivered.</strong> The owner’s page goes on by itself. You can close this one.
            </p>
          ) : (
            <Button kind="primary" name="deliver" task={task} onClick={() => deliver(recovery)}>
              {isPartial ? 'Try again' : 'Deliver approval'}
            </Button>
          )}
        </section>
      )}
      {!isDelivered && (
        <section className="card">
          <h2>{canDeliver ? 'Or send it back' : 'Send it back'}</h2>
          <p className="soft">By any message; nothing in it is secret, and it is good for this request only.</p>
          <ShareLink link={link} label="QR code of your approval, for an owner who is with you" />
          <TextField label="Your approval" value={reply.text} isLong isCode onChange={() => {}} />
        </section>
      )}
      {ask.name === 'Recovery' && (
        <p className="soft">
          Was it a mistake? <a href={`/call-off#account=${ask.account}`}>Guardians together can call a recovery off.</a>
        </p>
      )}
    </Page>
  )
}
