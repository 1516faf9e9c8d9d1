import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createPasskeyAccount } from '@rekey/sdk'
import { planRecovery, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { configFor, createDevice } from '../../scripts/stack/client.ts'
import { type Stack, startStack } from '../../scripts/stack/startStack.ts'
import { createRounds, type Traffic } from '../lib/rounds.ts'
import type { Row } from '../lib/row.ts'

const chainIds = Array.from({ length: 8 }, (_, index) => 31_337 + index)

/** P17: what the recovery driver asks of the network, from the guardian's approval to the new passkey on eight chains. */
export async function trafficRows(): Promise<Row[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'rekey-bench-'))
  const stack = await startStack({
    directory,
    hasBundlers: false,
    sites: [],
    chains: chainIds.map((chainId) => ({ chainId, hardfork: 'osaka' as const })),
  })
  try {
    const eight = await measureSubmit(stack, chainIds)
    const missing = await measureSubmit(stack, chainIds, true)
    const one = await measureSubmit(stack, chainIds.slice(0, 1))
    return [
      {
        id: 'P17a',
        what: 'recovery on 8 chains: requests per chain, relay included',
        unit: 'count',
        measured: eight.requestsPerChain,
        target: 6,
        moonshot: 4,
      },
      {
        id: 'P17b',
        what: 'recovery on 8 chains: sequential rounds more than on one',
        unit: 'count',
        measured: eight.rounds - one.rounds,
        target: 0,
      },
      {
        id: 'P17c',
        what: 'recovery on 8 chains: transactions per chain',
        unit: 'count',
        measured: eight.transactionsPerChain,
        target: 1,
      },
      {
        id: 'P17d',
        what: 'recovery on 8 chains, 7 of which never saw the account: requests per chain, relay included',
        unit: 'count',
        measured: missing.requestsPerChain,
        target: 6,
      },
    ]
  } finally {
    await stack.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** An account that one guardian may recover at once, on these chains. */
async function measureSubmit(stack: Stack, ids: readonly number[], isMissing = false): Promise<Traffic> {
  const network = createRounds()
  const owner = configFor(stack, createDevice(`traffic ${ids.length} ${isMissing}`))
  const guardians = [walletGuardian(stack.accounts.guardian.address)]
  const nobody = await createPasskeyAccount(owner, { name: 'Ada' })
  const plan = await planRecovery(nobody, { guardians, preset: 'simple', allowInstantSingle: true })
  const account = isMissing ? await createPasskeyAccount(owner, { name: 'Ada', policy: plan.bytes }) : nobody
  if (!isMissing) for (const { error } of await plan.apply()) if (error) throw error

  const device = createDevice(`traffic ${ids.length} ${isMissing}, new`)
  const config = network.configure(stack, device, ids)
  const { genesis, address } = account
  const request = await startRecovery(config, { account: address, name: 'Ada', genesis, chainIds: ids })
  await request.approve({ wallet: stack.accounts.guardian })
  return network.measure(async () => {
    for (const { error, status } of await request.submit())
      if (status !== 'done') throw error ?? new Error('A chain was not recovered.')
  })
}
