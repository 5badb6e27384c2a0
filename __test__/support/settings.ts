/**
 * Every setting with values of nearly the right type and with extreme numbers, tried on one driver: what it
 * threw, and where, or what it sent to the server. The scripted peer accepts everything, so that the bytes
 * can be compared.
 */
import { bounded, Hangs } from './bounded.js'
import type { Neo4j } from './drivers.js'
import { decode, Float, Struct } from './packstream.cjs'
import { type Peer, record, type Step, startPeer, success } from './stub-server.js'

/** A value, made anew for each driver. */
export interface NearlyRight {
  readonly name: string
  make(neo4j: Neo4j): unknown
}

/** A place for a value, and calls that read it. */
export interface Place {
  readonly name: string
  /**
   * Values that make a call depend on the clock, or on a peer without TLS: only `driver()` and `session()`
   * are called with them.
   */
  readonly onlyMade?: (value: unknown) => boolean
  run(trial: Trial, value: unknown): Promise<void>
}

/** The outcome, one line for each call. */
export type Outcome = readonly string[]

type Loose = {
  // biome-ignore lint/suspicious/noExplicitAny: what is tried here is what the types forbid
  [name: string]: any
}

export const VALUES: readonly NearlyRight[] = [
  value('undefined', () => undefined),
  value('null', () => null),
  value('0', () => 0),
  value('1', () => 1),
  value('-1', () => -1),
  value('-2', () => -2),
  value('1.5', () => 1.5),
  value('NaN', () => Number.NaN),
  value('Infinity', () => Number.POSITIVE_INFINITY),
  value('-Infinity', () => Number.NEGATIVE_INFINITY),
  value('2 ** 31', () => 2 ** 31),
  value('2 ** 32', () => 2 ** 32),
  value('2 ** 53', () => 2 ** 53),
  value('2 ** 63', () => 2 ** 63),
  value('1e308', () => 1e308),
  value('5n', () => 5n),
  value('2n ** 64n', () => 2n ** 64n),
  value('int(7)', (neo4j) => neo4j.int(7)),
  value("''", () => ''),
  value("'5'", () => '5'),
  value("'true'", () => 'true'),
  value("new String('x')", () => new String('x')),
  value('true', () => true),
  value('false', () => false),
  value('[]', () => []),
  value('{}', () => ({})),
  value('[null]', () => [null]),
  value('[5]', () => [5]),
  value("[['a']]", () => [['a']]),
  value('function', () => () => 'x'),
  value('symbol', () => Symbol('x')),
  value('new Date(0)', () => new Date(0)),
  value('Promise', () => Promise.resolve('x')),
  value('an object with a getter that throws', () => ({
    get x() {
      throw new RangeError('from the getter')
    },
  })),
  value('Proxy', () => new Proxy({}, {})),
  value('{ x: 2n ** 64n }', () => ({ x: 2n ** 64n })),
  value('{ user: { id: () => 1 } }', () => ({ user: { id: () => 1 } })),
]

function value(name: string, make: NearlyRight['make']): NearlyRight {
  return { name, make }
}

/** The drivers, the sessions and the log of one trial. */
export class Trial {
  readonly lines: string[] = []
  readonly #first: number
  readonly #drivers: { close(): Promise<void> }[] = []

  constructor(
    readonly neo4j: Neo4j & Loose,
    readonly peer: Peer,
    readonly onlyMade: boolean,
  ) {
    this.#first = peer.connections
  }

  /** A driver, or undefined if the call throws, which is logged then. */
  driver(
    config: unknown = {},
    auth: unknown = this.neo4j.auth.basic('neo4j', 'password'),
    url: unknown = this.peer.uri,
  ): Loose | undefined {
    try {
      const driver = this.neo4j.driver(url as string, auth as never, config as never)
      this.#drivers.push(driver)
      return driver
    } catch (error) {
      this.note('driver()', error)
      return undefined
    }
  }

  /** Calls, and logs what was thrown or sent. */
  async call(name: string, call: () => unknown): Promise<void> {
    const first = this.peer.received.length
    let promise: unknown
    try {
      promise = call()
    } catch (error) {
      this.note(name, error)
      return
    }
    try {
      await bounded(name, promise, BOUND)
    } catch (error) {
      if (error instanceof Hangs) this.lines.push(`${name} hangs`)
      else this.note(`await ${name}`, error)
      return
    }
    // What an earlier driver sends late does not count.
    const told = this.peer.received
      .slice(first)
      .filter(({ connection, name }) => connection >= this.#first && SHOWN.includes(name))
    this.lines.push(`${name} tells ${told.map(({ body }) => shown(body)).join(', ')}`)
  }

  note(where: string, error: unknown): void {
    this.lines.push(`${where} throws ${described(error)}`)
  }

  async end(): Promise<void> {
    for (const driver of this.#drivers) {
      await bounded('driver.close()', driver.close(), BOUND).catch((error) => {
        if (error instanceof Hangs) this.lines.push('driver.close() hangs')
        else this.note('driver.close()', error)
      })
    }
  }
}

const QUERY = 'RETURN 1'

/** Settings of a driver by name. */
const CONFIG: { readonly [key: string]: Place['onlyMade'] } = {
  // TLS to a peer without it. Values that do not ask for TLS are covered by driver().
  encrypted: (value) => value === true,
  trust: undefined,
  trustedCertificates: undefined,
  fetchSize: undefined,
  maxConnectionPoolSize: undefined,
  minConnectionPoolSize: undefined,
  idleTimeout: undefined,
  leakDetectionThreshold: undefined,
  maxTransactionRetryTime: undefined,
  // Whether a connection is that old at the next query depends on the machine.
  maxConnectionLifetime: (value) => Number.parseInt(textOf(value), 10) <= 1000,
  // 6.3.0 gives a limit that is short, or too long for Node's timers, a millisecond, which is enough at
  // times.
  connectionAcquisitionTimeout: (value) => isRaceOf(value),
  connectionLivenessCheckTimeout: undefined,
  connectionTimeout: (value) => isRaceOf(value),
  disableAutoCommitRetries: undefined,
  disableLosslessIntegers: undefined,
  notificationFilter: undefined,
  useBigInt: undefined,
  logging: undefined,
  maxMessageSize: undefined,
  resolver: undefined,
  userAgent: undefined,
  telemetryDisabled: undefined,
  clientCertificate: undefined,
  encryptionProfiles: undefined,
  strictResults: undefined,
}

function isRaceOf(value: unknown): boolean {
  const number = Number.parseInt(textOf(value), 10)
  return number <= 1000 || number >= 2 ** 31
}

const SESSION = [
  'defaultAccessMode',
  'bookmarks',
  'database',
  'impersonatedUser',
  'fetchSize',
  'bookmarkManager',
  'notificationFilter',
  'auth',
  'disableAutoCommitRetries',
  'strictResults',
]

const QUERY_CONFIG = [
  'routing',
  'database',
  'impersonatedUser',
  'bookmarkManager',
  'resultTransformer',
  'transactionConfig',
  'auth',
  'signal',
]

const FILTER = ['minimumSeverityLevel', 'disabledCategories', 'disabledClassifications']
const TOKEN = ['scheme', 'principal', 'credentials', 'realm', 'parameters', 'more']

export const PLACES: readonly Place[] = [
  ...Object.entries(CONFIG).map(
    ([key, onlyMade]): Place => ({
      name: `driver { ${key} }`,
      onlyMade,
      run: (trial, value) => withConfig(trial, { [key]: value }),
    }),
  ),
  ...FILTER.map(
    (key): Place => ({
      name: `driver { notificationFilter.${key} }`,
      run: (trial, value) => withConfig(trial, { notificationFilter: { [key]: value } }),
    }),
  ),
  ...['level', 'logger', 'unredactDebugLogs'].map(
    (key): Place => ({
      name: `driver { logging.${key} }`,
      run: (trial, value) => withConfig(trial, { logging: { level: 'error', logger: () => {}, [key]: value } }),
    }),
  ),
  {
    name: 'driver { trustedCertificates } of encrypted connections',
    // 6.3.0 takes a number for an open file, and reads from that file.
    onlyMade: (value) => Array.isArray(value) && typeof value[0] === 'number',
    run: (trial, value) =>
      withConfig(trial, {
        encrypted: true,
        trust: 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES',
        trustedCertificates: value,
      }),
  },
  {
    name: 'driver { clientCertificate } of encrypted connections',
    onlyMade: () => true,
    run: async (trial, value) => {
      const url = trial.peer.uri.replace('bolt:', 'bolt+ssc:')
      await queries(trial, trial.driver({ clientCertificate: value }, undefined, url), undefined)
    },
  },
  { name: 'driver config', run: (trial, value) => withConfig(trial, value) },
  {
    name: 'driver url',
    run: async (trial, value) => {
      trial.driver({}, undefined, value)
    },
  },
  { name: 'driver auth', run: (trial, value) => withToken(trial, value) },
  ...TOKEN.map(
    (key): Place => ({
      name: `driver auth.${key}`,
      run: (trial, value) =>
        withToken(trial, { scheme: 'basic', principal: 'neo4j', credentials: 'secret', [key]: value }),
    }),
  ),
  {
    name: 'auth.basic(user)',
    run: (trial, value) => withToken(trial, trial.neo4j.auth.basic(value as string, 'secret')),
  },
  { name: 'auth.bearer', run: (trial, value) => withToken(trial, trial.neo4j.auth.bearer(value as string)) },
  {
    name: 'auth token manager',
    run: (trial, value) => withToken(trial, { getToken: () => value, handleSecurityException: () => false }),
  },
  { name: 'session config', run: (trial, value) => withSession(trial, value) },
  ...SESSION.map(
    (key): Place => ({ name: `session { ${key} }`, run: (trial, value) => withSession(trial, { [key]: value }) }),
  ),
  ...FILTER.map(
    (key): Place => ({
      name: `session { notificationFilter.${key} }`,
      run: (trial, value) => withSession(trial, { notificationFilter: { [key]: value } }),
    }),
  ),
  {
    name: 'session { notificationFilter } with both lists',
    run: (trial, value) =>
      withSession(trial, { notificationFilter: { disabledCategories: value, disabledClassifications: ['HINT'] } }),
  },
  ...TOKEN.map(
    (key): Place => ({
      name: `session { auth.${key} }`,
      run: (trial, value) =>
        withSession(trial, { auth: { scheme: 'basic', principal: 'neo4j', credentials: 'secret', [key]: value } }),
    }),
  ),
  {
    name: 'bookmark manager',
    run: (trial, value) =>
      withSession(trial, { bookmarkManager: { getBookmarks: async () => value, updateBookmarks: async () => {} } }),
  },
  {
    name: 'bookmark manager that does not promise',
    run: (trial, value) =>
      withSession(trial, { bookmarkManager: { getBookmarks: () => value, updateBookmarks: async () => {} } }),
  },
  {
    name: 'bookmark manager beside bookmarks',
    run: (trial, value) =>
      withSession(trial, {
        bookmarks: ['z'],
        bookmarkManager: { getBookmarks: async () => value, updateBookmarks: async () => {} },
      }),
  },
  {
    name: 'bookmarkManager(config)',
    run: async (trial, value) => {
      try {
        trial.neo4j.bookmarkManager(value as never)
      } catch (error) {
        trial.note('bookmarkManager()', error)
      }
    },
  },
  {
    name: 'bookmarkManager({ initialBookmarks })',
    run: async (trial, value) => {
      try {
        await withSession(trial, {
          bookmarkManager: trial.neo4j.bookmarkManager({ initialBookmarks: value as string[] }),
        })
      } catch (error) {
        trial.note('bookmarkManager()', error)
      }
    },
  },
  {
    name: 'bookmarkManager({ bookmarksSupplier })',
    run: (trial, value) =>
      withSession(trial, {
        bookmarkManager: trial.neo4j.bookmarkManager({ bookmarksSupplier: async () => value as string[] }),
      }),
  },
  { name: 'transaction config', run: (trial, value) => withTransaction(trial, value) },
  { name: 'transaction { timeout }', run: (trial, value) => withTransaction(trial, { timeout: value }) },
  { name: 'transaction { metadata }', run: (trial, value) => withTransaction(trial, { metadata: value }) },
  { name: 'transaction { metadata.x }', run: (trial, value) => withTransaction(trial, { metadata: { x: value } }) },
  { name: 'query config', run: (trial, value) => withQuery(trial, value) },
  ...QUERY_CONFIG.map(
    (key): Place => ({ name: `query { ${key} }`, run: (trial, value) => withQuery(trial, { [key]: value }) }),
  ),
  {
    name: 'verifyConnectivity { database }',
    run: async (trial, value) => {
      const driver = trial.driver()
      await trial.call('verifyConnectivity()', () => driver?.verifyConnectivity({ database: value }))
    },
  },
  {
    name: 'getServerInfo { database }',
    run: async (trial, value) => {
      const driver = trial.driver()
      await trial.call('getServerInfo()', () => driver?.getServerInfo({ database: value }))
    },
  },
  ...['database', 'auth'].map(
    (key): Place => ({
      name: `verifyAuthentication { ${key} }`,
      run: async (trial, value) => {
        const driver = trial.driver()
        await trial.call('verifyAuthentication()', () => driver?.verifyAuthentication({ [key]: value }))
      },
    }),
  ),
]

async function withConfig(trial: Trial, config: unknown): Promise<void> {
  const driver = trial.driver(config)
  await queries(trial, driver, undefined)
}

async function withToken(trial: Trial, token: unknown): Promise<void> {
  await queries(trial, trial.driver({}, token), undefined)
}

async function withSession(trial: Trial, config: unknown): Promise<void> {
  await queries(trial, trial.driver(), config)
}

async function queries(trial: Trial, driver: Loose | undefined, config: unknown): Promise<void> {
  if (driver === undefined) return
  let session: Loose
  try {
    session = config === undefined ? driver.session() : driver.session(config)
  } catch (error) {
    trial.note('session()', error)
    return
  }
  if (trial.onlyMade) {
    trial.lines.push('made')
    return
  }
  await trial.call('run()', () => session.run(QUERY))
  await trial.call('beginTransaction()', async () => {
    const transaction = await driver.session(config ?? {}).beginTransaction()
    await transaction.commit()
  })
}

async function withTransaction(trial: Trial, config: unknown): Promise<void> {
  const driver = trial.driver()
  await trial.call('run()', () => driver?.session().run(QUERY, {}, config))
  await trial.call('beginTransaction()', async () => {
    const transaction = await driver?.session().beginTransaction(config)
    await transaction.commit()
  })
  await trial.call('executeRead()', () => driver?.session().executeRead((tx: Loose) => tx.run(QUERY), config))
}

async function withQuery(trial: Trial, config: unknown): Promise<void> {
  const driver = trial.driver()
  await trial.call('executeQuery()', () => driver?.executeQuery(QUERY, {}, config))
}

/** Tries one value at one place. */
export async function tryOut(neo4j: Neo4j, peer: Peer, place: Place, { make }: NearlyRight): Promise<Outcome> {
  const value = make(neo4j)
  const trial = new Trial(neo4j as Neo4j & Loose, peer, place.onlyMade?.(value) ?? false)
  await place.run(trial, value)
  await trial.end()
  return trial.lines.map((line) => line.replaceAll(peer.address, 'ADDRESS'))
}

/**
 * A peer that answers everything.
 * @param servers of its routing tables, from its own address
 */
export async function startTakingPeer(servers: (address: string) => unknown[] = () => []): Promise<Peer> {
  const reply = (name: string): Step[] | undefined => {
    switch (name) {
      case 'ROUTE':
        return [success({ rt: { ttl: 300, servers: servers(peer.address) } })]
      case 'RUN':
        return [success({ fields: ['n'], t_first: 0 })]
      case 'PULL':
        return [record(1), success({ type: 'r', t_last: 0, db: 'neo4j' })]
      case 'BEGIN':
      case 'COMMIT':
      case 'ROLLBACK':
      case 'DISCARD':
        return [success()]
      default:
        return undefined
    }
  }
  const peer = await startPeer([[]], { hello: { hints: { 'telemetry.enabled': true } }, reply })
  return peer
}

const SHOWN = ['HELLO', 'LOGON', 'TELEMETRY', 'RUN', 'PULL', 'BEGIN']

/** A message as text, without what is meant to differ between the drivers. */
function shown(body: Buffer): string {
  const { tag, fields } = decode(body, true) as Struct
  const [first, ...others] = fields
  const plain =
    typeof first === 'object' && first !== null && 'bolt_agent' in first
      ? {
          ...first,
          bolt_agent: 0,
          ...(/^neo(4j-javascript|bolt)\//.test(String((first as Loose).user_agent)) && { user_agent: 0 }),
        }
      : first
  return `${tag.toString(16)} ${JSON.stringify(sorted([plain, ...others]))}`
}

/** With the keys in order: the order of a token's entries does not matter. */
function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Float) return { float: Object.is(value.value, -0) ? '-0' : String(value.value) }
  if (value instanceof Struct) return { tag: value.tag, fields: sorted(value.fields) }
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return `${typeof error} ${textOf(error)}`
  const { name, message } = error
  const { code } = error as { code?: unknown }
  return `${name}${code === undefined ? '' : ` [${code}]`}: ${message}`
}

function textOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

/** Milliseconds. Everything runs on this machine, without delay. */
const BOUND = 15_000
