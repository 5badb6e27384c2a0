import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import { auth } from '../../../lib/auth/auth.js'
import { type Config, parseDriverConfig } from '../../../lib/driver/config.js'
import { Driver } from '../../../lib/driver/driver.js'
import { failureFrom } from '../../../lib/error/failure.js'
import { newError } from '../../../lib/error/neo4j-error.js'
import type { Result } from '../../../lib/result/result.js'
import { ServerInfo } from '../../../lib/result/summary.js'
import { EagerResult, resultTransformers } from '../../../lib/result/transformers.js'
import { hasFrame } from '../../support/stack.js'
import { FakeEngine, numbers, settled } from '../fake-engine.js'
import { official } from '../official.js'

function answering(config: Config = {}): { driver: Driver; engine: FakeEngine } {
  const engine = new FakeEngine()
  engine.answer = () => ({ keys: ['n'], rows: numbers(1, 3), metadata: { type: 'r' } })
  return { driver: new Driver(parseDriverConfig('bolt://localhost', auth.none(), config), engine), engine }
}

describe('the user', () => {
  const bob = auth.basic('bob', 'b')

  it('of a session goes with its queries and transactions', async () => {
    const { driver, engine } = answering()
    const session = driver.session({ auth: bob })
    await session.run('A')
    await session.executeRead((tx) => tx.run('B'))
    await driver.executeQuery('C', {}, { auth: bob })
    await driver.session().run('D')
    assert.deepEqual(
      engine.targets.map(({ auth }) => auth),
      [bob, bob, bob, undefined],
    )
  })

  it('is verified on the system database, unless another is named', async () => {
    const { driver, engine } = answering()
    assert.equal(await driver.verifyAuthentication(), true)
    assert.equal(await driver.verifyAuthentication({ database: 'db', auth: bob }), true)
    assert.deepEqual(engine.authenticated, [
      ['system', undefined],
      ['db', bob],
    ])
  })

  it('whom the server does not take is no error; every other failure is', async () => {
    const { driver, engine } = answering()
    for (const code of ['CredentialsExpired', 'Forbidden', 'TokenExpired', 'Unauthorized']) {
      engine.refusal = newError('no', `Neo.ClientError.Security.${code}`)
      assert.equal(await driver.verifyAuthentication({ auth: bob }), false, code)
    }
    for (const code of ['Neo.ClientError.Security.AuthorizationExpired', 'Neo.ClientError.Security.MadeUp', 'N/A']) {
      engine.refusal = newError('no', code)
      await assert.rejects(driver.verifyAuthentication({ auth: bob }), engine.refusal)
    }
  })
})

describe('executeQuery', () => {
  it('sends BEGIN and the query together, gives everything, and commits', async () => {
    const { driver, engine } = answering()
    const result = await driver.executeQuery('A', { x: 1 }, { database: 'db' })
    assert.ok(result instanceof EagerResult)
    assert.deepEqual(Object.keys(result), ['keys', 'records', 'summary'])
    assert.deepEqual(result.keys, ['n'])
    assert.equal(result.records.length, 3)
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'commit'])
    assert.equal(engine.transaction.start.telemetry, 3)
    assert.equal(engine.targets[0].database, 'db')
  })

  it('does not wait for the answer to BEGIN', async () => {
    const { driver, engine } = answering()
    const { answer } = engine
    engine.answer = null
    const running = driver.executeQuery('A')
    await settled()
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A'])
    engine.answer = answer
    engine.transaction.begun()
    engine.last.fields('n').success()
    await running
  })

  it('reads where it is told to, and refuses what is no routing', async () => {
    const { driver, engine } = answering()
    await driver.executeQuery('A', {}, { routing: 'READ' })
    assert.equal(engine.log[0], 'begin READ')
    await assert.rejects(driver.executeQuery('A', {}, { routing: 'x' as never }), {
      message: 'Illegal query routing config: "x"',
    })
  })

  it('sees what the ones before have written, unless it has a bookmark manager of its own or none', async () => {
    const { driver, engine } = answering()
    await driver.executeQuery('A')
    await driver.executeQuery('B')
    assert.deepEqual(engine.transaction.start.bookmarks, ['bookmark 1'])
    await driver.executeQuery('C', {}, { bookmarkManager: null })
    assert.deepEqual(engine.transaction.start.bookmarks, [])
    const own = { getBookmarks: async () => ['own'], updateBookmarks: async () => undefined }
    await driver.executeQuery('D', {}, { bookmarkManager: own })
    assert.deepEqual(engine.transaction.start.bookmarks, ['own'])
    assert.deepEqual([...(await driver.executeQueryBookmarkManager.getBookmarks())], ['bookmark 2'])
  })

  it('gives what a transformer makes of the result', async () => {
    const { driver } = answering()
    const names = await driver.executeQuery(
      'A',
      {},
      {
        resultTransformer: resultTransformers.mapped({
          map: (record) => record.get('n') * 10,
          collect: (values) => values,
        }),
      },
    )
    assert.deepEqual(names, [10, 20, 30])
    const first = await driver.executeQuery('A', {}, { resultTransformer: resultTransformers.first() })
    assert.equal(first?.get('n'), 1)
    const summary = await driver.executeQuery('A', {}, { resultTransformer: resultTransformers.summary() })
    assert.equal(summary.queryType, 'r')
  })

  it('rejects with the error of the query, and closes its session', async () => {
    const { driver, engine } = answering()
    const error = newError('bad', 'Neo.ClientError.Statement.SyntaxError')
    engine.answer = () => error
    await assert.rejects(driver.executeQuery('A'), error)
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'rollback'])
  })

  it('rejects with the stack of whoever awaits it, also where it has been tried again', async () => {
    const { driver, engine } = answering()
    async function whoAwaits(): Promise<void> {
      await driver.executeQuery('A')
    }
    for (const code of ['Neo.ClientError.Statement.SyntaxError', 'Neo.TransientError.General.DatabaseUnavailable']) {
      // As the engine makes them: without frames.
      engine.answer = () => failureFrom(code, 'bad', null)
      const running = whoAwaits().catch((error) => error)
      if (code.includes('Transient')) setTimeout(() => driver.close(), 50)
      const error = await running
      assert.equal(error.code, code)
      assert.match(error.stack, /^Neo4jError: bad\n +at /)
      assert.ok(hasFrame(error.stack, 'whoAwaits'), error.stack)
    }
  })

  it("shows a transformer of the user's an error that has its stack", async () => {
    const { driver, engine } = answering()
    engine.answer = () => failureFrom('Neo.ClientError.Statement.SyntaxError', 'bad', null)
    const stacks: unknown[] = []
    const looksAt = (result: Result): Promise<unknown> => result.catch((error) => stacks.push(error.stack))
    async function whoCalls(): Promise<void> {
      await driver.executeQuery('A', {}, { resultTransformer: looksAt as never })
    }
    await whoCalls()
    assert.match(String(stacks), /^Neo4jError: bad\n +at /)
    assert.ok(hasFrame(stacks[0], 'whoCalls'), String(stacks))
  })

  it('refuses a query within the promise', async () => {
    const { driver } = answering()
    await assert.rejects(driver.executeQuery(''), new TypeError('Cypher query is expected to be a non-empty string.'))
  })

  it('with a signal that is aborted already sends nothing', async () => {
    const { driver, engine } = answering()
    const reason = new Error('never mind')
    await assert.rejects(driver.executeQuery('A', {}, { signal: AbortSignal.abort(reason) }), reason)
    assert.deepEqual(engine.log, [])
  })

  it('is interrupted by its signal', async () => {
    const { driver, engine } = answering()
    engine.answer = null
    const abortion = new AbortController()
    const bookmarkManager = null
    const running = driver.executeQuery('A', {}, { signal: abortion.signal, bookmarkManager })
    engine.transaction.begun()
    abortion.abort()
    assert.deepEqual(engine.log, ['begin WRITE', 'tx run A', 'reset'])
    engine.last.failure(newError('terminated', 'Neo.ClientError.Transaction.Terminated'))
    engine.transaction.rollbackHandler?.success({}, undefined)
    await assert.rejects(running, (error) => error === abortion.signal.reason)
  })

  it('rejects with any reason of its signal, and leaves no listener behind', async () => {
    for (const reason of [undefined, null, 'never mind', new Error('never mind')]) {
      const { driver, engine } = answering()
      engine.answer = null
      const abortion = new AbortController()
      const running = driver.executeQuery('A', {}, { signal: abortion.signal, bookmarkManager: null })
      engine.transaction.begun()
      assert.equal(getEventListeners(abortion.signal, 'abort').length, 1)
      abortion.abort(reason)
      engine.last.failure(newError('Ignored either because of an error or RESET'))
      engine.transaction.rollbackHandler?.success({}, undefined)
      await assert.rejects(running, (error) => error === abortion.signal.reason)
      assert.equal(getEventListeners(abortion.signal, 'abort').length, 0)
    }
  })

  it('rejects with the failure of the query if its signal is aborted later, or not at all', async () => {
    const { driver, engine } = answering()
    engine.answer = null
    const abortion = new AbortController()
    const running = driver.executeQuery('A', {}, { signal: abortion.signal, bookmarkManager: null })
    engine.transaction.begun()
    engine.last.failure(newError('bad', 'Neo.ClientError.Statement.SyntaxError'))
    engine.transaction.rollbackHandler?.success({}, undefined)
    await assert.rejects(running, { code: 'Neo.ClientError.Statement.SyntaxError' })
    abortion.abort()
    assert.equal(getEventListeners(abortion.signal, 'abort').length, 0)
  })

  it('resolves if the query had succeeded when its signal was aborted', async () => {
    const { driver } = answering()
    const abortion = new AbortController()
    const { records } = await driver.executeQuery(
      'A',
      {},
      {
        signal: abortion.signal,
        resultTransformer: async (result) => {
          const all = await result
          queueMicrotask(() => queueMicrotask(() => abortion.abort()))
          return all
        },
      },
    )
    assert.ok(abortion.signal.aborted)
    assert.ok(Array.isArray(records))
  })
})

describe('a driver', () => {
  it('tells of the server and of what it can do', async () => {
    const { driver } = answering()
    const info = await driver.getServerInfo()
    assert.ok(info instanceof ServerInfo)
    assert.deepEqual(
      { ...info, protocolVersion: `${info.protocolVersion}` },
      {
        address: 'peer:7687',
        agent: 'Neo4j/5.26.0',
        protocolVersion: '5.8',
      },
    )
    assert.equal(await driver.verifyConnectivity(), undefined)
    assert.equal(`${await driver.getNegotiatedProtocolVersion()}`, '5.8')
    assert.deepEqual(
      await Promise.all([
        driver.supportsMultiDb(),
        driver.supportsTransactionConfig(),
        driver.supportsUserImpersonation(),
        driver.supportsSessionAuth(),
      ]),
      [true, true, true, true],
    )
  })

  it('makes sessions with its own settings where they have none', () => {
    const { driver, engine } = answering({ fetchSize: 7 })
    driver.session({ defaultAccessMode: 'READ', bookmarks: 'b', database: 'db', impersonatedUser: 'me' }).run('A')
    assert.equal(engine.last.start?.mode, 'READ')
    assert.deepEqual(engine.last.start?.bookmarks, ['b'])
    const { database, impersonatedUser, fetchSize } = engine.targets[0]
    assert.deepEqual(
      { database, impersonatedUser, fetchSize },
      { database: 'db', impersonatedUser: 'me', fetchSize: 7 },
    )
    assert.throws(() => driver.session({ fetchSize: 0 }), /The fetch size can only be a positive value or -1/)
    assert.throws(() => driver.session({ defaultAccessMode: 'x' as never }), { message: 'Illegal session mode x' })
  })

  it('refuses a negative retry time when a session is made', () => {
    const { driver } = answering({ maxTransactionRetryTime: -1 })
    assert.throws(() => driver.session(), { message: 'Max retry time should be >= 0: -1' })
  })

  it('is closed once, however often close is called', async () => {
    const { driver, engine } = answering()
    assert.equal(driver.close(), driver.close())
    await driver[Symbol.asyncDispose]()
    assert.deepEqual(engine.log, ['close'])
  })

  it('leaves the configuration of its user as it is', () => {
    const config: Config = Object.freeze({ fetchSize: 5 })
    answering(config)
    assert.deepEqual(config, { fetchSize: 5 })
  })

  it('tells its log of its life', () => {
    const lines: string[] = []
    const { driver } = answering({
      logging: { level: 'info', logger: (level, line) => lines.push(`${level} ${line}`) },
    })
    void driver.close()
    assert.match(lines[0], /^info Direct driver \d+ created for server address localhost:7687$/)
    assert.match(lines[1], /^info Driver \d+ closing$/)
  })

  it('shows what other software reads of the official one', () => {
    const { driver } = answering({ fetchSize: 5 })
    assert.equal(driver._supportsRouting(), false)
    assert.equal(driver.isEncrypted(), false)
    assert.equal(driver._getTrust(), undefined)
    assert.equal(driver._config.fetchSize, 5)
  })
})

describe('what a driver says of its encryption', () => {
  const cases: [url: string, config: Config][] = [
    ['bolt://h', {}],
    ['bolt+s://h', {}],
    ['bolt+ssc://h', {}],
    ['bolt://h', { encrypted: true }],
    ['bolt://h', { encrypted: false }],
    ['bolt://h', { encrypted: 'ENCRYPTION_ON', trust: 'TRUST_ALL_CERTIFICATES' }],
    ['bolt://h', { encrypted: 'ENCRYPTION_OFF', trust: 'TRUST_ALL_CERTIFICATES' }],
    ['bolt://h', { trust: 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES', trustedCertificates: ['a.pem'] }],
  ]
  for (const [url, config] of cases) {
    it(`is what the official one says: ${url} ${JSON.stringify(config)}`, async () => {
      const ours = new Driver(parseDriverConfig(url, auth.none(), config), new FakeEngine())
      const theirs = official.driver(url, undefined, { ...config }) as unknown as Driver
      const said = [ours, theirs].map((each) => [each.isEncrypted(), each._isEncrypted(), each._getTrust()])
      assert.deepEqual(said[0], said[1])
      await theirs.close()
    })
  }
})
