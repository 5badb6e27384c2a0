/**
 * The demo's data: airports of the United States and the routes flown between them in 2008, from the npm
 * package vega-datasets (BSD-3). Loads them into a database under the demo's own labels, and removes them
 * again. Every node carries the id of the run that made it, so that nothing else is ever removed.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DemoError } from './terminal.mjs'

export const AIRPORT = 'NeoboltDemoAirport'
export const ROUTE = 'NEOBOLT_DEMO_ROUTE'
const INDEX = 'neobolt_demo_airport'

const BATCH = 2000
// The package exports no path to its files.
const folder = fileURLToPath(new URL('../../node_modules/vega-datasets/data/', import.meta.url))

/** Objects from a file with comma-separated values: a head line, and quotes around values with a comma. */
function readCsv(name) {
  const [head, ...lines] = readFileSync(join(folder, name), 'utf8').trim().split(/\r?\n/)
  const keys = head.split(',')
  return lines.map((line) => {
    const cells = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
      ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
    )
    return Object.fromEntries(keys.map((key, i) => [key, cells[i]]))
  })
}

export class Dataset {
  #driver
  #neo4j
  #run = randomUUID()
  #touched = false

  constructor(neo4j, driver) {
    this.#neo4j = neo4j
    this.#driver = driver
  }

  /** Whether this run has put anything into the database that must be removed. */
  get touched() {
    return this.#touched
  }

  /**
   * Throws if the database already has data under the demo's names: it could not be told apart from the
   * demo's.
   */
  async refuseForeign() {
    const { records } = await this.#driver.executeQuery(
      `OPTIONAL MATCH (n:${AIRPORT}) WITH count(n) AS nodes OPTIONAL MATCH ()-[r:${ROUTE}]->() RETURN nodes, count(r) AS routes`,
    )
    const indexes = await this.#driver.executeQuery('SHOW INDEXES YIELD name WHERE name = $name RETURN name', {
      name: INDEX,
    })
    const [record] = records
    if (record.get('nodes').isZero() && record.get('routes').isZero() && indexes.records.length === 0) return
    throw new DemoError(
      `This database already has something named ${AIRPORT}, ${ROUTE} or ${INDEX}, which the demo could not tell from its own, so nothing was changed. ` +
        `If it is left from a demo that was killed: MATCH (n:${AIRPORT}) DETACH DELETE n; DROP INDEX ${INDEX} IF EXISTS`,
    )
  }

  /** Loads all of it, and resolves with the counts. */
  async load() {
    const airports = readCsv('airports.csv').map(({ iata, name, city, state, latitude, longitude }) => ({
      iata,
      name,
      city,
      state,
      location: new this.#neo4j.types.Point(this.#neo4j.int(4326), Number(longitude), Number(latitude)),
    }))
    const routes = readCsv('flights-airport.csv').map(({ origin, destination, count }) => ({
      origin,
      destination,
      flights: this.#neo4j.int(count),
    }))
    this.#touched = true
    const session = this.#driver.session()
    try {
      await session.run(`CREATE INDEX ${INDEX} FOR (a:${AIRPORT}) ON (a.iata)`)
      await session.run('CALL db.awaitIndexes(60)')
      const nodesCreated = await this.#insert(
        session,
        airports,
        `UNWIND $rows AS row CREATE (a:${AIRPORT}) SET a = row, a.run = $run`,
        'nodesCreated',
      )
      const relationshipsCreated = await this.#insert(
        session,
        routes,
        `UNWIND $rows AS row
         MATCH (a:${AIRPORT} {iata: row.origin}), (b:${AIRPORT} {iata: row.destination})
         CREATE (a)-[:${ROUTE} {flights: row.flights, km: round(point.distance(a.location, b.location) / 1000)}]->(b)`,
        'relationshipsCreated',
      )
      return { airports: nodesCreated, routes: relationshipsCreated }
    } finally {
      await session.close()
    }
  }

  /** Removes what this run made. May be called more than once, and after a load that was interrupted. */
  async remove() {
    await this.#driver.executeQuery(`MATCH (n:${AIRPORT} {run: $run}) DETACH DELETE n`, { run: this.#run })
    await this.#driver.executeQuery(`DROP INDEX ${INDEX} IF EXISTS`)
    this.#touched = false
  }

  /** A dataset that removes the data of this one, by another driver. */
  withDriver(driver) {
    const other = new Dataset(this.#neo4j, driver)
    other.#run = this.#run
    return other
  }

  async #insert(session, rows, query, counter) {
    return session.executeWrite(async (tx) => {
      let created = 0
      for (let at = 0; at < rows.length; at += BATCH) {
        const { summary } = await tx.run(query, { rows: rows.slice(at, at + BATCH), run: this.#run })
        created += summary.counters.updates()[counter]
      }
      return created
    })
  }
}
