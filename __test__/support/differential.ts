/**
 * Differential tests: one script runs on the official driver and on ours, against the same server, and both
 * must have the outcome that the test writes down. So a test fails if ours differs, and also if the official
 * driver does not do what we believe it does.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { Driver } from 'neo4j-driver'
import { bounded } from './bounded.js'
import { type DriverName, driversUnderTest, load, type Neo4j, neoboltOnly } from './drivers.js'
import type { ServerAddress } from './servers.js'
import { type Peer, type PeerOptions, type Step, startPeer } from './stub-server.js'

export interface Script {
  neo4j: Neo4j
  name: DriverName
  driver: Driver
  server: ServerAddress
  /** A label for nodes of this run only; `LABEL` in the expected outcome. They are deleted afterwards. */
  label: string
  /** Another driver, closed afterwards. */
  connect(config?: Record<string, unknown>): Driver
}

export interface PeerScript {
  neo4j: Neo4j
  name: DriverName
  driver: Driver
  peer: Peer
}

export interface DifferentialOptions {
  /** Configuration of the driver. */
  config?: Record<string, unknown>
  /** What ours does instead, if the official driver is wrong. */
  ours?: unknown
  /** Run on ours only: the official driver hangs here, or is left broken. */
  oursAlone?: boolean
  /** Run on both at the same time: for scripts that mostly wait. */
  parallel?: boolean
  skip?: string | false
}

/** A test that runs `script` on both drivers against a real server and expects `expected` of both. */
export function differential(
  title: string,
  server: () => ServerAddress,
  script: (context: Script) => Promise<unknown>,
  expected: unknown,
  options: DifferentialOptions = {},
): void {
  compare(title, (name) => onServer(name, server(), script, options.config), expected, options)
}

/**
 * The same against a scripted peer, a fresh one for each driver. The peer must have seen nothing that its
 * dialogue does not cover.
 */
export function peerDifferential(
  title: string,
  setup: { dialogues: () => Step[][] | ((connection: number) => Step[]); peer?: PeerOptions },
  script: (context: PeerScript) => Promise<unknown>,
  expected: unknown,
  options: DifferentialOptions = {},
): void {
  compare(title, (name) => onPeer(name, setup, script, options.config), expected, options)
}

/**
 * For outcomes that are too long to write down in full, such as every field of every request. `script` runs
 * on both drivers, both must have the same outcome, and the assertions of `check` test the parts that matter.
 */
export function agreement<T>(
  title: string,
  script: (neo4j: Neo4j, name: DriverName) => Promise<T>,
  check: (outcome: T) => void,
  options: Pick<DifferentialOptions, 'parallel' | 'oursAlone'> = {},
): void {
  const drivers = driversUnderTest.filter((name) => name === 'neobolt' || options.oursAlone !== true)
  test(title, { timeout: TIMEOUT, skip: drivers.length === 0 && neoboltOnly.skip }, async () => {
    const run = (name: DriverName) => bounded(`${name}'s run`, script(load(name), name))
    const outcomes: T[] = []
    if (options.parallel) outcomes.push(...(await Promise.all(drivers.map(run))))
    else for (const name of drivers) outcomes.push(await run(name))
    const [first, ...others] = outcomes
    for (const [i, other] of others.entries()) {
      assert.deepStrictEqual(other, first, `${drivers[i + 1]} and ${drivers[0]} differ`)
    }
    check(first)
  })
}

function compare(
  title: string,
  run: (name: DriverName) => Promise<unknown>,
  expected: unknown,
  options: DifferentialOptions,
): void {
  const drivers = driversUnderTest.filter((name) => name === 'neobolt' || options.oursAlone !== true)
  const skip = options.skip || (drivers.length === 0 ? neoboltOnly.skip : false)
  test(title, { timeout: TIMEOUT, skip }, async () => {
    const outcomes: Partial<Record<DriverName, unknown>> = {}
    if (options.parallel) {
      const all = await Promise.all(drivers.map(async (name) => [name, await run(name)] as const))
      for (const [name, result] of all) outcomes[name] = result
    } else {
      for (const name of drivers) outcomes[name] = await run(name)
    }
    for (const name of drivers) {
      const wanted = name === 'neobolt' && 'ours' in options ? options.ours : expected
      assert.deepStrictEqual(outcomes[name], wanted, `what ${name} did is not what was expected`)
    }
  })
}

async function onServer(
  name: DriverName,
  server: ServerAddress,
  script: (context: Script) => Promise<unknown>,
  config: Record<string, unknown> = {},
): Promise<unknown> {
  const neo4j = load(name)
  const label = `T${randomBytes(6).toString('hex')}`
  const drivers: Driver[] = []
  const connect = (more: Record<string, unknown> = {}) => {
    const driver = neo4j.driver(server.uri, neo4j.auth.basic(server.user, server.password), more)
    drivers.push(driver)
    return driver
  }
  try {
    const result = await bounded(
      `${name}'s run`,
      script({ neo4j, name, driver: connect(config), server, label, connect }),
    )
    return replaced(result, label, server)
  } finally {
    await bounded(`closing ${name}`, Promise.all(drivers.map((driver) => driver.close())))
    await cleanUp(server, label)
  }
}

async function onPeer(
  name: DriverName,
  setup: { dialogues: () => Step[][] | ((connection: number) => Step[]); peer?: PeerOptions },
  script: (context: PeerScript) => Promise<unknown>,
  config: Record<string, unknown> = {},
): Promise<unknown> {
  const neo4j = load(name)
  const peer = await startPeer(setup.dialogues(), setup.peer)
  const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', 'password'), config)
  try {
    const result = await bounded(`${name}'s run`, script({ neo4j, name, driver, peer })).catch((error) => {
      // The dialogue's errors tell more than the outcome.
      assert.deepStrictEqual(peer.problems, [], `${name} said what the dialogue did not foresee`)
      throw error
    })
    assert.deepStrictEqual(peer.problems, [], `${name} said what the dialogue did not foresee`)
    return replaced(result, undefined, { uri: peer.uri })
  } finally {
    await bounded(`closing ${name}`, driver.close()).finally(() => peer.stop())
  }
}

/** By the official driver, which is not under test here. */
async function cleanUp(server: ServerAddress, label: string): Promise<void> {
  const official = load('neo4j-driver')
  const driver = official.driver(server.uri, official.auth.basic(server.user, server.password))
  try {
    await driver.executeQuery(`MATCH (n:${label}) DETACH DELETE n`)
  } finally {
    await driver.close()
  }
}

/** The outcome without what differs in each run: the label and the address. */
export function replaced(value: unknown, label: string | undefined, { uri }: { uri: string }): unknown {
  const address = uri.replace('bolt://', '')
  const visit = (item: unknown): unknown => {
    if (typeof item === 'string') {
      const text = label === undefined ? item : item.replaceAll(label, 'LABEL')
      return text.replaceAll(address, 'ADDRESS')
    }
    if (Array.isArray(item)) return item.map(visit)
    if (typeof item !== 'object' || item === null) return item
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [visit(key), visit(inner)]))
  }
  return visit(value)
}

// Two scripts one after the other, and their teardown, each with its limit.
const TIMEOUT = 300_000
