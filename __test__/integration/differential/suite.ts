/**
 * The form of the differential suite: a script is a function that does something with a driver and logs what
 * it sees. It runs on the official driver and on ours, against the same server, and both logs have to be
 * equal, entry by entry. That is all that is expected of a script, except where the two are meant to differ:
 * then both logs are written down, with the reason.
 *
 * A script that throws by itself is wrong, on either driver: calls that may fail are wrapped in `attempt`,
 * which logs how they ended.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import type { Driver, Session } from 'neo4j-driver'
import { bounded } from '../../support/bounded.js'
import { type DriverName, driversUnderTest, load, type Neo4j } from '../../support/drivers.js'
import type { ServerAddress } from '../../support/servers.js'
import { type Snapshot, Snapshots } from './snapshot.js'

/** The arguments of a script. */
export interface Context {
  neo4j: Neo4j
  name: DriverName
  /** One for all scripts. */
  driver: Driver
  server: ServerAddress
  /** A label for nodes of this run only, deleted afterwards. */
  label: string
  /** Logs what was seen, in the order of the calls. */
  log(...values: unknown[]): void
  /** Logs whether it throws at once, rejects or resolves, and with what. */
  attempt(run: () => unknown): Promise<unknown>
  /** A session of the shared driver, closed afterwards. */
  session(config?: Parameters<Driver['session']>[0] & { strictResults?: boolean }): Session
  /** Another driver, closed afterwards. */
  connect(config?: object, auth?: unknown): Driver
}

export type Script = (context: Context) => unknown

/** Where the two are meant to differ. */
export interface Deliberate {
  /** F1 to F10, see docs/coming-from-neo4j-driver.md, or one word for a difference of another kind. */
  id: string
  /** Why ours does not do the same. */
  reason: string
  run: Script
  official: Snapshot[]
  ours: Snapshot[]
}

/** A script that changes something that all scripts of the process share, such as the console. */
export interface Alone {
  alone: Script
}

export type Scripts = Record<string, Script | Deliberate | Alone>

/** Scripts on one subject. */
export interface Group {
  subject: string
  scripts: Scripts
}

export function group(subject: string, scripts: Scripts): Group {
  return { subject, scripts }
}

/** A script with outcomes that are meant to differ; both are written down. */
export function differs(
  id: string,
  reason: string,
  run: Script,
  { official, ours }: { official: Snapshot[]; ours: Snapshot[] },
): Deliberate {
  return { id, reason, run, official, ours }
}

/**
 * A script that does not run on both drivers at the same time: it changes what they share, such as the
 * console.
 */
export function alone(script: Script): Alone {
  return { alone: script }
}

/** Makes a test of each script. */
export function compare(groups: Group[], server: () => ServerAddress, options: { skip?: string | false } = {}): void {
  const shared = new Map<DriverName, Driver>()
  after(() => Promise.all([...shared.values()].map((driver) => driver.close())))
  const sharedDriver = (name: DriverName) => {
    let driver = shared.get(name)
    if (driver === undefined) {
      driver = open(name, server())
      shared.set(name, driver)
    }
    return driver
  }
  for (const { subject, scripts } of groups) {
    describe(subject, options, () => {
      for (const [title, script] of Object.entries(scripts)) {
        it(title, { timeout: TIMEOUT }, async () => {
          const run = typeof script === 'function' ? script : 'alone' in script ? script.alone : script.run
          const logs = new Map<DriverName, Snapshot[]>()
          const playOn = async (name: DriverName) => {
            logs.set(name, await play(name, run, server(), sharedDriver(name)))
          }
          if ('alone' in script) for (const name of driversUnderTest) await playOn(name)
          // Their work is kept apart by its label, and the suite takes as long as the slower one.
          else await Promise.all(driversUnderTest.map(playOn))
          if ('official' in script) {
            for (const [name, log] of logs) {
              assert.deepStrictEqual(log, name === 'neobolt' ? script.ours : script.official, `the log of ${name}`)
            }
          } else {
            for (const log of logs.values()) assert.deepStrictEqual(logs.get('neobolt') ?? log, log)
          }
        })
      }
    })
  }
}

async function play(name: DriverName, run: Script, server: ServerAddress, driver: Driver): Promise<Snapshot[]> {
  const neo4j = load(name)
  const label = `T${randomBytes(6).toString('hex')}`
  const snapshots = new Snapshots(neo4j, { label, address: server.uri.replace('bolt://', '') })
  const log: Snapshot[] = []
  const sessions: Session[] = []
  const drivers: Driver[] = []
  const context: Context = {
    neo4j,
    name,
    driver,
    server,
    label,
    log: (...values) => {
      log.push(...values.map((value) => snapshots.take(value)))
    },
    attempt: async (action) => {
      let returned: unknown
      try {
        returned = action()
      } catch (error) {
        log.push({ throws: snapshots.take(error) })
        return error
      }
      try {
        const value = await returned
        log.push({ resolves: snapshots.take(value) })
        return value
      } catch (error) {
        log.push({ rejects: snapshots.take(error) })
        return error
      }
    },
    session: (config) => {
      const session = driver.session(config)
      sessions.push(session)
      return session
    },
    connect: (config = {}, auth) => {
      const other = open(name, server, config, auth)
      drivers.push(other)
      return other
    },
  }
  try {
    await bounded(`${name}'s run`, run(context))
    return log
  } finally {
    await bounded(
      `closing ${name}`,
      Promise.all([...sessions.map((session) => session.close()), ...drivers.map((other) => other.close())]),
    )
    if (run.toString().includes('label')) await driver.executeQuery(`MATCH (n:${label}) DETACH DELETE n`)
  }
}

function open(name: DriverName, { uri, user, password }: ServerAddress, config: object = {}, auth?: unknown): Driver {
  const neo4j = load(name)
  return neo4j.driver(uri, (auth as undefined) ?? neo4j.auth.basic(user, password), { ...config })
}

const TIMEOUT = 180_000
