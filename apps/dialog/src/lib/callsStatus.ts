import type { RekeyConfig, SendCallsReturnType } from '@rekey/sdk'
import type { CallsStatus } from '@rekey/sdk/dialog'
import { numberToHex } from 'viem'
import { getTransactionReceipt } from 'viem/actions'

/** Reports sent calls as EIP-5792 wants it. */
export async function toCallsStatus(
  { chains }: RekeyConfig,
  sent: SendCallsReturnType,
  callsId: string | undefined,
): Promise<CallsStatus> {
  const chain = chains.find(({ id }) => id === sent.chainId)
  if (!chain) throw new Error('The calls were sent on a chain that is not configured.')
  const receipt = await getTransactionReceipt(chain.client, { hash: sent.transactionHash })
  return {
    version: '2.0.0',
    id: callsId ?? sent.userOpHash,
    chainId: numberToHex(sent.chainId),
    status: sent.success ? 200 : 500,
    atomic: true,
    receipts: [
      {
        logs: receipt.logs.map(({ address, data, topics }) => ({ address, data, topics })),
        status: sent.success ? '0x1' : '0x0',
        blockHash: receipt.blockHash,
        blockNumber: numberToHex(receipt.blockNumber),
        gasUsed: numberToHex(receipt.gasUsed),
        transactionHash: receipt.transactionHash,
      },
    ],
  }
}
