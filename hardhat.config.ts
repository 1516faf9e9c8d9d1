import { createRequire } from 'node:module'
import toolbox from '@nomicfoundation/hardhat-toolbox-viem'
import { defineConfig } from 'hardhat/config'

const soljson = createRequire(import.meta.url).resolve('solc/soljson.js')

/** One compiler and one set of settings for everything that is deployed: the address of a contract is a hash of these. */
const settings = {
  viaIR: true,
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 1_000_000 },
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['storageLayout'] } },
}

export default defineConfig({
  plugins: [toolbox],
  solidity: { compilers: [{ version: '0.8.37', path: soljson, settings }] },
  paths: { tests: { solidity: 'test/contracts' } },
})
