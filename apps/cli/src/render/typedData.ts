/** EIP-712 data as wallets and tools read it: numbers that JSON cannot keep as text. */
export function typedDataJson(typedData: unknown): unknown {
  return JSON.parse(
    JSON.stringify(typedData, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  )
}
