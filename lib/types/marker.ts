/**
 * Value classes recognise each other by a hidden property of their prototype, never by `instanceof`, so that
 * values made by another copy or version of the driver are accepted.
 */

/** Puts the marker on a class: not enumerable, not writable, inherited by every instance. */
export function mark(prototype: object, marker: string): void {
  Object.defineProperty(prototype, marker, { value: true, enumerable: false, configurable: false, writable: false })
}

/** Whether a value, of any copy of the driver, carries the marker. */
export function isMarked(value: unknown, marker: string): boolean {
  return value != null && (value as { [marker: string]: unknown })[marker] === true
}
