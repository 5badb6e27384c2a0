/**
 * The package in processes and threads of their own: loading, exiting without closing, worker threads,
 * memory.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { afterEach, test } from 'node:test'
import { runChild } from '../support/child.js'
import { entry, neoboltOnly, root } from '../support/drivers.js'
import {
  answer,
  client,
  hold,
  type Peer,
  records,
  type Step,
  stall,
  startPeer,
  success,
} from '../support/stub-server.js'

const peers: Peer[] = []
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.stop()
})

async function open(dialogues: Step[][] | ((connection: number) => Step[])): Promise<Peer> {
  const peer = await startPeer(dialogues)
  peers.push(peer)
  return peer
}

const CONNECT = `const driver = neo4j.driver(input.uri, neo4j.auth.basic('neo4j', 'x'), { telemetryDisabled: true });`
const busy = (): Step[] => [client('RUN'), success({ fields: ['i'] }), client('PULL'), ...records(1, 10), stall()]

test('the process ends although the driver was not closed, when nothing is in flight', neoboltOnly, async () => {
  const peer = await open([answer(['n'], [[1]])])
  const child = await runChild(`${CONNECT} await driver.session().run('RETURN 1 AS n'); console.log('done')`, {
    input: peer,
  })
  assert.deepEqual([child.code, child.stdout.trim(), child.stderr], [0, 'done', ''])
})

test('a log keeps no process alive, and has all lines of what the program waits for', neoboltOnly, async () => {
  const peer = await open([answer(['n'], [[1]])])
  const child = await runChild(
    `const driver = neo4j.driver(input.uri, undefined, { logging: neo4j.logging.console('debug') })
     await driver.session().run('RETURN 1 AS n')
     console.log('done')`,
    { input: peer },
  )
  assert.deepEqual([child.code, child.stderr], [0, ''])
  const lines = child.stdout.trim().split('\n')
  assert.equal(lines.pop(), 'done')
  assert.match(lines.join('\n'), /C: RUN RETURN 1 AS n .*S: RECORD .*S: SUCCESS .*released to the pool/s)
})

test('the process waits for a query in flight, though nothing else keeps it', neoboltOnly, async () => {
  let go: () => void = () => {}
  const gate = new Promise<void>((resolve) => {
    go = resolve
  })
  const peer = await open([
    [client('RUN'), success({ fields: ['n'] }), client('PULL'), hold(gate), ...records(7, 7), success({ type: 'r' })],
  ])
  void peer.seen('PULL').then(() => setTimeout(go, 300))
  const child = await runChild(
    `${CONNECT} driver.session().run('RETURN 7 AS n').then(({ records }) => console.log(records[0].get('n').toNumber()))`,
    { input: peer },
  )
  assert.deepEqual([child.code, child.stdout.trim(), child.stderr], [0, '7', ''])
})

test('process.exit() in the middle of a stream ends the process with its code', neoboltOnly, async () => {
  const peer = await open([busy()])
  const child = await runChild(
    `${CONNECT} for await (const record of driver.session({ fetchSize: 1000 }).run('X')) process.exit(7)`,
    { input: peer },
  )
  assert.deepEqual([child.code, child.signal, child.stderr], [7, null, ''])
  await peer.idle()
})

test('an uncaught exception in the middle of a stream ends the process as it ends any', neoboltOnly, async () => {
  const peer = await open([busy()])
  const child = await runChild(
    `${CONNECT} driver.session().run('X').keys().then(() => setImmediate(() => { throw new Error('mine') })); await new Promise(() => {})`,
    { input: peer },
  )
  assert.deepEqual([child.code, child.signal], [1, null])
  assert.match(child.stderr, /Error: mine/)
  await peer.idle()
})

test(
  'worker threads each have drivers of their own, and end with queries in flight or without',
  neoboltOnly,
  async () => {
    // The stalled stream is the third query of each connection's worker.
    const peer = await open(() => [...answer(['n'], [[1]]), ...answer(['n'], [[2]]), ...busy()])
    const worker = `
    const { parentPort, workerData } = require('node:worker_threads');
    const neo4j = require(workerData.entry);
    const driver = neo4j.driver(workerData.uri, neo4j.auth.basic('neo4j', 'x'), { telemetryDisabled: true });
    (async () => {
      const session = driver.session();
      const one = await session.run('RETURN 1 AS n');
      const two = await session.run('RETURN 2 AS n');
      const stalled = session.run('X');
      await stalled.keys();
      parentPort.postMessage([one.records[0].get('n').toNumber(), two.records[0].get('n').toNumber()]);
      if (workerData.leave) { await driver.close(); stalled.catch(() => {}); }
    })();`
    const child = await runChild(
      `const { Worker } = require('node:worker_threads');
     const ends = [0, 1, 2, 3].map((i) => new Promise((resolve, reject) => {
       const worker = new Worker(input.worker, { eval: true, workerData: { uri: input.uri, entry: input.entry, leave: i % 2 === 0 } });
       let message;
       worker.once('message', (value) => { message = value; if (i % 2 === 1) worker.terminate() });
       worker.once('error', reject);
       worker.once('exit', (code) => resolve([message, code]));
     }));
     console.log(JSON.stringify(await Promise.all(ends)))`,
      { input: { uri: peer.uri, worker, entry: entry('neobolt') } },
    )
    assert.equal(child.stderr, '')
    assert.equal(child.code, 0)
    assert.deepEqual(JSON.parse(child.stdout), [
      [[1, 2], 0],
      [[1, 2], 1],
      [[1, 2], 0],
      [[1, 2], 1],
    ])
    await peer.idle()
  },
)

test('a driver that is closed leaves no thread, no socket and no object behind', neoboltOnly, async () => {
  const peer = await open(() => answer(['n'], [[1]]))
  const child = await runChild(
    `const { readdirSync } = require('node:fs');
     const threads = () => process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0;
     const use = async () => { ${CONNECT} await driver.session().run('RETURN 1 AS n'); await driver.close(); return new WeakRef(driver) };
     await use();
     const before = threads();
     const refs = [];
     for (let i = 0; i < 20; i++) refs.push(await use());
     for (let i = 0; i < 500 && (i < 10 || threads() > before); i++) { global.gc(); await new Promise((resolve) => setTimeout(resolve, i < 10 ? 0 : 10)) }
     // The last one may still be on the stack.
     const alive = refs.filter((ref) => ref.deref() !== undefined).length;
     console.log(JSON.stringify({ threads: Math.max(0, threads() - before), alive: alive > 1 ? alive : 0 }))`,
    { input: peer, flags: ['--expose-gc'] },
  )
  assert.equal(child.stderr, '')
  assert.deepEqual(JSON.parse(child.stdout), { threads: 0, alive: 0 })
  await peer.idle()
})

test('drivers that are forgotten without close() are collected with their threads', neoboltOnly, async () => {
  const peer = await open(() => answer(['n'], [[1]]))
  const child = await runChild(
    `const { readdirSync } = require('node:fs');
     const threads = () => process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0;
     const use = async () => { ${CONNECT} await driver.session().run('RETURN 1 AS n') };
     const before = threads();
     for (let i = 0; i < 20; i++) await use();
     for (let i = 0; i < 400 && threads() > before + 2; i++) { global.gc(); await new Promise((resolve) => setTimeout(resolve, 20)) }
     console.log(threads() - before)`,
    { input: peer, flags: ['--expose-gc'] },
  )
  assert.equal(child.stderr, '')
  assert.ok(Number(child.stdout) <= 2, `${child.stdout.trim()} threads are left`)
})

test('ten thousand queries leave no memory behind', { timeout: 240_000, ...neoboltOnly }, async () => {
  const rows = Array.from({ length: 20 }, (_, i) => [i, `name ${i}`])
  const peer = await open(() => Array.from({ length: 11_000 }, () => answer(['i', 'name'], rows)).flat())
  const child = await runChild(
    `${CONNECT}
     const run = async (times) => {
       const session = driver.session();
       for (let i = 0; i < times; i++) {
         const way = i % 3;
         if (way === 0) await session.run('X', { i, text: 'y'.repeat(100) });
         else if (way === 1) for await (const record of session.run('X', { i })) { if (record.get('i').toNumber() === 15) break }
         else await new Promise((onCompleted, onError) => session.run('X').subscribe({ onCompleted, onError }));
       }
       await session.close();
     };
     const settle = async () => { for (let i = 0; i < 5; i++) { global.gc(); await new Promise((resolve) => setImmediate(resolve)) } };
     await run(1000); await settle();
     const before = process.memoryUsage();
     await run(10000); await settle();
     const after = process.memoryUsage();
     await driver.close();
     console.log(JSON.stringify(Object.fromEntries(['heapUsed', 'external', 'arrayBuffers', 'rss'].map((key) => [key, (after[key] - before[key]) / 1e6]))))`,
    { input: peer, flags: ['--expose-gc'], timeout: 230_000 },
  )
  assert.equal(child.stderr, '')
  const grown = JSON.parse(child.stdout) as Record<string, number>
  // In MB. 100 bytes leaked by each query would be 1.
  assert.ok((grown.heapUsed ?? 9) < 0.8, JSON.stringify(grown))
  assert.ok((grown.external ?? 9) < 0.8 && (grown.arrayBuffers ?? 9) < 0.8, JSON.stringify(grown))
  assert.ok((grown.rss ?? 99) < 25, JSON.stringify(grown))
})

test('the package can be required, and imported by default and by name', neoboltOnly, async () => {
  const { name } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { name: string }
  const child = await runChild(
    `const byDefault = await import(${JSON.stringify(`${root}/dist/index.js`)});
     const { driver, auth, int, session, Neo4jError } = byDefault;
     console.log([byDefault.default === neo4j || byDefault.default.driver === neo4j.driver, typeof driver, typeof auth.basic, int(1).toNumber(), session.READ, Neo4jError.name].join())`,
  )
  assert.equal(name, 'neobolt')
  assert.deepEqual([child.stdout.trim(), child.stderr], ['true,function,function,1,READ,Neo4jError', ''])
})
