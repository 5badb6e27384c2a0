/**
 * Sessions, transactions, transaction functions with their retries, bookmarks, executeQuery, and what happens
 * when things are closed.
 */
import { type Context, differs, group, type Script } from './suite.js'

const count = async ({ driver, label }: Context) => {
  const { records } = await driver.executeQuery(`MATCH (n:${label}) RETURN count(n) AS n`)
  return records[0]?.get('n').toNumber() as number
}
const SYNTAX = 'RETURN 1 AS n RETURN'
const ENDLESS = 'UNWIND range(1, 1000000000) AS i WITH i WHERE i < 0 RETURN i'
const LONG = 'UNWIND range(1, 100000) AS i RETURN i'

/** Logs its state after some full round trips. */
function watched({ connect }: Context, promise: PromiseLike<unknown>): () => Promise<string> {
  let state = 'pending'
  promise.then(
    () => {
      state = 'resolved'
    },
    (error) => {
      state = `rejected ${error.code}`
    },
  )
  return async () => {
    const other = connect()
    for (let i = 0; i < 3; i++) await other.executeQuery('RETURN 1')
    return state
  }
}

export const sessions = group('sessions', {
  'what a session looks like': ({ neo4j, session, log }) => {
    const one = session()
    log(
      one instanceof neo4j.Session,
      one.lastBookmarks(),
      String(one),
      typeof one.close,
      typeof one[Symbol.asyncDispose ?? Symbol.iterator],
    )
  },
  'close, twice': async ({ driver, log }) => {
    const session = driver.session()
    const closing = session.close()
    log(closing instanceof Promise, await closing, await session.close())
  },
  'every kind of work on a closed session': async ({ driver, attempt, log }) => {
    const session = driver.session()
    await session.close()
    await attempt(() => session.run('RETURN 1'))
    await attempt(() => session.beginTransaction())
    await attempt(() => session.executeRead(() => 1))
    await attempt(() => session.executeWrite(() => 1))
    await attempt(() => session.run(''))
    log(session.lastBookmarks())
  },
  'two queries at once': async ({ session, log, attempt }) => {
    const one = session()
    const first = one.run('RETURN 1 AS n')
    await attempt(() => one.run('RETURN 2 AS n'))
    log((await first).records)
    await attempt(() => one.executeRead((tx) => tx.run('RETURN 1 AS n')).then(({ records }) => records.length))
    await attempt(() => one.run('RETURN 3 AS n').then(({ records }) => records))
  },
  'a query that is not read, then another': async ({ session, attempt }) => {
    const one = session({ fetchSize: 2 })
    const open = one.run('UNWIND range(1, 10) AS i RETURN i')
    await open.keys()
    await attempt(() => one.run('RETURN 1 AS n'))
    await attempt(() => open.then(({ records }) => records.length))
    await attempt(() => one.run('RETURN 1 AS n').then(({ records }) => records.length))
  },
  'F3: a query that is not read, then a transaction': differs(
    'F3',
    'the transaction is refused, and the query goes on; the official driver spoils both',
    async ({ connect, log }) => {
      const one = connect().session({ fetchSize: 2 })
      const open = one.run('UNWIND range(1, 10) AS i RETURN i')
      await open.keys()
      const code = (error: { code: string }) => error.code
      log(await Promise.resolve(one.beginTransaction()).then(() => 'begun', code))
      log(await open.then(({ records }) => records.length, code))
      await one.close()
    },
    { official: ['Neo.ClientError.Request.Invalid', 'Neo.ClientError.Request.Invalid'], ours: ['N/A', 10] },
  ),
  'two transactions at once': async ({ session, log, attempt }) => {
    const one = session()
    const first = await one.beginTransaction()
    await attempt(() => one.beginTransaction())
    await attempt(() => one.executeWrite(() => 1))
    log((await first.run('RETURN 1 AS n')).records.length)
    await first.commit()
    await attempt(async () => (await one.beginTransaction()).rollback())
  },
  'two transaction functions at once': async ({ session, log }) => {
    const one = session()
    const both = await Promise.allSettled([
      one.executeRead((tx) => tx.run('RETURN 1 AS n')),
      one.executeRead((tx) => tx.run('RETURN 2 AS n')),
    ])
    log(
      both.map(({ status }) => status),
      (both[1] as PromiseRejectedResult).reason,
    )
  },
  'one after the other': async ({ session, log }) => {
    const one = session()
    for (let i = 0; i < 5; i++) log((await one.run('RETURN $i AS i', { i })).records[0]?.get('i'))
    const tx = await one.beginTransaction()
    await tx.rollback()
    log(await one.executeRead(() => 'read'), await one.executeWrite(() => 'write'))
  },
  'an error does not spoil the session': async ({ session, attempt }) => {
    const one = session()
    for (const query of [SYNTAX, 'RETURN 1 / 0', 'RETURN $x', 'CALL no.such()', 'RETURN 1 AS n'])
      await attempt(() => one.run(query).then(({ records }) => records))
  },
  'settings that are refused': async ({ driver, attempt }) => {
    for (const config of [
      { defaultAccessMode: 'x' },
      { defaultAccessMode: 5 },
      { bookmarks: 5 },
      { bookmarks: [1] },
      { bookmarks: {} },
      { bookmarks: [['a', null], 'b'] },
      { database: 5 },
      { database: {} },
      { database: '' },
      { database: null },
      { impersonatedUser: '' },
      { fetchSize: 0 },
      { fetchSize: -2 },
      { fetchSize: 'x' },
      { fetchSize: '7' },
      { fetchSize: null },
      { bookmarkManager: null },
      { notificationFilter: {} },
      { unknown: 1 },
    ]) {
      await attempt(() => void driver.session(config as never))
    }
  },
  'reading sessions do not write': async ({ session, label, attempt }) => {
    await attempt(() => session({ defaultAccessMode: 'READ' }).run(`CREATE (:${label})`))
    await attempt(() => session().executeRead((tx) => tx.run(`CREATE (:${label})`)))
    const one = session({ defaultAccessMode: 'READ' })
    const tx = await one.beginTransaction()
    await attempt(() => tx.run(`CREATE (:${label})`))
    await attempt(() =>
      one.executeWrite((inner) => inner.run(`CREATE (:${label})`).summary()).then((summary) => summary?.counters),
    )
  },
  'a database that is not there': async ({ session, attempt }) => {
    await attempt(() => session({ database: 'nosuch' }).run('RETURN 1'))
    await attempt(() => session({ database: 'nosuch' }).executeRead((tx) => tx.run('RETURN 1')))
    await attempt(() => session({ database: 'nosuch' }).beginTransaction())
    await attempt(() => session({ database: '\u{1F600}' }).run('RETURN 1'))
    await attempt(() => session({ database: 'system' }).run('RETURN 1'))
    await attempt(() =>
      session({ database: 'system' })
        .run('SHOW DATABASES YIELD name RETURN name ORDER BY name')
        .then(({ records, summary }) => [records, summary.database]),
    )
  },
  'a user who may not impersonate': async ({ session, attempt }) => {
    await attempt(() => session({ impersonatedUser: 'nobody' }).run('RETURN 1'))
    await attempt(() =>
      session({ impersonatedUser: 'neo4j' })
        .run('RETURN 1 AS n')
        .then(({ records }) => records.length),
    )
    await attempt(() => session({ impersonatedUser: 'nobody' }).beginTransaction())
  },
  'an impersonated user that is no text, or false in some way': async ({ session, attempt }) => {
    for (const impersonatedUser of [5, true, {}, ['a'], false, 0, '', null]) {
      const settings = { impersonatedUser: impersonatedUser as never }
      await attempt(() => session(settings).run('RETURN 1 AS n'))
      await attempt(() => session(settings).executeRead((tx) => tx.run('RETURN 1 AS n')))
      await attempt(async () => (await session(settings).beginTransaction()).rollback())
    }
  },
  'settings of a transaction that are refused': async ({ session, attempt }) => {
    for (const config of [
      { timeout: -1 },
      { timeout: '1' },
      { timeout: {} },
      { timeout: Number.NaN },
      { timeout: null },
      { timeout: 0 },
      { timeout: 10.5 },
      { timeout: 10_000n },
      { timeout: 10_000 },
      { metadata: 'x' },
      { metadata: [1] },
      { metadata: null },
      { metadata: {} },
      { metadata: { a: 1.5, b: ['x'] } },
      'x',
      [1],
      5,
      null,
    ]) {
      const one = session()
      await attempt(() => one.run('RETURN 1 AS n', {}, config as never).then(({ records }) => records.length))
      await attempt(async () => (await one.beginTransaction(config as never)).rollback())
      await attempt(() => one.executeRead(() => 'done', config as never))
    }
  },
  'metadata that cannot be sent': async ({ connect, log }) => {
    const one = connect().session()
    const end = one.run('RETURN 1 AS n', {}, { metadata: { a: () => 1 } })
    log(
      await end.then(
        () => 'sent',
        (error) => error.code,
      ),
    )
  },
  'the server sees metadata and timeout': async ({ session, log }) => {
    const query =
      "SHOW TRANSACTIONS YIELD metaData, currentQuery WHERE currentQuery STARTS WITH 'SHOW TRANS' AND metaData.id = $id RETURN metaData"
    const id = `m${Math.random()}`
    const metadata = { id, list: [1.5, 'x'], map: { a: true } }
    const { records } = await session().run(query, { id }, { metadata, timeout: 10_000 })
    log(records.length, { ...records[0]?.get('metaData'), id: 'id' })
    const read = await session().executeRead((tx) => tx.run(query, { id }), { metadata })
    log(read.records.length, { ...read.records[0]?.get('metaData'), id: 'id' })
  },
  'a timeout that is too short': async ({ session, attempt }) => {
    await attempt(() => session().run(ENDLESS, {}, { timeout: 20 }))
    await attempt(async () => {
      const tx = await session().beginTransaction({ timeout: 20 })
      await tx.run(ENDLESS)
    })
  },
  'closing a session ends its query': async ({ driver, attempt }) => {
    const session = driver.session()
    // The code depends on how far the server has come.
    const ended = session.run(ENDLESS).then(
      () => 'resolved',
      (error) => `rejected ${error.name}`,
    )
    await driver.executeQuery('RETURN 1')
    await attempt(() => session.close())
    await attempt(() => ended)
  },
  'closing a session rolls its transaction back': async (context) => {
    const { driver, label, log, attempt } = context
    const session = driver.session()
    const tx = await session.beginTransaction()
    await tx.run(`CREATE (:${label})`)
    await attempt(() => session.close())
    log(tx.isOpen(), await count(context))
    await attempt(() => tx.run('RETURN 1'))
    await attempt(() => tx.commit())
    await attempt(() => tx.rollback())
    await attempt(() => tx.close())
  },
  'closing a session in its own work': async ({ driver, attempt }) => {
    const session = driver.session()
    await attempt(() =>
      session.executeWrite(async (tx) => {
        await tx.run('RETURN 1')
        await session.close()
        return 'returned'
      }),
    )
  },
  'F3: a query beside an open transaction': differs(
    'F3',
    'it is refused without harm to the transaction, and to other sessions',
    async ({ connect, log, label }) => {
      const driver = connect({ maxConnectionPoolSize: 1, connectionAcquisitionTimeout: 4000 })
      const session = driver.session()
      const tx = await session.beginTransaction()
      await tx.run(`CREATE (:${label})`)
      const code = (error: { code: string; message: string }) => `${error.code} ${error.message.slice(0, 40)}`
      log(await session.run('RETURN 1').then(() => 'run', code))
      log(await tx.run('RETURN 1').then(() => 'run', code))
      log(
        await tx.commit().then(
          () => 'committed',
          () => 'not committed',
        ),
      )
      await session.close().catch(() => undefined)
    },
    {
      official: ['N/A Queries cannot be run directly on a sess', 'N/A No connection available', 'not committed'],
      ours: ['N/A Queries cannot be run directly on a sess', 'run', 'committed'],
    },
  ),
  'F2: closing a session while it waits for a retry': differs(
    'F2',
    'the promise rejects with the last error, instead of never settling',
    async (context) => {
      const { neo4j, connect, log } = context
      const session = connect().session()
      let failed: (() => void) | undefined
      const first = new Promise<void>((resolve) => {
        failed = resolve
      })
      const work = session.executeWrite(() => {
        failed?.()
        throw new neo4j.Neo4jError('again', 'Neo.TransientError.General.Test', '50N42', 'again')
      })
      const state = watched(context, work)
      await first
      // The rollback and the decision to wait come before this.
      await connect().executeQuery('RETURN 1')
      await session.close()
      log(await state())
    },
    { official: ['pending'], ours: ['rejected Neo.TransientError.General.Test'] },
  ),
})

export const transactions = group('transactions', {
  'a transaction that is not awaited': async ({ neo4j, session, log }) => {
    const tx = session().beginTransaction()
    log(tx instanceof neo4j.Transaction, tx instanceof Promise, tx[Symbol.toStringTag], tx.isOpen())
    log((await tx.run('RETURN 1 AS n')).records.length)
    await tx.commit()
    log(tx.isOpen())
  },
  'commit, and everything after it': async (context) => {
    const { session, label, log, attempt } = context
    const tx = await session().beginTransaction()
    log(tx.isOpen())
    await tx.run(`CREATE (:${label})`)
    await attempt(() => tx.commit())
    log(tx.isOpen(), await count(context))
    await attempt(() => tx.commit())
    await attempt(() => tx.rollback())
    await attempt(() => tx.run('RETURN 1'))
    await attempt(() => tx.close())
    for (const part of ['keys', 'summary'] as const) await attempt(() => tx.run('RETURN 1')[part]())
    await attempt(() => tx.run('RETURN 1')[Symbol.asyncIterator]().next())
    await attempt(
      () => new Promise((resolve) => tx.run('RETURN 1').subscribe({ onError: resolve, onCompleted: resolve })),
    )
  },
  'rollback, and everything after it': async (context) => {
    const { session, label, log, attempt } = context
    const tx = await session().beginTransaction()
    await tx.run(`CREATE (:${label})`)
    await attempt(() => tx.rollback())
    log(tx.isOpen(), await count(context))
    await attempt(() => tx.commit())
    await attempt(() => tx.rollback())
    await attempt(() => tx.run('RETURN 1'))
    await attempt(() => tx.close())
    await attempt(() => tx.run('RETURN 1')[Symbol.asyncIterator]().next())
  },
  'close rolls back': async (context) => {
    const { session, label, log, attempt } = context
    const tx = await session().beginTransaction()
    await tx.run(`CREATE (:${label})`)
    await attempt(() => tx.close())
    log(tx.isOpen(), await count(context))
    await attempt(() => tx.close())
  },
  'an error, and everything after it': async (context) => {
    const { session, label, log, attempt } = context
    const one = session()
    const tx = await one.beginTransaction()
    await tx.run(`CREATE (:${label})`)
    await attempt(() => tx.run(SYNTAX))
    log(tx.isOpen())
    await attempt(() => tx.run('RETURN 1'))
    await attempt(() => tx.run('RETURN 1').summary())
    await attempt(() => tx.commit())
    await attempt(() => tx.rollback())
    await attempt(() => tx.close())
    log(await count(context), (await one.run('RETURN 1 AS n')).records.length)
  },
  'an error fails the results that are open': async ({ session, log, attempt }) => {
    const tx = await session({ fetchSize: 10 }).beginTransaction()
    const open = tx.run('UNWIND range(1, 100) AS i RETURN i')
    await open.keys()
    const [failed, after] = [tx.run('RETURN 1 / 0'), tx.run('RETURN 2 AS n')]
    const [a, b, c] = await Promise.allSettled([failed, open, after])
    log(a, b.status, c)
    await attempt(() => tx.commit())
  },
  'several queries at once': async ({ session, label, log }) => {
    const tx = await session().beginTransaction()
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((i) => tx.run(`CREATE (n:${label} {i: $i}) RETURN n.i AS i`, { i })),
    )
    log(results.map(({ records }) => records[0]?.get('i')))
    log((await tx.run(`MATCH (n:${label}) RETURN count(n) AS n`)).records)
    await tx.rollback()
  },
  'two open results, read in turns': async ({ session, log }) => {
    const tx = await session({ fetchSize: 3 }).beginTransaction()
    const open = ['a', 'b'].map((name) => tx.run('UNWIND range(1, 8) AS i RETURN $name + i AS v', { name }))
    const iterators = open.map((result) => result[Symbol.asyncIterator]())
    const seen: unknown[] = []
    for (let i = 0; i < 9; i++) {
      for (const iterator of iterators) {
        const item = await iterator.next()
        seen.push(item.done ? 'done' : item.value.get('v'))
      }
    }
    log(seen)
    await tx.commit()
  },
  'commit with results that nobody has read': async (context) => {
    const { session, label, log, attempt } = context
    const tx = await session({ fetchSize: 2 }).beginTransaction()
    const unread = tx.run(`UNWIND range(1, 9) AS i CREATE (n:${label}) RETURN i`)
    await tx.commit()
    log(await count(context), unread.isOpen())
    await attempt(() => unread.summary().then((summary) => summary.counters))
    await attempt(() => unread[Symbol.asyncIterator]().next())
  },
  'commit with a query that fails': async (context) => {
    const { session, label, attempt, log } = context
    const tx = await session().beginTransaction()
    tx.run(`CREATE (:${label})`)
    const failing = tx.run('RETURN 1 / 0')
    await attempt(() => tx.commit())
    await attempt(() => failing)
    log(tx.isOpen(), await count(context))
  },
  'rollback with a query that fails': async ({ session, attempt, log }) => {
    const tx = await session().beginTransaction()
    const failing = tx.run('RETURN 1 / 0')
    await attempt(() => tx.rollback())
    await attempt(() => failing)
    log(tx.isOpen())
  },
  'misuse of run': async ({ session, attempt, log }) => {
    const tx = await session().beginTransaction()
    for (const query of ['', ' ', 42, true, {}, { text: '' }, { text: 5 }, [], Symbol.iterator.toString])
      await attempt(() => tx.run(query as never))
    for (const parameters of [[1], 'x', 1, true, () => 1])
      await attempt(() => tx.run('RETURN 1', parameters as never).then(() => 'run'))
    log(tx.isOpen())
    await tx.rollback()
  },
  'a query as an object, and as a String': async ({ session, log }) => {
    const tx = await session().beginTransaction()
    log(
      (await tx.run({ text: 'RETURN $a AS a', parameters: { a: 'x' } })).records,
      (await tx.run(new String('RETURN 1.5 AS n') as never)).records,
    )
    const { summary } = await tx.run({ text: 'RETURN $a AS a', parameters: { a: 'x' } }, { a: 'not this' })
    log(summary.query)
    await tx.rollback()
  },
  'two transactions that lock each other out': async ({ session, label, log }) => {
    const [a, b] = [session(), session()]
    await a.run(`CREATE (:${label} {i: 1}), (:${label} {i: 2})`)
    const [one, two] = [await a.beginTransaction(), await b.beginTransaction()]
    const lock = (tx: typeof one, i: number) => tx.run(`MATCH (n:${label} {i: $i}) SET n.by = $i`, { i })
    await lock(one, 1)
    await lock(two, 2)
    const ends = await Promise.allSettled([lock(one, 2), lock(two, 1)])
    const failed = ends.find((end): end is PromiseRejectedResult => end.status === 'rejected')
    log(
      ends.map(({ status }) => status).sort(),
      failed?.reason.code,
      failed?.reason.retryable,
      failed?.reason.retriable,
    )
    await Promise.all([one.close(), two.close()])
  },
  'F6: an awaited transaction is a Transaction': differs(
    'F6',
    'it is what its type says, and can be disposed of',
    async ({ neo4j, session, log }) => {
      const tx = await session().beginTransaction()
      log(
        tx instanceof neo4j.Transaction,
        typeof (tx as never as Record<symbol, unknown>)[Symbol.asyncDispose ?? Symbol.for('x')],
      )
      await tx.rollback()
    },
    { official: [false, 'undefined'], ours: [true, 'function'] },
  ),
})

const fails =
  (code: string, message = 'again'): Script =>
  async ({ neo4j, session, log }) => {
    const started = performance.now()
    let tries = 0
    const end = await session()
      .executeWrite(() => {
        if (++tries === 1) throw new neo4j.Neo4jError(message, code, '50N42', message)
        return 'second try'
      })
      .then(
        (value) => value,
        (error) => error,
      )
    // The error is reported at once, or the work is retried after a while. On a busy machine, at once takes
    // its time.
    log(end, tries, tries === 1 || performance.now() - started > 500)
  }

export const managed = group('transaction functions', {
  ...Object.fromEntries(
    [
      'ServiceUnavailable',
      'SessionExpired',
      'Neo.TransientError.Transaction.DeadlockDetected',
      'Neo.ClientError.Security.AuthorizationExpired',
      'Neo.ClientError.Statement.SyntaxError',
      'Neo.DatabaseError.General.UnknownError',
      'N/A',
      'ProtocolError',
      'Neo.TransientError.Transaction.Terminated',
      'Neo.ClientError.Security.TokenExpired',
    ].map((code) => [`work that fails once with ${code}`, fails(code)]),
  ),
  'what work returns': async ({ session, log }) => {
    const one = session()
    for (const value of [42, 'x', null, undefined, { a: 1 }, [1]]) log(await one.executeRead(() => value))
    log(await one.executeWrite(async () => 'async'))
    log(await one.executeWrite(() => Promise.resolve('promise')))
    log((await one.executeRead((tx) => tx.run('RETURN 1 AS n'))).records)
    log((await one.executeRead(async (tx) => await tx.run('RETURN 1 AS n'))).records.length)
  },
  'what work is given': async ({ neo4j, session, log }) => {
    await session().executeRead((tx) => {
      log(
        tx instanceof neo4j.ManagedTransaction,
        tx instanceof neo4j.Transaction,
        typeof tx.run,
        'commit' in tx,
        'rollback' in tx,
        'isOpen' in tx,
        'close' in tx,
      )
    })
  },
  'work that is no function': async ({ session, attempt }) => {
    for (const work of [undefined, null, 5, 'x', {}]) await attempt(() => session().executeRead(work as never))
  },
  'work that throws, in each way': async (context) => {
    const { session, label, log, attempt } = context
    const mine = new RangeError('mine')
    await attempt(() =>
      session().executeWrite(() => {
        throw mine
      }),
    )
    await attempt(() =>
      session().executeWrite(async () => {
        throw mine
      }),
    )
    await attempt(() =>
      session().executeWrite(async (tx) => {
        await tx.run(`CREATE (:${label})`)
        throw mine
      }),
    )
    await attempt(() => session().executeWrite(() => Promise.reject('a text')))
    await attempt(() =>
      session().executeWrite(() => {
        throw undefined
      }),
    )
    await attempt(() =>
      session().executeWrite(() => {
        throw null
      }),
    )
    log(await count(context))
  },
  'the error of a query': async (context) => {
    const { session, label, log, attempt } = context
    let tries = 0
    await attempt(() =>
      session().executeWrite(async (tx) => {
        tries++
        await tx.run(`CREATE (:${label})`)
        await tx.run(SYNTAX)
      }),
    )
    log(tries, await count(context))
  },
  'F10: a swallowed error': async (context) => {
    const { session, label, log, attempt } = context
    await attempt(() =>
      session().executeWrite(async (tx) => {
        await tx.run(`CREATE (:${label})`)
        await tx.run('RETURN 1 / 0').catch(() => undefined)
        return 'returned'
      }),
    )
    log(await count(context))
  },
  'queries that are not awaited': async (context) => {
    const { session, label, log, attempt } = context
    await attempt(() =>
      session().executeWrite((tx) => {
        tx.run(`CREATE (:${label})`)
        tx.run(`CREATE (:${label})`)
        return 'returned'
      }),
    )
    log(await count(context))
    await attempt(() =>
      session().executeWrite((tx) => {
        tx.run(`CREATE (:${label})`)
        tx.run('RETURN 1 / 0')
        return 'returned'
      }),
    )
    log(await count(context))
  },
  'a result that escapes': async ({ session, attempt, log }) => {
    const one = session()
    const escaped = await one.executeRead((tx) => ({ result: tx.run('UNWIND [1, 2, 3] AS i RETURN i') }))
    log(escaped.result.isOpen())
    await attempt(() => escaped.result.then(({ records }) => records.length))
    const other = await one.executeRead((tx) => ({ result: tx.run('UNWIND [1, 2, 3] AS i RETURN i') }))
    await attempt(() => other.result[Symbol.asyncIterator]().next())
    const third = await one.executeRead((tx) => ({ result: tx.run('UNWIND [1, 2, 3] AS i RETURN i') }))
    await attempt(() => third.result.summary().then(({ queryType }) => queryType))
    await attempt(() => third.result.keys())
  },
  'a transaction that escapes': async ({ session, attempt }) => {
    const one = session()
    const tx = await one.executeRead((tx) => ({ tx }))
    await attempt(() => tx.tx.run('RETURN 1'))
    await attempt(() => one.run('RETURN 1 AS n').then(({ records }) => records.length))
  },
  'Promise.all within one transaction': async (context) => {
    const { session, label, log, attempt } = context
    log(
      await session().executeWrite((tx) =>
        Promise.all(
          [1, 2, 3].map((i) =>
            tx.run(`CREATE (:${label} {i: $i})`, { i }).then(({ summary }) => summary.counters.updates().nodesCreated),
          ),
        ),
      ),
    )
    await attempt(() =>
      session().executeWrite((tx) => Promise.all([tx.run(`CREATE (:${label})`), tx.run(SYNTAX), tx.run('RETURN 1')])),
    )
    log(await count(context))
  },
  'nested transaction functions on two sessions': async ({ session, log }) => {
    log(
      await session().executeRead((outer) =>
        session().executeRead(async (inner) => [
          (await outer.run('RETURN 1 AS n')).records.length,
          (await inner.run('RETURN 1 AS n')).records.length,
        ]),
      ),
    )
  },
  'a retry sees nothing of the try before': async (context) => {
    const { neo4j, session, label, log } = context
    let tries = 0
    log(
      await session().executeWrite(async (tx) => {
        const { records } = await tx.run(`CREATE (:${label}) WITH 1 AS one MATCH (n:${label}) RETURN count(n) AS n`)
        if (++tries === 1) throw new neo4j.Neo4jError('again', 'Neo.TransientError.Test', '50N42', 'again')
        return records[0]?.get('n')
      }),
    )
    log(tries, await count(context))
  },
  'the budget for retries': async ({ neo4j, connect, attempt, log }) => {
    const driver = connect({ maxTransactionRetryTime: 750 })
    // The first try has to fail within that time, and the second begins after 800 ms at the earliest.
    await driver.verifyConnectivity()
    const session = driver.session()
    let tries = 0
    await attempt(() =>
      session.executeWrite(() => {
        tries++
        throw new neo4j.Neo4jError(`try ${tries}`, 'Neo.TransientError.Test', '50N42', 'again')
      }),
    )
    log(tries)
  },
  'F7: no budget for retries': differs(
    'F7',
    'maxTransactionRetryTime 0 means what it says',
    async ({ neo4j, connect, log }) => {
      const session = connect({ maxTransactionRetryTime: 0 }).session()
      let tries = 0
      const work = () => {
        tries++
        throw new neo4j.Neo4jError('again', 'Neo.TransientError.Test', '50N42', 'again')
      }
      let most = 0
      // Whether 6.3.0 tries again depends on whether a millisecond has just ended.
      for (let times = 0; times < 5 && most < 2; times++) {
        tries = 0
        await session.executeWrite(work).catch(() => undefined)
        most = Math.max(most, tries)
      }
      log(most)
    },
    { official: [2], ours: [1] },
  ),
})

export const bookmarks = group('bookmarks', {
  'a session collects them': async ({ session, label, log }) => {
    const one = session()
    log(one.lastBookmarks())
    await one.run('RETURN 1')
    log(one.lastBookmarks().length)
    await one.run(`CREATE (:${label})`)
    const first = one.lastBookmarks()
    await one.executeWrite((tx) => tx.run(`CREATE (:${label})`))
    const second = one.lastBookmarks()
    const tx = await one.beginTransaction()
    await tx.run(`CREATE (:${label})`)
    await tx.commit()
    const third = one.lastBookmarks()
    const rolledBack = await one.beginTransaction()
    await rolledBack.rollback()
    log(
      first,
      second,
      third,
      first[0] !== second[0],
      second[0] !== third[0],
      String(one.lastBookmarks()) === String(third),
    )
  },
  'a session is given some': async ({ session, label, log }) => {
    const writer = session()
    await writer.run(`CREATE (:${label})`)
    const given = writer.lastBookmarks()
    const reader = session({ bookmarks: given })
    log(String(reader.lastBookmarks()) === String(given))
    log((await reader.run(`MATCH (n:${label}) RETURN count(n) AS n`)).records)
    const one = session({ bookmarks: given[0] as string })
    log(String(one.lastBookmarks()) === String(given))
    const both = session({ bookmarks: [...given, ...given] })
    log(both.lastBookmarks().length)
  },
  'bookmarks the server does not know': async ({ session, attempt }) => {
    for (const mark of ['x', '', 'FB:xx', 'neo4j:bookmark:v1:tx5', '\u{1F600}'])
      await attempt(() =>
        session({ bookmarks: mark })
          .run('RETURN 1 AS n')
          .then(({ records }) => records.length),
      )
    await attempt(() => session({ bookmarks: ['x'] }).beginTransaction())
    await attempt(() => session({ bookmarks: ['x'] }).executeRead(() => 1))
  },
  'a failed query changes nothing': async ({ session, label, log }) => {
    const one = session()
    await one.run(`CREATE (:${label})`)
    const before = String(one.lastBookmarks())
    await one.run(SYNTAX).catch(() => undefined)
    log(before === String(one.lastBookmarks()))
  },
  'a manager is told of each': async ({ neo4j, session, label, log }) => {
    const events: unknown[] = []
    const manager = neo4j.bookmarkManager({
      initialBookmarks: [],
      bookmarksConsumer: async (marks) => {
        events.push(['consume', [...marks].length])
      },
    })
    const one = session({ bookmarkManager: manager })
    await one.run(`CREATE (:${label})`)
    await one.executeWrite((tx) => tx.run(`CREATE (:${label})`))
    await one.executeRead((tx) => tx.run('RETURN 1'))
    const tx = await one.beginTransaction()
    await tx.commit()
    log(events, [...(await manager.getBookmarks())].length)
    const other = session({ bookmarkManager: manager })
    log((await other.run(`MATCH (n:${label}) RETURN count(n) AS n`)).records)
    log(one.lastBookmarks().length, other.lastBookmarks().length)
  },
  'bookmarks: a manager of the user': differs(
    'bookmarks',
    'it is asked once for each piece of work, and not once more for the connection',
    async ({ session, label, log }) => {
      const events: string[] = []
      const manager = {
        getBookmarks: async () => {
          events.push('get')
          return [] as string[]
        },
        updateBookmarks: async (before: Iterable<string>, after: Iterable<string>) => {
          events.push(`update ${[...before].length} ${[...after].length}`)
        },
      }
      const one = session({ bookmarkManager: manager })
      await one.run(`CREATE (:${label})`)
      await one.executeWrite((tx) => tx.run(`CREATE (:${label})`))
      log(...events)
    },
    {
      official: ['get', 'get', 'update 0 1', 'get', 'get', 'update 0 1'],
      ours: ['get', 'update 0 1', 'get', 'update 0 1'],
    },
  ),
  'a manager that fails': async ({ session, label, attempt }) => {
    const bad = (method: string) => ({
      getBookmarks: async () => (method === 'get' ? Promise.reject(new RangeError('get')) : []),
      updateBookmarks: async () => (method === 'update' ? Promise.reject(new RangeError('update')) : undefined),
    })
    await attempt(() => session({ bookmarkManager: bad('get') as never }).run('RETURN 1'))
    await attempt(() => session({ bookmarkManager: bad('get') as never }).executeRead((tx) => tx.run('RETURN 1')))
    await attempt(() => session({ bookmarkManager: bad('get') as never }).beginTransaction())
    await attempt(() =>
      session({ bookmarkManager: bad('update') as never })
        .run(`CREATE (:${label})`)
        .then(() => 'run'),
    )
  },
  'a manager by itself': async ({ neo4j, log }) => {
    const manager = neo4j.bookmarkManager({ initialBookmarks: ['a', 'b'] })
    log([...(await manager.getBookmarks())])
    await manager.updateBookmarks(['a', 'x'], ['c', 'b'])
    log([...(await manager.getBookmarks())])
    const set = neo4j.bookmarkManager({ initialBookmarks: new Set(['a']), bookmarksSupplier: async () => ['s', 'a'] })
    log([...(await set.getBookmarks())], [...(await neo4j.bookmarkManager().getBookmarks())])
  },
  'what executeQuery shares': async ({ connect, label, log }) => {
    const driver = connect()
    const marks = async () => [...(await driver.executeQueryBookmarkManager.getBookmarks())].length
    log(await marks())
    await driver.executeQuery(`CREATE (:${label})`)
    log(await marks(), Object.is(driver.executeQueryBookmarkManager, driver.executeQueryBookmarkManager))
    const session = driver.session({ bookmarkManager: driver.executeQueryBookmarkManager })
    await session.run(`CREATE (:${label})`)
    log(await marks())
    await driver.executeQuery(`CREATE (:${label})`, {}, { bookmarkManager: null })
    log(await marks())
  },
})

export const executeQuery = group('executeQuery', {
  'what it gives': async ({ neo4j, driver, log }) => {
    const result = await driver.executeQuery('UNWIND [1, 2] AS n RETURN n, $x AS x', { x: 'y' })
    log(result instanceof neo4j.EagerResult, Object.keys(result), result.keys, result.records, result.summary.query)
    const promise = driver.executeQuery('RETURN 1')
    log(promise instanceof Promise)
    await promise
  },
  misuse: async ({ driver, attempt }) => {
    for (const query of ['', 42, {}, { text: 5 }, []]) await attempt(() => driver.executeQuery(query as never))
    for (const parameters of [[1], 'x', 5, true])
      await attempt(() => driver.executeQuery('RETURN 1', parameters as never).then(() => 'run'))
    for (const config of [
      { routing: 'x' },
      { routing: 5 },
      { database: 5 },
      { impersonatedUser: 5 },

      { transactionConfig: { timeout: -1 } },
      { transactionConfig: 5 },
    ]) {
      await attempt(() =>
        driver
          .executeQuery('RETURN 1 AS n', {}, config as never)
          .then((result) => (result as { records?: unknown[] } | undefined)?.records?.length),
      )
    }
  },
  'misuse that is told by the language': async ({ driver, log }) => {
    const name = (error: unknown) => (error as Error).name
    for (const config of [{ resultTransformer: 5 }, { bookmarkManager: 5 }, null]) {
      log(await driver.executeQuery('RETURN 1 AS n', {}, config as never).then(() => 'run', name))
    }
  },
  'its settings': async ({ driver, label, attempt }) => {
    const run = (query: string, config: object) =>
      driver.executeQuery(query, {}, config).then(({ records, summary }) => [records.length, summary.database])
    await attempt(() =>
      run('RETURN 1', {
        database: 'neo4j',
        routing: 'READ',
        transactionConfig: { timeout: 5000, metadata: { a: 1.5 } },
      }),
    )
    await attempt(() => run('RETURN 1', { database: 'nosuch' }))
    await attempt(() => run(`CREATE (:${label})`, { routing: 'READ' }))
    await attempt(() => run('RETURN 1', { impersonatedUser: 'nobody' }))
    await attempt(() => run('SHOW USERS YIELD user RETURN user', { database: 'system' }))
  },
  transformers: async ({ neo4j, driver, log, attempt }) => {
    const { resultTransformers } = neo4j
    const query = 'UNWIND [1, 2, 3] AS n RETURN n'
    const by = (resultTransformer: unknown, text = query) =>
      driver.executeQuery(text, {}, { resultTransformer: resultTransformer as never })
    log(await by(resultTransformers.eager()), await by(resultTransformers.eagerResultTransformer()))
    log(await by(resultTransformers.first()), await by(resultTransformers.first(), 'UNWIND [] AS n RETURN n'))
    log(((await by(resultTransformers.summary())) as unknown as { queryType: string }).queryType)
    log(await by(resultTransformers.mapped({ map: (record) => record.get('n').toNumber() * 2 })))
    log(
      await by(
        resultTransformers.mapped({
          map: (record) => (record.get('n').toNumber() === 2 ? undefined : 'kept'),
          collect: (records, _, keys) => [records, keys],
        }),
      ),
    )
    log(
      await by(
        resultTransformers.mapped({ collect: (records, summary, keys) => [records.length, summary.queryType, keys] }),
      ),
    )
    log(await by(resultTransformers.mappedResultTransformer({ map: (record) => record.keys })))
    for (const config of [undefined, null, {}, { map: null }])
      await attempt(() => void resultTransformers.mapped(config as never))
    await attempt(() =>
      by(
        resultTransformers.mapped({
          map: () => {
            throw new RangeError('map')
          },
        }),
      ),
    )
    await attempt(() =>
      by(
        resultTransformers.mapped({
          collect: () => {
            throw new RangeError('collect')
          },
        }),
      ),
    )
    await attempt(() =>
      by(async () => {
        throw new RangeError('own')
      }),
    )
    await attempt(() =>
      by(async (result: AsyncIterable<unknown>) => {
        const all = []
        for await (const record of result) all.push(record)
        return all.length
      }),
    )
    await attempt(() => by(() => 5))
    for (const transformer of [
      resultTransformers.eager(),
      resultTransformers.first(),
      resultTransformers.summary(),
      resultTransformers.mapped({ map: (x) => x }),
    ])
      await attempt(() => by(transformer, SYNTAX))
    log(Object.isFrozen(resultTransformers), Object.is(resultTransformers.eager(), resultTransformers.eager()))
  },
  'F4: a signal that is aborted already': differs(
    'F4',
    'nothing is sent',
    async (context) => {
      const { driver, label, log } = context
      log(
        await driver.executeQuery(`CREATE (:${label})`, {}, { signal: AbortSignal.abort() } as never).then(
          () => 'resolved',
          (error) => error.name,
        ),
      )
      log(await count(context))
    },
    { official: ['resolved', 1], ours: ['AbortError', 0] },
  ),
  'F4: a signal while it runs': differs(
    'F4',
    'the reason of the signal',
    async ({ driver, log }) => {
      const controller = new AbortController()
      const running = driver.executeQuery(ENDLESS, {}, { signal: controller.signal } as never).then(
        () => 'resolved',
        (error) => error.name,
      )
      await driver.executeQuery('RETURN 1')
      controller.abort()
      log(await running)
      log(await driver.executeQuery('RETURN 1 AS n').then(({ records }) => records.length))
    },
    { official: ['Neo4jError', 1], ours: ['AbortError', 1] },
  ),
})

export const closing = group('closing', {
  'a driver, twice, and everything after it': async ({ connect, attempt, log }) => {
    const driver = connect()
    const session = driver.session()
    await driver.executeQuery('RETURN 1')
    await attempt(() => driver.close())
    await attempt(() => driver.close())
    await attempt(() => driver.verifyConnectivity())
    await attempt(() => driver.getServerInfo())

    await attempt(() => driver.executeQuery('RETURN 1'))
    await attempt(() => session.run('RETURN 1'))
    await attempt(() => session.beginTransaction())
    await attempt(() => session.close())
    log(driver.isEncrypted())
  },
  'closed: a driver that had done nothing': differs(
    'closed',
    'closed is closed; the official driver opens connections again that nobody closes',
    async ({ connect, log }) => {
      const driver = connect()
      await driver.close()
      log(
        await driver.executeQuery('RETURN 1').then(
          () => 'run',
          (error) => error.message,
        ),
      )
      // Closed again, or it would keep the process alive.
      await driver.close()
    },
    { official: ['run'], ours: ['Pool is closed, it is no more able to serve requests.'] },
  ),
  'closed: what a driver supports': differs(
    'closed',
    'closed is closed; the official driver dials for the answer',
    async ({ connect, log }) => {
      const driver = connect()
      await driver.executeQuery('RETURN 1')
      await driver.close()
      log(await driver.supportsMultiDb().catch((error) => error.message))
    },
    { official: [true], ours: ['Pool is closed, it is no more able to serve requests.'] },
  ),
  'a driver with idle sessions': async ({ connect, attempt }) => {
    const driver = connect()
    const session = driver.session()
    await session.run('RETURN 1')
    await attempt(() => driver.close())
    await attempt(() => session.close())
  },
  'a session after a query nobody reads': async ({ driver, attempt }) => {
    const session = driver.session({ fetchSize: 10 })
    await session.run(LONG).keys()
    await attempt(() => session.close())
    await attempt(() => session.close())
  },
  'F1: a driver with a query that runs': differs(
    'F1',
    'its promise rejects, instead of never settling',
    async (context) => {
      const driver = context.connect()
      const state = watched(context, driver.session().run(ENDLESS))
      await driver.verifyConnectivity()
      await driver.close()
      context.log(await state())
    },
    { official: ['pending'], ours: ['rejected ServiceUnavailable'] },
  ),
})
