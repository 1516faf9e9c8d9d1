/** The field prime of P-256. */
export const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
/** The order of the group of P-256. */
export const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/** A point of P-256 in affine coordinates. */
export type PublicKey = { readonly x: bigint; readonly y: bigint }

/** Tells whether `0 < x, y < p` and the point lies on the curve, which the contracts ask of every key. */
export function isOnCurve({ x, y }: PublicKey): boolean {
  if (x <= 0n || y <= 0n || x >= p || y >= p) return false
  return (y * y) % p === rightSide(x)
}

/** Returns the point with this `x` and this parity of `y`, or `undefined` when there is none. */
export function liftX(x: bigint, isOdd: boolean): PublicKey | undefined {
  if (x <= 0n || x >= p) return undefined
  const root = power(rightSide(x), (p + 1n) / 4n)
  const point = { x, y: (root & 1n) === (isOdd ? 1n : 0n) ? root : p - root }
  return isOnCurve(point) ? point : undefined
}

function rightSide(x: bigint): bigint {
  return ((((x * x - 3n) * x + b) % p) + p) % p
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % p)
    if (rest & 1n) result = (result * square) % p
  return result
}
