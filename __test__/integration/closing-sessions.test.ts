/**
 * A session is closed while one of its transactions is running: the outcome for its user, and when the
 * transaction counts as ended.
 */
import type { Driver, ManagedTransaction, Session, Transaction } from 'neo4j-driver'
import { catchError, lastValueFrom, map, of } from 'rxjs'
import { differential, type Script } from '../support/differential.js'
import { useServer } from '../support/servers.js'
import { outcome } from '../support/snapshot.js'

const server = useServer()
const CLOSED = 'You cannot run more transactions on a closed session.'
const ROLLED_BACK = 'it has been rolled back either because of an error or explicit termination.'

interface Work {
  driver: Driver
  session: Session
  /** Waits for a lock. */
  query: string
  log: unknown[]
  /** Closes the session, or aborts executeQuery, once the query waits. */
  close: AbortController
}

/** Resolves when a transaction waits for a lock. */
async function whenLocked(driver: Driver, query: string): Promise<void> {
  for (;;) {
    const { records } = await driver.executeQuery(
      'SHOW TRANSACTIONS YIELD currentQuery, status WHERE currentQuery = $query AND status STARTS WITH "Blocked" RETURN 1',
      { query },
    )
    if (records.length > 0) return
  }
}

/** Does the work while another transaction holds the lock that it waits for; then its session is closed. */
function interrupted(work: (what: Work) => unknown): (script: Script) => Promise<unknown> {
  return async ({ driver, connect, label }) => {
    await driver.executeQuery(`CREATE (:${label} {id: 1})`)
    const holder = driver.session()
    const lock = await holder.beginTransaction()
    await lock.run(`MATCH (n:${label}) SET n.held = true`)
    const other = connect()
    const session = other.session()
    const query = `MATCH (n:${label}) SET n.changed = true`
    const log: unknown[] = []
    const close = new AbortController()
    close.signal.addEventListener('abort', () => void session.close())
    const done = outcome(() => work({ driver: other, session, query, log, close }))
    await whenLocked(driver, query)
    close.abort()
    const result = (await done) as { resolves?: unknown; rejects?: { message: string } }
    await lock.rollback()
    await holder.close()
    const changed = await driver.executeQuery(`MATCH (n:${label}) RETURN n.changed AS changed`)
    return [result.rejects?.message ?? result.resolves, log, changed.records[0].get('changed')]
  }
}

const swallowing = (query: string, log: unknown[]) => async (tx: ManagedTransaction) => {
  try {
    await tx.run(query)
    log.push('done')
  } catch (error) {
    log.push((error as Error).name)
  }
  return 'swallowed'
}

differential(
  'executeWrite resolves with what its work returns that can do without the query',
  server,
  interrupted(({ session, query, log }) => session.executeWrite(swallowing(query, log))),
  ['swallowed', ['Neo4jError'], null],
)

differential(
  'a transaction function that runs another query after that is refused it',
  server,
  interrupted(({ session, query, log }) =>
    session.executeWrite(async (tx) => {
      await swallowing(query, log)(tx)
      await tx.run('RETURN 1')
    }),
  ),
  [`Cannot run query in this transaction, because ${ROLLED_BACK}`, ['Neo4jError'], null],
)

differential(
  'executeQuery resolves with what a transformer returns that can do without the result',
  server,
  interrupted(({ driver, query, log, close }) =>
    driver.executeQuery(
      query,
      {},
      {
        signal: close.signal,
        resultTransformer: async (result) => {
          try {
            await result
          } catch (error) {
            log.push((error as Error).name)
          }
          return 'swallowed'
        },
      },
    ),
  ),
  ['swallowed', ['Neo4jError'], null],
)

differential(
  'an explicit transaction is over with its query: it is not open, rolling back does nothing, committing is refused',
  server,
  interrupted(async ({ session, query, log }) => {
    const tx: Transaction = await session.beginTransaction()
    try {
      await tx.run(query)
    } catch (error) {
      log.push((error as Error).name)
    }
    log.push(tx.isOpen())
    await tx.rollback()
    await tx.close()
    await tx.commit()
  }),
  [`Cannot commit this transaction, because ${ROLLED_BACK}`, ['Neo4jError', false], null],
)

differential(
  'a reactive transaction function that can do without the query is refused its commit',
  server,
  interrupted(({ driver, query, log, close }) => {
    const session = driver.rxSession()
    close.signal.addEventListener('abort', () => session.close().subscribe())
    return lastValueFrom(
      session.executeWrite((tx) =>
        tx
          .run(query)
          .consume()
          .pipe(
            map(() => 'done'),
            catchError((error) => {
              log.push(error.name)
              return of('swallowed')
            }),
          ),
      ),
    )
  }),
  [`Cannot commit this transaction, because ${ROLLED_BACK}`, ['Neo4jError'], null],
)

differential(
  'a transaction in which nothing runs is refused whatever is asked next',
  server,
  async ({ driver }) => {
    const outcomes: unknown[] = []
    for (const ask of [
      (tx: Transaction) => tx.commit(),
      (tx: Transaction) => tx.rollback(),
      (tx: Transaction) => tx.run('RETURN 1'),
    ]) {
      const session = driver.session()
      const tx = await session.beginTransaction()
      await session.close()
      outcomes.push(tx.isOpen())
      const { rejects } = (await outcome(() => ask(tx))) as { rejects: { message: string } }
      outcomes.push(rejects.message)
    }
    return outcomes
  },
  [true, CLOSED, true, CLOSED, true, CLOSED],
)

differential(
  'whoever waits for a transaction to begin, or has run a query in it, hears that the session was closed',
  server,
  async ({ driver }) => {
    await driver.verifyConnectivity()
    const asked = [
      (session: Session) => session.beginTransaction().then(() => 'begun'),
      (session: Session) => session.beginTransaction().run('RETURN 1'),
      (session: Session) => session.executeWrite((tx) => tx.run('RETURN 1')),
      (session: Session) => session.executeRead(async () => 'nothing'),
    ].map(async (ask) => {
      const session = driver.session()
      const asking = outcome(() => ask(session))
      await session.close()
      return ((await asking) as { rejects?: { message: string } }).rejects?.message
    })
    return Promise.all(asked)
  },
  [CLOSED, CLOSED, CLOSED, CLOSED],
)
