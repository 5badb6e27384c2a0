/** What only our package has, or has typed right. */
import neo4j, { type DriverMetrics, mappingDecorators, StandardCase } from 'the-driver'

export async function disposal(): Promise<void> {
  await using driver = neo4j.driver('bolt://localhost', neo4j.auth.none())
  await using session = driver.session()
  await using tx = await session.beginTransaction()
  await tx.run('RETURN 1')
}

export function configured(): void {
  neo4j.driver('bolt://localhost', undefined, { strictResults: true }).session({ strictResults: true })
}

export function watched(): number {
  const driver = neo4j.driver('bolt://localhost', undefined, {
    minConnectionPoolSize: 1,
    idleTimeout: 60_000,
    leakDetectionThreshold: 10_000,
  })
  const { pools }: DriverMetrics = driver.metrics()
  return pools.reduce((sum, pool) => sum + pool.inUse + pool.acquisitions.max, 0)
}

class Person {
  @mappingDecorators.stringProperty() name = ''
  @mappingDecorators.optionalProperty() @mappingDecorators.numberProperty({ isInteger: true }) born?: number
}

export function mapping(): void {
  neo4j.mappingDecorators.mappedClass()
  const convention: StandardCase = StandardCase.SnakeCase
  neo4j.RecordObjectMapping.getCaseTranslator(convention, 'camelCase')
  const session = neo4j.driver('bolt://localhost').rxSession()
  session.run('Q', new Person(), undefined, { name: neo4j.rule.asString() })
}
