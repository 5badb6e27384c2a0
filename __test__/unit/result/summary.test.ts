import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Neo4jError } from '../../../lib/error/neo4j-error.js'
import {
  type Completion,
  Plan,
  ProfiledPlan,
  QueryProfile,
  QueryStatistics,
  queryType,
  ResultSummary,
  ServerInfo,
  Stats,
  summaryOf,
} from '../../../lib/result/summary.js'
import { Integer, int } from '../../../lib/types/integer.js'
import { ProtocolVersion } from '../../../lib/types/protocol-version.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { core, members, official } from '../official.js'

/** The metadata with the integers of the one or the other driver. */
type Int = (value: number) => unknown

const plan = (i: Int) => ({
  operatorType: 'ProduceResults@neo4j',
  identifiers: ['n'],
  args: { planner: 'COST', EstimatedRows: 10.0, id: i(0) },
  children: [{ operatorType: 'AllNodesScan@neo4j', identifiers: ['n'], args: {}, children: [] }],
})
const profile = (i: Int) => ({
  ...plan(i),
  dbHits: i(12),
  rows: i(3),
  pageCacheHits: i(2),
  pageCacheMisses: i(0),
  pageCacheHitRatio: 1.0,
  time: i(123456),
  children: [{ operatorType: 'AllNodesScan@neo4j', identifiers: ['n'], args: {}, dbHits: i(4), rows: i(3) }],
})

const samples: { [name: string]: (i: Int) => object } = {
  'nothing at all': () => ({}),
  'a read': (i) => ({
    type: 'r',
    db: 'neo4j',
    result_available_after: i(1),
    result_consumed_after: i(2),
    server: { address: 'localhost:7687', version: 'Neo4j/5.26.20' },
    stream_summary: { have_records_streamed: true, pulled: true, has_keys: true },
  }),
  'a write': (i) => ({
    type: 'rw',
    stats: { 'contains-updates': true, 'nodes-created': i(2), 'labels-added': i(1), 'properties-set': i(7) },
    stream_summary: { have_records_streamed: false, pulled: true, has_keys: false },
  }),
  'a change of schema': (i) => ({ type: 's', stats: { 'indexes-added': i(1), 'constraints-removed': i(1) } }),
  'a change of the system database': (i) => ({
    stats: { 'system-updates': i(1), 'contains-system-updates': true, 'not-known': i(5) },
  }),
  'every count there is': (i) => ({
    stats: Object.fromEntries(
      Object.keys(new core.Stats()).map((name, n) => [name.replace(/[A-Z]/, (c) => `-${c.toLowerCase()}`), i(n + 1)]),
    ),
  }),
  'counts by their names in JavaScript': (i) => ({ stats: { nodesCreated: i(1), containsUpdates: true } }),
  'a plan': (i) => ({ plan: plan(i) }),
  'a profile': (i) => ({ profile: profile(i) }),
  notifications: (i) => ({
    notifications: [
      { code: 'Neo.A', title: 'A', description: 'a', severity: 'INFORMATION', category: 'HINT' },
      {
        code: 'Neo.B',
        title: 'B',
        description: 'b',
        severity: 'WARNING',
        category: 'NEW',
        position: { offset: i(1), line: i(2), column: i(3) },
      },
    ],
    stream_summary: { have_records_streamed: false, pulled: true, has_keys: true },
  }),
  statuses: (i) => ({
    statuses: [
      { gql_status: '02000', status_description: 'note: no data', diagnostic_record: { OPERATION: '' } },
      {
        gql_status: '01N50',
        status_description: 'warn: label does not exist',
        neo4j_code: 'Neo.C',
        title: 'C',
        description: 'c',
        diagnostic_record: {
          _severity: 'WARNING',
          _classification: 'UNRECOGNIZED',
          _position: { offset: i(9), line: i(1), column: i(10) },
        },
      },
    ],
  }),
}

describe('ResultSummary', () => {
  for (const [name, metadata] of Object.entries(samples)) {
    it(`of ${name} has the own properties, order and JSON of the official one`, () => {
      const mine = new ResultSummary('RETURN $a', { a: 1 }, metadata(int), new ProtocolVersion(5, 8))
      const theirs = new official.ResultSummary(
        'RETURN $a',
        { a: 1 },
        metadata(core.int),
        new core.ProtocolVersion(5, 8),
      )
      assert.deepEqual(exactSnapshot(mine), exactSnapshot(theirs))
      assert.equal(JSON.stringify(mine), JSON.stringify(theirs))
      for (const ask of ['hasPlan', 'hasProfile'] as const) assert.equal(mine[ask](), theirs[ask]())
      for (const ask of ['containsUpdates', 'updates', 'containsSystemUpdates', 'systemUpdates'] as const) {
        assert.deepEqual(exactSnapshot(mine.counters[ask]()), exactSnapshot(theirs.counters[ask]()))
      }
    })
  }

  it('and its parts have the members of the official classes', () => {
    assert.deepEqual(members(ResultSummary), members(official.ResultSummary))
    assert.deepEqual(members(Plan), members(core.Plan))
    assert.deepEqual(members(ProfiledPlan), members(core.ProfiledPlan))
    assert.deepEqual(members(QueryProfile), members(core.QueryProfile))
    assert.deepEqual(members(QueryStatistics), members(core.QueryStatistics))
    assert.deepEqual(members(ServerInfo), members(core.ServerInfo))
    assert.deepEqual(exactSnapshot(new Stats()), exactSnapshot(new core.Stats()))
    assert.deepEqual(queryType, core.queryType)
  })

  it('tells a profile without numbers from one with zeros', () => {
    const bare = { operatorType: 'x', identifiers: [], args: {} }
    assert.equal(new QueryProfile(bare).dbHits, null)
    assert.equal(new ProfiledPlan(bare).dbHits, 0)
    assert.equal(new ProfiledPlan(bare).hasPageCacheStats(), false)
    assert.equal(new ProfiledPlan({ ...bare, pageCacheMisses: int(1) }).hasPageCacheStats(), true)
  })

  it('counts in JavaScript numbers for every setting of integers', () => {
    for (const two of [int(2), 2, 2n]) {
      const summary = new ResultSummary('x', {}, { stats: { 'nodes-created': two } })
      assert.equal(summary.counters.updates().nodesCreated, 2)
      assert.equal(summary.counters.containsUpdates(), true)
    }
  })

  it('does not let the counts be changed', () => {
    assert.ok(Object.isFrozen(new ResultSummary('x', {}, {}).counters.updates()))
  })
})

describe('the summary of a query which has come to its end', () => {
  const completion: Completion = {
    text: 'RETURN 1',
    parameters: { a: 1 },
    run: { fields: ['1'], t_first: int(3), qid: int(0) },
    end: { type: 'r', t_last: int(4), db: 'neo4j', bookmark: 'x' },
    streamed: true,
    pulled: true,
    server: { address: 'localhost:7687', agent: 'Neo4j/5.26.20', protocolVersion: new ProtocolVersion(5, 8) },
  }

  it('puts together what RUN and the end of the stream have told', () => {
    const summary = summaryOf(completion)
    assert.deepEqual(summary.query, { text: 'RETURN 1', parameters: { a: 1 } })
    assert.equal(summary.queryType, 'r')
    assert.ok(Integer.isInteger(summary.resultAvailableAfter))
    assert.equal(summary.resultAvailableAfter.toNumber(), 3)
    assert.equal(summary.resultConsumedAfter.toNumber(), 4)
    assert.deepEqual(summary.database, { name: 'neo4j' })
    assert.deepEqual(
      { ...summary.server },
      {
        address: 'localhost:7687',
        agent: 'Neo4j/5.26.20',
        protocolVersion: new ProtocolVersion(5, 8),
      },
    )
    assert.equal(summary.gqlStatusObjects[0].gqlStatus, '00000')
  })

  it('has no name of a database when the server told none', () => {
    const { db: _, ...end } = completion.end
    assert.deepEqual(summaryOf({ ...completion, end }).database, { name: null })
    assert.deepEqual(summaryOf({ ...completion, end, run: { db: 'home' } }).database, { name: 'home' })
  })

  const outcomes: [name: string, change: Partial<Completion>, status: string][] = [
    ['no data when nothing matched', { streamed: false }, '02000'],
    ['an omitted result when the query returns nothing', { streamed: false, run: { fields: [] } }, '00001'],
    ['an unknown absence of data when records were only discarded', { streamed: false, pulled: false }, '02N42'],
  ]
  for (const [name, change, status] of outcomes) {
    it(`tells of ${name}`, () => {
      assert.equal(summaryOf({ ...completion, ...change }).gqlStatusObjects[0].gqlStatus, status)
    })
  }

  it('completes the diagnostic records of statuses', () => {
    const end = { statuses: [{ gql_status: '00000', status_description: 'x', diagnostic_record: { OPERATION: 'A' } }] }
    assert.deepEqual(summaryOf({ ...completion, end }).gqlStatusObjects[0].diagnosticRecord, {
      OPERATION: 'A',
      OPERATION_CODE: '0',
      CURRENT_SCHEMA: '/',
    })
    const bare = { statuses: [{ gql_status: '00000', status_description: 'x' }] }
    assert.equal(summaryOf({ ...completion, end: bare }).gqlStatusObjects[0].diagnosticRecord.CURRENT_SCHEMA, '/')
  })

  it('refuses a type of query which does not exist', () => {
    assert.throws(
      () => summaryOf({ ...completion, end: { type: 'x' } }),
      (error: unknown) =>
        error instanceof Neo4jError &&
        error.code === 'ProtocolError' &&
        error.message ===
          'Server returned invalid query type. Expected one of [undefined, null, "r", "w", "rw", "s"] but got \'x\'',
    )
  })

  it('does not change the metadata', () => {
    const end = Object.freeze({ ...completion.end, statuses: Object.freeze([Object.freeze({ gql_status: '00000' })]) })
    assert.doesNotThrow(() => summaryOf({ ...completion, run: Object.freeze({ ...completion.run }), end }))
  })
})
