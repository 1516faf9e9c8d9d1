import { createRequire } from 'node:module'
import toolbox from '@nomicfoundation/hardhat-toolbox-viem'
import { defineConfig } from 'hardhat/config'

const soljson = createRequire(import.meta.url).resolve('solc/soljson.js')

/** One compiler and one set of settings for everything that is deployed: the address of a contract is a hash of these. */
const settings = {
  viaIR: true,
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 800 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['storageLayout'] } },
}

const isDeep = process.env.REKEY_DEEP === '1'
const pinnedSeed = process.env.REKEY_SEED
const seed = pinnedSeed === undefined ? {} : { seed: `0x${BigInt(pinnedSeed).toString(16).padStart(64, '0')}` }

export default defineConfig({
  plugins: [toolbox],
  solidity: { compilers: [{ version: '0.8.37', path: soljson, settings }] },
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
