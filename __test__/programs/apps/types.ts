/**
 * The driver's objects where the types of libraries ask for them. Compiled only.
 */
import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import { Neo4jGraph, Neo4jVectorStore } from '@langchain/neo4j'
import Cypher from '@neo4j/cypher-builder'
import { Neo4jGraphQL, type Neo4jGraphQLContext } from '@neo4j/graphql'
import { Connection } from 'cypher-query-builder'
import neo4j, {
  type Config,
  type Driver,
  type EagerResult,
  Integer,
  type ManagedTransaction,
  type Node,
  type Record,
  type Relationship,
  resultTransformers,
  type Session,
  type Transaction,
} from 'neo4j-driver'
import { getRunnable, Neogma, type Runnable } from 'neogma'

interface Person {
  [key: string]: unknown
  name: string
  born: Integer
}

export async function graphql(driver: Driver): Promise<Neo4jGraphQLContext> {
  const api = new Neo4jGraphQL({
    typeDefs: 'type A @node { b: Int }',
    driver,
    features: { authorization: { key: 'a' } },
  })
  await api.getSchema()
  await api.assertIndexesAndConstraints({ driver, sessionConfig: { database: 'neo4j' } })
  const session: Session = driver.session({ database: 'neo4j' })
  const transaction: Transaction = await session.beginTransaction()
  return { executionContext: transaction, sessionConfig: { database: 'neo4j' } }
}

export async function langchain(embeddings: EmbeddingsInterface): Promise<unknown> {
  const graph = new Neo4jGraph({ url: '', username: '', password: '' })
  await Neo4jVectorStore.initialize(embeddings, { url: '', username: '', password: '' })
  return graph.query('RETURN 1', {}, neo4j.routing.READ)
}

export async function neogma(options: Config, transaction: ManagedTransaction): Promise<string[]> {
  const { driver, queryRunner } = new Neogma({ url: '', username: '', password: '' }, options)
  const ours: Driver = driver
  const inExisting: Runnable = ours.session()
  await getRunnable(inExisting, (runnable) => queryRunner.run('RETURN 1', {}, runnable), driver)
  const { records } = await transaction.run<{ p: Node<Integer, Person>; r: Relationship }>(
    'MATCH (p)-[r]->() RETURN p, r',
  )
  return records.map((record) => record.get('p').properties.name + record.get('r').type)
}

export async function builders(driver: Driver): Promise<number> {
  const { cypher, params } = new Cypher.Return(Cypher.count(new Cypher.Node())).build()
  const result: EagerResult<{ n: Integer }> = await driver.executeQuery(cypher, params)
  const mapped = await driver.executeQuery(cypher, params, {
    resultTransformer: resultTransformers.mappedResultTransformer({
      map: (record: Record) => record.get('n') as Integer,
    }),
  })
  const first: Integer | undefined = mapped.records[0]
  const connection = new Connection('', { username: '', password: '' })
  const rows: { [name: string]: unknown }[] = await connection.matchNode('n').return('n').run()
  return result.records.length + rows.length + Integer.toNumber(first ?? Integer.ZERO)
}
