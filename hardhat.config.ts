import { createRequire } from 'node:module'
import toolbox from '@nomicfoundation/hardhat-toolbox-viem'
import { defineConfig } from 'hardhat/config'

const compiler = { version: '0.8.37', path: createRequire(import.meta.url).resolve('solc/soljson.js') }

/** One compiler and one set of settings for everything that is deployed: the address of a contract is a hash of these. */
const settings = {
  viaIR: true,
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 800 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['storageLayout'] } },
}

/** Tests load what is deployed from its artifact; their own code need not be small, and optimising it takes minutes. */
const testSettings = {
  ...settings,
  optimizer: {
    enabled: true,
    runs: 1,
    details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: ':' } },
  },
}

/** Sources whose bytecode counts: what is deployed, and the meter and the token of the bench. Each is a compilation of its own. */
const deployedSources = [
  'contracts/account/RekeyAccount.sol',
  'contracts/account/RekeyAccountFactory.sol',
  'contracts/modules/GuardianRecovery.sol',
  'contracts/modules/OidcRecoveryValidator.sol',
  'contracts/modules/PasskeyValidator.sol',
  'contracts/modules/RecoveryProvider.sol',
  'contracts/modules/RegistryAdapter.sol',
  'contracts/modules/SignerValidator.sol',
  'contracts/modules/recovery/ForeignRecovery.sol',
  'contracts/modules/recovery/GuardianVotes.sol',
  'contracts/modules/recovery/PolicyChanges.sol',
  'contracts/registries/OidcKeyRegistry.sol',
  'contracts/registries/PolicyStore.sol',
  'contracts/verifiers/RecoveryCodeVerifier.sol',
  'contracts/verifiers/WebAuthnVerifier.sol',
  'test/contracts/harness/VerifyMeter.sol',
  'test/contracts/mocks/TestToken.sol',
]

const isDeep = process.env.REKEY_DEEP === '1'
/** Of random walks under a hardfork that is not the newest: the same bytecode without P256VERIFY takes shorter ones. */
const walks = process.env.REKEY_HARDFORK === undefined || process.env.REKEY_HARDFORK === 'osaka' ? 32 : 8
const pinnedSeed = process.env.REKEY_SEED
const seed = pinnedSeed === undefined ? {} : { seed: `0x${BigInt(pinnedSeed).toString(16).padStart(64, '0')}` }

export default defineConfig({
  plugins: [toolbox],
  solidity: {
    compilers: [{ ...compiler, settings: testSettings }],
    overrides: Object.fromEntries(deployedSources.map((source) => [source, { ...compiler, settings }])),
  },
  paths: { tests: { solidity: 'test/contracts' } },
  // The same bytecode is tested under each hardfork; P256VERIFY exists under osaka only.
  networks: {
    osaka: { type: 'edr-simulated', chainType: 'l1', hardfork: 'osaka' },
    prague: { type: 'edr-simulated', chainType: 'l1', hardfork: 'prague' },
    cancun: { type: 'edr-simulated', chainType: 'l1', hardfork: 'cancun' },
  },
  test: {
    solidity: {
      fsPermissions: {
        readFile: [
          'node_modules/@account-abstraction/contracts/artifacts/EntryPoint.json',
          'vectors/digests.json',
          'vectors/addresses.json',
          'vectors/oidc.json',
        ],
      },
      fuzz: { runs: isDeep ? 20_000 : 256, ...seed },
      invariant: isDeep
        ? { runs: 512, depth: 256, failOnRevert: true }
        : { runs: walks, depth: 64, failOnRevert: true },
    },
  },
})
