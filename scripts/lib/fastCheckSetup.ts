import { configureGlobal } from 'fast-check'
import { chooseSeed } from './seed.ts'

const isDeep = process.env.REKEY_DEEP === '1'

configureGlobal({ numRuns: isDeep ? 5_000 : 100, seed: chooseSeed(process.env.REKEY_SEED, isDeep) })
