// @ts-check
/** A lock between processes, kept as a file with the process id of its owner. */
import { open, readFile, rm, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Takes the lock of this name, and waits for it if necessary. If its owner has died, the lock is taken over.
 * @param {string} path
 * @returns {Promise<() => Promise<void>>} releases it
 */
export async function lock(path) {
  for (;;) {
    try {
      const file = await open(path, 'wx')
      await file.writeFile(String(process.pid))
      await file.close()
      return () => rm(path, { force: true })
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''))
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    // An empty file: its owner is just writing its id, or died before it could.
    if (owner > 0 ? !alive(owner) : age > 10_000) await rm(path, { force: true })
    else await delay(300)
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
