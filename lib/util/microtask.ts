/** Calls after the present job and before anything else, where a callback may not be called at once. */

/**
 * Calls back as `queueMicrotask` does, at the same place in the queue. That itself will not do: fake timers
 * of test runners replace it, and then nothing is called before a test says so. What promises do cannot be
 * replaced.
 */
export function soon(callback: () => void): void {
  // A promise of its own: one for all would keep what `AsyncLocalStorage` holds for whoever loads the driver.
  void Promise.resolve().then(callback)
}
