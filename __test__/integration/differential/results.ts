/** A result, read in every way, in every order, to its end or not; records; and the Observables of rxjs. */
import type { Result, ResultSummary } from 'neo4j-driver'
import * as rxjs from 'rxjs'
import { type Context, differs, group, type Script, type Scripts } from './suite.js'

const THREE = 'UNWIND [1, 2, 3] AS n RETURN n, n * 1.5 AS half'
const MANY = 'UNWIND range(1, 2500) AS n RETURN n'
const LATE_ERROR = 'UNWIND [1, 2, 0, 4] AS n RETURN 12 / n AS q'
const SYNTAX = 'RETURN 1 AS n RETURN'
const NO_COLUMNS = 'UNWIND [] AS n WITH n WHERE false FINISH'

type Row = { get(key: string): { toNumber(): number } }

/** One way to look at a result. Each logs what it sees under its own name. */
type Way = (result: Result, log: Context['log']) => Promise<unknown>

const told = (error: unknown) => {
  const { name, code, message } = error as Error & { code?: string }
  return `${name} ${code}: ${message.trimEnd()}`
}

const WAYS: Record<string, Way> = {
  await: async (result, log) => {
    await result.then(
      ({ records, summary }) => log('await', records.length, records[0]?.keys, summary.queryType),
      (error) => log('await', told(error)),
    )
  },
  iterate: async (result, log) => {
    let count = 0
    try {
      for await (const record of result) if (record.keys.length > 0) count++
      log('iterate', count)
    } catch (error) {
      log('iterate', count, told(error))
    }
  },
  'break off': async (result, log) => {
    let count = 0
    try {
      for await (const _ of result) if (++count === 2) break
      log('break off', count)
    } catch (error) {
      log('break off', count, told(error))
    }
  },
  subscribe: (result, log) =>
    new Promise<void>((resolve) => {
      let count = 0
      const events: unknown[] = []
      result.subscribe({
        onKeys: (keys) => events.push(keys),
        onNext: () => count++,
        onCompleted: (summary) => {
          log('subscribe', ...events, count, summary.queryType)
          resolve()
        },
        onError: (error) => {
          log('subscribe', ...events, count, told(error))
          resolve()
        },
      })
    }),
  keys: async (result, log) => {
    await result.keys().then(
      (keys) => log('keys', keys),
      (error) => log('keys', told(error)),
    )
  },
  summary: async (result, log) => {
    await result.summary().then(
      (summary) => log('summary', summary.queryType),
      (error) => log('summary', told(error)),
    )
  },
  peek: async (result, log) => {
    const iterator = result[Symbol.asyncIterator]()
    await iterator.peek().then(
      ({ done, value }) => log('peek', done, done ? null : value.keys),
      (error) => log('peek', told(error)),
    )
  },
}

/** One way after the other, each awaited; then both once more at the same time, on another result. */
const inOrder =
  (query: string, first: string, second: string): Script =>
  async ({ session, log }) => {
    const one = session({ fetchSize: 1000 })
    const result = one.run(query)
    log(result.isOpen())
    await WAYS[first]?.(result, log)
    log(result.isOpen())
    await WAYS[second]?.(result, log)
    log(result.isOpen())
    await one.close()
  }

const together =
  (query: string, first: string, second: string): Script =>
  async ({ session, log }) => {
    const one = session()
    const result = one.run(query)
    const seen: unknown[][] = [[], []]
    await Promise.all([first, second].map((way, i) => WAYS[way]?.(result, (...values) => seen[i]?.push(...values))))
    log(...seen)
    await one.close()
  }

const orders = (query: string, name: string, pairs: [string, string][]): Scripts =>
  Object.fromEntries(pairs.map(([a, b]) => [`${name}: ${a}, then ${b}`, inOrder(query, a, b)]))

const ways = Object.keys(WAYS)
const allPairs = ways.flatMap((a) => ways.map((b): [string, string] => [a, b]))

export const readOrders = group('a result read twice', {
  ...orders(
    THREE,
    'three records',
    allPairs.filter(([a]) => a !== 'peek'),
  ),
  ...orders(LATE_ERROR, 'an error in mid-stream', [
    ['await', 'await'],
    ['iterate', 'await'],
    ['iterate', 'summary'],
    ['subscribe', 'await'],
    ['subscribe', 'iterate'],
    ['keys', 'iterate'],
    ['summary', 'await'],
    ['break off', 'summary'],
    ['await', 'keys'],
    ['summary', 'subscribe'],
  ]),
  ...orders(SYNTAX, 'a syntax error', [
    ['await', 'await'],
    ['await', 'iterate'],
    ['iterate', 'await'],
    ['subscribe', 'subscribe'],
    ['keys', 'summary'],
    ['summary', 'keys'],
    ['keys', 'subscribe'],
    ['break off', 'await'],
  ]),
  ...orders(NO_COLUMNS, 'no columns', [
    ['await', 'await'],
    ['iterate', 'summary'],
    ['subscribe', 'keys'],
    ['keys', 'await'],
    ['summary', 'iterate'],
  ]),
  ...orders(MANY, '2500 records', [
    ['await', 'await'],
    ['iterate', 'await'],
    ['keys', 'await'],
    ['keys', 'iterate'],
    ['keys', 'subscribe'],
    ['break off', 'summary'],
    ['subscribe', 'summary'],
    ['summary', 'summary'],
  ]),
  ...Object.fromEntries(
    (
      [
        ['await', 'await'],
        ['await', 'subscribe'],
        ['subscribe', 'subscribe'],
        ['subscribe', 'await'],
        ['keys', 'await'],
        ['await', 'keys'],
        ['keys', 'subscribe'],
        ['iterate', 'iterate'],
        ['keys', 'iterate'],
        ['iterate', 'keys'],
        ['await', 'summary'],
      ] as [string, string][]
    ).flatMap(([a, b]) => [
      [`three records: ${a} and ${b} at once`, together(THREE, a, b)],
      [`an error: ${a} and ${b} at once`, together(SYNTAX, a, b)],
    ]),
  ),
})

export const results = group('results', {
  'what a result looks like': async ({ neo4j, session, log }) => {
    const one = session()
    const result = one.run(THREE)
    log(
      result instanceof neo4j.Result,
      result instanceof Promise,
      String(result),
      result[Symbol.toStringTag],
      typeof result.then,
      typeof result.as,
    )
    const got = await result
    log(got, Object.keys(got), Object.getPrototypeOf(got) === Object.prototype)
    log((await result) === got, (await result.then((same) => same)) === got)
  },
  'then, catch and finally': async ({ session, log }) => {
    const one = session()
    log(
      await one
        .run(THREE)
        .then(undefined)
        .then((value) => (value as { records: unknown[] }).records.length),
    )
    log(
      await one
        .run(THREE)
        .finally(() => 'ignored')
        .then(({ records }) => records.length),
    )
    log(await one.run(SYNTAX).catch((error) => `caught ${error.code}`))
    log(await one.run(SYNTAX).then(null, () => 'second argument'))
    log(
      await one
        .run(SYNTAX)
        .finally(() => log('finally'))
        .catch(() => 'after finally'),
    )
    log(
      await one
        .run(THREE)
        .then(() => {
          throw new RangeError('mine')
        })
        .catch((error) => error),
    )
    log(await Promise.all([one.run(THREE)]).then(([{ records }]) => records.length))
    log(await Promise.race([one.run(THREE)]).then(({ records }) => records.length))
  },
  'the order of events of a subscription': async ({ session, log }) => {
    for (const query of [THREE, NO_COLUMNS, 'RETURN 1 AS n LIMIT 0', SYNTAX, LATE_ERROR]) {
      await new Promise<void>((resolve) => {
        session()
          .run(query)
          .subscribe({
            onKeys: (keys) => log('keys', keys),
            onNext: (record) => log('next', record),
            onCompleted: (summary) => {
              log('completed', summary.counters)
              resolve()
            },
            onError: (error) => {
              log('error', error)
              resolve()
            },
          })
        log('subscribed')
      })
    }
  },
  'subscribe returns nothing, and all its handlers may be left out': async ({ session, log }) => {
    const one = session()
    const result = one.run(THREE)
    log((result.subscribe as (observer: object) => unknown)({}))
    log((await result.summary()).queryType)
    log((await one.run('RETURN 1 AS n')).records.length)
  },
  'subscribe with nothing at all': async ({ session, attempt }) => {
    const one = session()
    const result = one.run(THREE)
    await attempt(() => (result.subscribe as (observer?: unknown) => unknown)({ onKeys: null, onNext: undefined }))
    await attempt(async () => (await result).records.length)
  },
  'handlers are called as methods of the observer': async ({ session, log }) => {
    await new Promise<void>((resolve) => {
      const observer = {
        seen: 0,
        onKeys() {
          log('keys', this === observer)
        },
        onNext() {
          this.seen++
        },
        onCompleted() {
          log(this.seen)
          resolve()
        },
        onError: () => resolve(),
      }
      session().run(THREE).subscribe(observer)
    })
  },
  'a handler that throws, in each place': async ({ session, log }) => {
    for (const place of ['onKeys', 'onNext', 'onCompleted'] as const) {
      await new Promise<void>((resolve) => {
        // How many records still arrive depends on the content of the server's packets.
        const events = new Set<string>()
        const at = (name: string) => () => {
          if (place !== 'onKeys' || name !== 'onNext') events.add(name)
          if (name === place) throw new RangeError(`thrown in ${name}`)
          if (name === 'onCompleted') resolve(log(place, [...events]))
        }
        session()
          .run(THREE)
          .subscribe({
            onKeys: at('onKeys'),
            onNext: at('onNext'),
            onCompleted: at('onCompleted'),
            onError: (error) => resolve(log(place, [...events], error)),
          })
      })
    }
  },
  'two subscriptions get everything, turn by turn': async ({ session, log }) => {
    const result = session().run(THREE)
    const events: string[] = []
    await Promise.all(
      ['a', 'b'].map(
        (name) =>
          new Promise<void>((resolve, reject) => {
            result.subscribe({
              onKeys: () => events.push(`${name} keys`),
              onNext: (record) => events.push(`${name} ${record.get('n')}`),
              onCompleted: () => {
                events.push(`${name} completed`)
                resolve()
              },
              onError: reject,
            })
          }),
      ),
    )
    log(events)
  },
  'the iterator protocol, step by step': async ({ session, log }) => {
    const iterator = session().run(THREE)[Symbol.asyncIterator]()
    const number = (item: IteratorResult<unknown>) => (item.done ? 'done' : (item.value as Row).get('n').toNumber())
    log(typeof iterator.next, typeof iterator.return, typeof iterator.peek, typeof iterator.throw)
    log(number(await iterator.peek()), number(await iterator.next()), number(await iterator.next()))
    log(number(await iterator.peek()), number(await iterator.next()))
    const end = await iterator.peek()
    log(end.done, end.value)
    const again = await iterator.next()
    log(again.done, again.value === end.value, (await iterator.next()).done)
  },
  'return() at each point': async ({ session, log, attempt }) => {
    const one = session()
    const early = one.run(THREE)[Symbol.asyncIterator]()
    log(await early.return?.('v' as never))
    await attempt(() => early.next())
    const midway = one.run(THREE)[Symbol.asyncIterator]()
    await midway.next()
    log(await midway.return?.())
    await attempt(() => midway.next())
    await attempt(() => midway.peek())
    const late = one.run(THREE)[Symbol.asyncIterator]()
    while (!(await late.next()).done);
    log((await late.return?.('w' as never))?.value)
    await attempt(async () => (await one.run('RETURN 1 AS n')).records.length)
  },
  'hang: next() called four times without waiting': differs(
    'hang',
    'every call is answered; of the official driver the first only',
    async ({ connect, log }) => {
      const driver = connect()
      const iterator = driver.session().run(THREE)[Symbol.asyncIterator]()
      const seen: unknown[] = []
      const calls = [1, 2, 3, 4].map(() =>
        iterator.next().then(({ done, value }) => seen.push(done ? 'done' : (value as Row).get('n').toNumber())),
      )
      await calls[0]
      // By then everything is there.
      for (let i = 0; i < 3; i++) await driver.executeQuery('RETURN 1')
      log(seen)
    },
    { official: [[1]], ours: [[1, 2, 3, 'done']] },
  ),
  '__proto__: a column of that name': differs(
    'proto',
    'an own property like any other, as it is in maps',
    async ({ session, log }) => {
      const { records } = await session().run('RETURN 1.5 AS `__proto__`')
      log(records[0]?.get('__proto__'), Object.keys(records[0]?.toObject() ?? {}))
    },
    { official: [1.5, []], ours: [1.5, ['__proto__']] },
  ),
  'throwing in the loop leaves the session usable': async ({ session, log }) => {
    const one = session({ fetchSize: 2 })
    try {
      for await (const record of one.run(MANY)) if (record.get('n').toNumber() === 3) throw new RangeError('enough')
    } catch (error) {
      log(error)
    }
    log((await one.run('RETURN 1 AS n')).records)
  },
  'an error in mid-stream comes after the records before it': async ({ session, log }) => {
    const seen: unknown[] = []
    try {
      for await (const record of session({ fetchSize: 1 }).run(LATE_ERROR)) seen.push(record.get('q'))
    } catch (error) {
      log(seen, error)
    }
  },
  ...Object.fromEntries(
    [1, 2, 3, 7, 1000, -1].map((fetchSize): [string, Script] => [
      `fetch size ${fetchSize}, read in each way`,
      async ({ session, log }) => {
        const query = 'UNWIND range(1, 23) AS n RETURN n'
        const sum = (records: Row[]) => records.reduce((total, record) => total + record.get('n').toNumber(), 0)
        const one = session({ fetchSize })
        log(sum((await one.run(query)).records))
        const iterated = []
        for await (const record of one.run(query)) iterated.push(record)
        log(sum(iterated))
        const told: typeof iterated = []
        await new Promise<void>((resolve, reject) => {
          one
            .run(query)
            .subscribe({ onNext: (record) => told.push(record), onCompleted: () => resolve(), onError: reject })
        })
        log(sum(told))
        log((await one.run(query).summary()).queryType)
        for await (const _ of one.run(query)) break
        log((await one.run('RETURN 1 AS n')).records.length)
      },
    ]),
  ),
  'a result of a closed session': async ({ driver, attempt, log }) => {
    const session = driver.session()
    const { records, summary } = await session.run(THREE)
    const unread = session.run(THREE)
    await unread.keys()
    const awaited = unread.then(({ records }) => records.length, told)
    await awaited
    await session.close()
    log(records.length, summary.queryType, await awaited)
    await attempt(() => session.run(THREE))
    await attempt(() => session.run(THREE).keys())
    await attempt(() => session.run(THREE).summary())
    await attempt(() => session.run(THREE)[Symbol.asyncIterator]().next())
  },
  'a subscription on a closed session': async ({ driver, log }) => {
    const session = driver.session()
    await session.close()
    await new Promise<void>((resolve) => {
      session.run(THREE).subscribe({
        onKeys: () => log('keys'),
        onCompleted: () => resolve(log('completed')),
        onError: (error) => resolve(log(error)),
      })
    })
  },
  'F9: after iterating, awaiting gives no records': differs(
    'F9',
    'kept as it is, unless strictResults is asked for',
    async ({ session, attempt }) => {
      const one = session({ strictResults: true })
      const result = one.run(THREE)
      for await (const _ of result);
      await attempt(() =>
        result.then(
          ({ records }) => records.length,
          (error) => error.message,
        ),
      )
    },
    { official: [{ resolves: 0 }], ours: [{ resolves: 'Result is already consumed' }] },
  ),
})

export const records = group('records', {
  'every method of a record': async ({ session, log, attempt }) => {
    const { records } = await session().run("RETURN 1 AS a, 'x' AS b, [1.5] AS `c d`, null AS e")
    const record = records[0]
    if (record === undefined) throw new Error('no record')
    log(record, record.length, record.keys, record.toObject(), [...record], [...record.entries()], [...record.values()])
    log(record.has('a'), record.has('zz'), record.has(0), record.has(9), record.has(-1), record.has('e'))
    const each: unknown[] = []
    record.forEach((value, key, same) => {
      each.push(value, key, same === record)
    })
    log(
      each,
      record.map((value, key) => [key, value]),
    )
    log(record.get('a'), record.get(1), record.get('c d'), record.get('e'))
    for (const key of ['zz', 9, -1, 1.5, '0', '__proto__', 'toString', undefined, null, Symbol('s')])
      await attempt(() => record.get(key as never))
    log(JSON.stringify(record), String(record), Object.isFrozen(record), Object.keys(record))
  },
  'columns of the same name, and odd names': async ({ session, log, attempt }) => {
    await attempt(() => session().run('RETURN 1 AS a, 2 AS a'))
    const { records } = await session().run(
      'RETURN 1 AS a, 2 AS constructor, 3 AS ``, 4 AS `0`, 5 AS `\u{1F600}`, 1 + 1',
    )
    const record = records[0]
    log(
      record,
      record?.keys,
      Object.keys(record?.toObject() ?? {}),
      record?.get('0'),
      record?.get(0),
      record?.get('1 + 1'),
    )
  },
  'records share their keys': async ({ session, log }) => {
    const { records } = await session().run(THREE)
    log(records[0]?.keys === records[1]?.keys, records[0] === records[1])
  },
  'a record may be changed': async ({ session, log }) => {
    const { records } = await session().run('RETURN {a: [1]} AS m')
    const m = records[0]?.get('m')
    m.b = 'new'
    m.a.push('more')
    log(records[0])
  },
  'a record made by hand': ({ neo4j, log }) => {
    const { Record } = neo4j.types
    const record = new Record(['a', 'b'], [1, 2])
    const looked = new Record(['a', 'b'], [1, 2], { a: 1, b: 0 })
    log(record, record.get('a'), looked.get('a'), record.toObject(), new Record([], []), new Record(['x'], []))
  },
  '500 columns': async ({ session, log }) => {
    const { records } = await session().run(
      `RETURN ${Array.from({ length: 500 }, (_, i) => `${i} AS c${i}`).join(', ')}`,
    )
    log(records[0]?.length, records[0]?.get('c499'), records[0]?.get(499))
  },
})

/** Everything that an Observable does, as text. */
const watch = (
  observable: rxjs.Observable<unknown>,
  draw: (value: unknown) => unknown = (value) => value,
): Promise<unknown[]> =>
  new Promise((resolve) => {
    const events: unknown[] = []
    observable.subscribe({
      next: (value) => events.push(['next', draw(value)]),
      error: (error) => resolve([...events, ['error', error]]),
      complete: () => resolve([...events, 'complete']),
    })
  })
const n = (record: unknown) => (record as { get(key: string): unknown }).get('n')

const rx =
  (
    run: (context: Context & { rxSession: ReturnType<Context['driver']['rxSession']> }) => Promise<unknown>,
    config?: object,
  ): Script =>
  async (context) => {
    const rxSession = context.driver.rxSession(config)
    await run({ ...context, rxSession })
    await rxjs.lastValueFrom(rxSession.close(), { defaultValue: undefined })
  }

export const reactive = group('reactive results', {
  'records, keys and the summary': rx(async ({ rxSession, log }) => {
    const result = rxSession.run(THREE)
    log(result)
    log(
      await watch(result.keys()),
      await watch(result.records(), n),
      await watch(result.consume(), (s) => (s as ResultSummary).queryType),
    )
    log(
      await watch(result.keys()),
      await watch(result.consume(), (s) => (s as ResultSummary).counters),
      await watch(result.records(), n),
    )
  }),
  'the summary first': rx(async ({ rxSession, log }) => {
    const result = rxSession.run(THREE)
    log(
      await watch(result.consume(), (s) => (s as ResultSummary).queryType),
      await watch(result.records(), n),
      await watch(result.keys()),
    )
  }),
  'records twice': rx(async ({ rxSession, log }) => {
    const result = rxSession.run(THREE)
    log(await watch(result.records(), n), await watch(result.records(), n))
  }),
  errors: async ({ driver, log }) => {
    for (const query of [SYNTAX, LATE_ERROR, 'RETURN $missing']) {
      for (const part of ['records', 'keys', 'consume'] as const) {
        const session = driver.rxSession()
        log(part, await watch(session.run(query)[part]() as rxjs.Observable<unknown>, () => part))
        await rxjs.lastValueFrom(session.close(), { defaultValue: undefined })
      }
    }
  },
  'keys that fail, then the summary': rx(async ({ rxSession, log }) => {
    const result = rxSession.run(SYNTAX)
    log(await watch(result.keys()), await watch(result.consume()), await watch(result.records()))
  }),
  misuse: rx(async ({ rxSession, log, attempt }) => {
    for (const query of ['', 42, {}, { text: '' }, []])
      await attempt(async () => await watch(rxSession.run(query as never).records()))
    for (const parameters of [[1], 'x', 1, true])
      await attempt(async () => await watch(rxSession.run('RETURN 1', parameters as never).records()))
    await attempt(async () => await watch(rxSession.run('RETURN 1', {}, { timeout: -1 }).records()))
    log(await watch(rxSession.run('RETURN 1 AS n').records(), n))
  }),
  'nothing runs without a subscription': rx(async ({ rxSession, label, driver, log }) => {
    rxSession.run(`CREATE (:${label})`)
    rxSession.run(`CREATE (:${label})`).records()
    rxSession.executeWrite((tx) => tx.run(`CREATE (:${label})`).records())
    rxSession.beginTransaction()
    log((await driver.executeQuery(`MATCH (n:${label}) RETURN count(n) AS n`)).records)
  }),
  'a transaction function': rx(async ({ rxSession, log, label }) => {
    log(
      await watch(
        rxSession.executeWrite((tx) => tx.run(`CREATE (n:${label} {i: 1}) RETURN n.i AS n`).records()),
        n,
      ),
    )
    log(
      await watch(
        rxSession.executeRead((tx) => tx.run(`MATCH (n:${label}) RETURN n.i AS n`).records()),
        n,
      ),
    )
    log(rxSession.lastBookmarks().length)
  }),
  'what a transaction function may return': rx(async ({ rxSession, log }) => {
    log(await watch(rxSession.executeRead(() => rxjs.of(1, 2))))
    log(await watch(rxSession.executeRead(() => Promise.resolve('p') as never)))
    log(await watch(rxSession.executeRead(() => [1, 2] as never)))
    log(await watch(rxSession.executeRead(() => 5 as never)))
    log(await watch(rxSession.executeRead(() => undefined as never)))
    log(
      await watch(
        rxSession.executeRead(() => {
          throw new RangeError('mine')
        }),
      ),
    )
    log(await watch(rxSession.executeRead(() => rxjs.throwError(() => new RangeError('mine')))))
    log(await watch(rxSession.executeRead((tx) => tx.run(SYNTAX).records())))
    log(await watch(rxSession.executeRead(() => rxjs.EMPTY)))
  }),
  'a transaction of its own': rx(async ({ neo4j, rxSession, label, log }) => {
    const tx = await rxjs.firstValueFrom(rxSession.beginTransaction())
    log(tx instanceof neo4j.RxTransaction, tx.isOpen())
    log(await watch(tx.run(`CREATE (n:${label}) RETURN 1 AS n`).records(), n), await watch(tx.commit()), tx.isOpen())
    log(
      await watch(tx.commit()),
      await watch(tx.rollback()),
      await watch(tx.run('RETURN 1 AS n').records()),
      await watch(tx.close()),
    )
    const other = await rxjs.firstValueFrom(rxSession.beginTransaction())
    log(
      await watch(other.run(`CREATE (n:${label}) RETURN 1 AS n`).records(), n),
      await watch(other.rollback()),
      other.isOpen(),
    )
    const third = await rxjs.firstValueFrom(rxSession.beginTransaction({ metadata: { a: 'b' }, timeout: 5000 }))
    log(
      await watch(third.run(SYNTAX).records()),
      third.isOpen(),
      await watch(third.commit()),
      await watch(third.rollback()),
      await watch(third.close()),
    )
    log(await watch(rxSession.run(`MATCH (n:${label}) RETURN count(n) AS n`).records(), n))
  }),
  'take unsubscribes': rx(
    async ({ rxSession, log }) => {
      log(
        await watch(
          rxSession.executeRead((tx) => tx.run(MANY).records().pipe(rxjs.take(2))),
          n,
        ),
      )
    },
    { fetchSize: 10 },
  ),
  'pause, push and resume': rx(async ({ rxSession, log }) => {
    const result = rxSession.run(THREE)
    const events: unknown[] = []
    result.pause()
    await new Promise<void>((resolve, reject) => {
      result.records().subscribe({
        next: (record) => {
          events.push(`record ${record.get('n')}`)
          // One at a time, since one was requested.
          if (events.length < 4) setImmediate(() => void result.push().then(() => events.push('pushed')))
          else setImmediate(() => void result.resume().then(() => events.push('resumed')))
        },
        error: reject,
        complete: () => {
          events.push('complete')
          setImmediate(resolve)
        },
      })
      events.push('subscribed')
    })
    log(events)
  }),
  'a closed session': async ({ driver, log }) => {
    const rxSession = driver.rxSession()
    log(await watch(rxSession.close()), await watch(rxSession.close()))
    log(
      await watch(rxSession.run(THREE).records()),
      await watch(rxSession.beginTransaction()),
      await watch(rxSession.executeRead(() => rxjs.of(1))),
    )
  },
  'two at once on one session': rx(async ({ rxSession, log }) => {
    const both = await Promise.all([watch(rxSession.run(THREE).records(), n), watch(rxSession.run(THREE).records(), n)])
    log(
      both.map((events) => events.length).sort(),
      both.flat().filter((event) => (event as unknown[])[0] === 'error'),
    )
  }),
  'toPromise, materialize and the like': rx(async ({ rxSession, log }) => {
    const results = () =>
      rxSession
        .run(THREE)
        .records()
        .pipe(rxjs.map((record) => Number(record.get('n'))))
    log(
      await results().toPromise(),
      await rxjs.firstValueFrom(results().pipe(rxjs.toArray())),
      await rxjs.lastValueFrom(results()),
    )
    log(
      await rxjs.lastValueFrom(
        results().pipe(
          rxjs.materialize(),
          rxjs.map(({ kind }) => kind),
          rxjs.toArray(),
        ),
      ),
    )
    log(await rxjs.lastValueFrom(rxSession.run(NO_COLUMNS).records(), { defaultValue: 'nothing' }))
  }),
  'settings that are refused': ({ driver, attempt }) =>
    attempt(async () => {
      for (const config of [{ defaultAccessMode: 'x' }, { fetchSize: 0 }, { database: 5 }])
        driver.rxSession(config as never)
    }),
})
