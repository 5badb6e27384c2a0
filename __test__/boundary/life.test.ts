/**
 * From a driver's first request to its end: which threads, descriptors and memory it has, and that none of
 * them outlives the driver, whether the driver is closed, dropped, or ended with its worker. Where the system
 * does not report them (no /proc), only the behaviour is tested.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ChildOptions, type Finished, runChild } from '../support/child.js'
import { entry, neoboltOnly } from '../support/drivers.js'
import { type Peer, startMinimalServer } from '../support/stub-server.js'

let peer: Peer
/** Answers no PULL. */
let silent: Peer
before(async () => {
  peer = await startMinimalServer()
  silent = await startMinimalServer({ stalls: true })
})
after(async () => {
  await peer.stop()
  await silent.stop()
})

/** What a program needs to count its resources. */
const COUNT = `
  const { readdirSync, readlinkSync, readFileSync, openSync, closeSync, readSync } = require('node:fs')
  const list = (folder) => process.platform === 'linux' ? readdirSync(folder) : []
  const threads = () => list('/proc/self/task').length
  const descriptors = () => list('/proc/self/fd').length
  const engines = () => list('/proc/self/task').filter((task) => {
    try { return readFileSync('/proc/self/task/' + task + '/comm', 'utf8').startsWith('neobolt') } catch { return false }
  }).length
  const counts = () => ({ threads: threads(), engines: engines(), descriptors: descriptors() })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  // A thread that has said its last word may still be seen for a moment; what is left for good is seen for
  // ever.
  const settled = async (expected, collect = false) => {
    for (let i = 0; i < 1000; i++) {
      const now = counts()
      if (Object.keys(expected).every((key) => now[key] <= expected[key])) break
      if (collect) global.gc()
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return counts()
  }`
const MAKE = `const make = (config) => neo4j.driver(input.uri, neo4j.auth.basic('neo4j', 'x'), { telemetryDisabled: true, ...config })`

async function run(body: string, options: ChildOptions = {}): Promise<Finished & { said: Record<string, unknown> }> {
  const child = await runChild(`${COUNT}\n${MAKE}\n${body}`, { input: { uri: peer.uri }, timeout: 60_000, ...options })
  assert.deepEqual([child.code, child.stderr], [0, ''])
  return { ...child, said: JSON.parse(child.stdout || 'null') }
}

test('a driver that is not used has no thread and no descriptor, and closes without', neoboltOnly, async () => {
  const { said } = await run(`
    const one = make(); await one.close()
    const before = counts(), external = process.memoryUsage().arrayBuffers
    const drivers = Array.from({ length: 1000 }, () => make())
    const unused = counts(), memory = process.memoryUsage().arrayBuffers - external
    const [{ pools }] = drivers.map((driver) => driver.metrics())
    const closing = drivers.map((driver) => driver.close())
    const during = counts()
    await Promise.all(closing)
    console.log(JSON.stringify({ before, unused, during, after: counts(), pools: pools.length, memory }))`)
  assert.deepEqual(said.unused, said.before)
  assert.deepEqual(said.during, said.before)
  assert.deepEqual(said.after, said.before)
  assert.equal(said.pools, 1)
  // In bytes, of buffers for requests; a thousand of 16 KiB would be sixteen million.
  assert.ok((said.memory as number) < 1_000_000, `${said.memory}`)
})

test('three thousand drivers, each used and closed, live on 256 descriptors, without the collector', {
  timeout: 170_000,
  ...neoboltOnly,
}, async () => {
  const { said } = await run(
    `const use = async (i) => {
       const driver = make()
       if (i % 3 === 0) await driver.executeQuery('RETURN 1')
       else if (i % 3 === 1) await driver.session().run('RETURN 1')
       else await driver.verifyConnectivity()
       await driver.close()
     }
     await use(0); await settled({ engines: 0 })
     const before = counts()
     for (let i = 0; i < 3000; i++) await use(i)
     console.log(JSON.stringify({ before, after: await settled(before) }))`,
    { descriptors: 256, timeout: 160_000 },
  )
  assert.deepEqual(said.after, said.before)
})

test('close() resolves when the descriptors are gone, and sockets with them', neoboltOnly, async () => {
  const { said } = await run(`
    const use = async () => {
      const driver = make()
      await Promise.all([1, 2, 3].map(() => driver.session().run('RETURN 1')))
      await driver.close()
      return descriptors()
    }
    await use()
    const before = descriptors()
    console.log(JSON.stringify({ before, after: [await use(), await use(), await use()] }))`)
  assert.deepEqual(said.after, [said.before, said.before, said.before])
})

test('an open transaction that outlives its driver holds neither descriptors nor a thread', neoboltOnly, async () => {
  const { said } = await run(`
    const warm = make(); await warm.verifyConnectivity(); await warm.close(); await settled({ engines: 0 })
    const before = counts()
    const driver = make()
    const transaction = await driver.session().beginTransaction()
    await transaction.run('RETURN 1')
    await driver.close()
    const after = await settled(before)
    const failure = await transaction.run('RETURN 1').then(() => null, (error) => error.message)
    await transaction.rollback()
    console.log(JSON.stringify({ before, after, failure }))`)
  assert.deepEqual(said.after, said.before)
  assert.equal(typeof said.failure, 'string')
})

test('drivers that are forgotten with idle connections leave nothing', {
  timeout: 120_000,
  ...neoboltOnly,
}, async () => {
  const { said } = await run(
    `const use = async () => { const driver = make(); await driver.session().run('RETURN 1') }
     const unused = () => { make() }
     const warm = make(); await warm.verifyConnectivity(); await warm.close(); await settled({ engines: 0 })
     const before = counts()
     for (let round = 0; round < 10; round++) {
       await Promise.all(Array.from({ length: 10 }, use))
       for (let i = 0; i < 100; i++) unused()
       global.gc()
       await turn()
     }
     console.log(JSON.stringify({ before, after: await settled(before, true) }))`,
    { flags: ['--expose-gc'], timeout: 110_000 },
  )
  assert.deepEqual(said.after, said.before)
})

/** A worker that makes a driver, does something with it, and then reports. */
const worker = (deed: string): string => `
  const { parentPort, workerData } = require('node:worker_threads')
  const neo4j = require(workerData.entry)
  const driver = neo4j.driver(workerData.uri, neo4j.auth.basic('neo4j', workerData.password), { telemetryDisabled: true })
  const ready = () => parentPort.postMessage('ready')
  ${deed}
  setInterval(() => {}, 1000)`

const DEEDS = {
  unused: `ready()`,
  idle: `driver.session().run('RETURN 1').then(ready)`,
  'in mid-query': `driver.session().run('RETURN 1').keys().then(ready)`,
  'in a transaction': `driver.session().beginTransaction().then((tx) => { globalThis.tx = tx; ready() })`,
  dialling: `driver.session().run('RETURN 1').catch(() => {}); ready()`,
  closing: `driver.verifyConnectivity().then(() => { driver.close(); ready() })`,
  closed: `driver.verifyConnectivity().then(() => driver.close()).then(ready)`,
}

test('workers that are terminated leave nothing, whatever their drivers are at', {
  timeout: 170_000,
  ...neoboltOnly,
}, async () => {
  const deeds = Object.entries(DEEDS).map(([name, deed]) => ({
    name,
    uri: name === 'in mid-query' ? silent.uri : peer.uri,
    code: worker(deed),
  }))
  const { said } = await run(
    `const { Worker } = require('node:worker_threads')
     const live = ({ code, uri }) => new Promise((resolve, reject) => {
       const worker = new Worker(code, { eval: true, workerData: { uri, entry: input.entry, password: 'x' } })
       worker.once('error', reject)
       worker.once('message', () => resolve(worker.terminate()))
     })
     for (const deed of input.deeds) await live(deed)
     const before = await settled({ engines: 0 })
     const left = {}
     for (const deed of input.deeds) {
       for (let i = 0; i < 4; i++) await Promise.all([live(deed), live(deed)])
       left[deed.name] = await settled(before)
     }
     console.log(JSON.stringify({ before, left }))`,
    { input: { deeds, entry: entry('neobolt') }, timeout: 160_000 },
  )
  for (const [name, left] of Object.entries(said.left as Record<string, { threads: number; descriptors: number }>)) {
    const { threads, descriptors } = said.before as typeof left
    assert.ok(left.descriptors <= descriptors, `${name}: ${descriptors} descriptors became ${left.descriptors}`)
    assert.ok(left.threads <= threads, `${name}: ${threads} threads became ${left.threads}`)
  }
})

test('a driver for which there are no descriptors says so, and works when there are', neoboltOnly, async () => {
  const { said } = await run(
    `const driver = make({ maxTransactionRetryTime: 0 })
     const open = []
     try { for (;;) open.push(openSync('/dev/null')) } catch (error) { if (error.code !== 'EMFILE') throw error }
     const failures = []
     const note = (failed) => failed.then(() => failures.push('worked'), ({ code, message, retriable }) => failures.push({ code, message, retriable }))
     await note(driver.session().run('RETURN 1'))
     await note(driver.executeQuery('RETURN 1'))
     await note(driver.session().beginTransaction())
     await note(driver.verifyConnectivity())
     for (const each of open) closeSync(each)
     await driver.executeQuery('RETURN 1')
     await driver.close()
     console.log(JSON.stringify({ failures }))`,
    { descriptors: 64 },
  )
  const failures = said.failures as { code: string; message: string; retriable: boolean }[]
  assert.equal(failures.length, 4)
  for (const { code, message, retriable } of failures) {
    assert.deepEqual([code, retriable], ['ServiceUnavailable', true])
    assert.match(
      message,
      /^Failed to connect to server\. .* Caused by: connect E[A-Z]+ 127\.0\.0\.1:\d+ .*Too many open files/,
    )
  }
})

test(
  'close() in the turn of the first request, before it and after it, and what is asked later',
  neoboltOnly,
  async () => {
    const { said } = await run(
      `
    const end = (promise) => promise.then(() => 'resolved', (error) => error.message)
    // Of a server that never answers: by chance, another one would be faster than this thread.
    const racing = neo4j.driver(input.silent)
    const first = end(racing.session().run('RETURN 1'))
    const raced = await Promise.all([first, end(racing.close())])
    const never = make()
    const closed = [await end(never.close()), await end(never.close())]
    const later = await Promise.all([
      end(never.session().run('RETURN 1')), end(never.executeQuery('RETURN 1')), end(never.verifyConnectivity()),
      end(never.session().beginTransaction()), end(never.getNegotiatedProtocolVersion()),
    ])
    const used = make()
    await used.session().run('RETURN 1')
    const open = used.metrics().pools
    await used.close()
    console.log(JSON.stringify({ raced, closed, later, open, after: used.metrics().pools, engines: (await settled({ engines: 0 })).engines }))`,
      { input: { uri: peer.uri, silent: silent.uri } },
    )
    assert.equal((said.raced as string[])[1], 'resolved')
    assert.notEqual((said.raced as string[])[0], 'resolved')
    assert.deepEqual(said.closed, ['resolved', 'resolved'])
    for (const each of said.later as string[])
      assert.equal(each, 'Pool is closed, it is no more able to serve requests.')
    const [open] = said.open as Record<string, number>[]
    const [last] = said.after as Record<string, number>[]
    assert.deepEqual([open?.idle, open?.created, open?.closed], [1, 1, 0])
    assert.deepEqual([last?.idle, last?.inUse, last?.created, last?.closed], [0, 0, 1, 1])
    assert.equal(said.engines, 0)
  },
)

test('connections that are to be opened in advance are, before the first request', neoboltOnly, async () => {
  const { said } = await run(`
    const driver = neo4j.driver(input.uri, { getToken: async () => neo4j.auth.basic('neo4j', 'x'), handleSecurityException: () => false }, { minConnectionPoolSize: 3 })
    let idle
    for (let i = 0; i < 1000 && idle !== 3; i++) { ({ pools: [{ idle }] } = driver.metrics()); await new Promise((resolve) => setTimeout(resolve, 10)) }
    await driver.close()
    console.log(JSON.stringify({ idle }))`)
  assert.equal(said.idle, 3)
})

/**
 * Searches all writable memory of the process for what the driver makes of credentials: the key, the marker
 * of a string, and the text. The text alone is in the program, in the heap of V8, which overwrites nothing.
 */
const SCAN = `
  const found = (text) => {
    const size = text.length < 256 ? [0xd0, text.length] : [0xd1, text.length >> 8, text.length & 255]
    const encoded = Buffer.concat([Buffer.from([0x8b]), Buffer.from('credentials'), Buffer.from(size)])
    const mem = openSync('/proc/self/mem')
    let count = 0
    const window = Buffer.allocUnsafeSlow(1 << 20)
    for (const line of readFileSync('/proc/self/maps', 'latin1').split('\\n')) {
      const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (....)/.exec(line) ?? []
      if (rights === undefined || !rights.startsWith('rw')) continue
      for (let at = parseInt(from, 16); at < parseInt(to, 16); at += window.length - 8192) {
        let size
        try { size = readSync(mem, window, 0, Math.min(window.length, parseInt(to, 16) - at), at) } catch { break }
        for (let hit = window.indexOf(encoded, 0, 'latin1'); hit >= 0 && hit < size; hit = window.indexOf(encoded, hit + 1)) {
          if (hit + encoded.length + text.length <= size && window.latin1Slice(hit + encoded.length, hit + encoded.length + text.length) === text) count++
        }
        window.fill(0)
      }
    }
    closeSync(mem)
    return count
  }`

test('the credentials of a driver are nowhere in memory once it is closed, forgotten, or its worker has ended', {
  timeout: 120_000,
  skip: neoboltOnly.skip || (process.platform === 'linux' ? false : 'only Linux shows a process its memory'),
}, async () => {
  const { said } = await run(
    `${SCAN}
     const { Worker } = require('node:worker_threads')
     const { randomBytes } = require('node:crypto')
     const secret = () => randomBytes(30).toString('hex')
     const basic = (text) => neo4j.driver(input.uri, neo4j.auth.basic('neo4j', text))
     const results = {}
     const held = []
     const closed = async (name, use) => {
       const text = name === 'long' ? secret().repeat(50) : secret()
       const driver = await use(text)
       await driver.session().run('RETURN 1')
       const open = found(text)
       await driver.close()
       results[name] = [open > 0, found(text)]
       held.push(driver)
     }
     await closed('closed', basic)
     await closed('with an open transaction', async (text) => { const driver = basic(text); held.push(await driver.session().beginTransaction()); return driver })
     await closed('long', basic)
     await closed('a manager', (text) => neo4j.driver(input.uri, { getToken: () => neo4j.auth.bearer(text), handleSecurityException: () => false }))
     const unused = secret(), driver = basic(unused), open = found(unused)
     await driver.close()
     results.unused = [open > 0, found(unused)]
     {
       const text = secret()
       const driver = basic('x')
       await driver.session({ auth: neo4j.auth.bearer(text) }).run('RETURN 1')
       await driver.verifyAuthentication({ auth: neo4j.auth.basic('other', text) })
       await driver.close()
       results['of a session'] = [true, found(text)]
     }
     {
       const text = secret()
       await (async () => { const driver = basic(text); await driver.session().run('RETURN 1') })()
       const open = found(text)
       for (let i = 0; i < 300 && found(text) > 0; i++) { global.gc(); await new Promise((resolve) => setTimeout(resolve, 20)) }
       results.forgotten = [open > 0, found(text)]
     }
     for (const { name, code, uri } of input.deeds) {
       const text = secret()
       await new Promise((resolve, reject) => {
         const worker = new Worker(code, { eval: true, workerData: { uri, entry: input.entry, password: text } })
         worker.once('error', reject)
         worker.once('message', () => resolve(worker.terminate()))
       })
       for (let i = 0; i < 300 && found(text) > 0; i++) await new Promise((resolve) => setTimeout(resolve, 20))
       results['a worker, ' + name] = [true, found(text)]
     }
     console.log(JSON.stringify(results))`,
    {
      flags: ['--expose-gc'],
      timeout: 110_000,
      input: {
        uri: peer.uri,
        entry: entry('neobolt'),
        deeds: (['unused', 'idle', 'in mid-query'] as const).map((name) => ({
          name,
          code: worker(DEEDS[name]),
          uri: name === 'in mid-query' ? silent.uri : peer.uri,
        })),
      },
    },
  )
  for (const [name, result] of Object.entries(said)) {
    // The search finds it while the driver lives, which shows that it works.
    assert.deepEqual(result, [true, 0], name)
  }
})

test('the memory of a very large request is given back without another one', {
  timeout: 60_000,
  ...neoboltOnly,
}, async () => {
  const { said } = await run(
    `const driver = make()
     await driver.executeQuery('RETURN 1')
     global.gc()
     const before = process.memoryUsage()
     const largest = await (async () => {
       await driver.executeQuery('RETURN $x', { x: 'x'.repeat(60_000_000) })
       return process.memoryUsage.rss()
     })()
     const over = () => { const now = process.memoryUsage(); return { buffers: now.arrayBuffers - before.arrayBuffers, rss: now.rss - before.rss } }
     let left = over()
     for (let i = 0; i < 1000 && (left.buffers > 1e6 || left.rss > 30e6); i++) { global.gc(); await new Promise((resolve) => setTimeout(resolve, 20)); left = over() }
     console.log(JSON.stringify({ ...left, largest: largest - before.rss }))
     await driver.close()`,
    { flags: ['--expose-gc'] },
  )
  assert.ok((said.largest as number) > 100e6, JSON.stringify(said))
  assert.ok((said.buffers as number) < 1e6, JSON.stringify(said))
  if (process.env.NEOBOLT_TEST_SANITIZER === undefined) assert.ok((said.rss as number) < 30e6, JSON.stringify(said))
})
