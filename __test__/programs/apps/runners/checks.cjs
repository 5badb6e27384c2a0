/**
 * What an application's own tests do with the driver, for each of the test runners: the same in the realm of
 * the runner, with its timers as they are and with mock timers that no test advances.
 */
const assert = require('node:assert/strict')
const neo4j = require('neo4j-driver')

const { NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password } = process.env

exports.connect = (config) => neo4j.driver(uri, neo4j.auth.basic(user, password), config)

/** By name; each gets a driver. */
exports.checks = {
  'a query is answered': async (driver) => {
    const session = driver.session()
    const { records, summary } = await session.run('RETURN $n + 1 AS n', { n: neo4j.int(1) })
    assert.equal(records[0].get('n').toNumber(), 2)
    assert.equal(summary.queryType, 'r')
    await session.close()
  },

  'a long result is iterated': async (driver) => {
    const session = driver.session()
    const count = await session.executeRead(async (tx) => {
      let n = 0
      for await (const record of tx.run('UNWIND range(1, 20000) AS n RETURN n')) n += record.length
      return n
    })
    assert.equal(count, 20_000)
    await session.close()
  },

  'records come to subscribers, also to a late one': async (driver) => {
    const session = driver.session()
    const read = (result) =>
      new Promise((resolve, reject) => {
        const seen = []
        result.subscribe({
          onNext: (record) => seen.push(record.get('n').toInt()),
          onCompleted: () => resolve(seen),
          onError: reject,
        })
      })
    assert.deepEqual(await read(session.run('UNWIND [1, 2] AS n RETURN n')), [1, 2])
    // All of it is here when the next query of the transaction is answered: nothing that comes later wakes
    // the late subscriber.
    const transaction = await session.beginTransaction()
    const result = transaction.run('UNWIND [3, 4] AS n RETURN n')
    await transaction.run('RETURN 1')
    assert.deepEqual(await read(result), [3, 4])
    await transaction.commit()
    await session.close()
  },

  'records come through rxjs': async (driver) => {
    const session = driver.rxSession()
    const seen = []
    await new Promise((resolve, reject) => {
      session
        .executeRead((tx) => tx.run('UNWIND [1, 2] AS n RETURN n').records())
        .subscribe({ next: (record) => seen.push(record.get('n').toInt()), complete: resolve, error: reject })
    })
    assert.deepEqual(seen, [1, 2])
    await new Promise((complete, error) => session.close().subscribe({ complete, error }))
  },

  'a transaction fails with an error of this realm': async (driver) => {
    const session = driver.session()
    const transaction = session.beginTransaction()
    await assert.rejects(transaction.run('RETURN nothing'), (error) => {
      assert.ok(error instanceof neo4j.Neo4jError)
      assert.ok(error instanceof Error)
      assert.equal(error.code, 'Neo.ClientError.Statement.SyntaxError')
      return true
    })
    await transaction.rollback()
    await session.close()
  },

  'values are of this realm': async (driver) => {
    const running = driver.executeQuery('RETURN [1] AS list, {a: 1} AS map, $bytes AS bytes', {
      bytes: new Int8Array([1]),
    })
    assert.ok(running instanceof Promise)
    const { records } = await running
    const { list, map, bytes } = records[0].toObject()
    assert.equal(Object.getPrototypeOf(list), Array.prototype)
    assert.equal(Object.getPrototypeOf(map), Object.prototype)
    assert.ok(bytes instanceof Int8Array)
    assert.deepEqual(map, { a: neo4j.int(1) })
  },

  'parameters may be of any realm': async (driver) => {
    const foreign = require('node:vm').runInNewContext(
      "({ list: [1.5, ['x']], bytes: new Int8Array([-1]), text: new String('s'), deep: { big: 1n, none: null } })",
    )
    const { records } = await driver.executeQuery('RETURN $foreign AS back, $buffer AS buffer', {
      foreign,
      buffer: Buffer.from([1, 2]),
    })
    const back = records[0].get('back')
    assert.deepEqual(back.list, [1.5, ['x']])
    assert.deepEqual([...back.bytes], [-1])
    assert.equal(back.text, 's')
    assert.deepEqual(back.deep, { big: neo4j.int(1), none: null })
    assert.deepEqual([...records[0].get('buffer')], [1, 2])
  },

  'a driver comes and goes': async () => {
    const driver = exports.connect({ connectionTimeout: 1000, connectionAcquisitionTimeout: 2000 })
    await driver.verifyConnectivity()
    await driver.close()
  },

  'the driver is neobolt': async () => {
    assert.equal(require('neo4j-driver/package.json').name, 'neobolt')
  },
}
