/**
 * What the process has used: CPU of the main thread alone, CPU of all threads, peak memory. A driver with
 * threads of its own must not be able to hide work in them, and a driver without must not be charged for the
 * garbage collector's helpers. So both figures are always taken.
 */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Where the main thread's CPU time comes from on this platform, best first. */
export const threadClock = pickThreadClock()

/** CPU milliseconds of the main thread and of the whole process, and the wall clock. */
export function now() {
  const { user, system } = process.cpuUsage()
  return { wall: performance.now(), main: threadClock.read(), process: (user + system) / 1000 }
}

/** Peak resident set of this process so far, in MB (10^6 bytes). */
export function peakRss() {
  try {
    // Not getrusage: on Linux its maximum is inherited from the process that started this one.
    const status = readFileSync('/proc/self/status', 'utf8')
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)
    if (peak !== null) return (Number(peak[1]) * 1024) / 1e6
  } catch {}
  return (process.resourceUsage().maxRSS * 1024) / 1e6
}

/**
 * Runs `work` and returns its result with what it used. The event loop's delay is sampled every 5 ms; the
 * histogram contains how late each timer was.
 */
export async function measure(work) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const before = now()
  const result = await work()
  const after = now()
  // If the loop was blocked until now, its late timer is still due.
  await new Promise((resolve) => setTimeout(resolve, 10))
  delay.disable()
  return {
    result,
    used: {
      wall: after.wall - before.wall,
      main: after.main - before.main,
      process: after.process - before.process,
      // The histogram counts from the last tick, so the resolution itself is subtracted.
      delay: Math.max(0, delay.max / 1e6 - 5),
      rss: peakRss(),
    },
  }
}

function pickThreadClock() {
  if (typeof process.threadCpuUsage === 'function') {
    return {
      name: 'threadCpuUsage',
      read: () => {
        const { user, system } = process.threadCpuUsage()
        return (user + system) / 1000
      },
    }
  }
  // The main thread's id is the process's id.
  const path = `/proc/self/task/${process.pid}/schedstat`
  try {
    const read = () => Number(readFileSync(path, 'utf8').split(' ')[0]) / 1e6
    if (read() > 0) return { name: 'schedstat', read }
  } catch {}
  return {
    name: 'process (no clock for one thread here)',
    read: () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1000
    },
  }
}
