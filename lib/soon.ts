/**
 * After the present job, before anything else: where a callback may not be called at once. Knows nothing of what it calls.
 */

/**
 * Calls back as `queueMicrotask` does, at the same place in the queue. That itself will not do: fake timers of test runners replace it, and then nothing
 * is called before a test says so. What promises do cannot be replaced.
 */
export function soon(callback: () => void): void {
  void over.then(callback)
}

const over = Promise.resolve()
