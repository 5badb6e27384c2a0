/** Values, their classes and guards, errors, transformers. */
import neo4j, {
  DateTime,
  Duration,
  type EagerResult,
  Integer,
  int,
  isDate,
  isInt,
  isNode,
  isPoint,
  type Neo4jError,
  type Node,
  Point,
  type Record,
  resultTransformers,
  type Session,
} from 'the-driver'
import { holds, type Same } from './assert.js'

export function values(value: unknown): void {
  const number: Integer = int('9007199254740993')
  const small: number = number.toNumber()
  const big: bigint = number.toBigInt()
  const sum: Integer = Integer.fromNumber(1).add(2)
  if (isInt(value)) value.toNumber()
  if (isNode(value)) {
    const labels: string[] = value.labels
    const id: string = value.elementId
  }
  if (isPoint(value)) value.srid
  if (isDate(value)) value.toStandardDate()
  const point = new Point(7203, 1, 2)
  const height: number | undefined = point.z
  const span = new Duration(1, 2, 3, 4)
  const when: DateTime<number> = DateTime.fromStandardDate(new Date()) as unknown as DateTime<number>
  const year: number = when.year
  const loose: Node<number> = new neo4j.types.Node(1, [], {}, '1')
  const identity: number = loose.identity
}

export async function transformed(session: Session): Promise<void> {
  const driver = neo4j.driver('bolt://localhost')
  const plain = await driver.executeQuery('RETURN 1')
  holds<Same<typeof plain, EagerResult>>()
  const mapped = await driver.executeQuery(
    'RETURN 1',
    {},
    {
      routing: neo4j.routing.READ,
      resultTransformer: resultTransformers.mapped({ map: (record) => Number(record.get(0)) }),
    },
  )
  const numbers: { records: number[] } = mapped
  const first: Record | undefined = await driver.executeQuery(
    'RETURN 1',
    {},
    { resultTransformer: resultTransformers.first() },
  )
  // @ts-expect-error no such routing
  await driver.executeQuery('RETURN 1', {}, { routing: 'SOMEWHERE' })

  try {
    await session.run('RETURN')
  } catch (error) {
    const { code, message, gqlStatus, retryable } = error as Neo4jError
    const texts: string[] = [code, message, gqlStatus]
    const again: boolean = retryable
  }
}
