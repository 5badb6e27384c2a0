/** Compiled with each of the ways in which TypeScript looks for a package's types. */

import * as everything from 'neo4j-driver'
import neo4j, { type Driver, type EagerResult, type Integer, int, type Record, type Session } from 'neo4j-driver'

export async function count(uri: string): Promise<number> {
  const driver: Driver = neo4j.driver(uri, everything.auth.basic('neo4j', 'password'))
  const session: Session = driver.session({ defaultAccessMode: neo4j.session.READ })
  const result: EagerResult<{ n: Integer }> = await driver.executeQuery('RETURN $n AS n', { n: int(1) })
  const record: Record<{ n: Integer }> | undefined = result.records[0]
  await session.close()
  // @ts-expect-error there is no such column
  record?.get('other')
  return record?.get('n').toNumber() ?? 0
}
