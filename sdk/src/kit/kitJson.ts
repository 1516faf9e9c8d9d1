import { type Address, type Hex, isAddressEqual, keccak256 } from 'viem'
import { genesisAddress } from '../accounts/genesis.ts'
import { type GenesisJson, type RecordReader, readGenesis, readRecord, toGenesisJson } from '../accounts/record.ts'
import { decodePolicy, guardianKey, hideSigner } from '../encoding/policy.ts'
import { isRekeyError } from '../errors/base.ts'
import {
  InvalidKitError,
  KitAccountError,
  KitChecksumError,
  KitContractsError,
  KitVersionError,
} from '../errors/kit.ts'
import { hashJson } from './canonicalJson.ts'
import type { KitChain, KitContracts, KitGuardian, KitPolicy, RecoveryKit } from './kit.ts'

/** A recovery kit as JSON. Everything else that a newer release adds is ignored, but covered by the checksum. */
export type KitJson = Omit<RecoveryKit, 'genesis'> & {
  readonly format: typeof kitFormat
  readonly version: typeof kitVersion
  readonly genesis: GenesisJson
  /** keccak256 of the JSON without this field, its keys in order and without space between its parts. */
  readonly checksum: Hex
}

/** How a kit says what it is. */
export const kitFormat = 'rekey-recovery-kit'
/** It grows when a reader has to know of a change; what may be ignored is added without. */
export const kitVersion = 1

/** What a kit is checked against. */
export type KitExpectations = {
  /** Contracts in use; `ofKit` takes those that the kit names, which are then for the caller to trust. */
  readonly contracts: KitContracts | 'ofKit'
  /** The account that is wanted, where it is known. */
  readonly account?: Address | undefined
}

/**
 * Writes a kit as JSON, field by field: whatever else its objects carry stays out.
 *
 * @example
 * localStorage.setItem('kit', JSON.stringify(toKitJson(kit)))
 */
export function toKitJson(kit: RecoveryKit): KitJson {
  const { credential, credentialId, policy, handle } = kit.genesis
  const { x, y, rpIdHash, originsHash, flags, idHash } = credential
  const json = {
    format: kitFormat,
    version: kitVersion,
    account: kit.account,
    ...(kit.name !== undefined && { name: kit.name }),
    rpId: kit.rpId,
    genesis: toGenesisJson({
      credential: { x, y, rpIdHash, originsHash, flags, idHash },
      credentialId,
      policy,
      handle,
    }),
    policies: kit.policies.map(({ bytes, chainIds }) => ({ bytes, chainIds: [...chainIds] })),
    guardians: kit.guardians.map(({ key, name, reveal }) => ({
      key,
      ...(name !== undefined && { name }),
      ...(reveal && { reveal: { salt: reveal.salt, signer: reveal.signer } }),
    })),
    contracts: pickContracts(kit.contracts),
    release: kit.release,
    chains: kit.chains.map(({ id, name, fromBlock }) => ({ id, name, fromBlock })),
    createdAt: kit.createdAt,
  } as const
  return { ...json, checksum: hashJson(json) }
}

/** Returns the hash that stands for a kit, the same in each of its forms. */
export function kitHash(kit: RecoveryKit): Hex {
  return toKitJson(kit).checksum
}

/**
 * Reads a kit from parsed JSON, checks that nothing was changed and that its parts belong together.
 *
 * @throws {InvalidKitError} {@link KitVersionError} {@link KitChecksumError} {@link KitAccountError}
 *   {@link KitContractsError}
 */
export function fromKitJson(value: unknown, expected: KitExpectations): RecoveryKit {
  try {
    return read(value, expected)
  } catch (error) {
    if (isRekeyError(error) && !error.code.startsWith('KIT_'))
      throw new InvalidKitError(error.shortMessage.replace(/^This is not a valid |\.$/g, ''), error)
    throw error
  }
}

function read(value: unknown, expected: KitExpectations): RecoveryKit {
  const record = readRecord(value, 'recovery kit')
  if (!record.has('format') || record.text('format') !== kitFormat)
    throw new InvalidKitError('it does not say that it is one')
  const version = record.number('version')
  if (version > kitVersion) throw new KitVersionError(version, kitVersion)
  if (version !== kitVersion) throw new InvalidKitError(`there is no version ${version}`)
  const content = Object.fromEntries(Object.entries(Object(value)).filter(([key]) => key !== 'checksum'))
  if (record.hex('checksum', 32) !== hashJson(content)) throw new KitChecksumError()
  const kit: RecoveryKit = {
    account: record.address('account'),
    ...(record.has('name') && { name: record.text('name') }),
    rpId: record.text('rpId'),
    genesis: readGenesis(record.object('genesis')),
    policies: record.list('policies').map(readPolicy),
    guardians: record.list('guardians').map(readGuardian),
    contracts: readContracts(record.object('contracts')),
    release: record.text('release'),
    chains: record.list('chains').map(readChain),
    createdAt: record.number('createdAt'),
  }
  checkKit(kit, expected)
  return kit
}

/** Refuses a kit of another account or for other contracts, and one whose parts do not belong together. */
function checkKit(kit: RecoveryKit, expected: KitExpectations): void {
  const { account, genesis, contracts, policies, guardians } = kit
  if (expected.account && !isAddressEqual(expected.account, account))
    throw new KitAccountError({ seen: account, wanted: expected.account })
  const inUse = expected.contracts
  if (inUse !== 'ofKit')
    for (const name of Object.keys(contracts) as (keyof KitContracts)[])
      if (!isAddressEqual(contracts[name], inUse[name]))
        throw new KitContractsError(`${name}: ${contracts[name]} in the kit, ${inUse[name]} here`)
  checkGenesis(contracts, account, genesis)
  const known = new Map(
    policies.flatMap(({ bytes }) => decodePolicy(bytes).guardians).map((guardian) => [guardianKey(guardian), guardian]),
  )
  for (const { key, reveal } of guardians) {
    const guardian = known.get(key)
    if (!guardian) throw new InvalidKitError('it names a guardian that none of its policies has')
    if (reveal && (!guardian.isHidden || hideSigner(reveal.salt, reveal.signer) !== guardian.signer.toLowerCase()))
      throw new InvalidKitError('what it reveals of a hidden guardian is not that guardian')
  }
}

/** Refuses a genesis that does not lead to the account. */
export function checkGenesis(
  contracts: Pick<KitContracts, 'factory' | 'implementation'>,
  account: Address,
  genesis: RecoveryKit['genesis'],
): void {
  if (!isAddressEqual(genesisAddress(contracts, genesis), account))
    throw new InvalidKitError('its account does not commit to its genesis')
  if (keccak256(genesis.credentialId) !== genesis.credential.idHash.toLowerCase())
    throw new InvalidKitError('its genesis names another passkey than it carries')
}

/** Returns the contracts of a kit and nothing else. */
export function pickContracts(contracts: KitContracts): KitContracts {
  return readContracts(readRecord(contracts, 'list of contracts'))
}

function readContracts({ address }: RecordReader): KitContracts {
  return {
    entryPoint: address('entryPoint'),
    factory: address('factory'),
    implementation: address('implementation'),
    passkeyValidator: address('passkeyValidator'),
    signerValidator: address('signerValidator'),
    guardianRecovery: address('guardianRecovery'),
    webAuthnVerifier: address('webAuthnVerifier'),
    recoveryCodeVerifier: address('recoveryCodeVerifier'),
    policyStore: address('policyStore'),
  }
}

function readPolicy(record: RecordReader): KitPolicy {
  const bytes = record.hex('bytes')
  decodePolicy(bytes)
  return { bytes, chainIds: record.numbers('chainIds') }
}

function readGuardian(record: RecordReader): KitGuardian {
  const reveal = record.has('reveal') ? record.object('reveal') : undefined
  return {
    key: record.hex('key', 32),
    ...(record.has('name') && { name: record.text('name') }),
    ...(reveal && { reveal: { salt: reveal.hex('salt', 32), signer: reveal.hex('signer') } }),
  }
}

function readChain(record: RecordReader): KitChain {
  return { id: record.number('id'), name: record.text('name'), fromBlock: record.number('fromBlock') }
}
