/**
 * A GraphQL API over a graph of films with @neo4j/graphql: schema, nested mutations with properties on
 * relationships, filters, aggregation, paging, every scalar that has a class in the driver, constraints,
 * errors of the database, and authorization by the claims of a token.
 */
import { Neo4jGraphQL } from '@neo4j/graphql'
import { graphql, lexicographicSortSchema, printSchema } from 'graphql'
import neo4j from 'neo4j-driver'

const typeDefs = /* GraphQL */ `
  type JWT @jwt {
    roles: [String!]!
  }

  type Movie @node {
    title: String!
    released: Int!
    rating: Float
    budget: BigInt
    premiere: Date
    added: DateTime @timestamp(operations: [CREATE])
    shot: LocalDateTime
    doors: Time
    start: LocalTime
    runtime: Duration
    location: Point
    seat: CartesianPoint
    tags: [String!]
    actors: [Person!]! @relationship(type: "ACTED_IN", properties: "ActedIn", direction: IN)
    decade: Int! @cypher(statement: "RETURN this.released / 10 * 10 AS decade", columnName: "decade")
  }

  type Person @node {
    id: ID! @id
    name: String!
    born: Int
    movies: [Movie!]! @relationship(type: "ACTED_IN", properties: "ActedIn", direction: OUT)
  }

  type ActedIn @relationshipProperties {
    roles: [String!]!
    since: Date
  }

  type Secret @node @authorization(validate: [{ where: { jwt: { roles: { includes: "admin" } } } }]) {
    text: String!
  }

  type Query {
    movieCount(minimum: Int!): Int!
      @cypher(statement: "MATCH (m:Movie) WHERE m.released >= $minimum RETURN count(m) AS n", columnName: "n")
  }
`

const driver = neo4j.driver(process.env.NEO4J_URI, neo4j.auth.basic(process.env.NEO4J_USER, process.env.NEO4J_PASSWORD))
const outcome = {}
try {
  const api = new Neo4jGraphQL({ typeDefs, driver, features: { authorization: { key: 'a key of the program' } } })
  const schema = await api.getSchema()
  outcome.schema = printSchema(lexicographicSortSchema(schema))
  await api.checkNeo4jCompat({ driver })
  await driver.executeQuery('CREATE CONSTRAINT person_id FOR (p:Person) REQUIRE p.id IS UNIQUE')
  await api.assertIndexesAndConstraints({ driver })

  const ask = async (source, variableValues = {}, context = {}) => {
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue: context })
    return errors ? { data, errors: errors.map(({ message, extensions }) => ({ message, extensions })) } : data
  }

  outcome.create = await ask(
    /* GraphQL */ `
      mutation ($input: [MovieCreateInput!]!) {
        createMovies(input: $input) {
          info {
            nodesCreated
            relationshipsCreated
          }
          movies {
            title
            released
            rating
            budget
            premiere
            shot
            doors
            start
            runtime
            tags
            decade
            location {
              latitude
              longitude
              height
              srid
              crs
            }
            seat {
              x
              y
              z
              srid
            }
            actorsConnection(sort: [{ node: { name: ASC } }]) {
              totalCount
              edges {
                properties {
                  roles
                  since
                }
                node {
                  name
                  born
                }
              }
            }
          }
        }
      }
    `,
    {
      input: [
        {
          title: 'The Matrix',
          released: 1999,
          rating: 8.7,
          budget: '9007199254740993',
          premiere: '1999-03-24',
          shot: '1998-03-01T09:30:00.123456789',
          doors: '19:30:00+02:00',
          start: '20:00:00',
          runtime: 'P0M0DT8160S',
          tags: ['action', 'science fiction'],
          location: { latitude: 34.05, longitude: -118.25 },
          seat: { x: 1.5, y: 2.5, z: 3.5 },
          actors: {
            create: [
              { edge: { roles: ['Neo'], since: '1997-06-01' }, node: { name: 'Keanu Reeves', born: 1964 } },
              { edge: { roles: ['Trinity'] }, node: { name: 'Carrie-Anne Moss', born: 1967 } },
            ],
          },
        },
        { title: 'Speed', released: 1994, rating: 7.3, actors: { create: [] } },
        { title: 'Chocolat', released: 2000, rating: 7.2 },
      ],
    },
  )

  outcome.connect = await ask(/* GraphQL */ `
    mutation {
      updateMovies(
        where: { title: { eq: "Speed" } }
        update: {
          rating: { add: 0.2 }
          tags: { set: ["bus"] }
          actors: [{ connect: [{ where: { node: { name: { eq: "Keanu Reeves" } } }, edge: { roles: ["Jack"] } }] }]
        }
      ) {
        info {
          relationshipsCreated
        }
        movies {
          rating
          tags
          actors {
            name
          }
        }
      }
    }
  `)

  outcome.filter = await ask(/* GraphQL */ `
    {
      byActor: movies(where: { actors: { some: { name: { startsWith: "Keanu" } } } }, sort: [{ released: ASC }]) {
        title
        actors(sort: [{ name: ASC }]) {
          name
        }
      }
      byEdge: movies(where: { actorsConnection: { some: { edge: { roles: { includes: "Trinity" } } } } }) {
        title
      }
      byDistance: movies(
        where: { location: { distance: { from: { latitude: 34, longitude: -118 }, lt: 100000 } } }
      ) {
        title
      }
      byDate: movies(where: { premiere: { gte: "1999-01-01" }, AND: [{ runtime: { gt: "PT2H" } }] }) {
        title
        runtime
      }
      logic: movies(where: { OR: [{ released: { in: [1994, 2000] } }, { NOT: { rating: { gt: 5 } } }] }, sort: [{ title: DESC }]) {
        title
      }
      page: movies(limit: 1, offset: 1, sort: [{ released: ASC }]) {
        title
      }
      movieCount(minimum: 1995)
    }
  `)

  outcome.connection = await ask(/* GraphQL */ `
    {
      moviesConnection(first: 2, sort: [{ released: ASC }]) {
        totalCount
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            title
            actorsConnection {
              totalCount
              aggregate {
                count {
                  nodes
                }
                node {
                  born {
                    average
                    max
                  }
                }
              }
            }
          }
        }
        aggregate {
          count {
            nodes
          }
          node {
            title {
              shortest
              longest
            }
            released {
              min
              max
              average
              sum
            }
            rating {
              sum
            }
          }
        }
      }
    }
  `)

  outcome.badInput = await ask('{ movies(where: { premiere: { eq: "no date" } }) { title } }')
  await driver.executeQuery('CREATE CONSTRAINT movie_title FOR (m:Movie) REQUIRE m.title IS UNIQUE')
  outcome.constraint = await ask(
    'mutation { createMovies(input: [{ title: "Speed", released: 1 }]) { movies { title } } }',
  )

  const write = 'mutation { createSecrets(input: [{ text: "s" }]) { secrets { text } } }'
  outcome.forbidden = await ask(write, {}, { jwt: { roles: ['reader'] } })
  outcome.allowed = await ask(write, {}, { jwt: { roles: ['admin'] } })
  outcome.unread = await ask('{ secrets { text } }', {}, { jwt: { roles: [] } })
  outcome.read = await ask('{ secrets { text } }', {}, { jwt: { roles: ['admin'] } })

  // The library also takes a session or an open transaction of the application, and settings of the session.
  const session = driver.session({ database: 'neo4j' })
  try {
    outcome.inSession = await ask('{ movies(sort: [{ title: ASC }]) { title } }', {}, { executionContext: session })
    const tx = await session.beginTransaction()
    await ask(
      'mutation { deleteMovies(where: { title: { eq: "Speed" } }) { nodesDeleted } }',
      {},
      { executionContext: tx },
    )
    outcome.inTransaction = await ask('{ movies(sort: [{ title: ASC }]) { title } }', {}, { executionContext: tx })
    await tx.rollback()
    outcome.rolledBack = await ask(
      '{ movies(sort: [{ title: ASC }]) { title } }',
      {},
      { sessionConfig: { database: 'neo4j' } },
    )
  } finally {
    await session.close()
  }
  outcome.delete = await ask(/* GraphQL */ `
    mutation {
      deleteMovies(where: { title: { eq: "The Matrix" } }, delete: { actors: [{ where: { node: { born: { gt: 1965 } } } }] }) {
        nodesDeleted
        relationshipsDeleted
      }
    }
  `)
  const { records } = await driver.executeQuery('MATCH (p:Person) RETURN p.name AS name, size(p.id) AS id')
  outcome.left = records.map((record) => ({ name: record.get('name'), id: record.get('id').toNumber() }))
} finally {
  await driver.close()
}
console.log(JSON.stringify(outcome))
