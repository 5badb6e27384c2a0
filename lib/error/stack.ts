/**
 * Stacks of errors: where the application called the driver. The engine's errors have no stack of their own.
 */

/**
 * Where the user called the driver, not yet turned into text.
 * @internal
 */
export interface CallStack {
  readonly stack?: string
}

/**
 * For a call whose error gets its frames later, from {@link captureMissingStack}.
 * @internal
 */
export const NO_CALL_STACK: CallStack = Object.freeze({})

/**
 * Captures the caller's frames. Costs about a third of an Error whose stack is read: the frames stay
 * unformatted until {@link attachCallStack} needs them.
 *
 * @param below the driver's function that the user has called; frames start with its caller
 * @internal
 */
export function captureCallStack(below: (...args: never[]) => unknown): CallStack {
  // Some runtimes, and locked-down realms, lack this function: there the frames begin with the driver's own.
  if (typeof Error.captureStackTrace !== 'function') return new Error()
  const stack = {}
  Error.captureStackTrace(stack, below)
  return stack
}

/**
 * Gives an error the frames of the calling function and of those that await it.
 * @internal
 */
export function captureStack(error: unknown): void {
  if (error instanceof Error) capture(error, captureStack)
}

/**
 * Like {@link captureStack}, for an error of the engine that has no frames yet, because it belongs to no call
 * in JavaScript. To be called after an `await` has failed. Costs nothing otherwise.
 * @internal
 */
export function captureMissingStack(error: unknown): void {
  if (unplaced.has(error as Error)) capture(error as Error, captureMissingStack)
}

/**
 * Gives an error the frames of the call that it answers, so that its stack names the function that ran the
 * query.
 * @internal
 */
export function attachCallStack(error: Error, call: CallStack): void {
  try {
    const { stack } = call
    // A custom Error.prepareStackTrace may return anything, and functions of the application may throw
    // anything.
    if (typeof stack !== 'string' || !(error instanceof Error)) return
    const frames = stack.indexOf('\n')
    if (frames === -1) return
    error.stack = `${error}${stack.slice(frames)}`
    unplaced.delete(error)
  } catch {
    // A frozen error, one that cannot be turned into text, or a prepareStackTrace that throws: the error
    // keeps its stack.
  }
}

/** @param below the function of this module that the frames leave out */
function capture(error: Error, below: (error: unknown) => void): void {
  if (!Object.isExtensible(error)) return
  if (typeof Error.captureStackTrace === 'function') Error.captureStackTrace(error, below)
  else attachCallStack(error, new Error())
  unplaced.delete(error)
}

export function limitStacks(limit: number): void {
  // Not by an assignment, which throws where Error is frozen (--frozen-intrinsics, SES). There, all that is
  // lost is a stack.
  Reflect.set(Error, 'stackTraceLimit', limit)
}

/**
 * Errors of the engine without the frames of a call. They are kept in a set, since their stack does not tell
 * them apart: it may have the engine's frames where these cannot be left out, and any form that a custom
 * Error.prepareStackTrace gives it.
 */
export const unplaced = new WeakSet<Error>()
