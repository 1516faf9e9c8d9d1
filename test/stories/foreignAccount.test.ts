import {
  encodeApprovals,
  encodePolicy,
  passkeyTypedData,
  policyHash,
  type Recovery,
  recoveryTypedData,
  sortGuardians,
} from '@rekey/sdk'
import { guardianRecoveryAbi, passkeyValidatorAbi, rekeyAccountAbi } from '@rekey/sdk/abis'
import { walletGuardian } from '@rekey/sdk/recovery'
import { credentialCommitment, toCredential } from '@rekey/sdk/webauthn'
import { type Address, createWalletClient, encodeFunctionData, encodePacked, type Hex, hashTypedData, http } from 'viem'
import { describe, expect, test } from 'vitest'
import { readArtifact } from '../../scripts/deploy/artifacts.ts'
import { stackContracts } from '../../scripts/stack/client.ts'
import type { StackChain } from '../../scripts/stack/startStack.ts'
import { stack } from '../integration/support/runningStack.ts'
import {
  clientOf,
  createHolder,
  deliver,
  deployForeignAccount,
  type Holder,
  send,
  sign,
} from './support/foreignAccount.ts'
import { day, friend } from './support/owner.ts'

/*
 * An account of another maker: OpenZeppelin's AccountERC7579, from its package. Our modules are installed on it, the
 * passkey is lost, guardians bring it back on two chains; and what nobody can do for such an account is shown.
 */

const gift = [{ to: friend, value: 1n }] as const

/** ERC-7579's functions, which our account shares with theirs. */
const onAccount = (functionName: 'installModule' | 'uninstallModule' | 'execute', args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: rekeyAccountAbi, functionName, args } as never)

function onePolicy(): Hex {
  return encodePolicy({
    salt: `0x${'5b'.repeat(32)}`,
    allowsInstantSingle: false,
    windowHours: 336,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: day, isVetoable: true }],
    guardians: sortGuardians([walletGuardian(stack.accounts.guardian.address)]),
  })
}

/** An account with a passkey and guardians on both chains. */
async function createGuarded(owner: Holder): Promise<Address> {
  const account = await deployForeignAccount(stack, owner)
  const { guardianRecovery } = stackContracts(stack)
  const install = onAccount('installModule', [2n, guardianRecovery, onePolicy()])
  for (const chain of stack.chains) {
    expect(await send(stack, chain, { account, by: owner, calls: [{ to: account, data: install }] })).toBe(true)
    expect(await send(stack, chain, { account, by: owner, calls: gift })).toBe(true)
  }
  return account
}

/** A recovery with the guardian's approval and the new passkey's proof, good on every chain. */
async function approve(account: Address, fresh: Holder) {
  const { guardianRecovery, passkeyValidator } = stackContracts(stack)
  const [first] = stack.chains
  const issuedAt = Number((await clientOf(first as StackChain).getBlock()).timestamp)
  const recovery: Recovery = {
    account,
    policy: policyHash(onePolicy()),
    credential: toCredential(fresh.credential),
    keep: 0,
    chainIds: [],
    issuedAt,
    deadline: issuedAt + 7 * day,
  }
  const typedData = recoveryTypedData(guardianRecovery, 'Recovery', recovery)
  const signature = await stack.accounts.guardian.signTypedData(typedData)
  const digest = hashTypedData(typedData)
  const possession = await sign(
    fresh,
    hashTypedData(passkeyTypedData(passkeyValidator, 'Possession', { recovery: digest })),
  )
  const approvals = encodeApprovals([{ index: 0, signature }])
  return {
    start: encodeFunctionData({
      abi: guardianRecoveryAbi,
      functionName: 'start',
      args: [recovery, onePolicy(), approvals, possession],
    }),
    execute: encodeFunctionData({
      abi: guardianRecoveryAbi,
      functionName: 'execute',
      args: [recovery, possession, []],
    }),
  }
}

const relayed = (chain: StackChain, data: Hex) =>
  deliver(stack, chain, { to: stackContracts(stack).guardianRecovery, data })

const passkeysOf = async (chain: StackChain, account: Address) => {
  const [, commitments] = await clientOf(chain).readContract({
    address: stackContracts(stack).passkeyValidator,
    abi: passkeyValidatorAbi,
    functionName: 'getCredentials',
    args: [account],
  })
  return commitments
}

describe('an account of another maker', () => {
  test('[95] the passkey is lost: one approval, and the new one sends on both chains, the old one on none', async () => {
    const owner = await createHolder('foreign')
    const account = await createGuarded(owner)
    const fresh = await createHolder('foreign, again')
    const { start, execute } = await approve(account, fresh)
    for (const chain of stack.chains) await relayed(chain, start)
    await stack.clock.increase(day)
    for (const chain of stack.chains) {
      await relayed(chain, execute)
      expect(await passkeysOf(chain, account)).toEqual([
        `0x${credentialCommitment(toCredential(fresh.credential)).slice(18)}`,
      ])
      expect(await send(stack, chain, { account, by: fresh, calls: gift })).toBe(true)
      await expect(send(stack, chain, { account, by: owner, calls: gift })).rejects.toThrow(/AA24/)
    }
  })

  test('[85] the validator was removed meanwhile: the recovery installs it again', async () => {
    const owner = await createHolder('removed')
    const account = await createGuarded(owner)
    const fresh = await createHolder('removed, again')
    const { start, execute } = await approve(account, fresh)
    const { passkeyValidator } = stackContracts(stack)
    const remove = onAccount('uninstallModule', [1n, passkeyValidator, '0x'])
    for (const chain of stack.chains) {
      await relayed(chain, start)
      expect(await send(stack, chain, { account, by: owner, calls: [{ to: account, data: remove }] })).toBe(true)
      expect(await passkeysOf(chain, account)).toEqual([])
    }
    await stack.clock.increase(day)
    for (const chain of stack.chains) {
      await relayed(chain, execute)
      expect(await send(stack, chain, { account, by: fresh, calls: gift })).toBe(true)
    }
  })

  test('[73] [86] the documented limit: the module cannot be removed in the ordinary way, but a delegate call makes the account forget it', async () => {
    const owner = await createHolder('erased')
    const account = await createGuarded(owner)
    const { start, execute } = await approve(account, await createHolder('erased, again'))
    const { guardianRecovery } = stackContracts(stack)
    const [chain] = stack.chains as [StackChain]
    await relayed(chain, start)
    const uninstall = onAccount('uninstallModule', [2n, guardianRecovery, '0x'])
    expect(await send(stack, chain, { account, by: owner, calls: [{ to: account, data: uninstall }] })).toBe(false)

    const eraser = await deployEraser(chain)
    const erase = encodeFunctionData({ ...readEraser(), functionName: 'erase', args: [guardianRecovery] })
    const delegatecall: Hex = `0xff${'00'.repeat(31)}`
    const forget = onAccount('execute', [delegatecall, encodePacked(['address', 'bytes'], [eraser, erase])])
    expect(await send(stack, chain, { account, by: owner, calls: [{ to: account, data: forget }] })).toBe(true)
    await stack.clock.increase(day)
    await expect(relayed(chain, execute)).rejects.toThrow()
    expect(await send(stack, chain, { account, by: owner, calls: gift })).toBe(true)
  })
})

const readEraser = () => {
  const { abi, bytecode } = readArtifact('ExecutorEraser', 'test/contracts')
  return { abi, bytecode }
}

async function deployEraser(chain: StackChain): Promise<Address> {
  const wallet = createWalletClient({ transport: http(chain.rpcUrl), account: stack.accounts.relayer })
  const hash = await wallet.deployContract({ ...readEraser(), args: [], chain: null })
  const { contractAddress } = await clientOf(chain).waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('ExecutorEraser was not deployed.')
  return contractAddress
}
