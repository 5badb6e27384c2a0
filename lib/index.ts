// biome-ignore-all lint/suspicious/noShadowRestrictedNames: the official names of types and functions
/**
 * neobolt: the API of neo4j-driver on a Rust Bolt core. Exports the whole public API, by name and, for
 * `import neo4j from 'neobolt'`, as one object.
 */

import { auth } from './auth/auth.js'
import { clientCertificateProviders } from './auth/client-certificate.js'
import { authTokenManagers } from './auth/token-manager.js'
import { Driver, driver, hasReachableServer } from './driver/driver.js'
import { routing } from './driver/query-config.js'
import { EnvelopeEncryptionProfile } from './encryption/keys.js'
import { LocalKeyEncapsulationService, localKeyEncapsulationService } from './encryption/local.js'
import { EncryptionService } from './encryption/service.js'
import {
  GQLError,
  isRetriableError,
  isRetryableError,
  Neo4jError,
  PROTOCOL_ERROR,
  SERVICE_UNAVAILABLE,
  SESSION_EXPIRED,
} from './error/neo4j-error.js'
import { logging } from './log/logger.js'
import { RecordObjectMapping } from './mapping/mapping.js'
import { StandardCase } from './mapping/names.js'
import { mappingDecorators } from './mapping-rules/decorators.js'
import { rule } from './mapping-rules/rules.js'
import { RxResult } from './reactive/result.js'
import { RxSession } from './reactive/session.js'
import { RxManagedTransaction, RxTransaction } from './reactive/transaction.js'
import {
  GqlStatusObject,
  Notification,
  notificationCategory,
  notificationClassification,
  notificationFilterDisabledCategory,
  notificationFilterDisabledClassification,
  notificationFilterMinimumSeverityLevel,
  notificationSeverityLevel,
} from './result/notifications.js'
import { Record } from './result/record.js'
import { Result } from './result/result.js'
import { Plan, ProfiledPlan, QueryStatistics, ResultSummary, ServerInfo } from './result/summary.js'
import { EagerResult, resultTransformers } from './result/transformers.js'
import { bookmarkManager } from './session/bookmark-manager.js'
import { Session } from './session/session.js'
import { ManagedTransaction, Transaction } from './session/transaction.js'
import {
  Date,
  DateTime,
  Duration,
  Integer,
  inSafeRange,
  int,
  isDate,
  isDateTime,
  isDuration,
  isInt,
  isLocalDateTime,
  isLocalTime,
  isNode,
  isPath,
  isPathSegment,
  isPoint,
  isRelationship,
  isTime,
  isUnboundRelationship,
  isUnsupportedType,
  isUUID,
  isVector,
  LocalDateTime,
  LocalTime,
  Node,
  Path,
  PathSegment,
  Point,
  Relationship,
  Time,
  toNumber,
  toString,
  UnboundRelationship,
  UnsupportedType,
  UUID,
  uuid,
  Vector,
  vector,
} from './types/index.js'
import { ProtocolVersion } from './types/protocol-version.js'

/** Codes of errors that the driver itself reports, see {@link Neo4jError.code}. */
export const error = {
  /** The server cannot be reached. */
  SERVICE_UNAVAILABLE,
  /** The server can no longer do this work; another server may. */
  SESSION_EXPIRED,
  /** Bytes that Bolt does not allow, or a value that cannot be sent. */
  PROTOCOL_ERROR,
}

/** Values for `defaultAccessMode` of a session. */
export const session: {
  /** Work that only reads. */
  READ: 'READ'
  /** Work that may write. */
  WRITE: 'WRITE'
} = { READ: 'READ', WRITE: 'WRITE' }

/** Functions for integers of any kind. */
export const integer = {
  /** The nearest JavaScript number of any kind of integer. */
  toNumber,
  /** The digits of any kind of integer, in a base that is 10 by default. */
  toString,
  /** Whether a JavaScript number represents the integer exactly, whatever its kind. */
  inSafeRange,
}

/** Type guards for spatial values. */
export const spatial = { isPoint }

/** Type guards for temporal values. */
export const temporal = { isDuration, isLocalTime, isTime, isDate, isLocalDateTime, isDateTime }

/** Type guards for values of the graph. */
export const graph = { isNode, isPath, isPathSegment, isRelationship, isUnboundRelationship }

/** The classes of values and results. */
export const types = {
  Node,
  Relationship,
  UnboundRelationship,
  PathSegment,
  Path,
  Result,
  EagerResult,
  ResultSummary,
  Record,
  Point,
  Date,
  DateTime,
  Duration,
  LocalDateTime,
  LocalTime,
  Time,
  Integer,
  Vector,
  UUID,
  ProtocolVersion,
  EnvelopeEncryptionProfile,
  EncryptionService,
  RxSession,
  RxTransaction,
  RxManagedTransaction,
  RxResult,
}

/** Everything, by name. */
const neo4j = {
  driver,
  hasReachableServer,
  auth,
  authTokenManagers,
  bookmarkManager,
  clientCertificateProviders,
  logging,
  routing,
  session,
  error,
  integer,
  spatial,
  temporal,
  graph,
  types,
  resultTransformers,
  notificationCategory,
  notificationClassification,
  notificationSeverityLevel,
  notificationFilterDisabledCategory,
  notificationFilterDisabledClassification,
  notificationFilterMinimumSeverityLevel,
  int,
  isInt,
  isPoint,
  isDuration,
  isLocalTime,
  isTime,
  isDate,
  isLocalDateTime,
  isDateTime,
  isNode,
  isPath,
  isPathSegment,
  isRelationship,
  isUnboundRelationship,
  isUnsupportedType,
  isVector,
  isUUID,
  vector,
  uuid,
  isRetryableError,
  isRetriableError,
  rule,
  mappingDecorators,
  RecordObjectMapping,
  StandardCase,
  Driver,
  Session,
  Transaction,
  ManagedTransaction,
  Result,
  EagerResult,
  RxSession,
  RxTransaction,
  RxManagedTransaction,
  RxResult,
  Record,
  ResultSummary,
  Plan,
  ProfiledPlan,
  QueryStatistics,
  Notification,
  GqlStatusObject,
  ServerInfo,
  ProtocolVersion,
  Neo4jError,
  GQLError,
  Node,
  Relationship,
  UnboundRelationship,
  Path,
  PathSegment,
  Point,
  Integer,
  Duration,
  LocalTime,
  Time,
  Date,
  LocalDateTime,
  DateTime,
  Vector,
  UUID,
  UnsupportedType,
  LocalKeyEncapsulationService,
  localKeyEncapsulationService,
  EnvelopeEncryptionProfile,
  EncryptionService,
}

export default neo4j

// As the official module has it.
Object.assign(neo4j, { EncapsulatedKeyRecordRepository: undefined })
Object.assign(types, {
  EncapsulatedKeyRecord: undefined,
  EncapsulatedKeyRecordRepository: undefined,
  Rule: undefined,
  Rules: undefined,
})

export type { AuthToken, AuthTokenManager } from './auth/auth.js'
export type {
  ClientCertificate,
  ClientCertificateProvider,
  ClientCertificateProviders,
  RotatingClientCertificateProvider,
} from './auth/client-certificate.js'
export type { AuthTokenAndExpiration, AuthTokenManagers } from './auth/token-manager.js'
export type { EncryptionLevel, TrustStrategy } from './auth/trust.js'
export type { Config, SessionConfig } from './driver/config.js'
export type { QueryConfig, RoutingControl } from './driver/query-config.js'
export type {
  EncapsulatedKey,
  EncapsulatedKeyManager,
  EncapsulatedKeyRecord,
  EncapsulatedKeyRecordRepository,
  EncapsulationResult,
  EncryptionProfile,
  KeyEncapsulationService,
  SecretKey,
} from './encryption/keys.js'
export type { AcquisitionMetrics, DriverMetrics, PoolMetrics } from './engine/metrics.js'
export type { LoggerFunction, LoggingConfig, LogLevel } from './log/logger.js'
export type { Rule, Rules } from './mapping/mapping.js'
export type { SessionMode } from './query/access-mode.js'
export type { Parameters, Query, TransactionConfig } from './query/query.js'
export type { RxTransactionWork } from './reactive/session.js'
export type {
  NotificationCategory,
  NotificationClassification,
  NotificationFilter,
  NotificationFilterDisabledCategory,
  NotificationFilterDisabledClassification,
  NotificationFilterMinimumSeverityLevel,
  NotificationPosition,
  NotificationSeverityLevel,
} from './result/notifications.js'
export type { MapVisitor, RecordShape, Visitor } from './result/record.js'
export type { MappedQueryResult, PeekableAsyncIterator, QueryResult, ResultObserver } from './result/result.js'
export type { QueryProfile, Stats } from './result/summary.js'
export type { ResultTransformer } from './result/transformers.js'
export type { BookmarkManager, BookmarkManagerConfig } from './session/bookmark-manager.js'
export type { ManagedTransactionWork } from './session/session.js'
export type { TransactionPromise } from './session/transaction.js'
export type { NumberOrInteger, StandardDate, VectorType } from './types/index.js'
export {
  auth,
  authTokenManagers,
  bookmarkManager,
  clientCertificateProviders,
  Date,
  DateTime,
  Driver,
  Duration,
  driver,
  EagerResult,
  EncryptionService,
  EnvelopeEncryptionProfile,
  GQLError,
  GqlStatusObject,
  hasReachableServer,
  Integer,
  int,
  isDate,
  isDateTime,
  isDuration,
  isInt,
  isLocalDateTime,
  isLocalTime,
  isNode,
  isPath,
  isPathSegment,
  isPoint,
  isRelationship,
  isRetriableError,
  isRetryableError,
  isTime,
  isUnboundRelationship,
  isUnsupportedType,
  isUUID,
  isVector,
  LocalDateTime,
  LocalKeyEncapsulationService,
  LocalTime,
  localKeyEncapsulationService,
  logging,
  ManagedTransaction,
  mappingDecorators,
  Neo4jError,
  Node,
  Notification,
  notificationCategory,
  notificationClassification,
  notificationFilterDisabledCategory,
  notificationFilterDisabledClassification,
  notificationFilterMinimumSeverityLevel,
  notificationSeverityLevel,
  Path,
  PathSegment,
  Plan,
  Point,
  ProfiledPlan,
  ProtocolVersion,
  QueryStatistics,
  Record,
  RecordObjectMapping,
  Relationship,
  Result,
  ResultSummary,
  RxManagedTransaction,
  RxResult,
  RxSession,
  RxTransaction,
  resultTransformers,
  routing,
  rule,
  ServerInfo,
  Session,
  StandardCase,
  Time,
  Transaction,
  UnboundRelationship,
  UnsupportedType,
  UUID,
  uuid,
  Vector,
  vector,
}
