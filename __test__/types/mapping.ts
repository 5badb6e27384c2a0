/** Object mapping: what rules and classes make of records, and what takes rules for parameters. */
import neo4j, {
  type Driver,
  type MappedQueryResult,
  type Node,
  type Record,
  type ResultSummary,
  type ResultTransformer,
  type Rule,
  type Rules,
  type Session,
  type StandardCase,
} from 'the-driver'
import { holds, type Same } from './assert.js'

class Person {
  name = ''
  born?: number
}

interface Named {
  name: string
}

const rules: Rules = {
  name: neo4j.rule.asString({ optional: true, from: 'n', validate: (value, field) => `${value} ${field}` }),
  born: neo4j.rule.asNumber({ isInteger: true }),
  bornAt: neo4j.rule.asDate({ stringify: true }),
  seen: neo4j.rule.asDateTime({ jsNativeDate: true }),
  big: neo4j.rule.asBigInt({ acceptNumber: true }),
  tags: neo4j.rule.asList({ apply: neo4j.rule.asString() }),
  embedding: neo4j.rule.asVector({ dimension: 3, type: 'FLOAT32', asTypedList: true }),
  address: neo4j.rule.asObject({ street: neo4j.rule.asString() }),
  friend: neo4j.rule.asObject(Person, { name: neo4j.rule.asString() }),
  node: neo4j.rule.asNode({ convert: (node: Node) => node.as(Person) }),
}

export function factories(): void {
  const rule: Rule = neo4j.rule.asUUID({ stringify: true })
  // @ts-expect-error dates have no such option
  neo4j.rule.asDate({ isInteger: true })
  // @ts-expect-error there is no such type of vector
  neo4j.rule.asVector({ type: 'INT128' })
  // @ts-expect-error needs rules or a class
  neo4j.rule.asObject()
  // @ts-expect-error frozen
  neo4j.rule.asString = () => rule
}

export function values(record: Record, node: Node): void {
  const byRules: Named = record.as<Named>(rules)
  const byClass: Person = record.as(Person)
  const byBoth: Person = node.as(Person, rules)
  // biome-ignore lint/complexity/noBannedTypes: what the official types say where nothing is said
  const untyped: Object = node.as(rules)
  // @ts-expect-error a class and nothing else
  record.as('Person')
}

export async function results(session: Session, driver: Driver): Promise<void> {
  const result = session.run('Q').as(Person)
  for await (const person of result) {
    const name: string = person.name
    // @ts-expect-error no record any more
    person.get('name')
  }
  const complete = await result
  const people: Person[] = complete.records
  const summary: ResultSummary = complete.summary
  const named: MappedQueryResult<Named> = await session.run('Q').as<Named>(rules)
  holds<Same<typeof complete, MappedQueryResult<Person>>>()
  const peeked = await result[Symbol.asyncIterator]().peek()
  if (peeked.done !== true) holds<Same<typeof peeked.value, Person>>()

  const hydrated = await driver.executeQuery('Q', {}, { resultTransformer: neo4j.resultTransformers.hydrated(Person) })
  holds<Same<typeof hydrated, { records: Person[]; summary: ResultSummary }>>()
  const transformer: ResultTransformer<{ records: Named[]; summary: ResultSummary }> =
    neo4j.resultTransformers.hydrated<Named>(rules)
}

export async function parameters(session: Session, driver: Driver): Promise<void> {
  const person = new Person()
  await session.run('Q', person, undefined, rules)
  await session.run({ text: 'Q', parameters: person, parameterRules: rules })
  await session.executeRead((tx) => tx.run('Q', person, rules))
  const transaction = await session.beginTransaction()
  await transaction.run('Q', person, rules)
  await driver.executeQuery('Q', person, undefined, rules)
}

export function registry(): void {
  neo4j.RecordObjectMapping.register(Person, rules)
  const translate: (name: string) => string = neo4j.RecordObjectMapping.getCaseTranslator(
    'snake_case' as StandardCase,
    'camelCase' as StandardCase,
  )
  neo4j.RecordObjectMapping.translateIdentifiers(translate)
  neo4j.RecordObjectMapping.clearMappingRegistry()
  // @ts-expect-error rules, not one rule
  neo4j.RecordObjectMapping.register(Person, 'rules')
}
