import { createPasskeyAccount, getAccount, type PasskeyAccount, sendCalls, sendCallsOnChains } from '@rekey/sdk'
import { isRekeyError } from '@rekey/sdk/errors'
import { loadRecovery, planRecovery, type RecoveryRequest, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { type Address, BaseError, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { getBalance, getTransactionCount } from 'viem/actions'
import { configFor, createDevice, stackRelay } from './client.ts'
import { StackError } from './errors.ts'
import { type SignedAhead, signAhead } from './signedAhead.ts'
import type { Stack } from './startStack.ts'
import { createStoryteller, type StoryStep } from './storySteps.ts'

const day = 86_400
const friend: Address = '0x00000000000000000000000000000000000fee10'
const calls = [{ to: friend, value: parseEther('0.001') }] as const

/**
 * Tells one recovery from its beginning to its end, on all chains of a stack: each step is done, checked and then
 * yielded. It prints nothing.
 *
 * @throws StoryError naming the step that did not end as it must; nothing is done after it.
 */
export async function* tellRecovery(stack: Stack): AsyncGenerator<StoryStep, void> {
  const [phone, newPhone, finder] = [newDevice(), newDevice(), newDevice()]
  const guardian = privateKeyToAccount(generatePrivateKey())
  const { step, countSent } = createStoryteller([phone, newPhone], () => config.chains)
  const relay = countSent(stackRelay(stack))
  const config = configFor(stack, phone, { relay })
  const send = (account: PasskeyAccount) =>
    sendCallsOnChains(account, { batches: config.chains.map(({ id: chainId }) => ({ chainId, calls })) })

  const [created, account] = await step('before', 'A passkey, and an account with it', async ({ note }) => {
    const account = await createPasskeyAccount(config, { name: 'Owner' })
    await stack.fund(account.address, parseEther('1'))
    note(`account ${account.address}`)
    return account
  })
  yield created

  const [firstSent] = await step('before', 'The account is used', async ({ done }) => done(await send(account)))
  yield firstSent

  const [named] = await step('before', 'Its owner names a guardian', async ({ done, note }) => {
    const guardians = [walletGuardian(guardian.address)]
    done(await (await planRecovery(account, { guardians, preset: 'simple' })).apply())
    note(`guardian ${guardian.address}, a wallet without money`)
  })
  yield named

  const [lost, stolen] = await step('before', 'The passkey is lost, and found by a thief', async ({ note }) => {
    finder.authenticator.importPasskeys(phone.authenticator.exportPasskeys())
    phone.authenticator.deletePasskey(account.credential.id)
    await expectRefusal(sendCalls(account, { chainId: firstOf(stack), calls }), 'WEBAUTHN_NOT_ALLOWED')
    const thief = getAccount(configFor(stack, finder), account)
    const signed = await signAhead(thief, calls)
    note('the thief signs transfers, to send them later')
    return { thief, signed }
  })
  yield lost

  const [begun, request] = await step('recovery', 'A new passkey asks for the account', async ({ note }) => {
    const onNewPhone = configFor(stack, newPhone, { relay })
    const request = await startRecovery(onNewPhone, { account: account.address, name: 'Owner' })
    note(`owner and guardian compare: ${request.phrase}`)
    return request
  })
  yield begun

  const [approved] = await step('recovery', 'The guardian approves, once', async ({ guardianSigned }) => {
    const atGuardian = loadRecovery(config, request.toLink('https://guardian.example/approve'))
    const approval = await atGuardian.approve({ wallet: guardian })
    guardianSigned()
    await request.addApproval(approval)
  })
  yield approved

  const [started] = await step('recovery', 'The recovery starts', async ({ done }) => {
    done(await request.submit())
    await expectState(request, 'scheduled')
  })
  yield started

  const [waited] = await step('recovery', 'A day passes, by the clock of the chains', async () => {
    await stack.clock.increase(day)
    await expectState(request, 'ready')
  })
  yield waited

  const [executed] = await step('recovery', 'The recovery is executed', async ({ done }) => {
    done(await request.execute())
    await expectState(request, 'done')
  })
  yield executed

  const [refused] = await step('after', 'The lost passkey is refused', async ({ note }) => {
    for (const op of stolen.signed) note(`chain ${op.chainId}: ${await expectInvalid(op)}`)
    for (const { id: chainId } of config.chains)
      await expectRefusal(sendCalls(stolen.thief, { chainId, calls }), 'ACCOUNT_PASSKEY_CANNOT_SIGN')
  })
  yield refused

  const [sentAgain] = await step('after', 'The new passkey uses the account', async ({ done }) => {
    done(await send(request.toAccount()))
    await Promise.all(config.chains.map(({ client }) => expectUntouched(client, guardian.address)))
  })
  yield sentAgain
}

function newDevice() {
  return createDevice(generatePrivateKey())
}

function firstOf(stack: Stack): number {
  return stack.chain(0).chainId
}

async function expectState(request: RecoveryRequest, wanted: string): Promise<void> {
  for (const { chainId, state } of await request.status())
    if (state !== wanted) throw new StackError(`The recovery is ${state} on chain ${chainId}, not ${wanted}.`)
}

async function expectRefusal(attempt: Promise<unknown>, code: string): Promise<void> {
  const error = await attempt.then(
    () => new StackError('It was accepted.'),
    (error: unknown) => error,
  )
  if (!isRekeyError(error, code)) throw error
}

/** @returns How the EntryPoint refused it. */
async function expectInvalid({ send }: SignedAhead): Promise<string> {
  const error = await send().then(
    () => new StackError('It was accepted.'),
    (error: unknown) => error,
  )
  const text = error instanceof BaseError ? `${error.details} ${error.message}` : ''
  const reason = /AA24 signature error/.exec(text)
  if (!reason) throw error
  return reason[0]
}

/** A guardian needs no money and sends nothing. */
async function expectUntouched(client: Parameters<typeof getBalance>[0], address: Address): Promise<void> {
  const [balance, sent] = await Promise.all([getBalance(client, { address }), getTransactionCount(client, { address })])
  if (balance !== 0n || sent !== 0) throw new StackError(`The guardian has ${balance} wei and sent ${sent} times.`)
}
