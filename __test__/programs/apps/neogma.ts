/**
 * A shop with neogma, in TypeScript: models with relationships and validation, finding, loading along
 * relationships, changing, deleting, the query builder, raw queries, sessions and transactions that are
 * passed along, and the driver under the name that neogma exports.
 */

import type { Driver, EagerResult, Integer, QueryResult, RecordShape, Session } from 'neo4j-driver'
import neo4j, { isInt, Neo4jError } from 'neo4j-driver'
import {
  BindParam,
  getSession,
  getTransaction,
  ModelFactory,
  type ModelRelatedNodesI,
  Neogma,
  type NeogmaInstance,
  NeogmaNotFoundError,
  neo4jDriver,
  Op,
  QueryBuilder,
} from 'neogma'

type OrderProperties = { id: string; total: number; status?: string; paid?: neo4jDriver.Date }
type OrderInstance = NeogmaInstance<OrderProperties, object>
type UserProperties = { id: string; name: string; age?: number; tags?: string[] }
interface UserRelations {
  Orders: ModelRelatedNodesI<
    { createOne: typeof Orders.createOne },
    OrderInstance,
    { Rating: number },
    { rating: number }
  >
  Friends: ModelRelatedNodesI<{ createOne: typeof Users.createOne }, UserInstance>
}
interface UserMethods {
  initial(): string
}
type UserInstance = NeogmaInstance<UserProperties, UserRelations, UserMethods>

const { NEO4J_URI: url = '', NEO4J_USER: username = '', NEO4J_PASSWORD: password = '' } = process.env
const queries: string[] = []
const neogma = new Neogma(
  { url, username, password, database: 'neo4j' },
  {
    disableLosslessIntegers: true,
    maxConnectionPoolSize: 5,
    logger: (...line: unknown[]) => queries.push(String(line[0])),
  },
)

const Orders = ModelFactory<OrderProperties>(
  {
    label: 'Order',
    primaryKeyField: 'id',
    schema: {
      id: { type: 'string', required: true },
      total: { type: 'number', minimum: 0, required: true },
      status: { type: 'string', required: false },
      paid: { type: 'object', required: false },
    },
  },
  neogma,
)

const Users = ModelFactory<UserProperties, UserRelations, object, UserMethods>(
  {
    label: 'User',
    primaryKeyField: 'id',
    schema: {
      id: { type: 'string', required: true },
      name: { type: 'string', minLength: 2, required: true },
      age: { type: 'number', required: false },
      tags: { type: 'array', required: false },
    },
    methods: {
      initial() {
        return this.name.slice(0, 1)
      },
    },
    relationships: {
      Orders: {
        model: Orders,
        direction: 'out',
        name: 'PLACED',
        properties: { Rating: { property: 'rating', schema: { type: 'number', required: true } } },
      },
      Friends: { model: 'self', direction: 'out', name: 'KNOWS' },
    },
  },
  neogma,
)

/** The error's parts, or that there was none. */
async function failure(work: () => Promise<unknown>) {
  try {
    await work()
    return 'no error'
  } catch (error) {
    const { name, message, code } = error as { name: string; message: string; code?: string }
    return { name, message, code, isNeo4jError: error instanceof Neo4jError }
  }
}

async function main() {
  const outcome: Record<string, unknown> = {}
  await neogma.verifyConnectivity()

  const alice = await Users.createOne({
    id: '1',
    name: 'Alice',
    age: 38,
    tags: ['a', 'b'],
    Orders: {
      properties: [
        {
          id: 'o1',
          total: 12.5,
          status: 'open',
          paid: new neo4jDriver.types.Date(neo4j.int(2026), neo4j.int(1), neo4j.int(31)),
          Rating: 4,
        },
        { id: 'o2', total: 3, status: 'done', Rating: 5 },
      ],
      propertiesMergeConfig: { nodes: true },
    },
  })
  const [bob, carol] = await Users.createMany([
    { id: '2', name: 'Bob', age: 20 },
    { id: '3', name: 'Carol', Friends: { where: { params: { id: '1' } } } },
  ])
  outcome.created = [alice, bob, carol].map((user) => [user?.getDataValues(), user?.initial(), user?.labels])
  outcome.related = await alice.relateTo({ alias: 'Friends', where: { id: '2' }, assertCreatedRelationships: 1 })

  outcome.invalid = await failure(() => Users.createOne({ id: '4', name: 'X' }))
  outcome.notFound = await Users.findOne({ where: { id: 'none' }, throwIfNotFound: true }).then(
    () => 'found',
    (error) => [error instanceof NeogmaNotFoundError, error.message],
  )

  outcome.many = await Users.findMany({
    where: { age: { [Op.gte]: 20 } },
    order: [['name', 'DESC']],
    limit: 5,
    plain: true,
  })
  outcome.skipped = await Users.findMany({ order: [['name', 'ASC']], skip: 1, limit: 1, plain: true })
  outcome.relationships = (
    await alice.findRelationships({ alias: 'Orders', where: { relationship: { rating: 5 } } })
  ).map(({ source, target, relationship }) => [source.name, target.getDataValues(), relationship])
  const loaded = await Users.findOne({
    where: { id: '1' },
    plain: true,
    relationships: { Orders: { order: [{ on: 'target', property: 'total', direction: 'ASC' }] } },
  })
  outcome.loaded = loaded?.Orders?.map(({ node, relationship }) => [node, relationship])

  alice.name = 'Alicia'
  await alice.save()
  const [, updated] = await Users.update({ age: 21 }, { where: { name: { [Op.in]: ['Bob', 'Carol'] } }, return: true })
  outcome.updated = updated.summary.counters.updates()
  await Users.updateRelationship(
    { rating: 1 },
    { alias: 'Orders', where: { source: { id: '1' }, target: { id: 'o2' } } },
  )

  const bind = new BindParam({ least: 1 })
  const builder = new QueryBuilder(bind)
    .match({
      related: [
        { identifier: 'u', model: Users },
        { ...Users.getRelationshipByAlias('Orders'), identifier: 'r' },
        { identifier: 'o', model: Orders },
      ],
    })
    .where('r.rating >= $least')
    .return(['u.name AS name', 'o AS order', 'r AS placed'])
    .orderBy('o.total')
    .limit(10)
  outcome.statement = [builder.getStatement(), bind.get()]
  const built: QueryResult<RecordShape> = await builder.run(neogma.queryRunner)
  outcome.built = built.records.map((record) => {
    const order = record.get('order')
    return [
      record.get('name'),
      neo4j.isNode(order),
      order instanceof neo4j.types.Node,
      order.properties,
      record.get('placed').properties,
    ]
  })
  outcome.properties =
    QueryBuilder.queryRunner &&
    (await neogma.queryRunner.run('RETURN $n AS n, toInteger($n) AS i', { n: neo4j.int(7) })).records.map((r) => [
      r.get('n'),
      typeof r.get('i'),
    ])

  outcome.session = await getSession(
    null,
    async (session: Session) => {
      await getTransaction(
        session,
        async (transaction) => {
          await Users.createOne({ id: '5', name: 'Dave' }, { session: transaction })
          outcome.open = transaction.isOpen()
        },
        neogma.driver,
      )
      outcome.undone = await failure(() =>
        getTransaction(
          session,
          async (transaction) => {
            await Users.createOne({ id: '6', name: 'Erin' }, { session: transaction })
            throw new Error('changed its mind')
          },
          neogma.driver,
        ),
      )
      outcome.wrong = await failure(() => neogma.queryRunner.run('MATCH (n RETURN n', {}, session))
      const counted = await session.executeRead((tx) => tx.run('MATCH (u:User) RETURN count(u) AS n'))
      return counted.records[0]?.get('n')
    },
    neogma.driver,
  )
  outcome.deleted = [await Orders.delete({ where: { id: 'o1' }, detach: true }), await bob?.delete({ detach: true })]
  outcome.left = (await Users.findMany({ order: [['id', 'ASC']] })).map((user) => user.getDataValues())

  const other: Driver = neo4jDriver.driver(url, neo4jDriver.auth.basic(username, password))
  const { records } = await other.executeQuery<EagerResult<{ n: Integer }>>('RETURN 9007199254740993 AS n')
  outcome.exact = [isInt(records[0]?.get('n')), String(records[0]?.get('n'))]
  await other.close()
  await neogma.driver.close()

  const unreachable = new Neogma({ url: 'bolt://127.0.0.1:1', username, password }, { connectionTimeout: 2000 })
  outcome.unreachable = await failure(() => unreachable.verifyConnectivity())
  await unreachable.driver.close()
  outcome.queries = queries.length
  console.log(JSON.stringify(outcome))
}

void main()
