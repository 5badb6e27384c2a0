// biome-ignore-all lint/suspicious/noExplicitAny: what the server sends is taken as it is, as in the official types
// biome-ignore-all lint/complexity/noBannedTypes: the type of `position` is what users' code is compiled against
/**
 * What the server has to say about a query: notifications, GQL statuses, each made from the other where the server
 * sends only one of them, and the filter which asks for less of it. Knows nothing of how it was received.
 */

import { type DiagnosticRecord, defaultDiagnosticRecord } from '../error/neo4j-error.js'
import { toNumber } from '../types/integer.js'
import { stringify } from '../util/json.js'

/** A place in the query's text. */
export interface NotificationPosition {
  /** Characters from the start, from 0. */
  offset?: number
  /** From 1. */
  line?: number
  /** From 1. */
  column?: number
}

/** How much a notification matters. */
export type NotificationSeverityLevel = 'WARNING' | 'INFORMATION' | 'UNKNOWN'

/** The names of {@link NotificationSeverityLevel}. */
export const notificationSeverityLevel: { [key in NotificationSeverityLevel]: key } = Object.freeze({
  WARNING: 'WARNING',
  INFORMATION: 'INFORMATION',
  UNKNOWN: 'UNKNOWN',
})

/** What a notification is about. */
export type NotificationCategory =
  | 'HINT'
  | 'UNRECOGNIZED'
  | 'UNSUPPORTED'
  | 'PERFORMANCE'
  | 'TOPOLOGY'
  | 'SECURITY'
  | 'DEPRECATION'
  | 'GENERIC'
  | 'SCHEMA'
  | 'UNKNOWN'

/** What a notification is about, as GQL calls it. */
export type NotificationClassification = NotificationCategory

/** The names of {@link NotificationClassification}. */
export const notificationClassification: { [key in NotificationClassification]: key } = Object.freeze({
  HINT: 'HINT',
  UNRECOGNIZED: 'UNRECOGNIZED',
  UNSUPPORTED: 'UNSUPPORTED',
  PERFORMANCE: 'PERFORMANCE',
  DEPRECATION: 'DEPRECATION',
  TOPOLOGY: 'TOPOLOGY',
  SECURITY: 'SECURITY',
  GENERIC: 'GENERIC',
  SCHEMA: 'SCHEMA',
  UNKNOWN: 'UNKNOWN',
})

/** @deprecated the older name of {@link notificationClassification} */
export const notificationCategory: { [key in NotificationCategory]: key } = notificationClassification

/**
 * Something the server noticed about a query which did run.
 *
 * @deprecated {@link GqlStatusObject} has the same in the terms of GQL
 */
export class Notification {
  /** For example `Neo.ClientNotification.Statement.UnknownLabelWarning`. */
  declare code: string
  /** In short. */
  declare title: string
  /** In full. */
  declare description: string
  /** Where in the query; `{}` when it is not about a place. */
  declare position: NotificationPosition | {}
  /** How much it matters; `'UNKNOWN'` where the server's word is none of these. */
  declare severityLevel: NotificationSeverityLevel
  /** The severity in the server's own word. */
  declare rawSeverityLevel: string
  /** What it is about; `'UNKNOWN'` where the server's word is none of these. */
  declare category: NotificationCategory
  /** The category in the server's own word. */
  declare rawCategory?: string

  /** @param notification as Bolt has it */
  constructor(notification: any) {
    this.code = notification.code
    this.title = notification.title
    this.description = notification.description
    this.position = positionOf(notification.position)
    this.severityLevel = severityOf(notification.severity)
    this.rawSeverityLevel = notification.severity
    this.category = classificationOf(notification.category)
    this.rawCategory = notification.category
  }
}

/**
 * How a query went, in the terms of GQL: success, no data, omitted result, or a notification.
 *
 * @example
 * const { summary } = await driver.executeQuery('MATCH (n:Missing) RETURN n')
 * for (const status of summary.gqlStatusObjects) console.log(status.gqlStatus, status.statusDescription)
 */
export class GqlStatusObject {
  /** Five characters, for example `'00000'` for success. */
  declare readonly gqlStatus: string
  /** The status in words, for people. */
  declare readonly statusDescription: string
  /** The circumstances. */
  declare readonly diagnosticRecord: DiagnosticRecord
  /** Where in the query, if it is about a place. */
  declare readonly position?: NotificationPosition
  /** How much it matters; `'UNKNOWN'` where it is no notification. */
  declare readonly severity: NotificationSeverityLevel
  /** The severity in the server's own word. */
  declare readonly rawSeverity?: string
  /** What it is about; `'UNKNOWN'` where it is no notification. */
  declare readonly classification: NotificationClassification
  /** The classification in the server's own word. */
  declare readonly rawClassification?: string
  /** Whether it is a notification; otherwise it only tells how the query ended. */
  declare readonly isNotification: boolean

  /** @param status as Bolt has it */
  constructor(status: any) {
    const record = status.diagnostic_record ?? {}
    this.gqlStatus = status.gql_status
    this.statusDescription = status.status_description
    this.diagnosticRecord = record
    this.position = record._position != null ? positionOf(record._position) : undefined
    this.severity = severityOf(record._severity)
    this.rawSeverity = record._severity
    this.classification = classificationOf(record._classification)
    this.rawClassification = record._classification
    this.isNotification = status.neo4j_code != null
    Object.freeze(this)
  }

  /** The diagnostic record as JSON, to be read by people. */
  get diagnosticRecordAsJsonString(): string {
    return stringify(this.diagnosticRecord, { useCustomToString: true }) as string
  }
}

/**
 * The notifications of a summary; those of a server which sends statuses (Bolt 5.5 and later) are made from them.
 * @internal
 */
export function buildNotificationsFromMetadata(metadata: any): Notification[] {
  if (metadata.notifications != null) return metadata.notifications.map((raw: any) => new Notification(raw))
  if (metadata.statuses != null) {
    return metadata.statuses.map(polyfillNotification).filter((item: Notification | undefined) => item !== undefined)
  }
  return []
}

/**
 * The GQL statuses of a summary. For a server which sends none they are made from its notifications and from how the
 * stream went (`stream_summary`), no data first, then warnings, then success.
 * @internal
 */
export function buildGqlStatusObjectFromMetadata(metadata: any): [GqlStatusObject, ...GqlStatusObject[]] {
  if (metadata.statuses != null) return metadata.statuses.map((raw: any) => new GqlStatusObject(raw))
  const outcome = outcomeOf(metadata.stream_summary)
  if (metadata.notifications == null || metadata.notifications.length === 0) return [outcome]
  return [outcome, ...metadata.notifications.map(polyfillGqlStatusObject)].sort(
    (a, b) => weightOf(a) - weightOf(b),
  ) as [GqlStatusObject, ...GqlStatusObject[]]
}

/**
 * The notification which a status tells of; undefined for one which is none.
 * @internal
 */
export function polyfillNotification(status: any): Notification | undefined {
  if (status.neo4j_code == null) return undefined
  const record = status.diagnostic_record
  return new Notification({
    code: status.neo4j_code,
    title: status.title,
    description: status.description,
    severity: record?._severity,
    category: record?._classification,
    position: record?._position,
  })
}

/**
 * The status which tells of a notification.
 * @internal
 */
export function polyfillGqlStatusObject(notification: any): GqlStatusObject {
  const warning = notification.severity === 'WARNING'
  const record: any = { ...defaultDiagnosticRecord }
  if (notification.severity != null) record._severity = notification.severity
  if (notification.category != null) record._classification = notification.category
  if (notification.position != null) record._position = notification.position
  return new GqlStatusObject({
    gql_status: warning ? '01N42' : '03N42',
    status_description: notification.description ?? (warning ? 'warn: unknown warning' : 'info: unknown notification'),
    neo4j_code: notification.code,
    title: notification.title,
    diagnostic_record: record,
  })
}

/** The lowest severity to be told of, or nothing at all. */
export type NotificationFilterMinimumSeverityLevel = Exclude<NotificationSeverityLevel, 'UNKNOWN'> | 'OFF'

/** The names of {@link NotificationFilterMinimumSeverityLevel}. */
export const notificationFilterMinimumSeverityLevel: { [key in NotificationFilterMinimumSeverityLevel]: key } =
  Object.freeze({
    OFF: 'OFF',
    WARNING: 'WARNING',
    INFORMATION: 'INFORMATION',
  })

/** A category not to be told of. */
export type NotificationFilterDisabledCategory = Exclude<NotificationCategory, 'UNKNOWN'>

/** A classification not to be told of. */
export type NotificationFilterDisabledClassification = Exclude<NotificationClassification, 'UNKNOWN'>

/** The names of {@link NotificationFilterDisabledClassification}. */
export const notificationFilterDisabledClassification: { [key in NotificationFilterDisabledClassification]: key } =
  Object.freeze({
    HINT: 'HINT',
    UNRECOGNIZED: 'UNRECOGNIZED',
    UNSUPPORTED: 'UNSUPPORTED',
    PERFORMANCE: 'PERFORMANCE',
    TOPOLOGY: 'TOPOLOGY',
    SECURITY: 'SECURITY',
    DEPRECATION: 'DEPRECATION',
    GENERIC: 'GENERIC',
    SCHEMA: 'SCHEMA',
  })

/** @deprecated the older name of {@link notificationFilterDisabledClassification} */
export const notificationFilterDisabledCategory: { [key in NotificationFilterDisabledCategory]: key } =
  notificationFilterDisabledClassification

/** Which notifications the server shall not even make. What is left out is for the server to decide. */
export interface NotificationFilter {
  /** What matters less is not told; `'OFF'` = nothing is. Default: the server's own setting. */
  minimumSeverityLevel?: NotificationFilterMinimumSeverityLevel
  /** @deprecated the older name of `disabledClassifications`; only one of them may be given */
  disabledCategories?: NotificationFilterDisabledCategory[]
  /** What is not told. Default: the server's own setting. Needs Bolt 5.2, and the names of Bolt 5.6 are used where they are known. */
  disabledClassifications?: NotificationFilterDisabledClassification[]
}

/**
 * The filter which a driver is configured with; undefined when there is none. What is in it is for the server to judge.
 *
 * @throws Error when categories and classifications are both given
 * @internal
 */
export function checkedNotificationFilter(
  filter: NotificationFilter | null | undefined,
): NotificationFilter | undefined {
  if (filter == null) return undefined
  if (filter.disabledCategories != null && filter.disabledClassifications != null) {
    throw new Error(
      'The notificationFilter can\'t have both "disabledCategories" and  "disabledClassifications" configured at the same time.',
    )
  }
  return filter
}

/** How a stream went, as far as the driver could see. */
interface StreamSummary {
  have_records_streamed?: boolean
  pulled?: boolean
  has_keys?: boolean
}

function outcomeOf(stream: StreamSummary | undefined): GqlStatusObject {
  if (stream?.have_records_streamed === true) return SUCCESS
  if (stream?.has_keys === false) return OMITTED_RESULT
  if (stream?.pulled === true) return NO_DATA
  return NO_DATA_UNKNOWN
}

function weightOf(status: GqlStatusObject): number {
  switch (status.gqlStatus?.slice(0, 2)) {
    case '02':
      return 0
    case '01':
      return 1
    case '00':
      return 2
    default:
      return 9999
  }
}

function positionOf(position: any): NotificationPosition | {} {
  if (position == null) return {}
  return {
    offset: toNumber(position.offset),
    line: toNumber(position.line),
    column: toNumber(position.column),
  }
}

function severityOf(word: unknown): NotificationSeverityLevel {
  return word === 'WARNING' || word === 'INFORMATION' ? word : 'UNKNOWN'
}

function classificationOf(word: unknown): NotificationClassification {
  return typeof word === 'string' && Object.hasOwn(notificationClassification, word)
    ? (word as NotificationClassification)
    : 'UNKNOWN'
}

function outcome(gqlStatus: string, description: string): GqlStatusObject {
  return new GqlStatusObject({
    gql_status: gqlStatus,
    status_description: description,
    diagnostic_record: defaultDiagnosticRecord,
  })
}

const SUCCESS = outcome('00000', 'note: successful completion')
const NO_DATA = outcome('02000', 'note: no data')
const NO_DATA_UNKNOWN = outcome('02N42', 'note: no data - unknown subcondition')
const OMITTED_RESULT = outcome('00001', 'note: successful completion - omitted result')
