/**
 * Walks the module of neo4j-driver 6.3.0 and ours, as an application gets them: exports, statics, prototypes,
 * flags, and an instance of every class, including those of open drivers, sessions and transactions.
 * surface-differences.ts lists everything that differs, with the reason. Nothing else may differ, and nothing
 * in the list may be gone.
 */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'
import type { RxSession, RxTransaction } from 'neo4j-driver'
import { firstValueFrom, lastValueFrom, of } from 'rxjs'
import { load, type Neo4j } from '../support/drivers.js'
import { answer, client, gqlFailure, type Step, startPeer, success } from '../support/stub-server.js'
import { type Difference, differences, look, lookAtInstance, type Surface } from '../support/surface.js'
import { BEHAVIOUR, DELIBERATE, GENERAL } from '../support/surface-differences.js'

const theirs = load('neo4j-driver')
const ours = load('neobolt')

describe('what is exported', () => {
  it('differs in nothing but what is said, with its reason', () => {
    check(surfaceOf(theirs), surfaceOf(ours), 'exports')
  })
})

describe('an instance of every class', () => {
  it('differs in nothing but what is said, with its reason', async () => {
    check(await instancesOf(theirs), await instancesOf(ours), 'instances')
  })

  it('is an instance of the class that is exported', async () => {
    for (const neo4j of [theirs, ours]) {
      await withInstances(neo4j, (instances) => {
        for (const [name, value] of Object.entries(instances)) {
          // The lower-case ones have a class that is not exported.
          if (!/^[A-Z]/.test(name)) continue
          const type = (neo4j as unknown as { [name: string]: unknown })[name.replace(/ .*/, '')]
          assert.equal(typeof type, 'function', name)
          assert.equal(value instanceof (type as new () => object), !isFault(neo4j, name), name)
        }
      })
    }
  })

  it('is printed alike', () => {
    const [mine, their] = [values(ours), values(theirs)]
    for (const name of Object.keys(their)) {
      assert.equal(inspect(mine[name], { depth: 9 }), inspect(their[name], { depth: 9 }), name)
      assert.equal(json(mine[name]), json(their[name]), name)
      assert.equal(text(mine[name]), text(their[name]), name)
    }
  })

  it('of an error is printed alike, without its frames', async () => {
    const print = async (neo4j: Neo4j): Promise<unknown[]> => {
      const printed: unknown[] = []
      await withInstances(neo4j, (instances) => {
        for (const name of ['Neo4jError', 'cause', 'Neo4jError of the driver']) {
          const error = instances[name] as Error
          const { stack } = error
          printed.push(name, withoutFrames(inspect(error, { depth: 9 })), json(error), String(error))
          printed.push(stack?.split('\n')[0], Object.keys(error))
        }
      })
      return printed
    }
    assert.deepEqual(await print(ours), await print(theirs))
  })

  it('is recognised by the functions of the other driver', () => {
    const [mine, their] = [values(ours), values(theirs)]
    const guards = Object.keys(theirs).filter((name) => /^is[A-Z]/.test(name) && !/Retr/.test(name))
    assert.ok(guards.length >= 15)
    for (const guard of guards) {
      for (const name of Object.keys(their)) {
        const answers = [theirs, ours].flatMap((neo4j) =>
          [mine, their].map((all) =>
            (neo4j as unknown as { [name: string]: (value: unknown) => boolean })[guard](all[name]),
          ),
        )
        assert.equal(new Set(answers).size, 1, `${guard} of ${name}: ${answers}`)
      }
      for (const nothing of [undefined, null, 0, '', {}, [], () => 0]) {
        const [mine, their] = [ours, theirs].map((neo4j) =>
          (neo4j as unknown as { [name: string]: (value: unknown) => boolean })[guard](nothing),
        )
        assert.equal(mine, their, `${guard}(${String(nothing)})`)
      }
    }
  })
})

/** F6: in 6.3.0 a transaction is not an instance of Transaction. */
function isFault(neo4j: Neo4j, name: string): boolean {
  return neo4j === theirs && name === 'Transaction'
}

describe('a call without a server', () => {
  for (const { what, call, theirs: expected, ours: otherwise } of BEHAVIOUR) {
    it(`comes to something else, as is said: ${what}`, () => {
      assert.deepEqual(
        result(() => call(theirs)),
        expected,
      )
      assert.deepEqual(
        result(() => call(ours)),
        otherwise,
      )
    })
  }
})

function result(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    const { name, message } = error as Error
    return `${name}: ${message}`
  }
}

function surfaceOf(neo4j: Neo4j): Surface {
  const surface: Surface = new Map()
  const module = neo4j as unknown as { [name: string]: unknown }
  for (const name of Object.keys(module)) if (name !== 'default') look(surface, name, module[name])
  look(surface, 'default', module.default)
  return surface
}

async function instancesOf(neo4j: Neo4j): Promise<Surface> {
  const surface: Surface = new Map()
  await withInstances(neo4j, (instances) => {
    for (const [name, value] of Object.entries(instances)) lookAtInstance(surface, `new ${name}`, value)
  })
  for (const [path, what] of surface) surface.set(path, what.replace(/127\.0\.0\.1:\d+/, 'ADDRESS'))
  return surface
}

/** Every value class, made by its constructor. */
function values(neo4j: Neo4j): { [name: string]: object } {
  const { int } = neo4j
  const start = new neo4j.Node(int(1), ['A', 'B'], { n: 1, s: 'x' }, 'n1')
  const end = new neo4j.Node(int(2), [], {}, 'n2')
  const relationship = new neo4j.Relationship(int(3), int(1), int(2), 'KNOWS', { since: int(2020) }, 'r3', 'n1', 'n2')
  const segment = new neo4j.PathSegment(start, relationship, end)
  return {
    Integer: int('9007199254740993'),
    Node: start,
    Relationship: relationship,
    UnboundRelationship: new neo4j.UnboundRelationship(int(3), 'KNOWS', { since: 1 }, 'r3'),
    PathSegment: segment,
    Path: new neo4j.Path(start, end, [segment]),
    Point: new neo4j.Point(int(7203), 1.5, 2),
    'Point in space': new neo4j.Point(int(4979), 1, 2, 3),
    Duration: new neo4j.Duration(1, 2, 3, 4),
    LocalTime: new neo4j.LocalTime(1, 2, 3, 4),
    Time: new neo4j.Time(1, 2, 3, 4, 3600),
    Date: new neo4j.Date(2024, 2, 29),
    LocalDateTime: new neo4j.LocalDateTime(2024, 2, 29, 1, 2, 3, 4),
    'DateTime with offset': new neo4j.DateTime(2024, 2, 29, 1, 2, 3, 4, 3600),
    'DateTime with zone': new neo4j.DateTime(2024, 2, 29, 1, 2, 3, 4, undefined, 'Europe/Stockholm'),
    'DateTime with both': new neo4j.DateTime(2024, 2, 29, 1, 2, 3, 4, 3600, 'Europe/Stockholm'),
    Vector: neo4j.vector(Float32Array.of(1.5, -2)),
    UUID: neo4j.uuid('00112233-4455-6677-8899-aabbccddeeff'),
    UnsupportedType: new (neo4j.UnsupportedType as unknown as new (...args: unknown[]) => object)('X', 7, 0, 'text'),
    ProtocolVersion: new (neo4j as unknown as { ProtocolVersion: new (...args: unknown[]) => object }).ProtocolVersion(
      5,
      8,
    ),
    Record: new neo4j.Record(['a', 'b'], [int(1), 'x']),
  }
}

/** Makes the instances that need a server, too, writes them down, and ends everything. */
async function withInstances(
  neo4j: Neo4j,
  show: (instances: { [name: string]: object }) => void | Promise<void>,
): Promise<void> {
  const peer = await startPeer(() => DIALOGUE)
  const keyRepository = {} as never
  const encapsulationService = neo4j.localKeyEncapsulationService(new Uint8Array(32))
  const encryptionProfile = new neo4j.EnvelopeEncryptionProfile({ name: 'x', encapsulationService, keyRepository })
  const driver = neo4j.driver(peer.uri, neo4j.auth.basic('neo4j', 'secret'), {
    encryptionProfiles: [encryptionProfile],
    telemetryDisabled: true,
  })
  try {
    const session = driver.session()
    const result = session.run('RETURN 1')
    const queryResult = await result
    const { summary } = queryResult
    const [notification] = summary.notifications
    const [status] = summary.gqlStatusObjects
    const error = await rejection(session.run('FAIL'))
    const transactionPromise = session.beginTransaction()
    const begun = await transactionPromise
    let managed: object | undefined
    await begun.rollback()
    await session.executeRead((tx) => {
      managed = tx
    })
    const closed = driver.session()
    await closed.close()
    const rxSession = driver.rxSession()
    const { transaction: rxTransaction, managed: rxManaged } = await reactive(rxSession)
    const eager = await driver.executeQuery('RETURN 1')
    await show({
      ...values(neo4j),
      Driver: driver,
      Session: session,
      Result: result,
      queryResult,
      EagerResult: eager,
      ResultSummary: summary,
      QueryStatistics: summary.counters,
      updates: summary.counters.updates(),
      ServerInfo: summary.server,
      Plan: summary.plan as object,
      ProfiledPlan: summary.profile as object,
      queryProfile: (summary as unknown as { queryProfile: object }).queryProfile,
      Notification: notification,
      GqlStatusObject: status,
      Neo4jError: error,
      cause: error.cause as Error,
      'Neo4jError of the driver': await rejection(closed.run('RETURN 1')),
      transactionPromise,
      Transaction: begun,
      ManagedTransaction: managed as unknown as object,
      RxSession: rxSession,
      RxTransaction: rxTransaction,
      RxManagedTransaction: rxManaged,
      RxResult: rxSession.run('RETURN 1'),
      EncryptionService: driver.encryption,
      EnvelopeEncryptionProfile: encryptionProfile,
      LocalKeyEncapsulationService: encapsulationService,
      keyManager: driver.encryption.keyManager(undefined),
      bookmarkManager: neo4j.bookmarkManager(),
      resultTransformers: neo4j.resultTransformers,
      authToken: neo4j.auth.custom('a', 'b', 'c', 'd', { e: 1 }),
      logging: neo4j.logging.console('info'),
    })
    await session.close()
  } finally {
    await driver.close()
    await peer.stop()
  }
  assert.deepEqual(peer.problems, [])
}

/** The transactions of a reactive session. */
async function reactive(session: RxSession): Promise<{ transaction: RxTransaction; managed: object }> {
  const nothing = { defaultValue: undefined }
  const transaction = await firstValueFrom(session.beginTransaction())
  await lastValueFrom(transaction.rollback(), nothing)
  let managed: object | undefined
  await lastValueFrom(
    session.executeRead((tx) => {
      managed = tx
      return of(1)
    }),
  )
  return { transaction, managed: managed as unknown as object }
}

async function rejection(promise: PromiseLike<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('expected to reject')
}

/** Compares the differences with the list. */
function check(theirs: Surface, ours: Surface, part: 'exports' | 'instances'): void {
  const found = differences(theirs, ours).filter((difference) => !GENERAL.some(({ covers }) => covers(difference)))
  const listed = DELIBERATE.filter((entry) => entry.part === part)
  const shown = ({ path, theirs, ours }: Difference): string =>
    `${path}: ${theirs ?? 'nothing'} -> ${ours ?? 'nothing'}`
  const expected = listed.flatMap(({ differences }) => differences)
  assert.deepEqual(found.map(shown).sort(), expected.sort())
}

/**
 * A printed error without what tells where it was made, and without its class, which is printed as it is
 * written.
 */
function withoutFrames(printed: string): string {
  return printed
    .replace(/constructor: \[[^\]]*\](?: \{[^}]*\})?,/g, '')
    .replace(/\[(\w+: \w+)\] \{/g, '$1')
    .split('\n')
    .filter((line) => !/^\s*(at .*)?$/.test(line))
    .join('\n')
}

function json(value: unknown): string {
  return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? `${item}n` : item))
}

function text(value: object): string {
  return String(value)
}

const STATISTICS = { 'nodes-created': 2, 'contains-updates': true, 'system-updates': 1 }
const STEP = { operatorType: 'ProduceResults', identifiers: ['n'], args: { planner: 'COST' } }
const CHILD = { ...STEP, dbHits: 3, rows: 1, pageCacheMisses: 1, pageCacheHits: 2, pageCacheHitRatio: 0.5, time: 7 }
const STATUS = {
  gql_status: '01N50',
  status_description: 'warn: label does not exist',
  neo4j_code: 'Neo.ClientNotification.Statement.UnknownLabelWarning',
  title: 'The label is not there',
  description: 'One of the labels is not there',
  diagnostic_record: {
    OPERATION: '',
    OPERATION_CODE: '0',
    CURRENT_SCHEMA: '/',
    _classification: 'UNRECOGNIZED',
    _severity: 'WARNING',
    _position: { column: 9, offset: 8, line: 1 },
  },
}
const CAUSE = {
  message: 'cause',
  gql_status: '22N01',
  description: 'error: data exception - cause',
  diagnostic_record: { _classification: 'CLIENT_ERROR' },
}

const begin = (): Step[] => [client('BEGIN'), success()]
const end = (name: string): Step[] => [client(name), success()]

const DIALOGUE: Step[] = [
  ...answer(['n'], [[1]], {
    type: 'rw',
    stats: STATISTICS,
    plan: { ...STEP, children: [STEP] },
    profile: { ...CHILD, children: [CHILD] },
    statuses: [STATUS],
  }),
  client('RUN'),
  gqlFailure({
    neo4j_code: 'Neo.ClientError.Statement.SyntaxError',
    message: 'wrong',
    gql_status: '42001',
    description: 'error: syntax error',
    diagnostic_record: { _classification: 'CLIENT_ERROR' },
    cause: CAUSE,
  }),
  ...begin(),
  ...end('ROLLBACK'),
  ...begin(),
  ...end('COMMIT'),
  ...begin(),
  ...end('ROLLBACK'),
  ...begin(),
  ...end('COMMIT'),
  ...begin(),
  ...answer(['n'], [[1]]),
  ...end('COMMIT'),
]
