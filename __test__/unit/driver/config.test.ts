import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { auth } from '../../../lib/auth/auth.js'
import { type Config, parseDriverConfig, parseSessionConfig, type SessionConfig } from '../../../lib/driver/config.js'
import { checkedRouting, routing } from '../../../lib/driver/query-config.js'
import { parseUrl } from '../../../lib/driver/url.js'
import { bookmarkManager } from '../../../lib/session/bookmark-manager.js'
import { bookmarksOf } from '../../../lib/session/bookmarks.js'
import { holds } from '../../support/property.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { core, official, thrown } from '../official.js'

/** The official driver's parser of URLs, which it shows only to its own packages. */
const officialUrl = (core as unknown as { internal: { urlUtil: { parseDatabaseUrl: typeof parseUrl } } }).internal
  .urlUtil.parseDatabaseUrl

/** Class and text of the error, or the return value. */
function outcome(action: () => unknown): unknown {
  try {
    return { ...(action() as object) }
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`
  }
}

describe('parseUrl', () => {
  const urls = [
    'bolt://localhost',
    'bolt://localhost:7688',
    'bolt+s://example.com:1/path',
    'neo4j://[::1]:7687?region=eu&policy=fast',
    'neo4j://[2001:db8::1]',
    'bolt://user:secret@host:9',
    'bolt://a@b@host',
    '  bolt://host  ',
    'neo4j+ssc://host?a=1#fragment',
    'BOLT://host',
    'host',
    'host:1234',
    'bolt://host:',
    'bolt://host:port',
    'bolt://host:12x',
    'bolt://host?',
    'neo4j://host?a',
    'neo4j://host?a=',
    'neo4j://host?=a',
    'neo4j://host?a=1&a=2',
    'neo4j://host?a=1=2',
    'neo4j://host? a = 1 & b=2',
    'neo4j://host??a=1',
    'neo4j://host?a=?',
    '',
    'bolt://',
    'bolt://:7687',
    'bolt:/host://',
    'bolt://[]:1',
    'bolt://[::1',
    'bolt://[[::1]]',
    'bolt://x[::1]:4',
  ]
  for (const url of urls) {
    it(`takes ${JSON.stringify(url)} apart as the official driver does`, () => {
      assert.deepEqual(
        outcome(() => parseUrl(url)),
        outcome(() => officialUrl(url)),
      )
    })
  }

  it('agrees with the official driver on anything that looks like a URL', () => {
    const part = fc.string({ unit: fc.constantFrom(...'ab1:/?#@[]&= .'), maxLength: 12 })
    holds(
      fc.property(fc.constantFrom('bolt://', 'neo4j+s://', ''), part, (scheme, rest) => {
        assert.deepEqual(
          outcome(() => parseUrl(scheme + rest)),
          outcome(() => officialUrl(scheme + rest)),
        )
      }),
      20_000,
    )
  })

  it('takes a user with a stray percent sign, which the official driver refuses', () => {
    assert.equal(parseUrl('bolt://100%@host').host, 'host')
    assert.throws(() => officialUrl('bolt://100%@host'), URIError)
  })
})

describe('the configuration of a driver', () => {
  it('has defaults for everything', () => {
    const { logger, boltAgent, userAgent, settings, ...rest } = parseDriverConfig('bolt://localhost')
    assert.deepEqual(rest, {
      host: 'localhost',
      port: 7687,
      address: 'localhost:7687',
      routing: false,
      routingContext: {},
      encrypted: false,
      trust: undefined,
      trustedCertificates: [],
      encryptionProfiles: [],
      clientCertificate: undefined,
      auth: { scheme: 'none' },
      fetchSize: 1000,
      maxConnectionPoolSize: 100,
      minConnectionPoolSize: 0,
      idleTimeout: -1,
      leakDetectionThreshold: 0,
      maxConnectionLifetime: 3_600_000,
      maxMessageSize: 536_870_912,
      connectionAcquisitionTimeout: 60_000,
      connectionTimeout: 30_000,
      connectionLivenessCheckTimeout: -1,
      maxTransactionRetryTime: 30_000,
      disableAutoCommitRetries: false,
      strictResults: undefined,
      integers: 'integer',
      notifications: undefined,
      resolver: undefined,
      telemetryDisabled: false,
    })
    assert.equal(logger.isErrorEnabled(), false)
    assert.match(String(userAgent), /^neobolt\/\d+\.\d+\.\d+/)
    assert.equal(boltAgent.product, userAgent)
    assert.deepEqual(Object.keys(boltAgent), ['product', 'platform', 'language', 'language_details'])
    assert.match(boltAgent.platform, /^\w+ .+; \w+$/)
    assert.match(boltAgent.language_details, /^Node\/[\d.]+ \(v8 .+\)$/)
    assert.equal(settings.fetchSize, 1000)
  })

  const numbers = [
    'fetchSize',
    'maxConnectionPoolSize',
    'maxConnectionLifetime',
    'connectionAcquisitionTimeout',
    'connectionTimeout',
    'connectionLivenessCheckTimeout',
  ] as const
  const values: unknown[] = [
    1,
    '100',
    '7.9',
    2.5,
    'garbage',
    null,
    undefined,
    {},
    core.int(42),
    12n,
    -1,
    0,
    -5,
    '-5',
    true,
  ]
  for (const option of numbers) {
    it(`reads ${option} from numbers and text as the official driver does`, () => {
      for (const value of values) {
        const config = { [option]: value } as Config
        const mine = outcome(() => ({
          value: parseDriverConfig('bolt://localhost', undefined, config).settings[option],
        }))
        const theirs = outcome(() => {
          const driver = official.driver('bolt://localhost', undefined, { ...config }) as unknown as { _config: Config }
          // For no limit, the official driver has null.
          return { value: driver._config[option] ?? (option === 'connectionTimeout' ? 0 : undefined) }
        })
        assert.deepEqual(mine, theirs, `${option} = ${value}`)
      }
    })
  }

  const own = (config: object) => {
    const parsed = parseDriverConfig('bolt://localhost', null, config)
    const { minConnectionPoolSize, idleTimeout, leakDetectionThreshold, maxMessageSize } = parsed
    return [minConnectionPoolSize, idleTimeout, leakDetectionThreshold, maxMessageSize]
  }
  const ownAs = (value: unknown) =>
    own({
      maxConnectionPoolSize: 0,
      minConnectionPoolSize: value,
      idleTimeout: value,
      leakDetectionThreshold: value,
      maxMessageSize: value,
    })

  it('takes a number for a setting of its own as what it is', () => {
    const most = Number.MAX_SAFE_INTEGER
    for (const value of [1e21, 1e308, Number.POSITIVE_INFINITY, '1e21', 10n ** 21n]) {
      assert.deepEqual(ownAs(value), [most, most, 2 ** 31 - 1, most], String(value))
    }
    for (const value of [2500.9, '2.5e3', 2500n, '2500', core.int(2500)]) {
      assert.deepEqual(ownAs(value), [2500, 2500, 2500, 2500], String(value))
    }
    for (const value of [-1e21, Number.NEGATIVE_INFINITY, -5, 0, 1e-7]) {
      assert.deepEqual(ownAs(value), [0, -1, 0, most], String(value))
    }
    for (const value of ['', ' ', 'x', Number.NaN, null, undefined, {}, []]) {
      assert.deepEqual(ownAs(value), own({}), String(value))
    }
  })

  it('refuses more connections in advance than the pool may have, however many', () => {
    assert.throws(() => own({ minConnectionPoolSize: 1e21 }), {
      message:
        'The minConnectionPoolSize can not be greater than the maxConnectionPoolSize. ' +
        'However minConnectionPoolSize = 9007199254740991 and maxConnectionPoolSize = 100',
    })
  })

  it('refuses a strictResults that is neither true nor false, and says what it is', () => {
    const driver = parseDriverConfig('bolt://localhost')
    for (const [value, text] of NO_BOOLEANS) {
      const refused = {
        name: 'TypeError',
        message: `The strictResults setting can only be true or false. However strictResults = ${text}`,
      }
      const config = { strictResults: value as never }
      assert.throws(() => parseDriverConfig('bolt://localhost', null, config), refused)
      assert.throws(() => parseSessionConfig(config, driver), refused)
    }
    for (const value of [true, false, null, undefined]) {
      const config = { strictResults: value as never }
      assert.equal(parseDriverConfig('bolt://localhost', null, config).strictResults, value ?? undefined)
      assert.equal(parseSessionConfig(config, driver).strictResults, value ?? undefined)
    }
  })

  it('has no limit where 0 stands for none', () => {
    const config = parseDriverConfig('bolt://localhost', null, {
      maxConnectionPoolSize: 0,
      maxConnectionLifetime: 0,
      connectionTimeout: 0,
    })
    assert.equal(config.maxConnectionPoolSize, Number.MAX_SAFE_INTEGER)
    assert.equal(config.maxConnectionLifetime, Number.MAX_SAFE_INTEGER)
    assert.equal(config.connectionTimeout, 0)
  })

  it('knows the kinds of integers, bigint taking precedence', () => {
    const integers = (config: Config) => parseDriverConfig('bolt://localhost', null, config).integers
    assert.equal(integers({ disableLosslessIntegers: true }), 'number')
    assert.equal(integers({ useBigInt: true }), 'bigint')
    assert.equal(integers({ disableLosslessIntegers: true, useBigInt: true }), 'bigint')
  })

  const schemes: [scheme: string, routing: boolean, encrypted: boolean, trust: string | undefined][] = [
    ['bolt', false, false, undefined],
    ['bolt+s', false, true, 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES'],
    ['bolt+ssc', false, true, 'TRUST_ALL_CERTIFICATES'],
    ['neo4j', true, false, undefined],
    ['neo4j+s', true, true, 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES'],
    ['neo4j+ssc', true, true, 'TRUST_ALL_CERTIFICATES'],
  ]
  for (const [scheme, routes, encrypted, trust] of schemes) {
    it(`takes routing, encryption and trust from ${scheme}://`, () => {
      const config = parseDriverConfig(`${scheme}://host`)
      assert.deepEqual([config.routing, config.encrypted, config.trust], [routes, encrypted, trust])
    })
  }

  it('takes encryption and trust from the options', () => {
    const on = parseDriverConfig('bolt://host', null, { encrypted: true, trust: 'TRUST_ALL_CERTIFICATES' })
    assert.deepEqual([on.encrypted, on.trust], [true, 'TRUST_ALL_CERTIFICATES'])
    assert.equal(parseDriverConfig('bolt://host', null, { encrypted: 'ENCRYPTION_ON' }).encrypted, true)
    assert.equal(parseDriverConfig('bolt://host', null, { encrypted: 'ENCRYPTION_OFF' }).encrypted, false)
  })

  it('takes the routing context from the URL', () => {
    assert.deepEqual(parseDriverConfig('neo4j://host?region=eu&a=b').routingContext, { region: 'eu', a: 'b' })
  })

  it('leaves the objects of the caller as they are, so that they can be used again', () => {
    const config = Object.freeze({ fetchSize: 5, notificationFilter: Object.freeze({}) })
    const token = Object.freeze(auth.basic('a', 'b'))
    for (let i = 0; i < 2; i++) assert.equal(parseDriverConfig('bolt+s://host', token, config).encrypted, true)
    assert.deepEqual(config, { fetchSize: 5, notificationFilter: {} })

    // The official driver writes into its argument, and then refuses the result.
    const theirs = { fetchSize: 5 }
    official.driver('bolt+s://host', undefined, theirs)
    assert.throws(() => official.driver('bolt+s://host', undefined, theirs), /Encryption\/trust can only be configured/)
  })

  it('warns of an acquisition timeout which is shorter than the connection timeout', () => {
    const lines = (make: (config: Config) => unknown) => {
      const lines: string[] = []
      make({
        connectionAcquisitionTimeout: 10,
        logging: { level: 'warn', logger: (level, message) => lines.push(`${level} ${message}`) },
      })
      return lines
    }
    const mine = lines((config) => parseDriverConfig('bolt://host', null, config))
    assert.equal(mine.length, 1)
    assert.deepEqual(
      mine,
      lines((config) => official.driver('bolt://host', undefined, config as never)),
    )
  })

  const refused: [name: string, url: unknown, token?: unknown, config?: object][] = [
    ['no URL', undefined],
    ['a URL which is no text', 42],
    ['no scheme', 'localhost:7687'],
    ['a scheme of another world', 'http://localhost'],
    ['no host', 'bolt://'],
    ['parameters for a server which does not route', 'bolt://host?a=b'],
    ['a duplicated parameter', 'neo4j://host?a=b&a=c'],
    ['encryption in URL and options', 'bolt+s://host', null, { encrypted: true }],
    ['trust in URL and options', 'neo4j+ssc://host', null, { trust: undefined }],
    ['a token without scheme', 'bolt://host', { principal: 'x' }],
    ['fetch size 0', 'bolt://host', null, { fetchSize: 0 }],
    ['fetch size -2', 'bolt://host', null, { fetchSize: '-2' }],
    ['a negative liveness check timeout', 'bolt://host', null, { connectionLivenessCheckTimeout: -1 }],
    ['a liveness check timeout of text', 'bolt://host', null, { connectionLivenessCheckTimeout: 'x' }],
    ['a resolver which is no function', 'neo4j://host', null, { resolver: 'x' }],
    ['a level of logging which does not exist', 'bolt://host', null, { logging: { level: 'x', logger() {} } }],
    [
      'two notification filters',
      'bolt://host',
      null,
      { notificationFilter: { disabledCategories: [], disabledClassifications: [] } },
    ],
  ]
  for (const [name, url, token, config] of refused) {
    it(`refuses ${name} with the official text`, () => {
      assert.deepEqual(
        thrown(() => parseDriverConfig(url, token, config)),
        thrown(() => official.driver(url as string, token as never, config)),
      )
    })
  }

  for (const config of [null, 5, 'x', '', 0, true, 5n, Symbol('x'), Number.NaN]) {
    it(`refuses ${String(config)} in place of settings with the official text`, () => {
      for (const url of ['bolt://host', 'bolt+s://host']) {
        assert.deepEqual(
          thrown(() => parseDriverConfig(url, undefined, config as never)),
          thrown(() => official.driver(url, undefined, config as never)),
        )
      }
    })
  }

  it('refuses null in place of the settings of a session with the official text', () => {
    const driver = parseDriverConfig('bolt://host')
    assert.deepEqual(
      thrown(() => parseSessionConfig(null, driver)),
      thrown(() => official.driver('bolt://host').session(null as never)),
    )
  })

  it('refuses what the official driver would refuse when it connects, with its text', () => {
    assert.throws(() => parseDriverConfig('bolt://host', null, { encrypted: 'yes' as never }), {
      name: 'Neo4jError',
      message: 'Illegal value of the encrypted setting yes. Expected one of ,,true,false,ENCRYPTION_ON,ENCRYPTION_OFF',
    })
    assert.throws(() => parseDriverConfig('bolt://host', null, { trust: 'me' as never }), {
      name: 'Neo4jError',
      message:
        'Illegal value of the trust setting me. Expected one of ,,TRUST_ALL_CERTIFICATES,' +
        'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES,TRUST_SYSTEM_CA_SIGNED_CERTIFICATES',
    })
  })
})

describe('the configuration of a session', () => {
  const driver = parseDriverConfig('bolt://host', null, { fetchSize: 7, disableAutoCommitRetries: true })

  it('has defaults for everything', () => {
    assert.deepEqual(parseSessionConfig(undefined, driver), {
      mode: 'WRITE',
      bookmarks: [],
      database: null,
      impersonatedUser: null,
      fetchSize: 7,
      bookmarkManager: undefined,
      notifications: undefined,
      auth: undefined,
      disableAutoCommitRetries: true,
      strictResults: undefined,
      maxTransactionRetryTime: 30_000,
    })
    assert.deepEqual(parseSessionConfig({ database: '', bookmarks: [] }, driver), parseSessionConfig({}, driver))
  })

  it('takes what is given', () => {
    const config = {
      defaultAccessMode: 'READ',
      bookmarks: ['a', 'b'],
      database: 'movies',
      impersonatedUser: 'alice',
      fetchSize: -1,
      bookmarkManager: bookmarkManager(),
      notificationFilter: { minimumSeverityLevel: 'OFF' },
      auth: auth.basic('a', 'b'),
      disableAutoCommitRetries: false,
      strictResults: true,
    } as const satisfies Omit<SessionConfig, 'bookmarks'> & { bookmarks: readonly string[] }
    const settings = parseSessionConfig({ ...config, bookmarks: [...config.bookmarks] }, driver)
    assert.deepEqual(settings, {
      mode: 'READ',
      bookmarks: ['a', 'b'],
      database: 'movies',
      impersonatedUser: 'alice',
      fetchSize: -1,
      bookmarkManager: config.bookmarkManager,
      notifications: { minimumSeverityLevel: 'OFF' },
      auth: config.auth,
      disableAutoCommitRetries: false,
      strictResults: true,
      maxTransactionRetryTime: 30_000,
    })
  })

  it('keeps a retry time of 0 and of infinity', () => {
    for (const time of [0, Number.POSITIVE_INFINITY]) {
      const patient = parseDriverConfig('bolt://host', null, { maxTransactionRetryTime: time })
      assert.equal(parseSessionConfig({}, patient).maxTransactionRetryTime, time)
    }
  })

  const refused: [name: string, config: object, driver?: Config][] = [
    ['an access mode which does not exist', { defaultAccessMode: 'x' }],
    ['a bookmark which is no text', { bookmarks: ['a', 1] }],
    ['bookmarks which are neither text nor list', { bookmarks: 5 }],
    ['a database which is no text', { database: 1 }],
    ['fetch size 0', { fetchSize: 0 }],
    ['a negative retry time of its driver', {}, { maxTransactionRetryTime: -1 }],
  ]
  for (const [name, config, options] of refused) {
    it(`refuses ${name} with the official text`, () => {
      assert.deepEqual(
        thrown(() => parseSessionConfig(config, parseDriverConfig('bolt://host', null, options))),
        thrown(() => official.driver('bolt://host', undefined, { ...options } as never).session(config)),
      )
    })
  }

  it('takes what is false in any way for nobody to impersonate, and leaves all else to the request', () => {
    for (const nobody of [undefined, null, false, 0, '', Number.NaN, 0n]) {
      assert.equal(parseSessionConfig({ impersonatedUser: nobody as never }, driver).impersonatedUser, null)
    }
    assert.equal(parseSessionConfig({ impersonatedUser: 5 as never }, driver).impersonatedUser, 5)
  })
})

describe('bookmarks', () => {
  const { Bookmarks } = (
    core as unknown as {
      internal: { bookmarks: { Bookmarks: new (value: unknown) => { values(): string[] } } }
    }
  ).internal.bookmarks
  const values: unknown[] = [
    undefined,
    null,
    '',
    'a',
    new String('a'),
    [],
    ['a', 'b', 'a'],
    ['a', ['b', ['c', null]], undefined],
    [''],
  ]
  for (const value of values) {
    it(`${JSON.stringify(value)} are understood as by the official driver`, () => {
      assert.deepEqual(bookmarksOf(value), new Bookmarks(value).values().map(String))
    })
  }
})

describe('routing', () => {
  it('has the official names and cannot be changed', () => {
    assert.deepEqual(exactSnapshot(routing), exactSnapshot(official.routing))
  })

  it('gives the access mode of a query, writing by default', () => {
    assert.equal(checkedRouting(undefined), 'WRITE')
    assert.equal(checkedRouting('READ'), 'READ')
    assert.throws(() => checkedRouting('x' as never), {
      name: 'Neo4jError',
      message: 'Illegal query routing config: "x"',
    })
  })
})

const NO_BOOLEANS: readonly [value: unknown, text: string][] = [
  ['false', "'false'"],
  ['', "''"],
  [0, '0'],
  [1, '1'],
  [Number.NaN, 'NaN'],
  [{}, '{}'],
  [Object.create(null), '[Object: null prototype] {}'],
  [Symbol('x'), 'Symbol(x)'],
  [new Boolean(false), '[Boolean: false]'],
]
