/** What only our package has, or has typed right. */
import neo4j, { mappingDecorators, StandardCase } from 'the-driver'

export async function disposal(): Promise<void> {
  await using driver = neo4j.driver('bolt://localhost', neo4j.auth.none())
  await using session = driver.session()
  await using tx = await session.beginTransaction()
  await tx.run('RETURN 1')
}

export function configured(): void {
  neo4j.driver('bolt://localhost', undefined, { strictResults: true }).session({ strictResults: true })
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
