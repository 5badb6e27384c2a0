/** subscribe() on a real server. */
import type { Result } from 'neo4j-driver'
import { differential } from '../support/differential.js'
import { useServer } from '../support/servers.js'
import { brief, outcome } from '../support/snapshot.js'

const server = useServer()

/** Subscribes, and resolves with the calls at the end. */
function events(result: Result, name = ''): Promise<unknown[]> {
  return new Promise((resolve) => {
    const seen: unknown[] = []
    result.subscribe({
      onKeys: (keys) => seen.push([`${name}keys`, keys]),
      onNext: (record) => seen.push([`${name}next`, Number(record.get(0))]),
      onCompleted: (summary) => {
        seen.push([`${name}completed`, summary.constructor.name, summary.queryType])
        resolve(seen)
      },
      onError: (error) => {
        seen.push([`${name}error`, brief(error)])
        resolve(seen)
      },
    })
  })
}

differential(
  'S1: onKeys, onNext of each record, onCompleted with the summary; onKeys also with no rows, and [] without RETURN',
  server,
  async ({ driver, label }) => {
    const session = driver.session()
    const some = await events(session.run('UNWIND [1, 2, 3] AS i RETURN i'))
    const none = await events(session.run('UNWIND [] AS i RETURN i'))
    const write = await events(session.run(`CREATE (:${label})`))
    await session.close()
    return { some, none, write }
  },
  {
    some: [
      ['keys', ['i']],
      ['next', 1],
      ['next', 2],
      ['next', 3],
      ['completed', 'ResultSummary', 'r'],
    ],
    none: [
      ['keys', ['i']],
      ['completed', 'ResultSummary', 'r'],
    ],
    write: [
      ['keys', []],
      ['completed', 'ResultSummary', 'w'],
    ],
  },
)

differential(
  'S2: subscribe returns undefined and calls nothing before it has returned',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('RETURN 1 AS n')
    // So that everything is there when it subscribes.
    await result.keys()
    let calls = 0
    const returned = await new Promise((resolve) => {
      const count = () => {
        calls++
      }
      const value: unknown = result.subscribe({
        onKeys: count,
        onNext: count,
        onCompleted: () => resolve([String(value), before]),
      })
      const before = calls
    })
    await session.close()
    return [returned, calls]
  },
  [['undefined', 0], 2],
)

differential(
  'S3: onNext comes record by record, and a slow handler does not hold up the pulls',
  server,
  async ({ driver }) => {
    const session = driver.session({ fetchSize: 10 })
    const seen = await events(session.run('UNWIND range(1, 505) AS i RETURN i'))
    await session.close()
    return [seen.length, seen[1], seen[505], (seen[506] as unknown[])[0]]
  },
  [507, ['next', 1], ['next', 505], 'completed'],
)

differential(
  'S4: the session can be closed, or used again, within onCompleted',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const again = await new Promise<number>((resolve, reject) => {
      session.run('RETURN 1 AS n').subscribe({
        onCompleted: () => {
          session.run('UNWIND [1, 2] AS n RETURN n').then(({ records }) => resolve(records.length), reject)
        },
        onError: reject,
      })
    })
    const closed = await new Promise((resolve, reject) => {
      session.run('RETURN 1 AS n').subscribe({
        onCompleted: () => {
          session.close().then(() => resolve('closed'), reject)
        },
        onError: reject,
      })
    })
    return [again, closed]
  },
  [2, 'closed'],
)

differential(
  'S5: a syntax error calls onError alone; an error in mid-stream calls it after some onNext, and no onCompleted',
  server,
  async ({ driver }) => {
    const session = driver.session({ fetchSize: 2 })
    const syntax = await events(session.run('RETURN'))
    const middle = await events(session.run('UNWIND [1, 2, 5, 0, 7] AS i RETURN 10 / i AS n'))
    await session.close()
    return { syntax, middle }
  },
  {
    syntax: [
      [
        'error',
        {
          name: 'Neo4jError',
          message:
            "Invalid input '': expected an expression, '*' or 'DISTINCT' (line 1, column 7 (offset: 6))\n" +
            '"RETURN"\n' +
            '       ^',
          code: 'Neo.ClientError.Statement.SyntaxError',
          gqlStatus: '50N42',
        },
      ],
    ],
    middle: [
      ['keys', ['n']],
      ['next', 10],
      ['next', 5],
      ['next', 2],
      [
        'error',
        {
          name: 'Neo4jError',
          message: '/ by zero',
          code: 'Neo.ClientError.Statement.ArithmeticError',
          gqlStatus: '50N42',
        },
      ],
    ],
  },
)

differential(
  'S6: every handler is optional; an error that nobody takes is printed',
  server,
  async ({ driver }) => {
    const session = driver.session()
    session.run('RETURN 1 AS n').subscribe({})
    // In a session of its own, since the first query is still running.
    const other = driver.session()
    const printed: unknown[] = []
    const log = console.log
    await new Promise<void>((resolve) => {
      console.log = (...args: unknown[]) => {
        printed.push(args)
        resolve()
      }
      other.run('RETURN 1 / 0 AS n').subscribe({})
    }).finally(() => {
      console.log = log
    })
    await session.close()
    await other.close()
    return printed
  },
  [['Uncaught error when processing result: Neo4jError: / by zero']],
)

differential(
  'S7: an error thrown by onNext does not stop the records at hand; then onError is called with it',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const mine = new Error('mine')
    const seen: unknown[] = []
    await new Promise<void>((resolve) => {
      session.run('UNWIND [1, 2, 3] AS i RETURN i').subscribe({
        onNext: (record) => {
          seen.push(record.get('i').toNumber())
          if (seen.length === 1) throw mine
        },
        onCompleted: () => {
          seen.push('completed')
          resolve()
        },
        onError: (error) => {
          seen.push(error === (mine as unknown) ? 'mine' : error.message)
          resolve()
        },
      })
    })
    await session.close()
    return seen
  },
  [1, 2, 3, 'mine'],
)

differential(
  'S8: two subscribers before the data both get everything, in turn',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('UNWIND [1, 2] AS i RETURN i')
    const order: string[] = []
    const subscribe = (name: string) =>
      new Promise<void>((resolve) => {
        result.subscribe({
          onNext: (record) => order.push(`${name}${record.get('i')}`),
          onCompleted: () => {
            order.push(`${name}.`)
            resolve()
          },
        })
      })
    await Promise.all([subscribe('a'), subscribe('b')])
    await session.close()
    return order
  },
  ['a1', 'b1', 'a2', 'b2', 'a.', 'b.'],
)

differential(
  'S9: who subscribes after the end gets the keys and the summary, and no records',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run('UNWIND [1, 2] AS i RETURN i')
    await result
    const late = await events(result)
    const failed = session.run('RETURN 1 / 0 AS n')
    await outcome(() => failed)
    const lateError = await events(failed)
    await session.close()
    return { late, lateError }
  },
  {
    late: [
      ['keys', ['i']],
      ['completed', 'ResultSummary', 'r'],
    ],
    lateError: [
      ['keys', ['n']],
      [
        'error',
        {
          name: 'Neo4jError',
          message: '/ by zero',
          code: 'Neo.ClientError.Statement.ArithmeticError',
          gqlStatus: '50N42',
        },
      ],
    ],
  },
)
