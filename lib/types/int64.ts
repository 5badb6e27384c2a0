/** Integers of 64 bits, the only ones that Bolt has, as bigints. */

const SMALLEST = -(2n ** 63n)
const LARGEST = 2n ** 63n - 1n

/** Whether the driver can send the value to a server. */
export function fitsInt64(value: bigint): boolean {
  return value >= SMALLEST && value <= LARGEST
}

/** The error for a value that does not fit. */
export function beyondInt64(value: number | bigint): RangeError {
  return new RangeError(`Integer beyond 64 bits: ${value}`)
}

/** The quotient, rounded down instead of towards zero. */
export function floorDiv(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return quotient * divisor > dividend ? quotient - 1n : quotient
}
