/**
 * Worker threads that are terminated in the middle of everything: their threads, sockets and memory are
 * released.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runChild } from '../support/child.js'
import { entry, neoboltOnly } from '../support/drivers.js'
import { startMinimalServer } from '../support/stub-server.js'

test('eight workers, ended in mid-query five times over, leave nothing behind', {
  timeout: 240_000,
  ...neoboltOnly,
}, async () => {
  const peer = await startMinimalServer({ stalls: true })
  const worker = `
    const { parentPort, workerData } = require('node:worker_threads');
    const neo4j = require(workerData.entry);
    const driver = neo4j.driver(workerData.uri, neo4j.auth.basic('neo4j', 'x'), { telemetryDisabled: true });
    // A query, a transaction and one that waits for a connection that it will never get.
    driver.session().run('X').keys().then(() => parentPort.postMessage('running'));
    driver.session().beginTransaction().then((transaction) => transaction.run('X'));
    driver.session().executeWrite((tx) => tx.run('X'));`
  const child = await runChild(
    `const { Worker } = require('node:worker_threads');
     const { readdirSync, readlinkSync } = require('node:fs');
     const linux = process.platform === 'linux';
     const threads = () => linux ? readdirSync('/proc/self/task').length : 0;
     const sockets = () => linux ? readdirSync('/proc/self/fd').filter((fd) => {
       try { return readlinkSync('/proc/self/fd/' + fd).startsWith('socket:') } catch { return false }
     }).length : 0;
     const round = () => Promise.all(Array.from({ length: 8 }, () => new Promise((resolve, reject) => {
       const worker = new Worker(input.worker, { eval: true, workerData: { uri: input.uri, entry: input.entry } });
       worker.once('error', reject);
       worker.once('message', () => resolve(worker.terminate()));
     })));
     // The engine's threads are told to end when their drivers go; that they have is seen a little later.
     const settled = async (before) => {
       for (let i = 0; i < 1000 && (threads() > before.threads || sockets() > before.sockets); i++) await new Promise((resolve) => setTimeout(resolve, 10));
     };
     const before = { threads: threads(), sockets: sockets() };
     await round(); await settled(before); global.gc();
     const warm = { ...before, threads: Math.max(before.threads, threads()), rss: process.memoryUsage.rss() };
     for (let i = 0; i < 4; i++) { await round(); await settled(warm) }
     global.gc();
     console.log(JSON.stringify({ threads: threads() - warm.threads, sockets: sockets() - warm.sockets, rss: (process.memoryUsage.rss() - warm.rss) / 1e6 }))`,
    { input: { uri: peer.uri, worker, entry: entry('neobolt') }, flags: ['--expose-gc'], timeout: 230_000 },
  )
  assert.deepEqual([child.code, child.stderr], [0, ''])
  const left = JSON.parse(child.stdout) as { threads: number; sockets: number; rss: number }
  assert.ok(left.threads <= 0 && left.sockets <= 0, child.stdout)
  // In MB; 32 isolates have come and gone. A sanitizer's allocator keeps freed memory for a while.
  assert.ok(left.rss < (process.env.NEOBOLT_TEST_SANITIZER === undefined ? 40 : 200), child.stdout)
  await peer.idle()
  await peer.stop()
})

test("calls in 'exit' handlers and at process.exit() do no harm", { timeout: 240_000, ...neoboltOnly }, async () => {
  const peer = await startMinimalServer({ stalls: true })
  for (const deed of [
    `process.on('exit', () => { driver.session().run('X').catch(() => {}); driver.close() }); process.exit(3)`,
    `process.on('exit', () => { neo4j.driver(input.uri).session().run('X') }); process.exit(3)`,
    `driver.session().run('X').keys().then(() => process.exit(3)); await new Promise(() => setInterval(() => {}, 1000))`,
    `driver.session().run('X').subscribe({ onKeys() { process.exit(3) } }); await new Promise(() => setInterval(() => {}, 1000))`,
    `process.on('exit', () => { try { session.close(); driver.verifyConnectivity() } catch {} }); const session = driver.session(); session.run('X').keys().then(() => process.exit(3)); await new Promise(() => setInterval(() => {}, 1000))`,
    `process.once('uncaughtException', () => process.exit(3)); driver.session().run('X').keys().then(() => setImmediate(() => { throw new Error('mine') })); await new Promise(() => setInterval(() => {}, 1000))`,
  ]) {
    const child = await runChild(`const driver = neo4j.driver(input.uri, neo4j.auth.basic('neo4j', 'x')); ${deed}`, {
      input: { uri: peer.uri },
    })
    assert.deepEqual([child.code, child.signal, child.stderr], [3, null, ''], deed)
  }
  await peer.idle()
  await peer.stop()
})
