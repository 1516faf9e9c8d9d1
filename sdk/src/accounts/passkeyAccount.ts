import { type Address, isAddressEqual, keccak256 } from 'viem'
import type { RekeyConfig } from '../config/createConfig.ts'
import { InvalidRecordError } from '../errors/account.ts'
import type { CredentialRecord } from '../webauthn/credential.ts'
import { type AccountGenesis, genesisAddress } from './genesis.ts'
import {
  type AccountRecord,
  readCredentialRecord,
  readGenesis,
  readRecord,
  toCredentialRecordJson,
  toGenesisJson,
} from './record.ts'

/** An account, and the passkey that this client signs with. */
export type PasskeyAccount = {
  readonly config: RekeyConfig
  /** The same on every chain. */
  readonly address: Address
  readonly genesis: AccountGenesis
  /** The passkey that signs. */
  readonly credential: CredentialRecord
  /** Everything needed to use the account again, as JSON; nothing in it is secret. */
  toJSON(): AccountRecord
}

/**
 * Returns an account from its parts. It asks nobody.
 *
 * @throws {InvalidRecordError} when the address does not commit to the genesis.
 * @example
 * const account = getAccount(config, { address, genesis, credential })
 */
export function getAccount(
  config: RekeyConfig,
  { address, genesis, credential }: Pick<PasskeyAccount, 'address' | 'genesis' | 'credential'>,
): PasskeyAccount {
  if (!isAddressEqual(genesisAddress(config.contracts, genesis), address))
    throw new InvalidRecordError('account', 'its address does not commit to its genesis')
  // The address does not commit to the id of the passkey, but the events by which it is found again do.
  if (keccak256(genesis.credentialId) !== genesis.credential.idHash.toLowerCase())
    throw new InvalidRecordError('account', 'its genesis names another passkey than it carries')
  return {
    config,
    address,
    genesis,
    credential,
    toJSON: () => ({
      version: 1,
      address,
      genesis: toGenesisJson(genesis),
      credential: toCredentialRecordJson(credential),
    }),
  }
}

/**
 * Returns an account from what `toJSON` wrote.
 *
 * @param json - The parsed record.
 * @throws {InvalidRecordError} when it is not a record, or its parts do not belong together.
 * @example
 * const account = loadAccount(config, JSON.parse(localStorage.getItem('account') ?? ''))
 */
export function loadAccount(config: RekeyConfig, json: unknown): PasskeyAccount {
  const record = readRecord(json, 'account record')
  if (record.number('version') !== 1) throw new InvalidRecordError('account record', 'its version is not 1')
  return getAccount(config, {
    address: record.address('address'),
    genesis: readGenesis(record.object('genesis')),
    credential: readCredentialRecord(record.object('credential')),
  })
}
