import { encodePolicy, type Guardian, guardianKinds, sortGuardians } from '@rekey/sdk'
import { guardianRecoveryAbi } from '@rekey/sdk/abis'
import {
  encodeOidcKey,
  encodeOidcProof,
  issuerKeyId,
  type OidcAlgorithm,
  oidcIdentityHash,
  oidcNonce,
  parseIdToken,
} from '@rekey/sdk/oidc'
import { type Address, concat, encodeFunctionData, type Hex, keccak256, stringToHex } from 'viem'
import { compact, signTexts, testKey } from '../../scripts/gen/vectors/idTokens.ts'
import { observationCall } from '../../scripts/stack/observation.ts'
import { type Cost, measure } from '../lib/measure.ts'
import { requestRecovery } from '../lib/request.ts'
import type { Row } from '../lib/row.ts'
import { createUser, settle } from '../lib/user.ts'
import type { World } from '../lib/world.ts'

const DAY = 86_400
const salt = keccak256(stringToHex('rekey bench: salt of an identity'))

type Issuer = {
  readonly algorithm: OidcAlgorithm
  readonly key: string
  readonly kid: string
  readonly issuer: string
  readonly client: string
  readonly person: string
  /** What it says besides. */
  readonly more: (now: number) => object
}

/** What Google answers to scope openid, and the least that an issuer can say, as a bridge does. */
const issuers: Record<OidcAlgorithm, Issuer> = {
  RS256: {
    algorithm: 'RS256',
    key: 'rsa2048',
    kid: '91413cf4fa0cb92a3c3f5a054509132c47660937',
    issuer: 'https://accounts.google.com',
    client: '407408718192-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com',
    person: '110169484474386276334',
    more: (now) => ({
      azp: '407408718192-abcdefghijklmnopqrstuvwxyz012345.apps.googleusercontent.com',
      nbf: now - 300,
      jti: '9b3c2c8e0f3a4d1f8c7b6a5d4e3f2a1b0c9d8e7f',
    }),
  },
  ES256: {
    algorithm: 'ES256',
    key: 'p256',
    kid: '5b1e0c7d2f3a4b59',
    issuer: 'https://bridge.example.com',
    client: 'rekey',
    person: 'x|1234567890123456789',
    more: () => ({}),
  },
}

/** P13, P14: a recovery that starts with a sign-in, and what the registry's keys cost. */
export async function oidcRows(world: World): Promise<Row[]> {
  const registry = world.contracts.oidcKeyRegistry
  const rs256 = await recover(world, registry, issuers.RS256)
  const es256 = await recover(world, registry, issuers.ES256)
  const linked = await link(world, registry, issuers.RS256)
  return [
    {
      id: 'P13',
      what: 'recovery starts by an RS256 token (openid), all checks and state included',
      unit: 'gas',
      measured: rs256.start.gas,
      target: 150_000,
      moonshot: 125_000,
      ceiling: 200_000,
      cost: rs256.start,
    },
    {
      id: 'P14',
      what: 'recovery starts by an ES256 token of a bridge, by the precompile',
      unit: 'gas',
      measured: es256.start.gas,
      target: 115_000,
      moonshot: 95_000,
      ceiling: 150_000,
      cost: es256.start,
    },
    {
      id: 'P13b',
      what: 'execution of P13, evidence included',
      unit: 'gas',
      measured: rs256.execute.gas,
      cost: rs256.execute,
    },
    {
      id: 'R1a',
      what: 'OidcKeyRegistry: a new RSA-2048 key, 2 of 3',
      unit: 'gas',
      measured: rs256.added.gas,
      cost: rs256.added,
    },
    {
      id: 'R1b',
      what: 'OidcKeyRegistry: a known key is still there',
      unit: 'gas',
      measured: rs256.seen.gas,
      cost: rs256.seen,
    },
    {
      id: 'R2a',
      what: 'create and set up, relayed, with a wallet and a sign-in as guardians',
      unit: 'gas',
      measured: linked.both.gas,
      cost: linked.both,
    },
    {
      id: 'R2b',
      what: 'of this, the sign-in: what it costs to link it',
      unit: 'gas',
      measured: linked.both.gas - linked.wallet.gas,
    },
  ]
}

async function recover(world: World, registry: Address, issuer: Issuer) {
  const { issuerKey } = testKey(issuer.key)
  const added = await observe(world, registry, issuer)
  await world.increase(60)
  const seen = await observe(world, registry, issuer)
  await world.increase(2 * DAY)

  const identity = identityOf(issuer)
  const guardian = guardianOf(world, registry, issuer)
  const policy = policyOf([guardian])
  const user = await createUser(world, `oidc ${issuer.algorithm}`, policy)
  await settle(world, user)
  const approve = async (digest: Hex) => {
    const token = parseIdToken(signToken(issuer, await world.now(), digest))
    return [{ index: 0, signature: encodeOidcProof({ identity, token, key: issuerKey }) }]
  }
  const request = await requestRecovery(world, { user, policy, seed: `oidc ${issuer.algorithm}: new`, approve })
  const start = await measure(world, await world.send(world.contracts.guardianRecovery, request.startData))
  await world.increase(DAY)
  const evidence = [{ index: 0, signer: guardian.signer, evidence: issuerKeyId(issuer.issuer, issuer.kid) }]
  const executeData = encodeFunctionData({
    abi: guardianRecoveryAbi,
    functionName: 'execute',
    args: [request.recovery, request.possession, evidence],
  })
  const execute = await measure(world, await world.send(world.contracts.guardianRecovery, executeData))
  return { added, seen, start, execute }
}

/** The same account with a wallet alone as a guardian, and with a sign-in besides. */
async function link(world: World, registry: Address, issuer: Issuer): Promise<{ wallet: Cost; both: Cost }> {
  const wallet: Guardian = {
    kind: guardianKinds.wallet,
    weight: 1,
    signer: '0x00000000000000000000000000000000000a11ce',
    isHidden: false,
    needsEvidence: false,
    validUntil: 0,
  }
  const setUp = async (guardians: readonly Guardian[]): Promise<Cost> => {
    const { createAndSetupData } = await createUser(world, 'oidc link', policyOf(guardians))
    return measure(world, await world.send(world.contracts.factory, createAndSetupData))
  }
  return { wallet: await setUp([wallet]), both: await setUp([wallet, guardianOf(world, registry, issuer)]) }
}

function identityOf({ issuer, client, person }: Issuer) {
  return { issuer, audiences: [client], subject: person, salt }
}

function guardianOf(world: World, registry: Address, issuer: Issuer): Guardian {
  const key = encodeOidcKey({ registry, identity: oidcIdentityHash(identityOf(issuer)) })
  return {
    kind: guardianKinds.oidc,
    weight: 1,
    signer: concat([world.contracts.oidcRecoveryValidator, key]),
    isHidden: false,
    needsEvidence: true,
    validUntil: 0,
  }
}

function policyOf(guardians: readonly Guardian[]): Hex {
  return encodePolicy({
    salt,
    allowsInstantSingle: false,
    windowHours: 48,
    freezeHours: 0,
    tiers: [{ weight: 1, kinds: 1, delay: DAY, isVetoable: true }],
    guardians: sortGuardians(guardians),
  })
}

/** Two attesters say that the issuer shows the key. */
async function observe(world: World, registry: Address, { issuer, kid, key }: Issuer): Promise<Cost> {
  const shown = { issuer, kid, key: testKey(key).issuerKey, observedAt: await world.now() }
  return measure(world, await world.send(registry, await observationCall(registry, shown)))
}

/** The same bytes in every run, so that calldata costs the same. */
function signToken(issuer: Issuer, now: number, digest: Hex): string {
  const claims = {
    iss: issuer.issuer,
    aud: issuer.client,
    sub: issuer.person,
    nonce: oidcNonce(digest),
    iat: now,
    exp: now + 3_600,
    ...issuer.more(now),
  }
  const header = { alg: issuer.algorithm, kid: issuer.kid, typ: 'JWT' }
  return compact(signTexts(JSON.stringify(header), JSON.stringify(claims), testKey(issuer.key)))
}
