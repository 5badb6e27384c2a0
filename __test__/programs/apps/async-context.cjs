/**
 * Which request each callback of a driver sees in an AsyncLocalStorage. One loads the package, as lazy
 * imports do; the drivers are made by request A, which is the first to use one, too; request B does
 * everything afterwards, and C reads one of B's results. Runs on Node.js, Bun and Deno, with a scripted
 * server that __test__/support/async-context.ts starts, and prints what was seen as a line of JSON.
 */
const { AsyncLocalStorage } = require('node:async_hooks')

const input = JSON.parse(process.env.NEOBOLT_TEST_INPUT)
const requests = new AsyncLocalStorage()
const seen = {}

/** Notes what a callback sees. */
function note(callback) {
  const name = requests.getStore()?.name ?? 'nothing'
  seen[callback] ??= []
  if (!seen[callback].includes(name)) seen[callback].push(name)
}

/** What is to be called, which then notes what it sees. */
function noting(callback, does = () => undefined) {
  return (...args) => {
    note(callback)
    return does(...args)
  }
}

const request = (name, work) => requests.run({ name }, work)

async function main() {
  await request('the one that loads the package', async () => {
    const neo4j = require(input.driver)
    // The native part is loaded with the first driver.
    await neo4j.driver(input.uri).close()
  })
  const { neo4j, driver, held, ...others } = makeDriver()
  await request('B', async () => {
    await readers(driver)
    await bookmarks(neo4j, driver)
    await functions(neo4j, driver)
    await questions(others)
    await encryption(driver)
  })
  seen['what A held, while the driver lives'] = [(await collected(held)) ? 'collected' : 'kept']
  await Promise.all([driver, ...Object.values(others)].map((each) => each.close()))
  console.log(JSON.stringify(seen))
}

/** Made by A, which is gone when this returns. */
function makeDriver() {
  const store = { name: 'A' }
  const held = new WeakRef(store)
  return requests.run(store, () => {
    const neo4j = require(input.driver)
    const auth = neo4j.auth.basic('neo4j', 'x')
    const driver = neo4j.driver(input.uri, auth, {
      leakDetectionThreshold: 1,
      logging: {
        level: 'debug',
        logger: (level, line) => {
          if (ready && level === 'warn' && line.includes('held a connection')) note('logger, of a leak')
          // What the engine's thread logs belongs to the driver. What A's own calls log may be logged for A.
          else if (ready && /S: SUCCESS/.test(line)) note('logger, of what the server says')
        },
      },
      encryptionProfiles: [profile(neo4j)],
    })
    const routing = neo4j.driver(input.uri.replace('bolt:', 'neo4j:'), auth, {
      resolver: noting('resolver', async () => [input.uri.replace('bolt://', '')]),
    })
    const authorized = neo4j.driver(input.uri, tokens(neo4j))
    const encrypted = neo4j.driver(input.uri, auth, {
      encrypted: true,
      trust: 'TRUST_ALL_CERTIFICATES',
      // The server speaks no TLS: the request ends with this error before that is noticed.
      clientCertificate: {
        hasUpdate: () => false,
        getClientCertificate: noting('getClientCertificate', async () => {
          throw new Error('no certificate')
        }),
      },
    })
    return { neo4j, driver, routing, authorized, encrypted, held }
  })
}

let ready = false

function tokens(neo4j) {
  const manager = neo4j.authTokenManagers.bearer({
    tokenProvider: noting('tokenProvider', async () => ({ token: neo4j.auth.bearer('t') })),
  })
  return {
    getToken: noting('getToken', () => manager.getToken()),
    handleSecurityException: noting('handleSecurityException', (token, code) =>
      manager.handleSecurityException(token, code),
    ),
  }
}

function observer(name, done) {
  return {
    onKeys: noting(`${name}: onKeys`),
    onNext: noting(`${name}: onNext`),
    onCompleted: noting(`${name}: onCompleted`, done),
    onError: noting(`${name}: onError`, done),
  }
}

const rules = (name) => ({ c0: { convert: noting(name, (value) => value) } })

async function readers(driver) {
  // A connection that A has opened. Were contexts those of connections, B would see A.
  await request('A', () => driver.executeQuery('RETURN 1'))
  ready = true
  for (const query of ['ROWS 3', 'ROWS 2500', 'FAIL']) {
    const session = driver.session()
    await new Promise((resolve) => session.run(query).subscribe(observer('subscribe', resolve)))
    await session.close()
  }
  {
    const session = driver.session()
    const result = session.run('ROWS 2500')
    const own = new Promise((resolve) => result.subscribe(observer('subscribe', resolve)))
    const other = request('C', () => new Promise((resolve) => result.subscribe(observer('C subscribes', resolve))))
    await Promise.all([own, other])
    await session.close()
  }
  {
    const session = driver.session()
    const transaction = await session.beginTransaction()
    await new Promise((resolve) => transaction.run('ROWS 3').subscribe(observer('subscribe in a transaction', resolve)))
    // It fails with the transaction: by a call of C's.
    const result = transaction.run('ROWS 9000')
    const failed = new Promise((resolve) => result.subscribe(observer('subscribe', resolve)))
    await request('C', () => session.close())
    await failed
  }
  {
    const session = driver.session({ fetchSize: 10 })
    await session.run('ROWS 25').as(rules('as, awaited'))
    for await (const _ of session.run('ROWS 25').as(rules('as, in a loop')));
    for await (const _ of session.run('ROWS 25')) note('for await')
    await session.run('ROWS 3').then(noting('then'))
    await session.run('FAIL').catch(noting('catch'))
    await session.close()
  }
  {
    const session = driver.rxSession({ fetchSize: 10 })
    const rx = (name, resolve) => ({
      next: noting(`rx ${name}: next`),
      error: noting(`rx ${name}: error`, resolve),
      complete: noting(`rx ${name}: complete`, resolve),
    })
    const watch = (name, observable) => new Promise((resolve) => observable.subscribe(rx(name, resolve)))
    await watch('records', session.run('ROWS 25').records())
    await watch('records', session.run('FAIL').records())
    const read = session.run('ROWS 3')
    await watch('keys', read.keys())
    await watch('consume', read.consume())
    const records = noting('rx work', (tx) => tx.run('ROWS 25').records())
    await watch('executeRead', session.executeRead(records))
    await watch('executeWrite', session.executeWrite(noting('rx work', (tx) => tx.run('FLAKY rx').records())))
    await watch('beginTransaction', session.beginTransaction())
    await watch('close', session.close())
    const paused = driver.rxSession()
    const result = paused.run('ROWS 5')
    const all = watch('records', result.records())
    result.pause()
    await request('C', () => result.push())
    await request('C', () => result.resume())
    await all
    await watch('close', paused.close())
  }
}

async function bookmarks(neo4j, driver) {
  const bookmarkManager = neo4j.bookmarkManager({
    bookmarksSupplier: noting('bookmarksSupplier', async () => []),
    bookmarksConsumer: noting('bookmarksConsumer', async () => undefined),
  })
  const own = {
    getBookmarks: noting('getBookmarks', async () => []),
    updateBookmarks: noting('updateBookmarks', async () => undefined),
  }
  for (const manager of [bookmarkManager, own]) {
    const session = driver.session({ bookmarkManager: manager })
    await session.run('ROWS 1')
    await session.run('AGAIN')
    await session.executeWrite((tx) => tx.run('ROWS 1'))
    const transaction = session.beginTransaction()
    await request('C', () =>
      transaction.run('ROWS 1', {
        get p() {
          note('getter of a parameter: C runs')
          return 1
        },
      }),
    )
    await transaction.commit()
    await session.close()
    await driver.executeQuery('ROWS 1', {}, { bookmarkManager: manager })
  }
}

async function functions(neo4j, driver) {
  const { resultTransformers } = neo4j
  const transformers = [
    resultTransformers.mapped({
      map: noting('mapped: map', (record) => record),
      collect: noting('mapped: collect', (records) => records),
    }),
    resultTransformers.hydrated(rules('hydrated')),
    async (result) => {
      note('resultTransformer')
      await new Promise((resolve) => result.subscribe(observer('resultTransformer', resolve)))
    },
  ]
  for (const resultTransformer of transformers) {
    await driver.executeQuery('ROWS 2500', {}, { resultTransformer })
  }
  await driver.executeQuery('ROWS 1', {
    get p() {
      note('getter of a parameter')
      return 1
    },
  })
  const session = driver.session()
  let tries = 0
  await session.executeRead(async (tx) => {
    note(tries++ === 0 ? 'executeRead' : 'executeRead, again')
    await tx.run('FLAKY work')
  })
  seen['executeRead was tried'] = [String(tries)]
  // Held for longer than leaks are looked for.
  const transaction = await session.beginTransaction()
  await until(() => seen['logger, of a leak'] !== undefined)
  await transaction.rollback()
  await session.close()
}

async function questions({ routing, authorized, encrypted }) {
  await routing.verifyConnectivity()
  const session = routing.session()
  await session.run('ROWS 1')
  await session.close()

  const bearer = authorized.session()
  await bearer.run('ROWS 1')
  // With the second try another connection, and another token.
  await bearer.executeRead((tx) => tx.run('EXPIRED once'))
  await bearer.close()
  await authorized.verifyConnectivity()
  await authorized.getServerInfo()

  await encrypted.verifyConnectivity().catch((error) => {
    if (error.message !== 'no certificate') throw error
  })
}

async function encryption(driver) {
  await driver.encryption.keyManager().create('k')
  const ciphertext = await driver.encryption.encrypt({ value: 1n, keyOptions: { alias: 'k' } })
  await driver.encryption.decrypt({ ciphertext })
}

/** Keys that lie in a map; its functions are the application's. */
function profile(neo4j) {
  const keys = new Map()
  return new neo4j.EnvelopeEncryptionProfile({
    name: 'p',
    encapsulationService: {
      encapsulate: noting('encapsulate', async () => ({ encapsulation: () => new Int8Array(32), options: () => ({}) })),
      decapsulate: noting('decapsulate', async () => new Uint8Array(32)),
    },
    keyRepository: {
      findById: noting('findById', async (id) => keys.get(id)),
      findByAlias: noting('findByAlias', async (alias) => keys.get(alias)),
      create: noting('create', async (alias, encapsulation, metadata) => {
        const key = {
          id: () => alias,
          alias: () => alias,
          encapsulation: () => encapsulation,
          metadata: () => metadata,
        }
        keys.set(alias, key)
        return key
      }),
    },
    keyCacheMaxSize: 0,
  })
}

/** Whether garbage collections free it. The last one of a promise's turn may come too early. */
async function collected(held) {
  for (let i = 0; i < 20; i++) {
    if (typeof Bun !== 'undefined') Bun.gc(true)
    else globalThis.gc()
    if (held.deref() === undefined) return true
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return false
}

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1))
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
