/**
 * Finds a function in an error's stack by the way that V8 prints a frame. A name alone may also be a word of
 * the checkout's path, which is in every frame.
 */

/** Whether the function of this name is a frame of the stack, running or awaiting. */
export function hasFrame(stack: unknown, name: string): boolean {
  return typeof stack === 'string' && new RegExp(`^ +at (?:async )?${name} \\(`, 'm').test(stack)
}
