// biome-ignore-all lint/suspicious/noExplicitAny: what the server sends is taken as it is, as in the official types
// biome-ignore-all lint/complexity/noBannedTypes: the type of `position` is what users' code is compiled against
/**
 * Notifications and GQL statuses of a query, each made from the other if the server sends only one of
 * them, and the filter for them.
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

/** How severe a notification is. */
export type NotificationSeverityLevel = 'WARNING' | 'INFORMATION' | 'UNKNOWN'

/** The names of {@link NotificationSeverityLevel}. */
export const notificationSeverityLevel: { [key in NotificationSeverityLevel]: key } = Object.freeze({
  WARNING: 'WARNING',
  INFORMATION: 'INFORMATION',
  UNKNOWN: 'UNKNOWN',
})

/** The subject of a notification. */
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

/** The subject of a notification, in GQL's terms. */
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
 * A notification of the server about a query that did run.
 *
 * @deprecated {@link GqlStatusObject} has the same in GQL's terms
 */
export class Notification {
  /** For example `Neo.ClientNotification.Statement.UnknownLabelWarning`. */
  declare code: string
  /** A short title. */
  declare title: string
  /** The full text. */
  declare description: string
  /** The place in the query; `{}` if it is not about a place. */
  declare position: NotificationPosition | {}
  /** The severity; `'UNKNOWN'` if the server's word is none of these. */
  declare severityLevel: NotificationSeverityLevel
  /** The severity in the server's own word. */
  declare rawSeverityLevel: string
  /** The subject; `'UNKNOWN'` if the server's word is none of these. */
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
 * The outcome of a query in GQL's terms: success, no data, omitted result, or a notification.
 *
 * @example
 * const { summary } = await driver.executeQuery('MATCH (n:Missing) RETURN n')
 * for (const status of summary.gqlStatusObjects) console.log(status.gqlStatus, status.statusDescription)
 */
export class GqlStatusObject {
  /** Five characters, for example `'00000'` for success. */
  declare readonly gqlStatus: string
  /** The status in words, for people to read. */
  declare readonly statusDescription: string
  /** The circumstances. */
  declare readonly diagnosticRecord: DiagnosticRecord
  /** The place in the query, if it is about one. */
  declare readonly position?: NotificationPosition
  /** The severity; `'UNKNOWN'` if it is no notification. */
  declare readonly severity: NotificationSeverityLevel
  /** The severity in the server's own word. */
  declare readonly rawSeverity?: string
  /** The subject; `'UNKNOWN'` if it is no notification. */
  declare readonly classification: NotificationClassification
  /** The classification in the server's own word. */
  declare readonly rawClassification?: string
  /** Whether it is a notification. Otherwise it only says how the query ended. */
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

  /** The diagnostic record as JSON, for people to read. */
  get diagnosticRecordAsJsonString(): string {
    return stringify(this.diagnosticRecord, { useCustomToString: true }) as string
  }
}

/**
 * The notifications of a summary. For a server that sends statuses (Bolt 5.5 and
 * later), they are made from these.
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
 * The GQL statuses of a summary. For a server that sends none, they are made from its notifications and from
 * the outcome of the stream (`stream_summary`): no data first, then warnings, then success.
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
 * The notification that a status contains, or undefined.
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
 * The status that contains a notification.
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

/** The lowest severity to send, or `'OFF'` for none. */
export type NotificationFilterMinimumSeverityLevel = Exclude<NotificationSeverityLevel, 'UNKNOWN'> | 'OFF'

/** The names of {@link NotificationFilterMinimumSeverityLevel}. */
export const notificationFilterMinimumSeverityLevel: { [key in NotificationFilterMinimumSeverityLevel]: key } =
  Object.freeze({
    OFF: 'OFF',
    WARNING: 'WARNING',
    INFORMATION: 'INFORMATION',
  })

/** A category to leave out. */
export type NotificationFilterDisabledCategory = Exclude<NotificationCategory, 'UNKNOWN'>

/** A classification to leave out. */
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

/**
 * Which notifications the server does not even create. The server decides about settings that are left out.
 */
export interface NotificationFilter {
  /** The lowest severity to send; `'OFF'` = none. Default: the server's own setting. */
  minimumSeverityLevel?: NotificationFilterMinimumSeverityLevel
  /** @deprecated the older name of `disabledClassifications`; only one of them may be given */
  disabledCategories?: NotificationFilterDisabledCategory[]
  /**
   * The classifications to leave out. Default: the server's own setting. Needs Bolt 5.2; the driver uses the
   * names of Bolt 5.6 where the server knows them.
   */
  disabledClassifications?: NotificationFilterDisabledClassification[]
}

/**
 * The filter of a driver's configuration, or undefined. The server checks its content.
 *
 * @throws Error if categories and classifications are both given
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

/** The outcome of a stream, as far as the driver saw it. */
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
