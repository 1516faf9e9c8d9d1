import { type Approval, createConfig, createPasskeyAccount, httpRelay, sendCalls } from '@rekey/sdk'
import { planRecovery, startRecovery, walletGuardian } from '@rekey/sdk/recovery'
import { http, parseEther } from 'viem'
import { base, mainnet } from 'viem/chains'

declare const showToFriend: (phrase: string, link: string) => void
declare const approvalFromFriend: () => Promise<Approval>

const bundler = (chainId: number) => http(`https://bundler.example.com/${chainId}`)
const config = createConfig({
  rpId: 'auth.example.com', // the domain that the passkeys belong to
  rpName: 'Example',
  chains: [mainnet, base].map((chain) => ({ chain, rpc: http(), bundler: bundler(chain.id) })),
  relay: httpRelay('https://relay.example.com'), // sends what owners and guardians signed; has no say in it
})

// One prompt. The account has the same address on every chain, and exists on none of them yet.
const account = await createPasskeyAccount(config, { name: 'Ada' })
await sendCalls(account, {
  chainId: base.id,
  calls: [{ to: '0x2222222222222222222222222222222222222222', value: parseEther('0.01') }],
})

// One prompt names the guardians on every chain.
const friend = walletGuardian('0x1111111111111111111111111111111111111111')
const plan = await planRecovery(account, { guardians: [friend], preset: 'careful' })
await plan.apply({ onProgress: ({ chainId, status }) => console.log(chainId, status) })

// The passkey is lost. On a new device, with nothing but the address:
const recovery = await startRecovery(config, { account: account.address, name: 'Ada, new phone' })
showToFriend(recovery.phrase, recovery.toLink('https://auth.example.com/approve')) // the friend signs; it takes no gas
await recovery.addApproval(await approvalFromFriend())
await recovery.submit() // starts it on every chain
for await (const chains of recovery.watch()) if (chains.every(({ state }) => state === 'ready')) break // the delay
await recovery.execute() // the new passkey is in, the old one is out
