/** Tools for tracing wrap public methods of the prototypes: they see the same of a call as in 6.3.0. */
import { concat, firstValueFrom, lastValueFrom, throwError } from 'rxjs'
import { differential, type Script } from '../support/differential.js'
import { useServer } from '../support/servers.js'
import { outcome } from '../support/snapshot.js'

const server = useServer()
/** The methods by which a tool would follow work from the call of a user to its query and its end. */
const METHODS = [
  'executeQuery',
  'executeRead',
  'executeWrite',
  'beginTransaction',
  'run',
  'isOpen',
  'commit',
  'rollback',
  'close',
  'then',
  'keys',
]

type Methods = Record<string, (...args: unknown[]) => unknown>

/** The calls of the prototypes' methods while `work` runs, with the types of the arguments. */
function calls(work: (script: Script) => Promise<unknown>): (script: Script) => Promise<unknown> {
  return async (script) => {
    const { neo4j, driver } = script
    const session = driver.session()
    const rx = driver.rxSession()
    const tx = await firstValueFrom(rx.beginTransaction())
    await lastValueFrom(tx.rollback(), { defaultValue: undefined })
    const prototypes: [string, object][] = [
      ['Driver', neo4j.Driver.prototype],
      ['Session', Object.getPrototypeOf(session)],
      ['Transaction', neo4j.Transaction.prototype],
      ['ManagedTransaction', neo4j.ManagedTransaction.prototype],
      ['RxSession', Object.getPrototypeOf(rx)],
      ['RxTransaction', Object.getPrototypeOf(tx)],
      ['Result', neo4j.Result.prototype],
    ]
    const seen: string[] = []
    const restore: (() => void)[] = []
    for (const [name, prototype] of prototypes) {
      for (const method of METHODS) {
        const holder = holderOf(prototype, method)
        if (holder === undefined) continue
        const original = holder[method]
        holder[method] = function (...args) {
          const given = args.filter((arg) => arg !== undefined).map((arg) => typeof arg)
          seen.push(`${name}.${method}(${given.join(', ')})`)
          return original.apply(this, args)
        }
        restore.unshift(() => {
          holder[method] = original
        })
      }
    }
    try {
      await outcome(() => work(script))
    } finally {
      for (const put of restore) put()
    }
    await session.close()
    // Calls that 6.3.0 makes on its own results while it ends a transaction, or looks at them in passing, are
    // not the user's.
    return seen.filter((call) => !call.startsWith('Result.isOpen'))
  }
}

function holderOf(prototype: object, method: string): Methods | undefined {
  let holder: object | null = prototype
  while (holder !== null && !Object.hasOwn(holder, method)) holder = Object.getPrototypeOf(holder)
  if (holder === null || holder === Object.prototype || holder === Promise.prototype) return undefined
  return holder as Methods
}

const RUN = ['ManagedTransaction.run(string)', 'Transaction.run(string)']
const READ = ['Result.then(function, function)', 'Result.keys()']

differential(
  'executeQuery goes through executeWrite, ManagedTransaction.run, Transaction.run, commit and Session.close',
  server,
  calls(({ driver }) => driver.executeQuery('RETURN 1')),
  [
    'Driver.executeQuery(string)',
    'Session.executeWrite(function)',
    ...RUN,
    ...READ,
    'Transaction.isOpen()',
    'Transaction.commit()',
    'Session.close()',
  ],
)

differential(
  'executeQuery that reads goes through executeRead, with the settings of its transaction',
  server,
  calls(({ driver }) =>
    driver.executeQuery('RETURN $a', { a: 1 }, { routing: 'READ', transactionConfig: { timeout: 1000 } }),
  ),
  [
    'Driver.executeQuery(string, object, object)',
    'Session.executeRead(function, object)',
    'ManagedTransaction.run(string, object)',
    'Transaction.run(string, object)',
    ...READ,
    'Transaction.isOpen()',
    'Transaction.commit()',
    'Session.close()',
  ],
)

differential(
  'executeQuery whose transformer throws goes through rollback',
  server,
  calls(({ driver }) =>
    driver.executeQuery('RETURN 1', {}, { resultTransformer: () => Promise.reject(new Error('of a transformer')) }),
  ),
  [
    'Driver.executeQuery(string, object, object)',
    'Session.executeWrite(function)',
    'ManagedTransaction.run(string, object)',
    'Transaction.run(string, object)',
    'Transaction.isOpen()',
    'Transaction.rollback()',
    'Session.close()',
  ],
)

differential(
  'a managed transaction goes through Transaction.run and commit',
  server,
  calls(({ driver }) => driver.session().executeWrite((tx) => tx.run('RETURN 1'))),
  [
    'Session.executeWrite(function)',
    ...RUN,
    'Result.then(function, function)',
    'Transaction.isOpen()',
    'Transaction.commit()',
  ],
)

differential(
  'a managed transaction whose work throws goes through rollback',
  server,
  calls(({ driver }) => driver.session().executeWrite(() => Promise.reject(new Error('of the work')))),
  ['Session.executeWrite(function)', 'Transaction.isOpen()', 'Transaction.rollback()'],
)

differential(
  'reactive transactions go through the transactions below them',
  server,
  calls(async ({ driver }) => {
    const session = driver.rxSession()
    await lastValueFrom(session.executeWrite((tx) => tx.run('RETURN 1').consume()))
    await outcome(() => lastValueFrom(session.executeWrite(() => throwError(() => new Error('of the work')))))
    const tx = await firstValueFrom(session.beginTransaction())
    await lastValueFrom(concat(tx.run('RETURN 1').records(), tx.commit()))
  }),
  [
    'RxSession.executeWrite(function)',
    'RxTransaction.commit()',
    'RxTransaction.run(string)',
    'Transaction.run(string)',
    'Transaction.commit()',
    'RxSession.executeWrite(function)',
    'RxTransaction.commit()',
    'RxTransaction.rollback()',
    'Transaction.rollback()',
    'RxSession.beginTransaction()',
    'RxTransaction.run(string)',
    'RxTransaction.commit()',
    'Transaction.run(string)',
    'Transaction.commit()',
  ],
)
