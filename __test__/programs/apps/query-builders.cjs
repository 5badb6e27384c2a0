/**
 * Queries made by builders: clauses of @neo4j/cypher-builder run through the driver, and
 * cypher-query-builder, which runs its queries itself, turns values of the graph into its own, and streams
 * records as an Observable.
 */
const Cypher = require('@neo4j/cypher-builder')
const { Connection, node, relation } = require('cypher-query-builder')
const neo4j = require('neo4j-driver')

const { NEO4J_URI: uri, NEO4J_USER: username, NEO4J_PASSWORD: password } = process.env

async function main() {
  const outcome = {}
  const driver = neo4j.driver(uri, neo4j.auth.basic(username, password))
  try {
    const person = new Cypher.Node()
    const create = new Cypher.Unwind([
      new Cypher.Param([
        { name: 'Ann', born: neo4j.int(1970) },
        { name: 'Ben', born: neo4j.int(1980) },
      ]),
      'row',
    ])
      .create(new Cypher.Pattern(person, { labels: ['Person'] }))
      .set([person, '+=', new Cypher.NamedVariable('row')])
      .return([person, 'person'])
    const built = create.build()
    const created = await driver.executeQuery(built.cypher, built.params)
    outcome.created = [
      built.cypher,
      created.records.map((record) => record.get('person').properties.born.toNumber()),
      created.summary.counters.updates(),
    ]

    const match = new Cypher.Match(new Cypher.Pattern(person, { labels: ['Person'] }))
      .where(Cypher.gt(person.property('born'), new Cypher.Param(1975)))
      .return([Cypher.toUpper(person.property('name')), 'name'])
      .build()
    const session = driver.session({ defaultAccessMode: neo4j.session.READ })
    outcome.matched = (await session.run(match.cypher, match.params)).records.map((record) => record.toObject())
    await session.close()
  } finally {
    await driver.close()
  }

  const db = new Connection(uri, { username, password })
  try {
    await db
      .matchNode('ann', 'Person', { name: 'Ann' })
      .matchNode('ben', 'Person', { name: 'Ben' })
      .create([node('ann'), relation('out', 'knows', 'KNOWS', { since: 2001, close: true }), node('ben')])
      .run()
    const found = await db
      .match([node('a', 'Person'), relation('out', 'r'), node('b', 'Person')])
      .where({ 'a.name': 'Ann' })
      .return(['a', 'r', 'b.name'])
      .run()
    outcome.found = found.map((row) => {
      const { identity, start, end, elementId, startNodeElementId, endNodeElementId, ...relationship } = row.r
      return [row.a.labels, row.a.properties, relationship, start === row.a.identity, typeof end, row['b.name']]
    })
    outcome.streamed = await new Promise((resolve, reject) => {
      const rows = []
      db.unwind([1, 2, 3], 'n')
        .return('n * 2 AS double')
        .stream()
        .subscribe({ next: (row) => rows.push(row), error: reject, complete: () => resolve(rows) })
    })
    outcome.failed = await db
      .raw('RETURN 1 / 0 AS x')
      .run()
      .then(
        () => 'ran',
        ({ name, code, message }) => ({ name, code, message }),
      )
  } finally {
    await db.close()
  }
  console.log(JSON.stringify(outcome))
}

main()
