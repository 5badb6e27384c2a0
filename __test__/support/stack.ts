/**
 * What stands in an error's stack. Knows how V8 prints a frame; a name alone may also be a word of the
 * checkout's path, which is in every frame.
 */

/** Whether the function of this name is a frame of the stack, as itself or as one that awaits. */
export function hasFrame(stack: unknown, name: string): boolean {
  return typeof stack === 'string' && new RegExp(`^ +at (?:async )?${name} \\(`, 'm').test(stack)
}
