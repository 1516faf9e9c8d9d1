import { StackError } from './errors.ts'

/** One JSON-RPC call over HTTP: for what viem has no action for. */
export async function callRpc(url: string, method: string, params: readonly unknown[] = []): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const answer = (await response.json()) as { readonly result?: unknown; readonly error?: { readonly message: string } }
  if (answer.error) throw new StackError(`${method} failed: ${answer.error.message}`)
  return answer.result
}
