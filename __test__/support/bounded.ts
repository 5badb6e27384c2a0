/** A limit for scripts that hang, so that their resources are still closed and the next script still runs. */

/** Rejects with the name of what hangs if the work takes longer than a minute. */
export async function bounded<T>(what: string, work: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} hangs: it has not ended in ${BOUND / 1000} s`)), BOUND)
  })
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

// A script ends by itself long before.
const BOUND = 60_000
