/** A limit for scripts that hang, so that their resources are still closed and the next script still runs. */

/** Work that did not end in time. */
export class Hangs extends Error {}

/**
 * Rejects with the name of what hangs if the work takes too long.
 *
 * @param limit in milliseconds. Default: a minute; a script ends by itself long before
 */
export async function bounded<T>(what: string, work: T | Promise<T>, limit = 60_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hangs(`${what} hangs: it has not ended in ${limit / 1000} s`)), limit)
  })
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
