/**
 * The native classes by themselves: wrong arguments, wrong bytes, calls in the wrong order. Nothing may
 * crash, and every id ends exactly once.
 */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { binding, config, Deliveries, type Driver, inTransaction, request } from '../support/native.js'
import { encode } from '../support/packstream.cjs'
import { answer, client, type Peer, records, type Step, stall, startPeer, success } from '../support/stub-server.js'

const peers: Peer[] = []
const drivers: Driver[] = []
afterEach(async () => {
  for (const driver of drivers.splice(0)) driver.close(LAST)
  for (const peer of peers.splice(0)) await peer.stop()
})

async function open(steps: Step[] = [], more: Record<string, unknown> = {}) {
  const peer = await startPeer([steps])
  peers.push(peer)
  const deliveries = new Deliveries()
  const driver = new binding.NativeDriver(config(peer.port, more), deliveries.deliver)
  drivers.push(driver)
  return { peer, driver, deliveries }
}

test('a configuration of a wrong type is thrown at the constructor', () => {
  const deliver = () => {}
  const wrong: [unknown, unknown][] = [
    [undefined, deliver],
    [null, deliver],
    [{}, deliver],
    [config(1), undefined],
    [config(1), 'no function'],
    [config(1, { host: 7 }), deliver],
    [config(1, { port: 'http' }), deliver],
    [config(1, { auth: 'secret' }), deliver],
  ]
  for (const [settings, callback] of wrong) {
    assert.throws(() => new binding.NativeDriver(settings, callback), Error, JSON.stringify(settings))
  }
})

test('an answer to what nobody has asked is not taken, whatever it says', async () => {
  const { driver } = await open()
  for (const bytes of [Buffer.alloc(0), encode([false]), encode([true, 1]), Buffer.from([0xff])]) {
    assert.equal(driver.answer(7, bytes), false)
  }
})

test('arguments of a wrong type are thrown, and the driver stays usable', async () => {
  const { driver, deliveries } = await open(answer(['n'], [[1]]))
  const unsafe = driver as unknown as Record<string, (...args: unknown[]) => unknown>
  for (const args of [
    [],
    ['x', request('RETURN 1'), 0],
    [1, 'RETURN 1', 0],
    [1, {}, 0],
    [1, null, 0],
    [1, request('RETURN 1'), {}],
  ]) {
    assert.throws(() => unsafe.run?.(...args), Error, JSON.stringify(args))
  }
  assert.throws(() => unsafe.begin?.(1, 5), Error)
  assert.throws(() => unsafe.close?.('x'), Error)
  assert.throws(() => unsafe.answer?.(1, 'true'), Error)
  assert.throws(() => (binding.NativeDriver as unknown as () => void)(), Error)
  assert.throws(() => unsafe.run?.call({}, 1, request('RETURN 1'), 0), Error)

  const end = deliveries.end(1)
  driver.run(1, request('RETURN 1 AS n'), 0)
  assert.equal(await end, 'SUCCESS')
})

test('the class that only the engine makes cannot be made', () => {
  assert.throws(() => new binding.NativeTransaction(), Error)
})

test('a request of arbitrary bytes ends in a failure, or is thrown, and harms nothing', async () => {
  const { driver, deliveries } = await open(answer(['n'], [[1]]))
  const good = request('RETURN 1 AS n')
  const wrong = [
    Buffer.alloc(0),
    Buffer.from([0xff]),
    Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff]),
    encode([]),
    encode('no list'),
    encode(['w', null, null, [], null, null, null, 1000, -1, null]),
    Buffer.concat([good, good]),
    // Nested deeper than any stack.
    Buffer.alloc(200_000, 0x91),
    ...Array.from({ length: good.length }, (_, size) => good.subarray(0, size)),
    ...Array.from({ length: 300 }, (_, seed) => scrambled(good, seed)),
  ]
  const ends: Promise<unknown>[] = []
  let id = 100
  for (const bytes of wrong) {
    id++
    const end = deliveries.end(id)
    try {
      driver.run(id, bytes, 0)
      ends.push(end)
    } catch (error) {
      assert.ok(error instanceof Error)
    }
  }
  // A scrambled one may be a good query by chance. The peer has no answer for it and closes the connection,
  // so it fails, too.
  await Promise.all(ends)
  for (const { id: each } of deliveries.events) if (each > 100) assert.equal(deliveries.ends(each), 1, `id ${each}`)
})

test('closing twice answers both, and after it every request fails', async () => {
  const { driver, deliveries, peer } = await open(answer(['n'], [[1]]))
  const query = deliveries.end(1)
  driver.run(1, request('RETURN 1 AS n'), 0)
  assert.equal(await query, 'SUCCESS')
  const closes = [deliveries.end(2), deliveries.end(3)]
  driver.close(2)
  driver.close(3)
  assert.deepEqual(await Promise.all(closes), ['SUCCESS', 'SUCCESS'])
  await peer.idle()

  const later = [4, 5, 6, 7].map((id) => deliveries.end(id))
  driver.run(4, request('RETURN 1 AS n'), 0)
  driver.next(4, 1)
  driver.discard(4)
  driver.reset(4)
  const transaction = driver.begin(5, request())
  transaction.run(6, inTransaction('RETURN 1'), 0)
  driver.verify(7, null)
  assert.deepEqual(await Promise.all(later), ['FAILURE', 'FAILURE', 'FAILURE', 'FAILURE'])
  const last = deliveries.end(8)
  driver.close(8)
  assert.equal(await last, 'SUCCESS')
})

test('close() fails what is in flight, and leaves no connection', async () => {
  const { driver, deliveries, peer } = await open([client('RUN'), client('PULL'), stall()])
  const query = deliveries.end(1)
  driver.run(1, request('RETURN 1 AS n'), 0)
  await peer.seen('PULL')
  const close = deliveries.end(2)
  driver.close(2)
  assert.equal(await query, 'FAILURE')
  assert.equal(await close, 'SUCCESS')
  await peer.idle()
})

test('a query that is over, or never was, takes every call without effect', async () => {
  const { driver, deliveries, peer } = await open([...answer(['n'], [[1]]), ...answer(['n'], [[2]])])
  const first = deliveries.end(1)
  driver.run(1, request('RETURN 1 AS n'), 0)
  assert.equal(await first, 'SUCCESS')
  for (const id of [1, 1, 1, 77]) {
    driver.next(id, 1)
    driver.next(id, 0xffffffff)
    driver.discard(id)
    driver.reset(id)
  }
  const second = deliveries.end(2)
  driver.run(2, request('RETURN 2 AS n'), 0)
  assert.equal(await second, 'SUCCESS')
  assert.equal(peer.count('PULL'), 2)
  assert.deepEqual(peer.problems, [])
})

test('credit given many times over never pulls more than there is', async () => {
  const { driver, deliveries, peer } = await open([
    client('RUN'),
    success({ fields: ['i'] }),
    client('PULL'),
    ...records(1, 2),
    success({ has_more: true }),
    client('PULL'),
    ...records(3, 4),
    success({ type: 'r' }),
  ])
  const end = deliveries.end(1)
  driver.run(1, request('X', 2), 0)
  for (let i = 0; i < 10; i++) driver.next(1, 0xffffffff)
  driver.next(1, 0)
  assert.equal(await end, 'SUCCESS')
  assert.equal(peer.count('PULL'), 2)
})

test('a transaction that is over answers every further call once', async () => {
  const { driver, deliveries, peer } = await open([
    client('BEGIN'),
    success(),
    client('COMMIT'),
    success({ bookmark: 'b' }),
  ])
  const begun = deliveries.end(1)
  const transaction = driver.begin(1, request())
  assert.equal(await begun, 'SUCCESS')
  const committed = deliveries.end(2)
  transaction.commit(2)
  assert.equal(await committed, 'SUCCESS')
  const later = [3, 4, 5].map((id) => deliveries.end(id))
  transaction.commit(3)
  transaction.rollback(4)
  transaction.run(5, inTransaction('RETURN 1'), 0)
  transaction.reset()
  const [commit, , run] = await Promise.all(later)
  assert.deepEqual([commit, run], ['FAILURE', 'FAILURE'])
  for (const id of [1, 2, 3, 4, 5]) assert.equal(deliveries.ends(id), 1, `id ${id}`)
  assert.deepEqual(peer.problems, [])
})

test('a thousand queries at once all end, on as many connections as the pool may have', async () => {
  const peer = await startPeer(() => Array.from({ length: 1000 }, () => answer(['n'], [[1]])).flat())
  peers.push(peer)
  const deliveries = new Deliveries()
  const driver = new binding.NativeDriver(
    config(peer.port, { connectionAcquisitionTimeout: 60_000 }),
    deliveries.deliver,
  )
  drivers.push(driver)
  const ends = Array.from({ length: 1000 }, (_, id) => deliveries.end(id + 1))
  for (let id = 1; id <= 1000; id++) driver.run(id, request('RETURN 1 AS n'), 0)
  assert.deepEqual([...new Set(await Promise.all(ends))], ['SUCCESS'])
  assert.ok(peer.connections <= 10, `${peer.connections} connections`)
  assert.equal(peer.count('RUN'), 1000)
})

/** A copy of the bytes with some of them changed, always the same ones for a seed. */
function scrambled(bytes: Buffer, seed: number): Buffer {
  const copy = Buffer.from(bytes)
  let state = seed * 2_654_435_761 + 1
  for (let i = 0; i < 3; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    copy[state % copy.length] = state >>> 16
  }
  return copy
}

const LAST = 0xfffffff0
