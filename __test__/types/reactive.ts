/** rxSession: observables of rxjs 7. */
import { lastValueFrom, map, type Observable } from 'rxjs'
import type {
  Driver,
  Record,
  ResultSummary,
  RxManagedTransaction,
  RxResult,
  RxSession,
  RxTransaction,
} from 'the-driver'

export async function reactive(driver: Driver): Promise<void> {
  const session: RxSession = driver.rxSession({ database: 'neo4j', fetchSize: 10 })
  const result: RxResult = session.run('RETURN 1 AS n')
  const records: Observable<Record> = result.records()
  const keys: Observable<string[]> = result.keys()
  const summary: Observable<ResultSummary> = result.consume()
  const names: Observable<string> = session.executeRead((tx: RxManagedTransaction) =>
    tx
      .run('RETURN 1 AS n')
      .records()
      .pipe(map((record) => String(record.get('n')))),
  )
  const name: string = await lastValueFrom(names)
  const transactions: Observable<RxTransaction> = session.beginTransaction()
  const tx = await lastValueFrom(transactions)
  await lastValueFrom(tx.commit(), { defaultValue: undefined })
  await lastValueFrom(session.close(), { defaultValue: undefined })
  // @ts-expect-error a name is no number
  const wrong: Observable<number> = names
}
