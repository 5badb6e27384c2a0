/** Shapes of records: what get, toObject and destructuring are typed as. */
import neo4j, {
  type EagerResult,
  type Integer,
  type Node,
  type QueryResult,
  type Record,
  type ResultSummary,
} from 'the-driver'
import { holds, type Same } from './assert.js'

interface Person {
  name: string
  age: Integer
}

export async function shaped(): Promise<void> {
  const driver = neo4j.driver('bolt://localhost', neo4j.auth.basic('neo4j', 'password'))
  const session = driver.session()

  const result = session.run<Person>('MATCH (p:Person) RETURN p.name AS name, p.age AS age')
  for await (const record of result) {
    const name: string = record.get('name')
    const age: Integer = record.get('age')
    holds<Same<ReturnType<typeof record.toObject>, Person>>()
    // @ts-expect-error there is no such column
    record.get('nam')
    // @ts-expect-error a name is no number
    const wrong: number = record.get('name')
  }

  const { records, summary } = await result
  const first: Record<Person> | undefined = records[0]
  const all: Record<Person>[] = records
  const end: ResultSummary = summary
  const keys = await result.keys()
  const text: string = String(keys[0])

  const nodes = await session.run<{ p: Node<Integer, { name: string }, 'Person'> }>('MATCH (p:Person) RETURN p')
  const node = nodes.records[0]?.get('p')
  if (node !== undefined) {
    const property: string = node.properties.name
    const labels: 'Person'[] = node.labels
    // @ts-expect-error not a property
    node.properties.surname
  }

  const eager: EagerResult<Person> = await driver.executeQuery<EagerResult<Person>>('MATCH (p) RETURN p')
  const query: QueryResult<Person> = await session.run<Person>('RETURN 1')

  // Without a shape everything can be asked for.
  const loose = await session.run('RETURN 1 AS n')
  const anything: number = loose.records[0]?.get('whatever')
}
