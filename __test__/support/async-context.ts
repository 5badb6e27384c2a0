/**
 * Runs __test__/programs/apps/async-context.cjs on a runtime, with the server that it needs, and lists the
 * context that each callback has to see.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { finished } from './child.js'
import { obliging } from './cluster.js'
import { failure, gqlFailure, startPeer } from './stub-server.js'

export interface Runtime {
  command: string
  /** Put in front of the program's path. */
  args: string[]
}

export type Seen = Record<string, string[]>

/** Every callback, and the request whose context it must see. */
export const EXPECTED: Seen = {
  ...each('B', [
    'subscribe: onKeys',
    'subscribe: onNext',
    'subscribe: onCompleted',
    'subscribe: onError',
    'subscribe in a transaction: onKeys',
    'subscribe in a transaction: onNext',
    'subscribe in a transaction: onCompleted',
    'as, awaited',
    'as, in a loop',
    'for await',
    'then',
    'catch',
    'rx records: next',
    'rx records: error',
    'rx records: complete',
    'rx keys: next',
    'rx keys: complete',
    'rx consume: next',
    'rx consume: complete',
    'rx work',
    'rx executeRead: next',
    'rx executeRead: complete',
    'rx executeWrite: next',
    'rx executeWrite: complete',
    'rx beginTransaction: next',
    'rx beginTransaction: complete',
    'rx close: complete',
    'bookmarksSupplier',
    'bookmarksConsumer',
    'getBookmarks',
    'updateBookmarks',
    'mapped: map',
    'mapped: collect',
    'hydrated',
    'resultTransformer',
    'resultTransformer: onKeys',
    'resultTransformer: onNext',
    'resultTransformer: onCompleted',
    'getter of a parameter',
    'executeRead',
    'executeRead, again',
    'logger, of a leak',
    'resolver',
    'getToken',
    'tokenProvider',
    'handleSecurityException',
    'getClientCertificate',
    'encapsulate',
    'decapsulate',
    'findById',
    'findByAlias',
    'create',
  ]),
  ...each('C', [
    'C subscribes: onKeys',
    'C subscribes: onNext',
    'C subscribes: onCompleted',
    'getter of a parameter: C runs',
  ]),
  'logger, of what the server says': ['nothing'],
  'what A held, while the driver lives': ['collected'],
  'executeRead was tried': ['2'],
}

/** What the program sees on this runtime. A runtime that takes longer than a minute is killed. */
export async function seenOn(runtime: Runtime, program: string, driver: string): Promise<Seen> {
  const peer = await startServer()
  try {
    const child = spawn(runtime.command, [...runtime.args, program], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        NEOBOLT_TEST_INPUT: JSON.stringify({ uri: peer.uri, driver }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const { code, stdout, stderr } = await finished(child)
    assert.equal(code, 0, `${runtime.command} ended with ${code}:\n${stdout}${stderr}`)
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  } finally {
    await peer.stop()
  }
}

/**
 * A server with queries that fail. By their first word: ROWS n has so many records, FAIL always fails, FLAKY
 * and AGAIN fail the first time with a transient error, and EXPIRED as if the token had expired.
 */
async function startServer() {
  const failed = new Set<string>()
  const oblige = obliging('5.8', {
    rows: (query) => Array.from({ length: Number(/^ROWS (\d+)/.exec(query)?.[1] ?? 1) }, (_, i) => [i]),
    summary: () => ({ bookmark: 'bookmark' }),
    table: () => ({
      ttl: 300,
      db: 'neo4j',
      servers: ['ROUTE', 'READ', 'WRITE'].map((role) => ({ role, addresses: [peer.address] })),
    }),
  })
  const peer = await startPeer([[]], {
    version: '5.8',
    reply(name, fields, connection) {
      const query = String(fields[0])
      if (name !== 'RUN') return oblige(name, fields, connection)
      const [what = ''] = query.split(' ')
      if (what === 'FAIL') return [failure('Neo.ClientError.Statement.SyntaxError', 'no')]
      if (!['FLAKY', 'AGAIN', 'EXPIRED'].includes(what) || failed.has(query)) return oblige(name, fields, connection)
      failed.add(query)
      if (what === 'FLAKY') return [failure('Neo.TransientError.General.Unknown', 'later')]
      if (what === 'EXPIRED') return [failure('Neo.ClientError.Security.TokenExpired', 'expired')]
      return [
        gqlFailure({
          neo4j_code: 'Neo.ClientError.Statement.ExternalResourceFailed',
          message: 'again',
          gql_status: '50N42',
          description: 'again',
          diagnostic_record: { _idempotent: true },
        }),
      ]
    },
  })
  return peer
}

function each(request: string, callbacks: string[]): Seen {
  return Object.fromEntries(callbacks.map((callback) => [callback, [request]]))
}
