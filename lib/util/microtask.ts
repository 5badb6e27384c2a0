/** Calls back after the current job and before anything else, where a callback may not be called at once. */

/**
 * Calls back as `queueMicrotask` does, at the same place in the queue. `queueMicrotask` itself will not do:
 * the fake timers of test runners replace it, and then nothing is called until the test says so. Promises
 * cannot be replaced.
 */
export function soon(callback: () => void): void {
  // A new promise for each call: a shared one would keep the `AsyncLocalStorage` of the module that loads the
  // driver.
  void Promise.resolve().then(callback)
}
