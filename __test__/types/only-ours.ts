/** What only our package has, or has typed right. */
import neo4j from 'the-driver'

export async function disposal(): Promise<void> {
  await using driver = neo4j.driver('bolt://localhost', neo4j.auth.none())
  await using session = driver.session()
  await using tx = await session.beginTransaction()
  await tx.run('RETURN 1')
}

export function configured(): void {
  neo4j.driver('bolt://localhost', undefined, { strictResults: true }).session({ strictResults: true })
}
