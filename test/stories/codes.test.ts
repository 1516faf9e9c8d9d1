import { encodeApprovals, encodePolicy } from '@rekey/sdk'
import { guardianRecoveryAbi, recoveryCodeVerifierAbi } from '@rekey/sdk/abis'
import { decodeContractError } from '@rekey/sdk/errors'
import type { RecoveryRequest } from '@rekey/sdk/recovery'
import {
  type Address,
  createPublicClient,
  createTestClient,
  encodeFunctionData,
  type Hex,
  http,
  parseEther,
  parseEventLogs,
} from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { stackContracts } from '../../scripts/stack/client.ts'
import { callRpc } from '../../scripts/stack/jsonRpc.ts'
import { stack } from '../integration/support/runningStack.ts'
import { type Codes, createCodes } from './support/codes.ts'
import { begin, createGuardedOwner, day, expectSends, outcomesOf, statesOf } from './support/owner.ts'

async function spentCodes(rpcUrl: string, account: Address, codes: Codes): Promise<bigint> {
  const { recoveryCodeVerifier, guardianRecovery } = stackContracts(stack)
  const root: Hex = `0x${codes.guardian.signer.slice(42, 106)}`
  return createPublicClient({ transport: http(rpcUrl) }).readContract({
    address: recoveryCodeVerifier,
    abi: recoveryCodeVerifierAbi,
    functionName: 'spentOf',
    args: [guardianRecovery, account, root],
  })
}

test('[131] one code, a day’s wait, both chains: the new passkey sends, the code is spent, another one still works', async () => {
  const codes = createCodes(stack)
  const owner = await createGuardedOwner(stack, 'codes', { guardians: [codes.guardian], preset: 'careful' })
  const { request } = await begin(stack, owner.account, 'new phone')
  await codes.approveWith(3, request)
  expect(outcomesOf(await request.submit())).toEqual(['done', 'done'])
  await stack.clock.increase(day)
  expect(outcomesOf(await request.execute())).toEqual(['done', 'done'])
  await expectSends(request.toAccount())
  for (const { rpcUrl } of stack.chains) expect(await spentCodes(rpcUrl, owner.account.address, codes)).toBe(8n)

  const second = await begin(stack, owner.account, 'newer phone')
  await codes.approveWith(3, second.request)
  expect(outcomesOf(await second.request.submit())).toEqual(['CONTRACT_NO_TIER', 'CONTRACT_NO_TIER'])
  await codes.approveWith(4, second.request)
  expect(outcomesOf(await second.request.submit())).toEqual(['done', 'done'])
  expect(await statesOf(second.request)).toEqual(['scheduled', 'scheduled'])
})

describe('a thousand transactions with one code', () => {
  const relayers = 50
  const perRelayer = 20
  const requests = 10

  test('[132] [140] from fifty relayers, for ten recoveries, on two chains: one effect on each, 999 named reverts', async () => {
    const codes = createCodes(stack)
    const owner = await createGuardedOwner(stack, 'storm', { guardians: [codes.guardian], preset: 'careful' })
    const calls: Hex[] = []
    for (let number = 0; number < requests; number++) {
      const { request } = await begin(stack, owner.account, `phone ${number}`)
      await codes.approveWith(0, request)
      calls.push(startData(request))
    }
    const wallets = Array.from({ length: relayers }, () => privateKeyToAccount(generatePrivateKey()))
    for (const { chainId, rpcUrl } of stack.chains) {
      const outcomes = await storm({ chainId, rpcUrl, wallets, calls })
      expect(outcomes.filter((outcome) => outcome === 'RecoveryStarted')).toHaveLength(1)
      const reverts = outcomes.filter((outcome) => outcome !== 'RecoveryStarted')
      expect(reverts).toHaveLength(relayers * perRelayer - 1)
      // The recovery that won, again; and the others, whose only vote is a spent code.
      expect(new Set(reverts)).toEqual(new Set(['AlreadyStarted', 'NoTier']))
      expect(await spentCodes(rpcUrl, owner.account.address, codes)).toBe(1n)
    }
  })

  function startData(request: RecoveryRequest): Hex {
    const { possession } = request.toJSON()
    const args = [
      request.recovery,
      encodePolicy(request.policy),
      encodeApprovals(request.approvals.flatMap((approval) => ('signature' in approval ? [approval] : []))),
      possession,
    ] as const
    return encodeFunctionData({ abi: guardianRecoveryAbi, functionName: 'start', args })
  }

  /** Puts all transactions into the pool, then lets the chain make blocks of them; what became of each. */
  async function storm({
    chainId,
    rpcUrl,
    wallets,
    calls,
  }: {
    chainId: number
    rpcUrl: string
    wallets: readonly PrivateKeyAccount[]
    calls: readonly Hex[]
  }): Promise<string[]> {
    const transport = http(rpcUrl, { batch: { batchSize: 100 } })
    const client = createPublicClient({ transport, cacheTime: 0 })
    const node = createTestClient({ mode: 'anvil', transport })
    await Promise.all(wallets.map(({ address }) => node.setBalance({ address, value: parseEther('100') })))
    const to = stackContracts(stack).guardianRecovery
    const raw = await Promise.all(
      wallets.flatMap((wallet, place) =>
        Array.from({ length: perRelayer }, (_, nonce) =>
          wallet.signTransaction({
            chainId,
            to,
            nonce,
            data: calls[(place + nonce) % calls.length] as Hex,
            gas: 500_000n,
            maxFeePerGas: 10n ** 10n,
            maxPriorityFeePerGas: 1n,
          }),
        ),
      ),
    )
    // A trace runs the block again up to its transaction: small blocks are told quickly.
    await node.setBlockGasLimit({ gasLimit: 2_000_000n })
    await node.setAutomine(false)
    const hashes = await Promise.all(
      raw.map((serializedTransaction) => client.sendRawTransaction({ serializedTransaction })),
    )
    for (let left = hashes.length; left > 0; left = Number(await pending(rpcUrl))) await node.mine({ blocks: 1 })
    await node.setAutomine(true)
    await node.setBlockGasLimit({ gasLimit: 30_000_000n })
    return Promise.all(hashes.map((hash) => outcomeOf(client, rpcUrl, hash)))
  }

  async function pending(rpcUrl: string): Promise<bigint> {
    const { pending } = (await callRpc(rpcUrl, 'txpool_status', [])) as { pending: Hex }
    return BigInt(pending)
  }

  async function outcomeOf(client: ReturnType<typeof createPublicClient>, rpcUrl: string, hash: Hex): Promise<string> {
    const receipt = await client.getTransactionReceipt({ hash })
    if (receipt.status === 'success') {
      const [event] = parseEventLogs({ abi: guardianRecoveryAbi, logs: receipt.logs })
      return event?.eventName ?? 'no event'
    }
    const options = { tracer: 'callTracer', tracerConfig: { onlyTopCall: true } }
    const trace = (await callRpc(rpcUrl, 'debug_traceTransaction', [hash, options])) as { output?: Hex }
    return decodeContractError(trace.output ?? '0x')?.name ?? 'no name'
  }
})
