// biome-ignore-all lint/suspicious/noExplicitAny: what is wrong with the types is what this is about
// biome-ignore-all lint/suspicious/noThenProperty: what is wrong with promises is part of it
/**
 * A program that calls everything with everything that does not belong there. It runs in a process of its
 * own, because it looks for crashes. Prints one line of JSON: how many calls there were, and which of them
 * did not end.
 */
import { load } from './drivers.js'
import { binding, config, request } from './native.js'

const neo4j = load('neobolt') as any
const uri = process.argv[2] as string
const port = Number(new URL(uri).port)
const uncaught: string[] = []
process.on('uncaughtException', (error) => uncaught.push(String(error?.stack ?? error)))
process.on('unhandledRejection', (error: any) => uncaught.push(`unhandled: ${String(error?.message ?? error)}`))

const thrower = () => {
  throw new Error('mine')
}
/** Unexpected values, made anew each time. */
const THINGS: [name: string, make: () => any][] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['zero', () => 0],
  ['minus one', () => -1],
  ['NaN', () => Number.NaN],
  ['infinity', () => Number.POSITIVE_INFINITY],
  ['a half', () => 0.5],
  ['2^53', () => 2 ** 53],
  ['a bigint', () => 1n],
  ['a huge bigint', () => 1n << 200n],
  ['empty text', () => ''],
  ['text', () => 'x'],
  ['a lone surrogate', () => '\ud800'],
  ['long text', () => 'x'.repeat(10_000)],
  ['a symbol', () => Symbol('s')],
  ['a function', () => () => {}],
  ['a function that throws', () => thrower],
  ['an object', () => ({})],
  ['a list', () => []],
  ['a sparse list', () => new Array(10)],
  ['an object without prototype', () => Object.create(null)],
  ['an object that throws when it is read', () => new Proxy({}, { get: thrower, has: thrower, ownKeys: thrower })],
  [
    'an object that throws whatever is done',
    () => new Proxy(() => {}, Object.fromEntries(Object.getOwnPropertyNames(Reflect).map((trap) => [trap, thrower]))),
  ],
  ['a revoked proxy', () => revoked()],
  [
    'a list of minus one items',
    () => new Proxy([], { get: (target, key) => (key === 'length' ? -1 : (target as any)[key]) }),
  ],
  [
    'a list of one and a half items',
    () => new Proxy([1, 2], { get: (list, key) => (key === 'length' ? 1.5 : (list as any)[key]) }),
  ],
  [
    'an object whose text throws',
    () => ({ toString: thrower, valueOf: thrower, toJSON: thrower, [Symbol.toPrimitive]: thrower }),
  ],
  [
    'an object whose then throws',
    () => ({
      get then() {
        return thrower()
      },
    }),
  ],
  [
    'an object that throws no error',
    () => ({
      get x() {
        throw null
      },
    }),
  ],
  [
    'an object that throws a frozen error',
    () => ({
      get x() {
        throw Object.freeze(new Error('cold'))
      },
    }),
  ],
  [
    'a cycle',
    () => {
      const cycle: any = {}
      cycle.cycle = cycle
      return cycle
    },
  ],
  [
    'a cycle of lists',
    () => {
      const cycle: any[] = []
      cycle.push(cycle)
      return cycle
    },
  ],
  [
    '5,000 lists in each other',
    () => {
      let list: any = []
      for (let i = 0; i < 5000; i++) list = [list]
      return list
    },
  ],
  [
    '5,000 maps in each other',
    () => {
      let map: any = {}
      for (let i = 0; i < 5000; i++) map = { map }
      return map
    },
  ],
  ['an iterable that throws', () => ({ [Symbol.iterator]: thrower })],
  [
    'a generator that throws',
    () =>
      (function* () {
        yield 1
        thrower()
      })(),
  ],
  ['no date', () => new Date(Number.NaN)],
  ['an error', () => new Error('x')],
  ['a map', () => new Map([[1, 2]])],
  [
    'bytes whose memory is gone',
    () => {
      const bytes = new Uint8Array(8)
      structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
      return bytes
    },
  ],
  [
    'floats whose memory is gone',
    () => {
      const floats = new Float64Array(8)
      structuredClone(floats.buffer, { transfer: [floats.buffer] })
      return floats
    },
  ],
  ['shared bytes', () => new Uint8Array(new SharedArrayBuffer(8))],
  [
    'bytes that have shrunk',
    () => {
      const memory = new (ArrayBuffer as any)(64, { maxByteLength: 128 })
      const bytes = new Uint8Array(memory)
      memory.resize?.(3)
      return bytes
    },
  ],
  [
    'a window on memory that has shrunk',
    () => {
      const memory = new (ArrayBuffer as any)(64, { maxByteLength: 128 })
      const bytes = new Uint8Array(memory, 8, 16)
      memory.resize?.(3)
      return bytes
    },
  ],
  ['a view', () => new DataView(new ArrayBuffer(3))],
  [
    'floats that lie about their number',
    () =>
      new (class extends Float64Array {
        override get length() {
          return 1000
        }
      })(2),
  ],
  [
    'bytes that lie about their number',
    () =>
      new (class extends Uint8Array {
        override get length() {
          return 1000
        }
      })(2),
  ],
  [
    'half an Integer',
    () =>
      Object.setPrototypeOf(
        { low: 1.5, high: {} },
        neo4j.types.Integer?.prototype ?? neo4j.int(1).constructor.prototype,
      ),
  ],
  ['a node', () => new neo4j.types.Node(1, [], {})],
  ['a date of nonsense', () => Object.setPrototypeOf({ year: 'x', month: {}, day: null }, neo4j.types.Date.prototype)],
  [
    'a duration of nonsense',
    () =>
      Object.setPrototypeOf(
        { months: 'x', days: {}, seconds: null, nanoseconds: Symbol('s') },
        neo4j.types.Duration.prototype,
      ),
  ],
  [
    'a point of nonsense',
    () =>
      Object.setPrototypeOf(
        { srid: { toString: thrower }, x: { valueOf: thrower }, y: 1n },
        neo4j.types.Point.prototype,
      ),
  ],
  [
    'a time zone of nonsense',
    () =>
      Object.setPrototypeOf(
        { year: 1, month: 1, day: 1, hour: 0, minute: 0, second: 0, nanosecond: 0, timeZoneId: { length: 5 } },
        neo4j.types.DateTime.prototype,
      ),
  ],
]

function revoked(): any {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

let calls = 0
const hanging: string[] = []
const opened: any[] = []

/** Calls, and waits for the outcome: any outcome, but in time. */
async function attempt(name: string, call: () => any): Promise<void> {
  calls++
  let result: any
  try {
    result = call()
    // The value may be a promise, a result, or neither.
    if (result === null || typeof result !== 'object' || typeof result.then !== 'function') return
  } catch {
    return
  }
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise((resolve) => {
    timer = setTimeout(() => {
      hanging.push(name)
      resolve(undefined)
    }, 5000)
  })
  try {
    await Promise.race([result, limit])
  } catch {
    // An error is the right outcome.
  } finally {
    clearTimeout(timer)
  }
}

/** The value as it is, and as part of an expected one. */
const FORMS: [string, (thing: any) => any][] = [
  ['', (thing) => thing],
  [
    ' in an object',
    (thing) => ({
      x: thing,
      text: thing,
      timeout: thing,
      metadata: thing,
      database: thing,
      fetchSize: thing,
      bookmarks: thing,
      then: undefined,
    }),
  ],
  [' in a list', (thing) => [thing]],
]

const connect = () => {
  const driver = neo4j.driver(uri, neo4j.auth.basic('neo4j', 'x'), {
    connectionAcquisitionTimeout: 2000,
    telemetryDisabled: true,
  })
  opened.push(driver)
  return driver
}

async function everyExport(): Promise<void> {
  const seen = new Set<any>()
  const visit = async (path: string, value: any): Promise<void> => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return
    seen.add(value)
    if (typeof value === 'function') {
      for (const [name, make] of THINGS) {
        const thing = make()
        for (const args of [[thing], [thing, thing, thing]]) {
          await attempt(`${path}(${args.length} × ${name})`, () => value(...args))
          await attempt(`new ${path}(${args.length} × ${name})`, () => new value(...args))
        }
      }
    }
    if (path.split('.').length > 3) return
    for (const key of Object.keys(value)) await visit(`${path}.${key}`, value[key])
  }
  await visit('neo4j', neo4j)
}

async function everyMethod(): Promise<void> {
  const driver = connect()
  for (const [name, make] of THINGS) {
    for (const [form, wrap] of FORMS) {
      const thing = () => wrap(make())
      const what = `${name}${form}`
      await attempt(`driver.session(${what})`, () => driver.session(thing()).run('X'))
      await attempt(`driver.executeQuery(${what})`, () => driver.executeQuery(thing()))
      await attempt(`driver.executeQuery('X', ${what})`, () => driver.executeQuery('X', thing()))
      await attempt(`driver.executeQuery('X', {}, ${what})`, () => driver.executeQuery('X', {}, thing()))
      await attempt(`driver.verifyConnectivity(${what})`, () => driver.verifyConnectivity(thing()))
      await attempt(`session.run(${what})`, () => driver.session().run(thing()))
      await attempt(`session.run('X', ${what})`, () => driver.session().run('X', thing()))
      await attempt(`session.run('X', { p: ${what} })`, () => driver.session().run('X', { p: thing() }))
      await attempt(`session.run('X', {}, ${what})`, () => driver.session().run('X', {}, thing()))
      await attempt(`session.beginTransaction(${what})`, async () => {
        const session = driver.session()
        try {
          const transaction = await session.beginTransaction(thing())
          await transaction.run(thing(), thing())
        } finally {
          await session.close()
        }
      })
      await attempt(`session.executeRead(${what})`, () => driver.session().executeRead(thing()))
      await attempt(`session.executeWrite(() => ${what})`, () => driver.session().executeWrite(() => thing(), thing()))
      await attempt(`result.then(${what})`, () => driver.session().run('X').then(thing(), thing()))
      await attempt(`result.subscribe(${what})`, () => driver.session().run('X').subscribe(thing()))
      await attempt(`result.as(${what})`, () => driver.session().run('X').as?.(thing()))
      await attempt(`iterator.return(${what})`, () => driver.session().run('X')[Symbol.asyncIterator]().return(thing()))
      await attempt(
        `rxSession.run(${what})`,
        () =>
          void driver
            .rxSession()
            .run(thing(), thing())
            .records()
            .subscribe({ error: () => {} }),
      )
    }
  }
  await attempt('afterwards', () => driver.executeQuery('X'))
}

async function reentrance(): Promise<void> {
  const deeds: [string, (driver: any, session: any) => any][] = [
    [
      'runs a query',
      (driver) =>
        driver
          .session()
          .run('X')
          .catch(() => {}),
    ],
    ['runs one in the same session', (_driver, session) => session.run('X').catch(() => {})],
    ['closes the session', (_driver, session) => session.close()],
    ['closes the driver', (driver) => driver.close()],
    [
      'begins a transaction',
      (driver) =>
        driver
          .session()
          .beginTransaction()
          .catch(() => {}),
    ],
    ['throws', thrower],
  ]
  for (const [name, deed] of deeds) {
    for (const nested of [false, true]) {
      const driver = connect()
      const session = driver.session()
      const parameters = {
        a: 1,
        get b() {
          deed(driver, session)
          return nested
            ? {
                get c() {
                  deed(driver, session)
                  return 2
                },
              }
            : 2
        },
      }
      await attempt(`a getter that ${name}`, () => session.run('X', parameters))
      await attempt(`a getter that ${name}, in a transaction`, () =>
        driver.session().executeWrite((tx: any) => tx.run('X', parameters)),
      )
    }
    for (const callback of ['onKeys', 'onNext', 'onCompleted'] as const) {
      const driver = connect()
      const session = driver.session()
      await attempt(
        `${callback} that ${name}`,
        () =>
          new Promise<void>((resolve) => {
            session.run('X').subscribe({
              [callback]: () => {
                try {
                  return deed(driver, session)
                } finally {
                  resolve()
                }
              },
              onError: () => resolve(),
              ...(callback === 'onNext' && { onCompleted: () => resolve() }),
            })
          }),
      )
    }
    const driver = connect()
    const session = driver.session()
    await attempt(`a loop that ${name}`, async () => {
      for await (const _ of session.run('X')) deed(driver, session)
      await deed(driver, session)
    })
    await attempt(`a then that ${name}`, () => session.run('X').then(() => deed(driver, session)))
  }
}

async function afterClose(): Promise<void> {
  const driver = connect()
  const session = driver.session()
  const other = driver.session()
  const transaction = await other.beginTransaction()
  const result = session.run('X')
  await result
  await driver.close()
  for (let i = 0; i < 2; i++) {
    for (const [name, call] of Object.entries({
      run: () => session.run('X'),
      begin: () => session.beginTransaction(),
      read: () => session.executeRead((tx: any) => tx.run('X')),
      query: () => driver.executeQuery('X'),
      verify: () => driver.verifyConnectivity(),
      info: () => driver.getServerInfo(),
      txRun: () => transaction.run('X'),
      commit: () => transaction.commit(),
      rollback: () => transaction.rollback(),
      summary: () => result.summary(),
      sessionClose: () => session.close(),
      otherClose: () => other.close(),
      driverClose: () => driver.close(),
      late: () => driver.session().run('X'),
    }))
      await attempt(`after close: ${name}`, call)
  }
}

async function everyNativeCall(): Promise<void> {
  const Native = binding.NativeDriver as any
  for (const [, make] of THINGS) {
    await attempt('new NativeDriver', () => new Native(make(), make()))
    await attempt('new NativeDriver', () => new Native(make(), () => {}))
    for (const key of Object.keys(config(port)))
      await attempt('new NativeDriver', () => new Native(config(port, { [key]: make() }), () => {}))
  }
  const native = new Native(config(port), () => {}) as any
  const transaction = native.begin(1, request()) as any
  for (const target of [native, transaction]) {
    for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(target))) {
      if (method === 'constructor' || method === 'close') continue
      for (const [name, make] of THINGS) {
        for (const args of [
          [],
          [make()],
          [7, make(), 0],
          [make(), request('X'), 0],
          [7, request('X'), make()],
          [make(), make(), make()],
        ]) {
          await attempt(`native ${method}(${name})`, () => target[method](...args))
        }
        await attempt(`native ${method}.call(${name})`, () => target[method].call(make(), 1, request('X'), 0))
      }
    }
  }
  native.close(0xfffffff0)
}

async function main(): Promise<void> {
  const parts = { everyExport, everyMethod, reentrance, afterClose, everyNativeCall }
  for (const name of process.argv.slice(3)) await parts[name as keyof typeof parts]()
  for (const driver of opened) await attempt('close', () => driver.close())
  await new Promise((resolve) => setImmediate(resolve))
  console.log(JSON.stringify({ calls, hanging, uncaught }))
  // What a wrong call has left open does not matter here.
  process.exit(0)
}

void main()
