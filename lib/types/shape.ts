/**
 * A second way into a frozen class, past the range checks of its constructor, for
 * values that come from a server.
 */

/** The type of an instance while its fields are being set. */
export type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Turns a function that assigns the fields and freezes into a constructor of instances of `type`. The
 * function must set the same fields as the real constructor, in the same order.
 */
export function shape<T, A extends unknown[]>(
  type: { prototype: T },
  assign: (this: Writable<T>, ...fields: A) => void,
): new (
  ...fields: A
) => T {
  assign.prototype = type.prototype
  return assign as unknown as new (
    ...fields: A
  ) => T
}
