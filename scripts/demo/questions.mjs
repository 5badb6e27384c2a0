/**
 * Five questions about the airports, each answered in another way to read a result. A question takes the
 * driver, prints its answer, and resolves with the number of records that it read. The caller chooses the
 * server and measures the cost.
 */
import * as rx from 'rxjs'
import { AIRPORT, ROUTE } from './dataset.mjs'
import { dim, duration, number, say, table } from './terminal.mjs'

/**
 * @typedef {object} Question
 * @property {string} way      how the result is read
 * @property {string} goodFor  what this way is good for
 * @property {string} asks     the question
 * @property {(driver: any) => Promise<number>} answer
 */

/** @type {Question[]} */
export const QUESTIONS = [
  {
    way: 'Asynchronous iteration',
    goodFor: 'results of any size, read at your own pace and left when you have seen enough',
    asks: 'Which are the longest non-stop flights that stay within the 48 contiguous states?',
    async answer(driver) {
      const session = driver.session({ fetchSize: 100 })
      try {
        return await session.executeRead(async (tx) => {
          const result = tx.run(
            `MATCH (a:${AIRPORT})-[r:${ROUTE}]->(b:${AIRPORT})
             RETURN a.iata AS origin, b.iata AS destination, a.city AS fromCity, a.state AS fromState, b.city AS toCity, b.state AS toState,
               r.km AS km, r.flights AS flights
             ORDER BY km DESC, origin`,
          )
          const found = []
          let read = 0
          for await (const record of result) {
            read++
            const route = record.toObject()
            if (OVERSEAS.has(route.fromState) || OVERSEAS.has(route.toState)) continue
            if (found.some(({ origin, destination }) => origin === route.destination && destination === route.origin))
              continue
            found.push(route)
            // Leaving the loop tells the server to discard the rest.
            if (found.length === 8) break
          }
          table(
            ['', 'from', '', 'to', 'km', 'flights in 2008'],
            found.map((r) => [
              r.origin,
              `${r.fromCity}, ${r.fromState}`,
              r.destination,
              `${r.toCity}, ${r.toState}`,
              number(r.km),
              number(r.flights.toNumber()),
            ]),
            'llllrr',
          )
          say(dim(`  The loop was left after ${read} of 5,366 routes; most of the others never left the server.`))
          return read
        })
      } finally {
        await session.close()
      }
    },
  },
  {
    way: 'Promise API',
    goodFor: 'results that fit in memory and are wanted as a whole: `await`, `then`, `catch`',
    asks: 'Which airports are the busiest, and how far do they reach?',
    async answer(driver) {
      const { records } = await driver.executeQuery(
        `MATCH (a:${AIRPORT})-[r:${ROUTE}]->()
         WITH a, count(r) AS destinations, sum(r.flights) AS departures, sum(r.km * r.flights) / sum(r.flights) AS meanKm
         RETURN a, destinations, departures, meanKm ORDER BY departures DESC LIMIT 10`,
      )
      const most = records[0].get('departures').toNumber()
      table(
        ['', 'city', 'departures in 2008', 'destinations', 'mean km', ''],
        records.map((record) => {
          const { iata, city, state } = record.get('a').properties
          const departures = record.get('departures').toNumber()
          return [
            iata,
            `${city}, ${state}`,
            number(departures),
            number(record.get('destinations').toNumber()),
            number(Math.round(record.get('meanKm'))),
            '▇'.repeat(Math.round((20 * departures) / most)),
          ]
        }),
        'llrrrl',
      )
      return records.length
    },
  },
  {
    way: 'Promise.all in one transaction',
    goodFor: 'several queries that belong together: sent at once, all of them happen or none does',
    asks: 'If one of the big hubs closed, which airports would have no flight left?',
    async answer(driver) {
      const hubs = ['ATL', 'ORD', 'DFW', 'MSP', 'DEN', 'SLC', 'ANC']
      const session = driver.session()
      try {
        const answers = await session.executeWrite((tx) =>
          Promise.all(
            hubs.map((hub) =>
              tx.run(
                `MATCH (a:${AIRPORT})-[:${ROUTE}]->(h:${AIRPORT} {iata: $hub})
                 WHERE NOT EXISTS { (a)-[:${ROUTE}]->(other) WHERE other <> h }
                 SET a.lifeline = $hub
                 RETURN a.iata AS iata ORDER BY iata`,
                { hub },
              ),
            ),
          ),
        )
        table(
          ['hub', 'cut off', 'which'],
          answers.map(({ records }, i) => [
            hubs[i],
            records.length,
            records.length === 0 ? '–' : records.map((record) => record.get('iata')).join(' '),
          ]),
          'lrl',
        )
        const noted = answers.reduce((sum, { summary }) => sum + summary.counters.updates().propertiesSet, 0)
        say(dim(`  ${hubs.length} queries in one transaction; ${noted} airports got a property "lifeline".`))
        return answers.reduce((sum, { records }) => sum + records.length, 0)
      } finally {
        await session.close()
      }
    },
  },
  {
    way: 'subscribe',
    goodFor: 'work that is done record by record, as soon as each record is there',
    asks: 'How does one get from Adak, at the far end of the Aleutian Islands, to these places?',
    answer(driver) {
      const session = driver.session()
      const start = performance.now()
      let count = 0
      return new Promise((resolve, reject) => {
        session
          .run(
            `MATCH (start:${AIRPORT} {iata: 'ADK'})
             UNWIND $destinations AS code
             MATCH path = shortestPath((start)-[:${ROUTE}*..8]->(:${AIRPORT} {iata: code}))
             RETURN path, reduce(km = 0, r IN relationships(path) | km + r.km) AS km`,
            { destinations: ['SEA', 'JFK', 'MIA', 'HNL', 'SJU', 'BTM', 'EYW', 'YAK', 'ACK'] },
          )
          .subscribe({
            onNext: (record) => {
              count++
              const { start: from, segments } = record.get('path')
              const stops = [from, ...segments.map(({ end }) => end)].map(({ properties }) => properties.iata)
              const after = dim(`after ${duration(performance.now() - start).padStart(7)}`)
              const { city, state } = segments.at(-1).end.properties
              say(
                `  ${after}  ${`${city}, ${state}`.padEnd(24)} ${number(record.get('km')).padStart(6)} km  ${stops.join(' → ')}`,
              )
            },
            onCompleted: () => resolve(session.close().then(() => count)),
            onError: (error) => {
              void session.close().then(() => reject(error))
            },
          })
      })
    },
  },
  {
    way: 'rxSession',
    goodFor: 'applications that are written with rxjs: results compose with all its operators',
    asks: 'A rumour starts in Butte, Montana, and takes every departing flight. How soon is it everywhere?',
    async answer(driver) {
      const session = driver.rxSession()
      const seen = new Set(['BTM'])
      let count = 0
      /**
       * The airports that one more flight reaches. Each wave is a query of its own, sent when the last is
       * answered.
       */
      const next = (wave) =>
        session
          .executeRead((tx) =>
            tx
              .run(
                `UNWIND $wave AS code MATCH (:${AIRPORT} {iata: code})-[:${ROUTE}]->(b:${AIRPORT})
                 RETURN DISTINCT b.iata AS iata, b.state AS state`,
                { wave },
              )
              .records(),
          )
          .pipe(
            rx.tap(() => {
              count++
            }),
            rx.map((record) => record.get('iata')),
            rx.filter((iata) => !seen.has(iata)),
            rx.tap((iata) => seen.add(iata)),
            rx.toArray(),
          )
      try {
        const waves = await rx.lastValueFrom(
          rx.of(['BTM']).pipe(
            rx.expand((wave) => (wave.length === 0 ? rx.EMPTY : next(wave))),
            rx.filter((wave) => wave.length > 0),
            rx.toArray(),
          ),
        )
        let total = 0
        table(
          ['flights', 'new', 'in all', ''],
          waves.map((wave, i) => {
            total += wave.length
            const some = wave.length > 12 ? `${wave.slice(0, 12).join(' ')} …` : wave.join(' ')
            return [i, number(wave.length), number(total), some]
          }),
          'rrrl',
        )
        return count
      } finally {
        await rx.lastValueFrom(session.close(), { defaultValue: undefined })
      }
    },
  },
]

/** Alaska, Hawaii and the territories; NA stands for a few places in the Pacific. */
const OVERSEAS = new Set(['AK', 'HI', 'PR', 'VI', 'NA'])
