/** The log of one program on both drivers, on a real server. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Driver } from 'neo4j-driver'
import { type DriverName, load, neoboltOnly } from '../support/drivers.js'
import { comparable } from '../support/log-lines.js'
import { LTS, NEWEST, OLD, requires, type ServerAddress, useServer } from '../support/servers.js'

/** Everything that an application does with a driver, in sequence. */
async function program(driver: Driver, neo4j: ReturnType<typeof load>): Promise<void> {
  const session = driver.session({ fetchSize: 2 })
  await session.run(
    'UNWIND range(1, 3) AS i RETURN i, $text, date("2020-02-29"), time("12:00+01:00"), point({x: 1, y: 2}), {list: [1.5, null, true]}',
    { text: 'a "quoted" text' },
    { timeout: 5000, metadata: { app: 'test' } },
  )
  await session.executeWrite((tx) => tx.run('CREATE (n:LogTest {a: $a}) RETURN n.a', { a: neo4j.int(1) }))
  await assert.rejects(session.run('RETURN nobody').then(() => {}))
  const tx = await session.beginTransaction()
  await tx.run('MATCH (n:LogTest) DELETE n')
  await tx.rollback()
  await session.close()
  await driver.executeQuery('MATCH (n:LogTest) DELETE n')
  await driver.getServerInfo()
}

async function logOf(name: DriverName, server: ServerAddress, unredactDebugLogs: boolean): Promise<string[]> {
  const neo4j = load(name)
  const lines: string[] = []
  const driver = neo4j.driver(server.uri, neo4j.auth.basic(server.user, server.password), {
    userAgent: 'test/1',
    logging: { level: 'debug', unredactDebugLogs, logger: (level, message) => void lines.push(`${level} ${message}`) },
  })
  try {
    await program(driver, neo4j)
  } finally {
    await driver.close()
  }
  assert.ok(!lines.some((line) => line.includes(server.password)), `${name} logs the password`)
  const all = comparable(lines.map(timeless))
  // What is sent while answers arrive is a matter of timing: each direction is in order by itself.
  const sent = all.filter((line) => line.includes(' C: '))
  return [...sent, ...all.filter((line) => !line.includes(' C: '))]
}

/** Without what differs in each run on a real server. */
function timeless(line: string): string {
  return line
    .replace(/(Connection \[\d+\])\[[^\]]*\]/, '$1')
    .replace(/"connection_id":"[^"]*"/, '"connection_id":""')
    .replace(/"(t_first|t_last)":\{"low":\d+/, '"$1":{"low":0')
    .replaceAll(/FB:[\w+/=]+/g, 'FB:')
}

for (const version of [LTS, NEWEST, OLD]) {
  const server = useServer(version)
  for (const unredacted of [false, true]) {
    test(`Neo4j ${version}: the log is that of the official driver, ${unredacted ? 'with' : 'without'} parameters and records`, {
      ...requires({ server: version }),
      ...(neoboltOnly.skip && { skip: neoboltOnly.skip }),
    }, async () => {
      const ours = await logOf('neobolt', server(), unredacted)
      assert.deepEqual(ours, await logOf('neo4j-driver', server(), unredacted))
      assert.ok(ours.length > 60, `${ours.length} lines`)
      assert.equal(
        ours.some((line) => line.includes('quoted')),
        unredacted,
      )
    })
  }
}
