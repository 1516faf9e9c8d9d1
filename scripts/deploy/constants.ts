import type { Address, Hex } from 'viem'

/** The deterministic deployer (https://github.com/Arachnid/deterministic-deployment-proxy): CREATE2 with calldata `salt ‖ initcode`. */
export const DEPLOYER: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
/** Its whole runtime code. Anything else at its address would give other addresses, or other code. */
export const DEPLOYER_CODE: Hex =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'

export const ENTRY_POINT: Address = '0x4337084D9E255Ff0702461CF8895CE9E3b5Ff108'
/** With this salt the published initcode of EntryPoint v0.8 lands at {@link ENTRY_POINT}. */
export const ENTRY_POINT_SALT: Hex = '0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9'

/** P256VERIFY (EIP-7951, RIP-7212). */
export const P256VERIFY: Address = '0x0000000000000000000000000000000000000100'

/** EIP-170 and EIP-3860. */
export const MAX_RUNTIME_BYTES = 24_576
export const MAX_INITCODE_BYTES = 49_152

/** Chains whose records stay out of the repository. */
export const LOCAL_CHAIN_IDS: readonly number[] = [1337, 31337, 31338]
