/**
 * The program that hostile peers attack. It runs the cases that arrive over IPC with a new driver for each,
 * looks at every outcome as closely as an application might, and reports how much its memory has grown
 * meanwhile. One process for all cases, so that damage from one peer shows in the next case.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { inspect } from 'node:util'
import type { Config, Driver } from 'neo4j-driver'
import { type DriverName, load } from './drivers.js'

/** What to do with a connection. */
export type Deed = 'verify' | 'run' | 'iterate' | 'stop' | 'begin' | 'commit' | 'write' | 'idle'

export interface Order {
  number: number
  uri: string
  deed: Deed
  config: Config
}

export interface Report {
  number: number
  /** `ok` or the error's code, and its text. */
  outcome: string
  message: string
  milliseconds: number
  /** In MB, the peak while it lasted. */
  growth: number
  /** Whether the same driver then served a query on a sound connection. */
  healthy: string
}

const neo4j = load((process.env.NEOBOLT_CLIENT_UNDER_TEST as DriverName | undefined) ?? 'neobolt')

process.on('message', (order: Order) => {
  void obey(order).then((report) => process.send?.(report))
})

async function obey(order: Order): Promise<Report> {
  const driver = neo4j.driver(order.uri, neo4j.auth.basic('neo4j', 'x'), order.config)
  const memory = new Memory()
  const started = performance.now()
  let outcome = 'ok'
  let message = ''
  try {
    look(await DEEDS[order.deed](driver))
  } catch (error) {
    look(error)
    const { code, message: text } = error as { code?: string; message?: string }
    outcome = String(code ?? (error as Error)?.name)
    message = String(text)
  }
  const milliseconds = performance.now() - started
  const growth = memory.growth()
  const healthy = await driver.executeQuery('RETURN 1 AS n').then(
    ({ records }) => (records.length === 1 ? 'yes' : `${records.length} records`),
    (error) => String(error),
  )
  await driver.close()
  return { number: order.number, outcome, message: message.slice(0, 300), milliseconds, growth, healthy }
}

const DEEDS: { [deed in Deed]: (driver: Driver) => Promise<unknown> } = {
  verify: (driver) => driver.verifyConnectivity(),
  run: async (driver) => {
    const session = driver.session()
    try {
      return await session.run('X')
    } finally {
      await session.close()
    }
  },
  // All records are read and none is kept.
  iterate: async (driver) => {
    const session = driver.session({ fetchSize: 100 })
    try {
      let records = 0
      for await (const record of session.run('X')) {
        if (records++ % 100 === 0) look(record)
      }
      return records
    } finally {
      await session.close()
    }
  },
  stop: async (driver) => {
    const session = driver.session({ fetchSize: 2 })
    try {
      for await (const record of session.run('X')) {
        look(record)
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    } finally {
      await session.close()
    }
  },
  begin: async (driver) => {
    const session = driver.session()
    try {
      const transaction = await session.beginTransaction()
      await transaction.run('X')
      await transaction.rollback()
    } finally {
      await session.close()
    }
  },
  commit: async (driver) => {
    const session = driver.session()
    try {
      const transaction = await session.beginTransaction()
      await transaction.commit()
      return session.lastBookmarks()
    } finally {
      await session.close()
    }
  },
  write: async (driver) => {
    const session = driver.session()
    try {
      return await session.executeWrite((tx) => tx.run('X'))
    } finally {
      await session.close()
    }
  },
  // One query that succeeds, and whatever comes after it.
  idle: async (driver) => {
    const session = driver.session()
    try {
      await session.run('X')
      await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      await session.close()
    }
  },
}

/**
 * Touches everything. A broken value throws when it is touched: that is an error of its own, and not a crash.
 */
function look(value: unknown): void {
  for (const touch of [
    () => inspect(value, { depth: 50, getters: true, maxArrayLength: 100, maxStringLength: 1000 }),
    () => JSON.stringify(value),
    () => String((value as Error)?.stack),
    () => (value as { records: { toObject(): unknown }[] }).records.map((record) => record.toObject()),
    () => (value as { findByGqlStatus(status: string): unknown }).findByGqlStatus('none'),
    () => (value as { diagnosticRecordAsJsonString: string }).diagnosticRecordAsJsonString,
    () => (value as { summary: { updateStatistics: unknown } }).summary.updateStatistics,
  ]) {
    try {
      touch()
    } catch {
      // See above.
    }
  }
}

/** Watches the memory of the process. */
class Memory {
  readonly #before: number
  #peak: number
  readonly #timer: NodeJS.Timeout

  constructor() {
    globalThis.gc?.()
    // Linux keeps the peak by itself, and resets it on request.
    try {
      writeFileSync('/proc/self/clear_refs', '5')
    } catch {
      // Then the figure is as good as the samples are.
    }
    this.#before = process.memoryUsage.rss()
    this.#peak = this.#before
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, process.memoryUsage.rss())
    }, 5)
  }

  /** In MB. */
  growth(): number {
    clearInterval(this.#timer)
    let peak = Math.max(this.#peak, process.memoryUsage.rss())
    try {
      const status = readFileSync('/proc/self/status', 'utf8')
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024)
    } catch {
      // As above.
    }
    return (peak - this.#before) / 1e6
  }
}
