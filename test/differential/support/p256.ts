import { p256 } from '@noble/curves/nist.js'
import type { PublicKey, Signature } from '@rekey/sdk/webauthn'
import { type Hex, numberToHex } from 'viem'

const { Fn } = p256.Point
const G = p256.Point.BASE

/** Field prime and group order of P-256. */
export const curve = { p: p256.Point.Fp.ORDER, n: Fn.ORDER }

/** The public key of a private key. */
export function keyOf(privateKey: Uint8Array): PublicKey {
  return affine(G.multiply(Fn.fromBytes(privateKey)))
}

/**
 * Finds a key for which `(r, s)` is a good signature over `hash`: Q = r⁻¹(sR − hG), R being a point with this r.
 * Nobody knows its private key; a verifier cannot tell.
 */
export function forge(hash: Hex, { r, s }: Signature): PublicKey | undefined {
  if (r <= 0n || r >= curve.n || s <= 0n || s >= curve.n) return undefined
  const point = lift(r)
  if (!point) return undefined
  const inverse = Fn.inv(r)
  const scalars = { point: Fn.mul(s, inverse), base: Fn.neg(Fn.mul(Fn.create(BigInt(hash)), inverse)) }
  const key = point.multiplyUnsafe(scalars.point).add(G.multiplyUnsafe(scalars.base))
  return key.is0() ? undefined : affine(key)
}

/** Points with a coordinate so small that it fits a word with the field prime added. */
export const liftSmall = {
  x: affine(lift(5n) ?? G),
  // A root of x³ − 3x + b = 1.
  y: { x: 0x8d0177ebab9c6e9e10db6dd095dbac0d6375e8a97b70f611875d877f0069d2c7n, y: 1n },
  /** A good signature by a point whose private key nobody knows, over a hash that follows from it. */
  sign(key: PublicKey): { digest: Hex; signature: Signature } {
    const [u1, u2] = [7n, 11n]
    const point = G.multiply(u1).add(p256.Point.fromAffine(key).multiply(u2))
    const r = Fn.create(point.toAffine().x)
    const s = Fn.mul(r, Fn.inv(u2))
    const digest = numberToHex(Fn.mul(u1, s), { size: 32 })
    return { digest, signature: { r, s: s > curve.n / 2n ? curve.n - s : s } }
  },
}

type Point = typeof G

function lift(x: bigint): Point | undefined {
  try {
    return p256.Point.fromHex(`02${x.toString(16).padStart(64, '0')}`)
  } catch {
    return undefined
  }
}

function affine(point: Point): PublicKey {
  const { x, y } = point.toAffine()
  return { x, y }
}
