/** Sessions, transactions and what transaction functions return. */
import neo4j, {
  auth,
  bookmarkManager,
  driver as connect,
  type Driver,
  type ManagedTransaction,
  type QueryResult,
  type RecordShape,
  type Session,
  session as sessionModes,
  type Transaction,
} from 'the-driver'
import { holds, type Same } from './assert.js'

export async function sessions(): Promise<void> {
  const driver: Driver = connect('bolt://localhost', auth.basic('neo4j', 'password'), {
    maxConnectionPoolSize: 10,
    connectionAcquisitionTimeout: 1000,
    fetchSize: 100,
    disableLosslessIntegers: true,
    logging: { level: 'debug', logger: (level: string, message: string) => {} },
  })
  // @ts-expect-error a number is wanted
  connect('bolt://localhost', auth.none?.(), { fetchSize: 'many' })

  const session: Session = driver.session({
    database: 'neo4j',
    defaultAccessMode: sessionModes.READ,
    bookmarks: ['a', 'b'],
    impersonatedUser: 'jane',
    fetchSize: 10,
    bookmarkManager: bookmarkManager(),
  })
  // @ts-expect-error no such mode
  driver.session({ defaultAccessMode: 'SOMETIMES' })

  const names = await session.executeRead(async (tx: ManagedTransaction) => {
    const { records } = await tx.run('RETURN 1')
    return records.map((record) => String(record.get(0)))
  })
  holds<Same<typeof names, string[]>>()
  const count = await session.executeWrite(() => 42)
  holds<Same<typeof count, number>>()
  const explicit = await session.executeRead<boolean>((tx) => tx.run('RETURN 1').then(() => true), {
    timeout: 1000,
    metadata: { app: 'x' },
  })
  holds<Same<typeof explicit, boolean>>()
  // @ts-expect-error the work returns no number
  await session.executeRead<number>(async () => 'text')
  // @ts-expect-error a managed transaction is ended by its function's return
  await session.executeRead((tx) => tx.commit())
  const raw = await session.executeRead((tx) => tx.run<{ n: number }>('RETURN 1 AS n'))
  const result: QueryResult<{ n: number }> = raw

  const tx: Transaction = await session.beginTransaction({ timeout: 5 })
  const open: boolean = tx.isOpen()
  await tx.run('RETURN $x', { x: 1 })
  await tx.commit()
  // Without waiting for its beginning.
  await session.beginTransaction().run('RETURN 1')

  const bookmarks: string[] = session.lastBookmarks()
  const closed: Promise<void> = session.close()
  const done: Promise<void> = driver.close()
  const agent: string | undefined = (await driver.getServerInfo()).agent
  const same: typeof neo4j.driver = connect
}

export function subscriptions(session: Session): void {
  session.run<{ n: number }>('RETURN 1 AS n').subscribe({
    onKeys: (keys) => keys.map((key) => key),
    onNext: (record) => {
      const n: number = record.get('n')
    },
    onCompleted: (summary) => {
      const created: number = summary.counters.updates().nodesCreated
      const type: string = summary.queryType
    },
    onError: (error) => {
      const text: string = error.message
    },
  })
  session.run('RETURN 1').subscribe({})
  const promise: Promise<QueryResult<RecordShape>> = session.run('RETURN 1')
}
