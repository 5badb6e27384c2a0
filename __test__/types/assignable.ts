/**
 * Our types and the official ones side by side: nothing of theirs is missing from ours, and values of the one
 * are taken where the other is wanted. Classes that hold something back (`#private`, `private`) are no more
 * assignable to those of another package than two copies of one package are to each other; of those the
 * members are compared.
 */
import type * as theirs from 'neo4j-driver'
import type * as ours from 'the-driver'
import { holds, type Same } from './assert.js'

/**
 * What the first has, and the second has not. What begins with an underscore is private, though it may be
 * declared.
 */
type Missing<T, U> = Exclude<keyof T, keyof U | `_${string}`>
export type Instance<T> = T extends { prototype: infer P } ? P : never
type Extends<T, U> = [T] extends [U] ? true : false

/**
 * Names of theirs that stand for types alone, or are declared without being there: `AuthToken` and others are
 * declared as members of the default object, whose values are undefined.
 */
type OnlyTypes = 'AuthToken' | 'Config' | 'EncryptionLevel' | 'TrustStrategy' | 'SessionMode' | 'QueryResult'
type AlsoOnlyTypes = OnlyTypes | 'ResultObserver' | 'NotificationPosition'

export function names(): void {
  holds<Same<Missing<typeof theirs, typeof ours>, never>>()
  holds<Same<Exclude<Missing<typeof theirs.default, typeof ours.default>, AlsoOnlyTypes>, never>>()
  holds<Same<Missing<typeof theirs.types, typeof ours.types>, never>>()
  holds<Same<Missing<typeof theirs.auth, typeof ours.auth>, never>>()
  holds<Same<Missing<typeof theirs.rule, typeof ours.rule>, never>>()
  holds<Same<Missing<typeof theirs.error, typeof ours.error>, never>>()
  holds<Same<Missing<typeof theirs.integer, typeof ours.integer>, never>>()
  holds<Same<Missing<typeof theirs.temporal, typeof ours.temporal>, never>>()
  holds<Same<Missing<typeof theirs.spatial, typeof ours.spatial>, never>>()
  holds<Same<Missing<typeof theirs.graph, typeof ours.graph>, never>>()
  holds<Same<Missing<typeof theirs.logging, typeof ours.logging>, never>>()
  holds<Same<Missing<typeof theirs.session, typeof ours.session>, never>>()
  holds<Same<Missing<typeof theirs.routing, typeof ours.routing>, never>>()
  holds<Same<Missing<typeof theirs.resultTransformers, typeof ours.resultTransformers>, never>>()
  holds<Same<Missing<typeof theirs.RecordObjectMapping, typeof ours.RecordObjectMapping>, never>>()
  holds<Same<Missing<typeof theirs.notificationCategory, typeof ours.notificationCategory>, never>>()
  holds<Same<Missing<typeof theirs.notificationSeverityLevel, typeof ours.notificationSeverityLevel>, never>>()
}

/** Exported classes, by their names in theirs. */
export type Classes = {
  [K in keyof typeof theirs]: (typeof theirs)[K] extends { prototype: object } ? K : never
}[keyof typeof theirs] &
  keyof typeof ours

/** Members of theirs that ours lacks, for each class. */
type MissingMembers = {
  [K in Classes]: Missing<Instance<(typeof theirs)[K]>, Instance<(typeof ours)[K]>>
}
type MissingStatics = { [K in Classes]: Missing<(typeof theirs)[K], (typeof ours)[K]> }

export function members(): void {
  holds<Same<MissingMembers[Classes], never>>()
  holds<Same<MissingStatics[Classes], never>>()
}

// What users write or implement themselves goes both ways.
export function written(): void {
  holds<Extends<theirs.Config, ours.Config>>()
  holds<Extends<ours.Config, theirs.Config>>()
  holds<Extends<theirs.SessionConfig, ours.SessionConfig>>()
  holds<Extends<ours.SessionConfig, theirs.SessionConfig>>()
  holds<Extends<theirs.AuthToken, ours.AuthToken>>()
  holds<Extends<ours.AuthToken, theirs.AuthToken>>()
  holds<Extends<theirs.AuthTokenManager, ours.AuthTokenManager>>()
  holds<Extends<ours.AuthTokenManager, theirs.AuthTokenManager>>()
  holds<Extends<theirs.AuthTokenAndExpiration, ours.AuthTokenAndExpiration>>()
  holds<Extends<ours.AuthTokenAndExpiration, theirs.AuthTokenAndExpiration>>()
  holds<Extends<theirs.BookmarkManager, ours.BookmarkManager>>()
  holds<Extends<ours.BookmarkManager, theirs.BookmarkManager>>()
  holds<Extends<theirs.BookmarkManagerConfig, ours.BookmarkManagerConfig>>()
  holds<Extends<ours.BookmarkManagerConfig, theirs.BookmarkManagerConfig>>()
  holds<Extends<theirs.NotificationFilter, ours.NotificationFilter>>()
  holds<Extends<ours.NotificationFilter, theirs.NotificationFilter>>()
  holds<Extends<theirs.ClientCertificate, ours.ClientCertificate>>()
  holds<Extends<ours.ClientCertificate, theirs.ClientCertificate>>()
  holds<Extends<theirs.ClientCertificateProvider, ours.ClientCertificateProvider>>()
  holds<Extends<ours.ClientCertificateProvider, theirs.ClientCertificateProvider>>()
  holds<Extends<theirs.Rules, ours.Rules>>()
  holds<Extends<ours.Rules, theirs.Rules>>()
  holds<Extends<theirs.Rule, ours.Rule>>()
  holds<Extends<ours.Rule, theirs.Rule>>()
  holds<Extends<theirs.EncapsulatedKeyRecordRepository, ours.EncapsulatedKeyRecordRepository>>()
  holds<Extends<ours.EncapsulatedKeyRecordRepository, theirs.EncapsulatedKeyRecordRepository>>()
  holds<Extends<theirs.KeyEncapsulationService, ours.KeyEncapsulationService>>()
  holds<Extends<ours.KeyEncapsulationService, theirs.KeyEncapsulationService>>()
  holds<Extends<theirs.EncryptionProfile, ours.EncryptionProfile>>()
  holds<Extends<ours.EncryptionProfile, theirs.EncryptionProfile>>()
  holds<Extends<theirs.RecordShape, ours.RecordShape>>()
  holds<Extends<ours.RecordShape, theirs.RecordShape>>()
}

// Words.
export function words(): void {
  holds<Same<theirs.SessionMode, ours.SessionMode>>()
  holds<Same<theirs.RoutingControl, ours.RoutingControl>>()
  holds<Same<theirs.EncryptionLevel, ours.EncryptionLevel>>()
  holds<Same<theirs.TrustStrategy, ours.TrustStrategy>>()
  holds<Same<theirs.VectorType, ours.VectorType>>()
  holds<Same<theirs.NotificationCategory, ours.NotificationCategory>>()
  holds<Same<theirs.NotificationClassification, ours.NotificationClassification>>()
  holds<Same<theirs.NotificationSeverityLevel, ours.NotificationSeverityLevel>>()
  holds<Same<theirs.NotificationFilterDisabledCategory, ours.NotificationFilterDisabledCategory>>()
  holds<Same<theirs.NotificationFilterDisabledClassification, ours.NotificationFilterDisabledClassification>>()
  holds<Same<theirs.NotificationFilterMinimumSeverityLevel, ours.NotificationFilterMinimumSeverityLevel>>()
}

// Values, which one program may well have of two packages. A DateTime and a ServerInfo of 6.3.0 hold
// something back.
export function values(): void {
  holds<Extends<theirs.Integer, ours.Integer>>()
  holds<Extends<ours.Integer, theirs.Integer>>()
  holds<Extends<theirs.Node, ours.Node>>()
  holds<Extends<ours.Node, theirs.Node>>()
  holds<Extends<theirs.Relationship, ours.Relationship>>()
  holds<Extends<ours.Relationship, theirs.Relationship>>()
  holds<Extends<theirs.UnboundRelationship, ours.UnboundRelationship>>()
  holds<Extends<ours.UnboundRelationship, theirs.UnboundRelationship>>()
  holds<Extends<theirs.PathSegment, ours.PathSegment>>()
  holds<Extends<ours.PathSegment, theirs.PathSegment>>()
  holds<Extends<theirs.Path, ours.Path>>()
  holds<Extends<ours.Path, theirs.Path>>()
  holds<Extends<theirs.Point, ours.Point>>()
  holds<Extends<ours.Point, theirs.Point>>()
  holds<Extends<theirs.Duration, ours.Duration>>()
  holds<Extends<ours.Duration, theirs.Duration>>()
  holds<Extends<theirs.LocalTime, ours.LocalTime>>()
  holds<Extends<ours.LocalTime, theirs.LocalTime>>()
  holds<Extends<theirs.Time, ours.Time>>()
  holds<Extends<ours.Time, theirs.Time>>()
  holds<Extends<theirs.Date, ours.Date>>()
  holds<Extends<ours.Date, theirs.Date>>()
  holds<Extends<theirs.LocalDateTime, ours.LocalDateTime>>()
  holds<Extends<ours.LocalDateTime, theirs.LocalDateTime>>()
  holds<Extends<theirs.DateTime, ours.DateTime>>()
  holds<Extends<theirs.Neo4jError, ours.Neo4jError>>()
  holds<Extends<theirs.Notification, ours.Notification>>()
  holds<Extends<ours.Notification, theirs.Notification>>()
  holds<Extends<theirs.NotificationPosition, ours.NotificationPosition>>()
  holds<Extends<ours.NotificationPosition, theirs.NotificationPosition>>()
  holds<Extends<theirs.Vector<Float32Array>, ours.Vector<Float32Array>>>()
  holds<Extends<theirs.UUID, ours.UUID>>()
}
