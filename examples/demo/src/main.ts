import { createRekeyProvider, ProviderRpcError } from '@rekey/sdk/dialog'
import {
  type Address,
  createPublicClient,
  createTestClient,
  encodeFunctionData,
  formatEther,
  formatUnits,
  http,
  isAddress,
  numberToHex,
  parseAbi,
  parseEther,
  parseUnits,
} from 'viem'

/** What the local stack tells its pages. */
type StackConfig = {
  readonly chains: readonly { readonly chainId: number; readonly rpcUrl: string }[]
  readonly token: Address
  readonly urls: { readonly dialog: string }
}

const tokenAbi = parseAbi([
  'function mint(address account, uint256 amount)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
])

const config = (await (await fetch('/config.json')).json()) as StackConfig
const provider = createRekeyProvider({
  dialogUrl: config.urls.dialog,
  chains: config.chains.map(({ chainId }) => chainId),
})
const clients = new Map(
  config.chains.map(({ chainId, rpcUrl }) => {
    const transport = http(rpcUrl)
    return [
      chainId,
      { reader: createPublicClient({ transport }), node: createTestClient({ mode: 'anvil', transport }) },
    ]
  }),
)

const connectButton = element('connect', HTMLButtonElement)
const chainSelect = element('chain', HTMLSelectElement)
const sendForm = element('send', HTMLFormElement)
const recipientInput = element('recipient', HTMLInputElement)
let account: Address | undefined

for (const { chainId } of config.chains) chainSelect.add(new Option(`Chain ${chainId}`, String(chainId)))

provider.on('accountsChanged', ([first]) => {
  account = first
  element('address', HTMLElement).textContent = first ?? ''
  element('signed-out', HTMLElement).hidden = first !== undefined
  element('signed-in', HTMLElement).hidden = first === undefined
  sendForm.hidden = first === undefined
  void refresh()
})
provider.on('chainChanged', (chainId) => {
  chainSelect.value = String(Number(chainId))
  void refresh()
})

onClick(connectButton, 'Signed in.', () => provider.request({ method: 'eth_requestAccounts' }))
onClick(element('account', HTMLButtonElement), 'Welcome back.', () => provider.openAccountDialog())
onClick(element('disconnect', HTMLButtonElement), 'Signed out.', () =>
  provider.request({ method: 'wallet_revokePermissions', params: [{ eth_accounts: {} }] }),
)
onClick(element('fund', HTMLButtonElement), 'Test money has arrived on every network.', async () => {
  if (!account) return
  for (const { node } of clients.values()) await node.setBalance({ address: account, value: parseEther('1') })
})
chainSelect.addEventListener('change', () =>
  run('Network changed.', () =>
    provider.request({
      method: 'wallet_switchEthereumChain',
      params: [{ chainId: numberToHex(Number(chainSelect.value)) }],
    }),
  ),
)
recipientInput.addEventListener('change', () => void refresh())
sendForm.addEventListener('submit', (event) => {
  event.preventDefault()
  run('Sent.', sendTokens)
})

/** Asks the dialog for two calls at once. Nothing is awaited before, so that the browser lets the window open. */
async function sendTokens(): Promise<void> {
  const to = recipientInput.value.trim()
  if (!account || !isAddress(to)) throw new Error('Enter the address of the recipient.')
  const mint = { functionName: 'mint', args: [account, parseUnits('10', 18)] } as const
  const transfer = { functionName: 'transfer', args: [to, parseUnits('5', 18)] } as const
  const calls = [
    { to: config.token, data: encodeFunctionData({ abi: tokenAbi, ...mint }) },
    { to: config.token, data: encodeFunctionData({ abi: tokenAbi, ...transfer }) },
  ]
  const chainId = numberToHex(Number(chainSelect.value))
  const params = [{ version: '2.0.0', from: account, chainId, atomicRequired: true, calls }]
  const { id } = (await provider.request({ method: 'wallet_sendCalls', params })) as { id: string }
  const { status } = (await provider.request({ method: 'wallet_getCallsStatus', params: [id] })) as { status: number }
  if (status !== 200) throw new Error('The calls reverted; nothing changed.')
}

async function refresh(): Promise<void> {
  const reader = clients.get(Number(chainSelect.value))?.reader
  if (!account || !reader) return
  const recipient = recipientInput.value.trim()
  const balance = await reader.getBalance({ address: account })
  element('balance', HTMLElement).textContent = `${formatEther(balance)} ETH`
  const received = isAddress(recipient)
    ? await reader.readContract({ address: config.token, abi: tokenAbi, functionName: 'balanceOf', args: [recipient] })
    : undefined
  element('received', HTMLElement).textContent = received === undefined ? '…' : `${formatUnits(received, 18)} tokens`
}

function onClick(button: HTMLButtonElement, done: string, work: () => Promise<unknown>): void {
  button.addEventListener('click', () => run(done, work))
}

/** Does something the user asked for, and says how it went. */
function run(done: string, work: () => Promise<unknown>): void {
  const status = element('status', HTMLElement)
  status.textContent = 'Working…'
  work().then(
    async () => {
      await refresh()
      status.textContent = done
    },
    (error: unknown) => {
      const isRefusal = error instanceof ProviderRpcError && error.code === 4001
      status.textContent = isRefusal ? 'You refused. Nothing was done.' : explain(error)
    },
  )
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.'
}

function element<kind extends HTMLElement>(id: string, type: new () => kind): kind {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`The page has no ${id}.`)
  return found
}
