import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import type { Batch } from '../../../lib/codec/batch.js'
import type { Binding } from '../../../lib/engine/binding.js'
import { NativeEngineClient } from '../../../lib/engine/engine.js'
import type { NativeConfig, NativeMetrics, NativeTransaction } from '../../../lib/engine/native.js'
import type { Start } from '../../../lib/engine/request.js'
import type { ResponseHandler } from '../../../lib/engine/response-handler.js'
import { KINDS } from '../../../lib/error/kinds.js'
import { Logger } from '../../../lib/log/logger.js'
import { NO_SETTINGS } from '../../../lib/query/query.js'
import { DateTime, int } from '../../../lib/types/index.js'
import { frameOf } from '../codec/batch-official.js'

const FIELDS = 1
const RECORDS = 2
const SUCCESS = 3
const FAILURE = 4
const SERVER = 5
const QUESTION = 6
const FORGOTTEN = 7
const ATTACHED = 1
const HAS_MORE = 2

const CONFIG = {
  host: 'localhost',
  port: 7687,
  userAgent: 'test/1',
  boltAgent: { product: 'test' },
  auth: { scheme: 'none' },
  notifications: { minimumSeverityLevel: 'WARNING', disabledCategories: ['HINT'] },
  address: 'localhost:7687',
  routing: false,
  routingContext: {},
  maxConnectionPoolSize: 100,
  minConnectionPoolSize: 0,
  idleTimeout: -1,
  leakDetectionThreshold: 0,
  connectionAcquisitionTimeout: 60_000,
  connectionTimeout: 30_000,
  maxConnectionLifetime: 3_600_000,
  maxMessageSize: 1_000_000,
  connectionLivenessCheckTimeout: -1,
  telemetryDisabled: false,
  integers: 'number',
  logger: Logger.noOp(),
} as const
const TARGET = { database: null, impersonatedUser: null, fetchSize: 1000, notifications: undefined }
const START: Start = {
  mode: 'WRITE',
  bookmarks: [],
  settings: NO_SETTINGS,
  telemetry: 2,
  home: null,
  routerBookmarks: null,
}

// The deliveries of one test do not belong to another's run of deliveries.
beforeEach(() => new Promise((resolve) => setImmediate(resolve)))

interface Request {
  what: string
  id: number
  hex: string
  flags: number
}

/** An addon that records every call; the test makes its events. */
class FakeAddon {
  readonly requests: Request[] = []
  /**
   * `pause` and `resume`, separately: on a busy machine any delivery may take so long that a pause follows.
   */
  readonly turns: string[] = []
  metrics: NativeMetrics[] = []
  /** The last bytes, as they are now. */
  bytes: Uint8Array = new Uint8Array()
  config!: NativeConfig
  /** The very object that was passed in. */
  given!: NativeConfig
  /** What each request throws, as after a panic in the engine. */
  refusal: Error | undefined
  deliver!: (control: Buffer, attachments: Buffer[]) => void

  readonly binding: Binding = (() => {
    const addon = this
    const note = (what: string, id: number, request: Uint8Array = new Uint8Array(), flags = 0): void => {
      addon.requests.push({ what, id, hex: Buffer.from(request).toString('hex'), flags })
      addon.bytes = request
      if (id !== 0 && addon.refusal !== undefined) throw addon.refusal
    }
    const transaction = {
      run: (id: number, request: Uint8Array, flags: number) => note('tx run', id, request, flags),
      commit: (id: number) => note('commit', id),
      rollback: (id: number) => note('rollback', id),
      reset: () => note('reset', 0),
    }
    return {
      NativeDriver: class {
        constructor(config: NativeConfig, deliver: (control: Buffer, attachments: Buffer[]) => void) {
          // Its content is overwritten after the call.
          addon.config = { ...config, ...(config.auth && { auth: config.auth.slice() }) }
          addon.given = config
          if (addon.refusal !== undefined) throw addon.refusal
          addon.deliver = deliver
        }
        run(id: number, request: Uint8Array, flags: number) {
          note('run', id, request, flags)
        }
        next(id: number, pulls: number) {
          note(`next ${pulls}`, id)
        }
        discard(id: number) {
          note('discard', id)
        }
        reset(id: number) {
          note('reset', id)
        }
        begin(id: number, request: Uint8Array) {
          note('begin', id, request)
          return transaction
        }
        verify(id: number) {
          note('verify', id)
        }
        negotiate(id: number) {
          note('negotiate', id)
        }
        close(id: number) {
          note('close', id)
        }
        age(by: number) {
          note(`age ${by}`, 0)
        }
        metrics() {
          return addon.metrics
        }
        authenticate(id: number, _database: string | null, token: Uint8Array | null) {
          note('authenticate', id, token ?? undefined)
        }
        answer(question: number, answer: Uint8Array) {
          note('answer', question, answer)
          return true
        }
        pause() {
          addon.turns.push('pause')
        }
        resume() {
          addon.turns.push('resume')
        }
      },
    }
  })()

  get last(): Request {
    return this.requests[this.requests.length - 1]
  }
}

function event(id: number, kind: number, aux: number, payload: Buffer, flags = 0): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(id, 0)
  header[4] = kind
  header[5] = flags
  header.writeUInt32LE(aux, 8)
  header.writeUInt32LE(payload.length, 12)
  return Buffer.concat([header, payload, Buffer.alloc(-payload.length & 3)])
}

/** An event with an attachment as its payload. */
function attached(id: number, kind: number, aux: number, index: number): Buffer {
  const bytes = event(id, kind, aux, Buffer.alloc(0), ATTACHED)
  bytes.writeUInt32LE(index, 12)
  return bytes
}

/** Records its calls. */
function recording(log: unknown[]): ResponseHandler {
  return {
    fields: (metadata, server) => log.push(['fields', metadata, server?.address]),
    records: (batch: Batch, count, hasMore) => {
      const rows: unknown[] = []
      while (batch.remaining > 0) rows.push(batch.fields())
      log.push(['records', rows, count, hasMore])
    },
    success: (metadata, server) => log.push(['success', metadata, server?.address]),
    failure: (error) => log.push(['failure', error.message, (error as { code?: string }).code]),
  }
}

function connected(): { addon: FakeAddon; engine: NativeEngineClient } {
  const addon = new FakeAddon()
  return { addon, engine: new NativeEngineClient(CONFIG, addon.binding) }
}

const hex = (text: string): string => text.replace(/[\s·]/g, '')

describe('what the engine is told', () => {
  it('the settings of the driver, encoded where they are for the server', () => {
    const { addon } = connected()
    const { boltAgent, auth, notifications, ...plain } = addon.config
    const written = Buffer.from(JSON.stringify(CONFIG.notifications)).toString('hex')
    assert.equal(Buffer.from(auth ?? []).toString('hex'), hex('a1 86736368656d65 846e6f6e65'))
    assert.equal(Buffer.from(boltAgent).toString('hex'), hex('a1 8770726f64756374 8474657374'))
    assert.equal(Buffer.from(notifications).toString('hex'), hex(`93 875741524e494e47 91 8448494e54 d040${written}`))
    const { boltAgent: _, auth: __, notifications: ___, logger: ____, ...rest } = CONFIG
    const { integers, leakDetectionThreshold, address, routingContext, ...given } = rest
    const ours = { routing: undefined, resolves: false, logLevel: -1, logUnredacted: false, driverNumber: 0 }
    assert.deepEqual(plain, { ...given, ...ours })
  })

  it('a query: twelve options, text and parameters', () => {
    const { addon, engine } = connected()
    const start: Start = {
      mode: 'READ',
      bookmarks: ['b'],
      settings: { timeout: int(5), metadata: { k: 'v' } },
      telemetry: 2,
      home: null,
      routerBookmarks: null,
    }
    const target = {
      database: 'neo4j',
      impersonatedUser: 'me',
      fetchSize: -1,
      notifications: { minimumSeverityLevel: 'OFF' },
    }
    engine.run(target, start, { text: 'RETURN $n', parameters: { n: int(1) } }, recording([]))
    const options = `9c · 8172 · 856e656f346a · 826d65 · 918162 · 05 · a1816b8176 · 93834f4646c0d01e${Buffer.from('{"minimumSeverityLevel":"OFF"}').toString('hex')} · ff · 02 · c0 · c0 · c0`
    assert.equal(addon.last.hex, hex(`${options} 8952455455524e20246e a1816e01`))
    assert.equal(addon.last.flags, 0)
  })

  it('BEGIN: the options alone; a query in a transaction: its fetch size, text and parameters', () => {
    const { addon, engine } = connected()
    const transaction = engine.begin(TARGET, START, recording([]))
    assert.equal(addon.last.hex, hex('9c 8177 c0 c0 90 c0 c0 c0 c903e8 02 c0 c0 c0'))
    engine.runInTransaction(transaction, 10, { text: 'X', parameters: {} }, recording([]))
    assert.equal(addon.last.hex, hex('91 0a 8158 a0'))
  })

  it('the offset of each date-time with a zone, for servers which want local time', () => {
    const { addon, engine } = connected()
    const when = new DateTime(2024, 7, 1, 12, 0, 0, 0, undefined, 'Europe/Berlin')
    engine.run(TARGET, START, { text: 'X', parameters: { when } }, recording([]))
    assert.equal(addon.last.flags & 1, 1)
    assert.ok(addon.last.hex.endsWith(hex('91 c91c20')), addon.last.hex)
  })

  it('nothing of a query that cannot be encoded', () => {
    const { addon, engine } = connected()
    const query = { text: 'X', parameters: { rows: [{ big: 2n ** 64n }] } }
    assert.throws(() => engine.run(TARGET, START, query, recording([])), {
      name: 'RangeError',
      message: /\$rows\[0\]\.big/,
    })
    assert.deepEqual(addon.requests, [])
    engine.run(TARGET, START, { text: 'Y', parameters: {} }, recording([]))
    assert.ok(addon.last.hex.endsWith(hex('8159 a0')))
  })

  it('two queries, where encoding the parameters of one runs the other', () => {
    const { addon, engine } = connected()
    const parameters = {
      get n() {
        engine.run(TARGET, START, { text: 'INNER', parameters: {} }, recording([]))
        return true
      },
    }
    engine.run(TARGET, START, { text: 'OUTER', parameters }, recording([]))
    assert.ok(addon.requests[0].hex.endsWith(hex('c0 85494e4e4552 a0')), addon.requests[0].hex)
    assert.ok(addon.requests[1].hex.endsWith(hex('c0 854f55544552 a1816e c3')), addon.requests[1].hex)
    assert.notEqual(addon.requests[0].id, addon.requests[1].id)
  })

  it('of a running query, in a transaction or not, what is to become of it: by the id of its request', () => {
    const { addon, engine } = connected()
    const query = { text: 'Q', parameters: {} }
    const first = engine.run(TARGET, START, query, recording([]))
    const second = engine.runInTransaction(engine.begin(TARGET, START, recording([])), 10, query, recording([]))
    second.next(1)
    first.discard()
    second.reset()
    const asked = addon.requests.slice(3).map(({ what, id }) => `${what} of ${id}`)
    assert.deepEqual(asked, ['next 1 of 3', 'discard of 1', 'reset of 3'])
  })

  it('that time has passed which its clock has not seen, where it keeps routing tables', (context) => {
    const addon = new FakeAddon()
    let date = Date.now()
    context.mock.method(Date, 'now', () => date)
    const direct = new NativeEngineClient(CONFIG, addon.binding)
    const routing = new NativeEngineClient({ ...CONFIG, routing: true }, addon.binding)
    date += 3_600_000
    for (const engine of [direct, routing, routing]) engine.begin(TARGET, START, recording([]))
    const told = addon.requests.map(({ what }) => what)
    assert.match(told[1], /^age 3[56]\d{5}$/)
    assert.deepEqual(told.toSpliced(1, 1), ['begin', 'begin', 'begin'])
  })

  it('reset and rollback, of a transaction that is to end at once', () => {
    const { addon, engine } = connected()
    const transaction = engine.begin(TARGET, START, recording([]))
    engine.reset(transaction, recording([]))
    assert.deepEqual(
      addon.requests.map(({ what }) => what),
      ['begin', 'reset', 'rollback'],
    )
  })
})

describe('credentials', () => {
  it('of the driver are overwritten when the engine has them, or has refused them', () => {
    const { addon } = connected()
    assert.deepEqual([...(addon.given.auth ?? [])], new Array(13).fill(0))
    const refusing = new FakeAddon()
    refusing.refusal = new Error('no')
    assert.throws(() => new NativeEngineClient(CONFIG, refusing.binding), { message: 'no' })
    assert.deepEqual([...(refusing.given.auth ?? [])], new Array(13).fill(0))
  })

  it('of a session are overwritten in the buffer of its requests, however often that grew', async () => {
    const { addon, engine } = connected()
    const auth = { scheme: 'bearer', credentials: 'hush' }
    const parameters = { x: 'x'.repeat(100_000) }
    engine.run({ ...TARGET, auth }, START, { text: 'X', parameters }, recording([]))
    assert.match(addon.last.hex, new RegExp(Buffer.from('hush').toString('hex')))
    assert.equal(Buffer.from(addon.bytes).indexOf('hush'), -1)
    engine.begin({ ...TARGET, auth }, START, recording([]))
    assert.equal(Buffer.from(addon.bytes).indexOf('hush'), -1)
    engine.authenticate(null, auth).catch(() => {})
    assert.match(addon.last.hex, new RegExp(Buffer.from('hush').toString('hex')))
    assert.equal(Buffer.from(addon.bytes).indexOf('hush'), -1)
    assert.equal(
      addon.bytes.every((byte) => byte === 0),
      true,
    )
  })
})

describe('a call of the addon that throws', () => {
  const query = { text: 'X', parameters: {} }
  const OPEN: [string, (engine: NativeEngineClient, handler: ResponseHandler) => unknown][] = [
    ['run', (engine, handler) => engine.run(TARGET, START, query, handler)],
    ['begin', (engine, handler) => engine.begin(TARGET, START, handler)],
  ]
  const IN: [string, (engine: NativeEngineClient, tx: NativeTransaction, handler: ResponseHandler) => unknown][] = [
    ['tx run', (engine, tx, handler) => engine.runInTransaction(tx, 10, query, handler)],
    ['commit', (engine, tx, handler) => engine.commit(tx, handler)],
    ['rollback', (engine, tx, handler) => engine.rollback(tx, handler)],
  ]

  it('leaves nobody who waits for what will not come', () => {
    const { addon, engine } = connected()
    const transaction = engine.begin(TARGET, START, recording([]))
    const log: unknown[] = []
    addon.refusal = new Error('panic')
    const calls = [
      ...OPEN.map(([name, call]) => [name, () => call(engine, recording(log))] as const),
      ...IN.map(([name, call]) => [name, () => call(engine, transaction, recording(log))] as const),
    ]
    for (const [name, call] of calls) {
      assert.throws(call, { message: 'panic' }, name)
      assert.equal(addon.last.what, name)
      // If there were a handler, it would be called.
      addon.deliver(event(addon.last.id, SUCCESS, 0, frameOf('maps').frame), [])
    }
    assert.deepEqual(log, [])
  })

  it('rejects what was promised', async () => {
    const { addon, engine } = connected()
    addon.refusal = new Error('panic')
    await assert.rejects(engine.verify(null), { message: 'panic' })
    await assert.rejects(engine.negotiate(), { message: 'panic' })
    await assert.rejects(engine.authenticate(null, { scheme: 'none' }), { message: 'panic' })
    await assert.rejects(engine.close(), { message: 'panic' })
  })
})

describe('what the engine tells', () => {
  /** A frame of one record of so many nulls; of no record for 0. */
  function nulls(columns: number): Buffer {
    const frame = Buffer.alloc(32 + 4 * columns)
    frame.writeInt32LE(columns === 0 ? 0 : 1, 0)
    frame.writeInt32LE(columns, 4)
    for (let word = 2; word < 8; word++) frame.writeInt32LE(frame.length, 4 * word)
    return frame
  }

  const MAP = frameOf('maps').frame // the first record is an empty map
  const ROWS = frameOf('3 columns').frame // 62 bytes: what follows it is two bytes further on
  const ROWS_READ = [
    [0, 1, 2],
    ['v0', 'v1', 'v2'],
  ]
  const PEER = frameOf('4 columns').frame // the first record is 0, 1, 2, 3

  it('goes to those who have asked for it, in one call for all', () => {
    const { addon, engine } = connected()
    const first: unknown[] = []
    const second: unknown[] = []
    engine.run(TARGET, START, { text: 'A', parameters: {} }, recording(first))
    const a = addon.last.id
    engine.run(TARGET, START, { text: 'B', parameters: {} }, recording(second))
    const b = addon.last.id
    addon.deliver(
      Buffer.concat([
        event(0, SERVER, 7, PEER),
        event(a, FIELDS, 7, MAP),
        event(b, FAILURE, 0, nulls(4)),
        event(a, RECORDS, 2, ROWS),
        attached(a, RECORDS, 2, 1),
        event(a, RECORDS, 0, nulls(0), HAS_MORE),
        event(a, SUCCESS, 7, MAP),
      ]),
      [Buffer.alloc(0), ROWS],
    )
    assert.deepEqual(first, [
      ['fields', {}, 0],
      ['records', ROWS_READ, 2, false],
      ['records', ROWS_READ, 2, false],
      ['records', [], 0, true],
      ['success', {}, 0],
    ])
    assert.deepEqual(second, [['failure', '', 'N/A']])
  })

  it('knows a server by its number from then on', async () => {
    const { addon, engine } = connected()
    const verified = engine.verify(null)
    addon.deliver(Buffer.concat([event(0, SERVER, 7, PEER), event(addon.last.id, SUCCESS, 7, MAP)]), [])
    const server = await verified
    assert.equal(server.agent, 1 as never)
    assert.equal(server.protocolVersion.toString(), '2.3')
  })

  it('reaches the others when one handler throws, and the defect is thrown where nobody is in the way', (context) => {
    const { addon, engine } = connected()
    const log: unknown[] = []
    const defect = new Error('defect')
    const throwing = recording([])
    throwing.success = () => {
      throw defect
    }
    engine.run(TARGET, START, { text: 'A', parameters: {} }, throwing)
    const a = addon.last.id
    engine.run(TARGET, START, { text: 'B', parameters: {} }, recording(log))
    const microtasks = context.mock.method(globalThis, 'queueMicrotask', () => undefined)
    addon.deliver(Buffer.concat([event(a, SUCCESS, 0, MAP), event(addon.last.id, SUCCESS, 0, MAP)]), [])
    assert.deepEqual(log, [['success', {}, undefined]])
    assert.throws(microtasks.mock.calls[0].arguments[0] as () => void, defect)
  })

  it('is nothing to anybody after the last event of an id', () => {
    const { addon, engine } = connected()
    const log: unknown[] = []
    engine.run(TARGET, START, { text: 'A', parameters: {} }, recording(log))
    const end = event(addon.last.id, SUCCESS, 0, MAP)
    addon.deliver(Buffer.concat([end, end]), [])
    assert.equal(log.length, 1)
  })
})

describe('a question of the engine', () => {
  /** The failure of a function that threw the value kept under this number. */
  function failureAbout(number: number): Buffer {
    const phrase = [KINDS.thrown, number]
    const frame = Buffer.alloc(32 + 4 * phrase.length)
    frame.writeInt32LE(1, 0)
    frame.writeInt32LE(phrase.length, 4)
    for (let word = 2; word < 8; word++) frame.writeInt32LE(frame.length, 4 * word)
    for (const [at, int] of phrase.entries()) frame.writeInt32LE(3 | (int << 5), 32 + 4 * at) // tag int
    return frame
  }

  function asked(token: () => unknown): { addon: FakeAddon; engine: NativeEngineClient } {
    const addon = new FakeAddon()
    return { addon, engine: new NativeEngineClient({ ...CONFIG, callbacks: { token } }, addon.binding) }
  }

  const NOTHING = frameOf('null').frame

  it('is put to the function it is about, and answered', () => {
    const { addon } = asked(() => ({ scheme: 'none' }))
    addon.deliver(event(5, QUESTION, 1, NOTHING), [])
    // [true, {scheme: "none"}]
    assert.deepEqual(addon.last, { what: 'answer', id: 5, hex: '92c3a186736368656d65846e6f6e65', flags: 0 })
  })

  it('whose function throws makes the request fail with the same object, until that is forgotten', () => {
    const error = new Error('no token')
    const { addon, engine } = asked(() => {
      throw error
    })
    const heard: unknown[] = []
    const handler = { ...recording([]), failure: (failure: unknown) => heard.push(failure) }
    engine.run(TARGET, START, { text: 'A', parameters: {} }, handler)
    const first = addon.last.id
    engine.run(TARGET, START, { text: 'B', parameters: {} }, handler)
    const second = addon.last.id
    engine.run(TARGET, START, { text: 'C', parameters: {} }, handler)
    const third = addon.last.id
    addon.deliver(event(9, QUESTION, 1, NOTHING), [])
    assert.equal(addon.last.hex, '91c2') // [false]
    addon.deliver(
      Buffer.concat([event(first, FAILURE, 0, failureAbout(9)), event(second, FAILURE, 0, failureAbout(9))]),
      [],
    )
    addon.deliver(event(9, FORGOTTEN, 0, Buffer.alloc(0)), [])
    addon.deliver(event(third, FAILURE, 0, failureAbout(9)), [])
    assert.equal(heard[0], error)
    assert.equal(heard[1], error)
    assert.notEqual(heard[2], error)
  })
})

describe('a closed engine', () => {
  it('refuses what is new, with the official text', async () => {
    const { addon, engine } = connected()
    const closed = engine.close()
    addon.deliver(event(addon.last.id, SUCCESS, 0, frameOf('maps').frame), [])
    await closed
    const refused = { message: 'Pool is closed, it is no more able to serve requests.', code: 'N/A' }
    assert.throws(() => engine.run(TARGET, START, { text: 'A', parameters: {} }, recording([])), refused)
    assert.throws(() => engine.begin(TARGET, START, recording([])), refused)
    await assert.rejects(engine.verify(null), refused)
  })
})

describe('a long run of deliveries', () => {
  it('lets the event loop have its turn before the engine goes on', async () => {
    const { addon, engine } = connected()
    const busy: ResponseHandler = {
      ...recording([]),
      records: () => {
        const end = performance.now() + 5
        while (performance.now() < end);
      },
    }
    engine.run(TARGET, START, { text: 'RETURN 1', parameters: {} }, busy)
    const { id } = addon.last
    addon.deliver(event(id, RECORDS, 1, frameOf('null').frame), [])
    assert.equal(addon.turns.at(-1), 'pause')
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(addon.turns.at(-1), 'resume')
  })

  it('includes what readers do with large ones in between', async () => {
    const { addon, engine } = connected()
    engine.run(TARGET, START, { text: 'RETURN 1', parameters: {} }, recording([]))
    const { id } = addon.last
    addon.deliver(attached(id, RECORDS, 1, 0), [frameOf('null').frame])
    await undefined
    const end = performance.now() + 2
    while (performance.now() < end);
    addon.deliver(event(id, RECORDS, 1, frameOf('null').frame), [])
    assert.equal(addon.turns.at(-1), 'pause')
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(addon.turns.at(-1), 'resume')
  })

  it('is not made of short ones with time in between', async () => {
    const { addon, engine } = connected()
    engine.run(TARGET, START, { text: 'RETURN 1', parameters: {} }, recording([]))
    const { id } = addon.last
    for (let short = 0; short < 5; ) {
      const paused = addon.turns.length
      const began = performance.now()
      addon.deliver(event(id, RECORDS, 1, frameOf('null').frame), [])
      // A delivery that a busy machine has slowed down does not count.
      if (performance.now() - began < 1) {
        assert.equal(addon.turns.length, paused)
        short++
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  })
})
