import { globSync } from 'node:fs'
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

/** Tests load what is deployed from its artifact; their own code need not be small. Optimising it would take minutes. */
const testSettings = { ...settings, viaIR: false, optimizer: { enabled: true, runs: 1 } }

/** For tests that have, or import, functions with more variables than the old pipeline can reach. */
const deepTestSettings = {
  ...settings,
  optimizer: {
    enabled: true,
    runs: 1,
    details: { yul: true, yulDetails: { stackAllocation: true, optimizerSteps: ':' } },
  },
}
const deepTests = [
  'test/contracts/ERC7739Module/ERC7739Module.t.sol',
  'test/contracts/GuardianRecovery/Invariants.t.sol',
  'test/contracts/GuardianRecovery/RecoveryHandler.t.sol',
  'test/contracts/GuardianRecovery/Transitions.t.sol',
  'test/contracts/GuardianRecovery/Votes.t.sol',
  'test/contracts/P256Verifier/P256Verifier.t.sol',
  'test/contracts/PasskeyValidator/PasskeyValidatorAdd.t.sol',
  'test/contracts/PasskeyValidator/PasskeyValidatorBase.sol',
  'test/contracts/PasskeyValidator/PasskeyValidatorInvariants.t.sol',
  'test/contracts/PasskeyValidator/PasskeyValidatorRecover.t.sol',
  'test/contracts/PasskeyValidator/PasskeyValidatorRegistry.t.sol',
  'test/contracts/PasskeyValidator/PasskeyValidatorSignatures.t.sol',
  'test/contracts/WebAuthn/WebAuthnBlob.t.sol',
  'test/contracts/WebAuthn/WebAuthnDifferential.t.sol',
  'test/contracts/WebAuthn/WebAuthnRules.t.sol',
  'test/contracts/WebAuthnVerifier/WebAuthnVerifier.t.sol',
  'test/contracts/support/PasskeyDeployer.sol',
  'test/contracts/support/WebAuthnHarness.sol',
]

/** Sources whose bytecode counts: everything that is deployed, and the meter of the bench. */
const deployedSources = globSync(['contracts/**/*.sol', 'test/contracts/harness/VerifyMeter.sol'], {
  cwd: import.meta.dirname,
})

const isDeep = process.env.REKEY_DEEP === '1'
const pinnedSeed = process.env.REKEY_SEED
const seed = pinnedSeed === undefined ? {} : { seed: `0x${BigInt(pinnedSeed).toString(16).padStart(64, '0')}` }

export default defineConfig({
  plugins: [toolbox],
  solidity: {
    compilers: [{ ...compiler, settings: testSettings }],
    overrides: Object.fromEntries([
      ...deployedSources.map((source) => [source, { ...compiler, settings }]),
      ...deepTests.map((source) => [source, { ...compiler, settings: deepTestSettings }]),
    ]),
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
        ],
      },
      fuzz: { runs: isDeep ? 20_000 : 256, ...seed },
      invariant: isDeep ? { runs: 512, depth: 256, failOnRevert: true } : { runs: 32, depth: 64, failOnRevert: true },
    },
  },
})
