/** Statements about types: a program that makes a wrong one does not compile. */

/** True when both are the same type, not only assignable to each other. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Takes only true. */
export function holds<_ extends true>(): void {}
