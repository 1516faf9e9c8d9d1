import { encodeFunctionData, type Address, type Hex, maxUint256, numberToHex, zeroAddress, zeroHash } from 'viem'
import { ENTRY_POINT } from '../../deploy/constants.ts'
import type { GeneratedFile } from '../generator.ts'
import type { Contracts } from './contracts.ts'
import { vectorFile, word } from './file.ts'
import { createPasskey } from './passkey.ts'
import type { WorldChain } from './world.ts'

const validators: readonly Address[] = [
  '0x00000000000000000000000000000000000ec001',
  '0xec0000000000000000000000000000000000ec02',
]
const lanes = [0, 1, 2 ** 32 - 1]
const recipient: Address = '0x000000000000000000000000000000000000dead'
const calls = [
  { target: recipient, value: 0n, callData: '0x' },
  { target: recipient, value: 10n ** 18n, callData: '0xa9059cbb' },
  { target: '0xfffffffffffffffffffffffffffffffffffffffe', value: maxUint256, callData: word('call data') },
] as const

/** Packed forms besides digests: challenge text, nonce keys, executions. */
export async function encodings(chain: WorldChain, contracts: Contracts): Promise<GeneratedFile> {
  const { harness, read } = chain
  const values = [zeroHash, numberToHex(maxUint256), numberToHex(1n, { size: 32 }), word('a'), word('b'), word('c')]
  const modes = [false, true].flatMap((isBatch) => [false, true].map((isTry) => ({ isBatch, isTry })))
  const batches = [[], [calls[0]], calls]
  return vectorFile(
    'encodings',
    'Challenge text of Base64Url, the validator a Rekey account asks for a nonce, executions of ERC7579Utils.',
    {
      base64Url: await Promise.all(values.map(async (value) => ({ value, text: await read(harness, 'base64Url', [value]) }))),
      nonces: await nonces(chain, contracts),
      modes: await Promise.all(
        modes.map(async (mode) => ({ ...mode, mode: await read(harness, 'encodeMode', [mode.isBatch, mode.isTry]) })),
      ),
      singles: await Promise.all(
        calls.map(async (call) => ({ call, execution: await read(harness, 'encodeSingle', [call]) })),
      ),
      batches: await Promise.all(
        batches.map(async (batch) => ({ calls: batch, execution: await read(harness, 'encodeBatch', [batch]) })),
      ),
    },
  )
}

/** Sets an account up, gives it validators that answer with their own address, and asks it with different nonces. */
async function nonces(chain: WorldChain, contracts: Contracts) {
  const { RekeyAccountFactory, RekeyAccount } = contracts
  const { asStruct, commitment, credential } = await createPasskey('nonces')
  const genesis = [RekeyAccount.address, commitment, zeroHash, word('nonces')] as const
  const account = (await chain.read(RekeyAccountFactory, 'accountAddress', genesis)) as Address
  const encode = (functionName: string, args: readonly unknown[]): Hex =>
    encodeFunctionData({ abi: [...RekeyAccountFactory.abi, ...RekeyAccount.abi], functionName, args })

  await chain.sendAs(
    recipient,
    RekeyAccountFactory.address,
    encode('createAndSetup', [RekeyAccount.address, asStruct, credential.id, '0x', word('nonces')]),
  )
  for (const validator of validators) {
    await chain.node.setCode({ address: validator, bytecode: chain.echoCode })
    await chain.sendAs(account, account, encode('installModule', [1n, validator, '0x']))
  }
  const ask = async (nonce: bigint): Promise<bigint> => {
    const { data = '0x0' } = await chain.client.call({
      account: ENTRY_POINT,
      to: account,
      data: encode('validateUserOp', [emptyUserOp(account, nonce), zeroHash, 0n]),
    })
    return BigInt(data)
  }
  return Promise.all(
    [zeroAddress, ...validators].flatMap((validator) =>
      lanes.map(async (lane) => {
        const key = (BigInt(validator) << 32n) | BigInt(lane)
        const answer = await ask((key << 64n) | 7n)
        // 1 is SIG_VALIDATION_FAILED: PasskeyValidator was asked and found no signature.
        const asked = answer === 1n ? zeroAddress : numberToHex(answer, { size: 20 })
        return { lane, key, asked }
      }),
    ),
  )
}

function emptyUserOp(sender: Address, nonce: bigint) {
  const packed = { accountGasLimits: zeroHash, preVerificationGas: 0n, gasFees: zeroHash, paymasterAndData: '0x' }
  return { sender, nonce, initCode: '0x', callData: '0x', ...packed, signature: '0x' }
}
