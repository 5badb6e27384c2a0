/** What observers throw, at once or by the promises that they return, is reported where 6.3.0 reports it. */
import type { ResultObserver } from 'neo4j-driver'
import { differential, type Script } from '../support/differential.js'
import { useServer } from '../support/servers.js'

const server = useServer()
const FINE = 'UNWIND [1, 2] AS i RETURN i'
const FAILS = 'RETURN 1 / 0'

async function rejects(): Promise<void> {
  await null
  throw new Error('rejected')
}
function throws(): void {
  throw new Error('thrown')
}

/** The errors that `onError` gets, up to the given number of calls. */
function told(
  query: string,
  observer: ResultObserver,
  calls = 1,
  onError?: (call: number) => unknown,
): (script: Script) => Promise<unknown> {
  return async ({ driver }) => {
    const outcomes: unknown[] = []
    const session = driver.session()
    for (const open of [async () => session, () => session.beginTransaction()]) {
      const runner = await open()
      const seen: string[] = []
      await new Promise<void>((resolve) => {
        runner.run(query).subscribe({
          ...observer,
          onError: (error) => {
            seen.push(error?.message)
            if (seen.length === calls) resolve()
            onError?.(seen.length)
          },
        })
      })
      outcomes.push(seen)
      if (runner !== session) await (runner as unknown as { rollback(): Promise<void> }).rollback()
    }
    await session.close()
    return outcomes
  }
}

const both = (...seen: unknown[]) => [seen, seen]

differential('onError is told what onCompleted throws', server, told(FINE, { onCompleted: throws }), both('thrown'))

differential(
  'onError is told what an async onCompleted rejects with',
  server,
  told(FINE, { onCompleted: rejects }),
  both('rejected'),
)

differential(
  'onError is told that onCompleted rejected without a reason',
  server,
  told(FINE, { onCompleted: () => Promise.reject() as never }),
  both(undefined),
)

differential(
  'onError is told what any thenable that onCompleted returns rejects with',
  server,
  told(FINE, {
    onCompleted: () =>
      ({
        // biome-ignore lint/suspicious/noThenProperty: it is to be a thenable
        then: (_: unknown, reject: (error: Error) => void) => reject(new Error('of a thenable')),
      }) as never,
  }),
  both('of a thenable'),
)

differential(
  'onError is told what looking for the then of what onCompleted returned threw',
  server,
  told(FINE, {
    onCompleted: () =>
      ({
        // biome-ignore lint/suspicious/noThenProperty: it is to look like a thenable
        get then() {
          throw new Error('of a getter')
        },
      }) as never,
  }),
  both('of a getter'),
)

differential(
  'onError is called once more with what it throws itself at the failure of the query',
  server,
  told(FAILS, {}, 2, (call) => {
    if (call === 1) throws()
  }),
  both('/ by zero', 'thrown'),
)

differential(
  'without onError, what an async onCompleted rejects with is printed on the console',
  server,
  async ({ driver }) => {
    const { log } = console
    try {
      return await new Promise((resolve) => {
        console.log = (...what) => resolve(what)
        driver.session().run(FINE).subscribe({ onCompleted: rejects })
      })
    } finally {
      console.log = log
    }
  },
  ['Uncaught error when processing result: Error: rejected'],
)

differential(
  'subscribe() refuses an onNext that cannot be called, at once',
  server,
  async ({ driver }) => {
    const session = driver.session()
    const result = session.run(FINE)
    try {
      result.subscribe({ onNext: 5 } as unknown as ResultObserver)
      return 'taken'
    } catch (error) {
      return String(error)
    } finally {
      await session.close()
    }
  },
  'TypeError: observer.onNext.bind is not a function',
)
