import type { PasskeyAccount } from '@rekey/sdk'
import { type AppRequest, ProviderRpcError, rpcError, rpcErrorCodes } from '@rekey/sdk/dialog'
import { isAddressEqual } from 'viem'
import { ApproveCallsScreen } from './ApproveCallsScreen.tsx'
import { ConnectScreen } from './ConnectScreen.tsx'
import { SignScreen } from './SignScreen.tsx'
import { WrongAccountScreen } from './WrongAccountScreen.tsx'

type RequestScreenProps = { account: PasskeyAccount; request: AppRequest; onAnswered: () => void }

/** The screen for what an app asks. */
export function RequestScreen({ account, request: received, onAnswered }: RequestScreenProps) {
  const { request } = received
  const answer = (result: unknown): void => {
    received.answer(result)
    onAnswered()
  }
  const refuse = (): void => {
    received.refuse(new ProviderRpcError(rpcErrorCodes.userRejected, 'The user refused.'))
    onAnswered()
  }
  const common = { account, app: received.origin, onAnswer: answer, onRefuse: refuse }

  if (request.method === 'eth_requestAccounts') return <ConnectScreen {...common} />
  if (request.method === 'rekey_openAccount') return null
  if (request.account && !isAddressEqual(request.account, account.address))
    return (
      <WrongAccountScreen
        wanted={request.account}
        account={account}
        onClose={() => {
          received.refuse(rpcError('unauthorized', 'Another account is signed in.'))
          onAnswered()
        }}
      />
    )
  if (request.method === 'wallet_sendCalls') return <ApproveCallsScreen {...common} request={request} />
  return <SignScreen {...common} request={request} />
}
