// biome-ignore-all lint/suspicious/noExplicitAny: what the server sends is taken as it is, as in the official types
/** The summary of a query, from the metadata of Bolt. */

import { defaultDiagnosticRecord, newError, PROTOCOL_ERROR } from '../error/neo4j-error.js'
import { type Integer, toNumber } from '../types/integer.js'
import type { ProtocolVersion } from '../types/protocol-version.js'
import {
  buildGqlStatusObjectFromMetadata,
  buildNotificationsFromMetadata,
  type GqlStatusObject,
  type Notification,
} from './notifications.js'

/** The kinds of queries. Values of {@link ResultSummary.queryType}. */
export const queryType = {
  READ_ONLY: 'r',
  READ_WRITE: 'rw',
  WRITE_ONLY: 'w',
  SCHEMA_WRITE: 's',
}

/**
 * The summary of a query, available once its result is consumed.
 *
 * @example
 * const { summary } = await driver.executeQuery('CREATE (:Person {name: "Alice"})')
 * console.log(summary.counters.updates().nodesCreated) // 1
 */
export class ResultSummary<T extends number | Integer | bigint = Integer> {
  /** The query as the server ran it. */
  declare query: { text: string; parameters: { [key: string]: any } }
  /** One of {@link queryType}. */
  declare queryType: string
  /** What the query has changed. */
  declare counters: QueryStatistics
  /** The plan, for EXPLAIN and PROFILE; otherwise false. */
  declare plan: Plan | false
  /** @deprecated {@link ResultSummary.queryProfile} distinguishes a missing number from 0 */
  declare profile: ProfiledPlan | false
  /** The plan with the cost of running it, for PROFILE; otherwise false. */
  declare queryProfile: QueryProfile | false
  /** @deprecated {@link ResultSummary.gqlStatusObjects} has the same in GQL's terms */
  declare notifications: Notification[]
  /** The outcome of the query and the server's notifications, the most important first. */
  declare gqlStatusObjects: [GqlStatusObject, ...GqlStatusObject[]]
  /** The server that answered. */
  declare server: ServerInfo
  /** Milliseconds until the server had sent all records. */
  declare resultConsumedAfter: T
  /** Milliseconds until the server had the first record. */
  declare resultAvailableAfter: T
  /** The database of the query; its name is null if the server did not send it. */
  declare database: { name: string | undefined | null }

  /**
   * @param query the text
   * @param parameters the parameters
   * @param metadata the server's metadata about the query
   * @param protocolVersion the version of Bolt in use
   */
  constructor(query: string, parameters: { [key: string]: any }, metadata: any, protocolVersion?: ProtocolVersion) {
    const { plan, profile } = metadata
    this.query = { text: query, parameters }
    this.queryType = metadata.type
    this.counters = new QueryStatistics(metadata.stats ?? {})
    this.plan = plan != null || profile != null ? new Plan(plan ?? profile) : false
    this.profile = profile != null ? new ProfiledPlan(profile) : false
    this.queryProfile = profile != null ? new QueryProfile(profile) : false
    this.notifications = buildNotificationsFromMetadata(metadata)
    this.gqlStatusObjects = buildGqlStatusObjectFromMetadata(metadata)
    this.server = new ServerInfo(metadata.server, protocolVersion)
    this.resultConsumedAfter = metadata.result_consumed_after
    this.resultAvailableAfter = metadata.result_available_after
    this.database = { name: metadata.db ?? null }
  }

  /** Whether there is a {@link ResultSummary.plan}. */
  hasPlan(): boolean {
    return this.plan instanceof Plan
  }

  /** Whether there is a {@link ResultSummary.queryProfile}. */
  hasProfile(): boolean {
    return this.queryProfile instanceof QueryProfile
  }
}

/** How the server runs, or would run, a query. */
export class Plan {
  /** What it does, with the database: `ProduceResults@neo4j`. */
  declare operatorType: string
  /** The variables this operator has to do with. */
  declare identifiers: string[]
  /** Details, by name. */
  declare arguments: { [key: string]: string }
  /** The operators this one draws from. */
  declare children: Plan[]

  /** @param plan as Bolt has it */
  constructor(plan: any) {
    this.operatorType = plan.operatorType
    this.identifiers = plan.identifiers
    this.arguments = plan.args
    this.children = childrenOf(plan, Plan)
  }
}

/**
 * How the server ran a query, and the cost. A missing number is 0.
 *
 * @deprecated {@link QueryProfile} distinguishes a missing number from 0
 */
export class ProfiledPlan {
  /** What it does, with the database: `ProduceResults@neo4j`. */
  declare operatorType: string
  /** The variables this operator has to do with. */
  declare identifiers: string[]
  /** Details, by name. */
  declare arguments: { [key: string]: string }
  /** How often it has asked the store for something. */
  declare dbHits: number
  /** How many rows it has passed on. */
  declare rows: number
  /** Pages that had to be read from disk. */
  declare pageCacheMisses: number
  /** Pages that were in memory. */
  declare pageCacheHits: number
  /** Hits of all pages asked for, from 0 to 1. */
  declare pageCacheHitRatio: number
  /** Nanoseconds. */
  declare time: number
  /** The operators this one draws from. */
  declare children: ProfiledPlan[]

  /** @param profile as Bolt has it */
  constructor(profile: any) {
    this.operatorType = profile.operatorType
    this.identifiers = profile.identifiers
    this.arguments = profile.args
    this.dbHits = numberOr(0, profile, 'dbHits')
    this.rows = numberOr(0, profile, 'rows')
    this.pageCacheMisses = numberOr(0, profile, 'pageCacheMisses')
    this.pageCacheHits = numberOr(0, profile, 'pageCacheHits')
    this.pageCacheHitRatio = numberOr(0, profile, 'pageCacheHitRatio')
    this.time = numberOr(0, profile, 'time')
    this.children = childrenOf(profile, ProfiledPlan)
  }

  /** Whether the server sent figures of the page cache. */
  hasPageCacheStats(): boolean {
    return this.pageCacheMisses > 0 || this.pageCacheHits > 0 || this.pageCacheHitRatio > 0
  }
}

/** How the server ran a query, and the cost. A value that the server did not send is null. */
export class QueryProfile {
  /** What it does, with the database: `ProduceResults@neo4j`. */
  declare operatorType: string
  /** The variables this operator has to do with. */
  declare identifiers: string[]
  /** Details, by name. */
  declare arguments: { [key: string]: string }
  /** How often it has asked the store for something. */
  declare dbHits: number | null
  /** How many rows it has passed on. */
  declare rows: number | null
  /** Pages that had to be read from disk. */
  declare pageCacheMisses: number | null
  /** Pages that were in memory. */
  declare pageCacheHits: number | null
  /** Hits of all pages asked for, from 0 to 1. */
  declare pageCacheHitRatio: number | null
  /** Nanoseconds. */
  declare time: number | null
  /** The operators this one draws from. */
  declare children: QueryProfile[]

  /** @param profile as Bolt has it */
  constructor(profile: any) {
    this.operatorType = profile.operatorType
    this.identifiers = profile.identifiers
    this.arguments = profile.args
    this.dbHits = numberOr(null, profile, 'dbHits')
    this.rows = numberOr(null, profile, 'rows')
    this.pageCacheMisses = numberOr(null, profile, 'pageCacheMisses')
    this.pageCacheHits = numberOr(null, profile, 'pageCacheHits')
    this.pageCacheHitRatio = numberOr(null, profile, 'pageCacheHitRatio')
    this.time = numberOr(null, profile, 'time')
    this.children = childrenOf(profile, QueryProfile)
  }
}

/** How many changes of each kind there were; see {@link QueryStatistics.updates}. */
export class Stats {
  /** Nodes created. */
  nodesCreated = 0
  /** Nodes deleted. */
  nodesDeleted = 0
  /** Relationships created. */
  relationshipsCreated = 0
  /** Relationships deleted. */
  relationshipsDeleted = 0
  /** Properties set or removed. */
  propertiesSet = 0
  /** Labels added to nodes. */
  labelsAdded = 0
  /** Labels removed from nodes. */
  labelsRemoved = 0
  /** Indexes created. */
  indexesAdded = 0
  /** Indexes dropped. */
  indexesRemoved = 0
  /** Constraints created. */
  constraintsAdded = 0
  /** Constraints dropped. */
  constraintsRemoved = 0;
  [key: string]: number
}

/** What a query has changed. */
export class QueryStatistics {
  declare private _stats: Stats
  declare private _systemUpdates: number
  // Present only if the server sent it.
  declare private _containsSystemUpdates?: boolean
  declare private _containsUpdates?: boolean

  /** @param statistics counts by their names in Bolt, for example `nodes-created` */
  constructor(statistics: any) {
    const stats: Stats = {
      nodesCreated: 0,
      nodesDeleted: 0,
      relationshipsCreated: 0,
      relationshipsDeleted: 0,
      propertiesSet: 0,
      labelsAdded: 0,
      labelsRemoved: 0,
      indexesAdded: 0,
      indexesRemoved: 0,
      constraintsAdded: 0,
      constraintsRemoved: 0,
    }
    this._stats = stats
    this._systemUpdates = 0
    for (const key of Object.keys(statistics)) {
      const name = NAMES.get(key) ?? key
      if (Object.hasOwn(stats, name)) stats[name] = toNumber(statistics[key])
      else if (name === 'systemUpdates') this._systemUpdates = toNumber(statistics[key])
      else if (name === 'containsSystemUpdates') this._containsSystemUpdates = statistics[key]
      else if (name === 'containsUpdates') this._containsUpdates = statistics[key]
    }
    Object.freeze(stats)
  }

  /** Whether the query has changed anything in its database. */
  containsUpdates(): boolean {
    return this._containsUpdates ?? Object.values(this._stats).some((count) => count > 0)
  }

  /** The counts, frozen. They are JavaScript numbers whatever the driver's setting for integers. */
  updates(): Stats {
    return this._stats
  }

  /** Whether the query has changed anything in the system database. */
  containsSystemUpdates(): boolean {
    return this._containsSystemUpdates ?? this._systemUpdates > 0
  }

  /** How many changes there were in the system database. */
  systemUpdates(): number {
    return this._systemUpdates
  }
}

/** The server that answered. */
export class ServerInfo {
  /** `host:port` */
  declare address?: string
  /** Product and version, for example `Neo4j/5.26.0`. */
  declare agent?: string
  /** The version of Bolt in use. */
  declare protocolVersion?: ProtocolVersion

  /**
   * @param serverMeta its `address` and `version`
   * @param protocolVersion the version of Bolt in use
   */
  constructor(serverMeta?: any, protocolVersion?: ProtocolVersion) {
    if (serverMeta != null) {
      this.address = serverMeta.address
      this.agent = serverMeta.version
    }
    this.protocolVersion = protocolVersion
  }
}

/**
 * A query that has ended, in Bolt's terms.
 * @internal
 */
export interface Completion {
  text: string
  parameters: { [key: string]: any }
  /** Metadata of RUN's SUCCESS. */
  run: { readonly [key: string]: any }
  /** Metadata of the last SUCCESS of PULL or DISCARD. */
  end: { readonly [key: string]: any }
  /** Whether at least one record has come. */
  streamed: boolean
  /** Whether the driver asked for records, or only discarded them. */
  pulled: boolean
  server: { address: string; agent: string; protocolVersion: ProtocolVersion } | undefined
}

/**
 * The summary of a query that has ended.
 *
 * @throws Neo4jError, a protocol error, if the server sends a type of query that does not exist
 * @internal
 */
export function summaryOf(query: Completion): ResultSummary<any> {
  const { run, end, server } = query
  const type = 'type' in end ? end.type : run.type
  if (type != null && type !== 'r' && type !== 'rw' && type !== 'w' && type !== 's') {
    throw newError(
      `Server returned invalid query type. Expected one of [undefined, null, "r", "w", "rw", "s"] but got '${type}'`,
      PROTOCOL_ERROR,
    )
  }
  return new ResultSummary(
    query.text,
    query.parameters,
    {
      type,
      stats: end.stats,
      plan: end.plan,
      profile: end.profile,
      notifications: end.notifications,
      statuses: end.statuses?.map(completeStatus),
      stream_summary: {
        have_records_streamed: query.streamed,
        pulled: query.pulled,
        has_keys: run.fields?.length > 0,
      },
      server: server && { address: server.address, version: server.agent },
      result_available_after: run.t_first,
      result_consumed_after: end.t_last,
      db: end.db ?? run.db,
    },
    server?.protocolVersion,
  )
}

/** Bolt leaves default values out of a diagnostic record. */
function completeStatus(status: any): any {
  const record = status.diagnostic_record
  return { ...status, diagnostic_record: record === null ? null : { ...defaultDiagnosticRecord, ...record } }
}

function childrenOf<C>(plan: any, type: new (child: any) => C): C[] {
  return plan.children != null ? plan.children.map((child: any) => new type(child)) : []
}

function numberOr<D>(absent: D, values: any, key: string): number | D {
  return key in values ? toNumber(values[key]) : absent
}

/** What Bolt calls `nodes-created` is `nodesCreated` here. */
const NAMES = new Map(
  [...Object.keys(new Stats()), 'systemUpdates', 'containsSystemUpdates', 'containsUpdates'].map((name) => [
    name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`),
    name,
  ]),
)
