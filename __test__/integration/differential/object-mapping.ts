/** Object mapping. */
import { group, type Script } from './suite.js'

interface Person {
  name: string
  age: number
}

export const mapping = group('object mapping', {
  'records by rules': async ({ neo4j, session, log, attempt }) => {
    const { rule } = neo4j
    const { records } = await session().run(
      "RETURN 'Alice' AS name, 42 AS age, date('2024-01-01') AS born, [1.5, 2.5] AS list, null AS nothing",
    )
    const record = records[0]
    if (record === undefined) throw new Error('no record')
    log(record.as({ name: rule.asString(), age: rule.asNumber({ isInteger: true }) }))
    log(record.as({ born: rule.asDate({ stringify: true }), list: rule.asList({ apply: rule.asNumber() }) } as never))
    log(record.as({ age: rule.asBigInt(), nothing: { ...rule.asString(), optional: true } } as never))
    await attempt(() => record.as({ name: rule.asNumber() }))
    await attempt(() => record.as({ zz: rule.asString() }))
    await attempt(() => record.as({ nothing: rule.asString() }))
    await attempt(() => record.as({ list: rule.asList({ apply: rule.asString() }) } as never))
    await attempt(() => record.as({ other: { ...rule.asString(), from: 'name' } } as never))
  },
  'records as a class': async ({ neo4j, session, log }) => {
    const { rule } = neo4j
    class Thing {
      name = ''
      age = 0
    }
    const { records } = await session().run("RETURN 'Alice' AS name, 42 AS age")
    const thing = records[0]?.as(
      Thing as never,
      { age: rule.asNumber({ isInteger: true }) } as never,
    ) as unknown as Thing
    log(thing instanceof Thing, { ...thing }, records[0]?.as(Thing as never))
  },
  results: async ({ neo4j, session, driver, log, attempt }) => {
    const { rule, resultTransformers } = neo4j
    const rules = { name: rule.asString(), age: rule.asNumber({ isInteger: true }) }
    const query = "UNWIND ['Alice', 'Bob'] AS name RETURN name, 42 AS age"
    const mapped = await session().run(query).as<Person>(rules)
    log(mapped.records, mapped.summary.queryType)
    const people = []
    for await (const person of session().run(query).as<Person>(rules)) people.push(person)
    log(people)
    log(
      (await driver.executeQuery(query, {}, { resultTransformer: resultTransformers.hydrated<Person>(rules) })).records,
    )
    await attempt(() => session().run(query).as<Person>({ name: rule.asNumber() }))
    await attempt(async () => {
      const result = session().run(query)
      await result
      result.as<Person>(rules)
    })
  },
  nodes: async ({ neo4j, session, label, log, attempt }) => {
    const { rule } = neo4j
    const { records } = await session().run(
      `CREATE (n:${label} {name: 'Alice', age: 42})-[r:KNOWS {since: 2020}]->(:${label}) RETURN n, r`,
    )
    log(
      records[0]?.get('n').as({ name: rule.asString(), age: rule.asNumber({ isInteger: true }) }),
      records[0]?.get('r').as({ since: rule.asNumber({ isInteger: true }) }),
    )
    await attempt(() => records[0]?.get('n').as({ zz: rule.asString() }))
  },
  parameters: async ({ neo4j, session, log, attempt }) => {
    const { rule } = neo4j
    const rules = { name: rule.asString(), age: rule.asNumber({ isInteger: true }) }
    log((await session().run('RETURN $name AS name, $age AS age', { name: 'Alice', age: 42 }, {}, rules)).records)
    await attempt(() => session().run('RETURN $name AS name', { name: 5 }, {}, rules))
    await attempt(() => session().run('RETURN $name AS name', {}, {}, rules))
    await attempt(() => session().run({ text: 'RETURN 1 AS n' }, {}, {}, rules))
    log(
      (
        await session().run({
          text: 'RETURN $name AS name',
          parameters: { name: 'x', age: 1 },
          parameterRules: rules,
        } as never)
      ).records,
    )
  },
  ...Object.fromEntries(
    [
      'asBoolean',
      'asString',
      'asNumber',
      'asBigInt',
      'asInteger',
      'asNode',
      'asPoint',
      'asDuration',
      'asLocalTime',
      'asTime',
      'asDate',
      'asLocalDateTime',
      'asDateTime',
      'asList',
      'asVector',
      'asUUID',
    ].map((name): [string, Script] => [
      `rule.${name} and every type`,
      async ({ neo4j, session, attempt }) => {
        const make = (neo4j.rule as unknown as Record<string, (options?: object) => object>)[name]
        const { records } = await session().run(
          "RETURN true AS b, 's' AS s, 1 AS i, 1.5 AS f, [1] AS l, {a: 1} AS m, date('2024-01-01') AS d, time('12:00Z') AS t, localtime('12:00') AS lt, datetime('2024-01-01T00:00Z') AS dt, localdatetime('2024-01-01T00:00') AS ldt, duration('P1D') AS du, point({x: 1, y: 2}) AS p, null AS n",
        )
        const record = records[0]
        for (const key of record?.keys ?? []) await attempt(() => record?.as({ [key]: make?.() } as never))
        await attempt(() => record?.as({ d: make?.({ stringify: true }) } as never))
        await attempt(() => record?.as({ i: make?.({ acceptNumber: true }) } as never))
      },
    ]),
  ),
})
