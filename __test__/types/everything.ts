// biome-ignore-all lint/suspicious/noShadowRestrictedNames: the official names of types
/**
 * One program that names every type and calls every method that neo4j-driver 6.3.0 exports. It has to compile
 * against either package, with each of the compilers that are tried.
 */
import neo4j, {
  type AuthToken,
  type AuthTokenAndExpiration,
  type AuthTokenManager,
  type AuthTokenManagers,
  auth,
  authTokenManagers,
  type BookmarkManager,
  type BookmarkManagerConfig,
  bookmarkManager,
  type ClientCertificate,
  type ClientCertificateProvider,
  type Config,
  driver as connect,
  Date,
  DateTime,
  type Driver,
  Duration,
  EagerResult,
  type EncapsulatedKey,
  type EncapsulatedKeyRecord,
  type EncapsulatedKeyRecordRepository,
  type EncryptionLevel,
  type EncryptionProfile,
  type EncryptionService,
  EnvelopeEncryptionProfile,
  error,
  type GqlStatusObject,
  graph,
  hasReachableServer,
  Integer,
  int,
  integer,
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
  type KeyEncapsulationService,
  LocalDateTime,
  LocalKeyEncapsulationService,
  LocalTime,
  localKeyEncapsulationService,
  logging,
  ManagedTransaction,
  type MappedQueryResult,
  Neo4jError,
  Node,
  type Notification,
  type NotificationCategory,
  type NotificationClassification,
  type NotificationFilter,
  type NotificationFilterDisabledCategory,
  type NotificationFilterDisabledClassification,
  type NotificationFilterMinimumSeverityLevel,
  type NotificationPosition,
  type NotificationSeverityLevel,
  notificationCategory,
  notificationClassification,
  notificationFilterDisabledCategory,
  notificationFilterDisabledClassification,
  notificationFilterMinimumSeverityLevel,
  notificationSeverityLevel,
  Path,
  PathSegment,
  type Plan,
  Point,
  type ProfiledPlan,
  type QueryConfig,
  type QueryResult,
  type QueryStatistics,
  Record,
  RecordObjectMapping,
  type RecordShape,
  Relationship,
  type Result,
  type ResultObserver,
  type ResultSummary,
  type ResultTransformer,
  type RoutingControl,
  type Rule,
  type Rules,
  type RxManagedTransaction,
  type RxResult,
  type RxSession,
  type RxTransaction,
  resultTransformers,
  routing,
  rule,
  type SecretKey,
  type ServerInfo,
  type Session,
  type SessionConfig,
  type SessionMode,
  type StandardCase,
  session as sessionModes,
  spatial,
  Time,
  type Transaction,
  type TrustStrategy,
  temporal,
  types,
  UnboundRelationship,
  type UnsupportedType,
  UUID,
  uuid,
  type Vector,
  type VectorType,
  vector,
} from 'the-driver'

/** Takes a value of exactly this type or one that extends it. */
function is<T>(_value: T): void {}

const level: EncryptionLevel = 'ENCRYPTION_OFF'
const strategy: TrustStrategy = 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES'
const mode: SessionMode = sessionModes.WRITE
const control: RoutingControl = routing.READ
const token: AuthToken = auth.basic('neo4j', 'password', 'realm')
const filter: NotificationFilter = {
  minimumSeverityLevel: notificationFilterMinimumSeverityLevel.WARNING,
  disabledCategories: [notificationFilterDisabledCategory.HINT],
}
const otherFilter: NotificationFilter = {
  minimumSeverityLevel: 'OFF',
  disabledClassifications: [notificationFilterDisabledClassification.SCHEMA],
}

export function tokens(): void {
  is<AuthToken>(auth.kerberos('ticket'))
  is<AuthToken>(auth.bearer('token'))
  is<AuthToken>(auth.custom('principal', 'credentials', 'realm', 'scheme', { more: 1 }))
  is<AuthTokenManagers>(authTokenManagers)
  is<AuthTokenManager>(authTokenManagers.basic({ tokenProvider: async () => token }))
  const expiring: AuthTokenAndExpiration = { token, expiration: new globalThis.Date() }
  is<AuthTokenManager>(authTokenManagers.bearer({ tokenProvider: async () => expiring }))
  const own: AuthTokenManager = {
    getToken: async () => token,
    handleSecurityException: (refused, code) => refused.scheme === code,
  }
  is<Driver>(connect('bolt://localhost', own))
}

const certificate: ClientCertificate = { certfile: 'a.pem', keyfile: { path: 'b.pem', password: 'x' }, password: 'y' }
const certificates: ClientCertificateProvider = {
  hasUpdate: () => false,
  getClientCertificate: async () => certificate,
}

const keyRepository: EncapsulatedKeyRecordRepository = {
  findById: async (id: string) => record_(id),
  findByAlias: async (alias: string) => record_(alias),
  create: async (alias, encapsulation, metadata) => record_(alias, encapsulation, metadata),
  setAliasById: async (id, alias) => {},
  deleteById: async (id) => {},
}

function record_(
  id: string,
  encapsulation: Int8Array = new Int8Array(),
  metadata: { [name: string]: string } = {},
): EncapsulatedKeyRecord {
  return { id: () => id, alias: () => undefined, encapsulation: () => encapsulation, metadata: () => metadata }
}

export async function encryption(driver: Driver): Promise<void> {
  const secret: SecretKey = new Uint8Array(32)
  const encapsulationService: KeyEncapsulationService = localKeyEncapsulationService(secret)
  is<LocalKeyEncapsulationService>(new LocalKeyEncapsulationService(secret))
  const made = await encapsulationService.encapsulate({})
  is<SecretKey>(made.key())
  is<Uint8Array>(await encapsulationService.decapsulate(made.encapsulation(), made.options()))
  const profile: EncryptionProfile = new EnvelopeEncryptionProfile({
    name: 'people',
    encapsulationService,
    keyRepository,
    keyCacheTTL: 1,
    keyCacheMaxSize: 1,
    keyAliasIndexTTL: 1,
    keyAliasIndexMaxSize: 1,
  })
  is<string>(profile.name + profile.type)
  is<Integer>(profile.version)
  is<Config>({ encryptionProfiles: [profile] })
  const service: EncryptionService = driver.encryption
  const ciphertext: Int8Array = await service.encrypt({
    value: 'x',
    keyOptions: { alias: 'main' },
    encryptionProfile: 'people',
    aad: 1,
  })
  is<string | UnsupportedType>(await service.decrypt<string>({ ciphertext, usePersistedAad: true, aad: undefined }))
  const manager = service.keyManager('people')
  const key: EncapsulatedKey = await manager.create('main')
  is<string>(key.id())
  is<string | undefined>(key.alias())
  is<EncapsulatedKey | undefined>(await manager.findById('id'))
  is<EncapsulatedKey | undefined>(await manager.findByAlias('main'))
  await manager.setAliasById('id', 'alias')
  await manager.deleteAliasById('id')
  await manager.deleteById('id')
}

export async function drivers(): Promise<void> {
  const config: Config = {
    encrypted: level,
    trust: strategy,
    trustedCertificates: ['ca.pem'],
    fetchSize: 1,
    maxConnectionPoolSize: 1,
    maxTransactionRetryTime: 1,
    maxConnectionLifetime: 1,
    connectionAcquisitionTimeout: 1,
    connectionTimeout: 1,
    connectionLivenessCheckTimeout: 1,
    disableAutoCommitRetries: true,
    disableLosslessIntegers: true,
    useBigInt: true,
    notificationFilter: filter,
    logging: logging.console('debug', true),
    resolver: async (address) => [address],
    userAgent: 'x',
    telemetryDisabled: true,
    clientCertificate: certificates,
  }
  const driver: Driver = connect('bolt://localhost', token, config)
  is<typeof connect>(neo4j.driver)
  is<true>(await hasReachableServer('bolt://localhost', { logging: logging.console('error') }))
  is<void>(await driver.verifyConnectivity({ database: 'x' }))
  is<ServerInfo>(await driver.getServerInfo({ database: 'x' }))
  is<boolean[]>([
    await driver.supportsMultiDb(),
    await driver.supportsTransactionConfig(),
    await driver.supportsUserImpersonation(),
    await driver.supportsSessionAuth(),
    driver.isEncrypted(),
  ])
  const version = await driver.getNegotiatedProtocolVersion()
  is<number>(version.getMajor() + version.getMinor())
  is<boolean>(version.isLessThan(version) && version.isGreaterThan(version) && version.isEqualTo(version))
  is<boolean>(version.isGreaterOrEqualTo(version) || version.isLessOrEqualTo(version))
  is<string>(version.toString())
  is<BookmarkManager>(driver.executeQueryBookmarkManager)
  const query: QueryConfig = {
    routing: control,
    database: 'x',
    impersonatedUser: 'y',
    bookmarkManager: null,
    transactionConfig: { timeout: int(5), metadata: { a: 1 } },
    auth: token,
    signal: new AbortController().signal,
  }
  is<EagerResult>(await driver.executeQuery('RETURN 1', { a: 1 }, query))
  is<EagerResult>(await driver.executeQuery({ text: 'RETURN 1', parameters: {} }))
  is<EagerResult>(await driver.executeQuery('RETURN $a', { a: 1 }, {}, { a: rule.asNumber() }))
  is<RxSession>(driver.rxSession({ database: 'x' }))
  await driver[Symbol.asyncDispose]()
  await driver.close()
}

export async function sessions(driver: Driver): Promise<void> {
  const config: SessionConfig = {
    defaultAccessMode: mode,
    bookmarks: ['a'],
    database: 'x',
    impersonatedUser: 'y',
    fetchSize: -1,
    bookmarkManager: bookmarkManager(managed),
    notificationFilter: otherFilter,
    auth: token,
    disableAutoCommitRetries: false,
  }
  const session: Session = driver.session(config)
  is<Result>(session.run('RETURN 1', { a: 1 }, { timeout: 1, metadata: {} }, { a: rule.asNumber() }))
  const work = async (tx: ManagedTransaction): Promise<number> => (await tx.run('RETURN 1', {})).records.length
  is<number>(await session.executeRead(work, { timeout: 1 }))
  is<number>(await session.executeWrite(work))
  is<string[]>(session.lastBookmarks())
  const promise = session.beginTransaction({ timeout: 1 })
  is<Result>(promise.run('RETURN 1'))
  const transaction: Transaction = await promise
  is<boolean>(transaction.isOpen())
  is<Result>(transaction.run('RETURN 1', {}))
  is<ManagedTransaction>(ManagedTransaction.fromTransaction(transaction))
  await transaction.commit()
  await transaction.rollback()
  await transaction.close()
  await transaction[Symbol.asyncDispose]()
  await promise.then((begun) => begun.close()).catch(() => undefined)
  await promise.finally(() => undefined)
  await session.close()
  await session[Symbol.asyncDispose]()
}

const managed: BookmarkManagerConfig = {
  initialBookmarks: ['a'],
  bookmarksSupplier: async () => ['b'],
  bookmarksConsumer: async (bookmarks: Iterable<string>) => {},
}

export async function bookmarks(manager: BookmarkManager): Promise<void> {
  is<Iterable<string>>(await manager.getBookmarks())
  is<void>(await manager.updateBookmarks(['a'], ['b']))
}

interface Person extends RecordShape {
  name: string
  age: Integer
}

class Human {
  name = ''
}

export async function results(session: Session): Promise<void> {
  const result: Result<Person> = session.run<Person>('RETURN 1')
  is<string[]>(await result.keys())
  is<ResultSummary>(await result.summary())
  is<boolean>(result.isOpen())
  const observer: ResultObserver<Person> = {
    onKeys: (keys) => is<string[]>(keys),
    onNext: (record) => is<string>(record.get('name')),
    onCompleted: (summary) => is<ResultSummary>(summary),
    onError: (error) => is<Error>(error),
  }
  result.subscribe(observer)
  const iterator = result[Symbol.asyncIterator]()
  is<IteratorResult<Record<Person>, ResultSummary>>(await iterator.next())
  is<IteratorResult<Record<Person>, ResultSummary>>(await iterator.peek())
  await iterator.return?.()
  const query: QueryResult<Person> = await result
  is<Record<Person>[]>(query.records)
  is<ResultSummary>(query.summary)
  is<number>(
    await result.then(
      () => 1,
      () => 2,
    ),
  )
  is<number | QueryResult<Person>>(await result.catch(() => 1))
  is<QueryResult<Person>>(await result.finally(() => undefined))
  const mapped: MappedQueryResult<Human> = await session.run('RETURN 1').as(Human)
  is<Human[]>(mapped.records)
  is<Human[]>((await session.run('RETURN 1').as<Human>({ name: rule.asString() })).records)
  is<Human[]>((await session.run('RETURN 1').as(Human, { name: rule.asString() })).records)
  const eager = new EagerResult<Person>(['name'], query.records, query.summary)
  is<Record<Person>[]>(eager.records)
  is<string[]>(eager.keys)
}

export function records(record: Record<Person>): void {
  const { keys, length } = record
  is<('name' | 'age')[]>(keys as ('name' | 'age')[])
  is<number>(length)
  is<string>(record.get('name'))
  is<boolean>(record.has('name') || record.has(0))
  record.forEach((value, key, all) => {
    is<unknown>([value, key, all])
  })
  is<string[]>(record.map((value) => String(value)))
  is<[string, unknown][]>([...record.entries()])
  is<unknown[]>([...record.values()])
  is<unknown[]>([...record])
  is<Person>(record.toObject())
  is<Human>(record.as(Human))
  is<Human>(record.as<Human>({ name: rule.asString() }))
  is<Human>(record.as(Human, { name: rule.asString() }))
  is<Record<{ a: number }>>(new Record<{ a: number }>(['a'], [1], { a: 0 }))
}

export async function transformers(driver: Driver): Promise<void> {
  const run = <T>(resultTransformer: ResultTransformer<T>): Promise<T> =>
    driver.executeQuery('RETURN 1', {}, { resultTransformer })
  is<EagerResult>(await run(resultTransformers.eager()))
  is<EagerResult>(await run(resultTransformers.eagerResultTransformer()))
  is<{ records: number[]; summary: ResultSummary }>(
    await run(resultTransformers.mapped({ map: (record) => record.length })),
  )
  is<number>(await run(resultTransformers.mapped({ map: () => 1, collect: (numbers: number[]) => numbers.length })))
  is<number>(
    await run(
      resultTransformers.mappedResultTransformer({ map: () => 1, collect: (numbers: number[]) => numbers.length }),
    ),
  )
  is<Record | undefined>(await run(resultTransformers.first()))
  is<ResultSummary>(await run(resultTransformers.summary()))
  is<Human[]>((await run(resultTransformers.hydrated(Human))).records)
  is<Human[]>((await run(resultTransformers.hydrated<Human>({ name: rule.asString() }))).records)
}

export function summaries(summary: ResultSummary): void {
  is<string>(summary.query.text)
  is<{ [name: string]: unknown }>(summary.query.parameters)
  is<string>(summary.queryType)
  const counters: QueryStatistics = summary.counters
  const { nodesCreated, nodesDeleted, relationshipsCreated, relationshipsDeleted } = counters.updates()
  const { propertiesSet, labelsAdded, labelsRemoved, indexesAdded, indexesRemoved } = counters.updates()
  const { constraintsAdded, constraintsRemoved } = counters.updates()
  is<number[]>([nodesCreated, nodesDeleted, relationshipsCreated, relationshipsDeleted, propertiesSet, labelsAdded])
  is<number[]>([labelsRemoved, indexesAdded, indexesRemoved, constraintsAdded, constraintsRemoved])
  is<boolean>(counters.containsUpdates() || counters.containsSystemUpdates())
  is<number>(counters.systemUpdates())
  const { plan, profile, queryProfile } = summary
  if (plan !== false) {
    is<Plan>(plan)
    is<string>(plan.operatorType)
    is<string[]>(plan.identifiers)
    is<unknown>(plan.arguments)
    is<Plan[]>(plan.children)
  }
  if (profile !== false) {
    is<ProfiledPlan>(profile)
    is<number[]>([profile.dbHits, profile.rows, profile.pageCacheHits, profile.pageCacheMisses])
    is<number[]>([profile.pageCacheHitRatio, profile.time])
    is<boolean>(profile.hasPageCacheStats())
    is<ProfiledPlan[]>(profile.children)
  }
  is<unknown>(queryProfile)
  const notifications: Notification[] = summary.notifications
  for (const notification of notifications) {
    const { code, title, description, rawSeverityLevel, rawCategory } = notification
    is<string[]>([code, title, description, rawSeverityLevel])
    is<string | undefined>(rawCategory)
    is<NotificationSeverityLevel>(notification.severityLevel)
    is<NotificationCategory>(notification.category)
    const position: NotificationPosition | object = notification.position
    is<object>(position)
  }
  const statuses: GqlStatusObject[] = summary.gqlStatusObjects
  for (const status of statuses) {
    is<string[]>([status.gqlStatus, status.statusDescription, status.diagnosticRecordAsJsonString])
    is<NotificationSeverityLevel>(status.severity)
    is<NotificationClassification>(status.classification)
    is<(string | undefined)[]>([status.rawSeverity, status.rawClassification])
    is<boolean>(status.isNotification)
    is<string>(status.diagnosticRecord.OPERATION)
    is<NotificationPosition | undefined>(status.position)
  }
  const server: ServerInfo = summary.server
  is<string | undefined>(server.address)
  is<string | undefined>(server.agent)
  is<string | undefined>(server.protocolVersion?.toString())
  is<Integer[]>([summary.resultConsumedAfter, summary.resultAvailableAfter])
  is<string | null | undefined>(summary.database.name)
  is<boolean>(summary.hasPlan() || summary.hasProfile())
}

export async function reactive(session: RxSession): Promise<void> {
  const result: RxResult = session.run('RETURN 1', {}, { timeout: 1 })
  result.keys().subscribe((keys) => is<string[]>(keys))
  result.records().subscribe((record) => is<Record>(record))
  result.consume().subscribe((summary) => is<ResultSummary>(summary))
  result.pause()
  await result.resume()
  await result.push()
  session.beginTransaction({ timeout: 1 }).subscribe((transaction: RxTransaction) => {
    is<RxResult>(transaction.run('RETURN 1', {}))
    is<boolean>(transaction.isOpen())
    transaction.commit().subscribe()
    transaction.rollback().subscribe()
    transaction.close().subscribe()
  })
  const work = (tx: RxManagedTransaction) => tx.run('RETURN 1').records()
  session.executeRead(work).subscribe((record) => is<Record>(record))
  session.executeWrite(work, { timeout: 1 }).subscribe((record) => is<Record>(record))
  is<string[]>(session.lastBookmarks())
  is<string[]>(session.lastBookmark())
  session.close().subscribe()
}

export function errors(thrown: unknown): void {
  is<boolean>(isRetryableError(thrown) || isRetriableError(thrown))
  is<boolean>(Neo4jError.isRetryable(thrown) || Neo4jError.isRetriable(thrown))
  is<string[]>([error.SERVICE_UNAVAILABLE, error.SESSION_EXPIRED, error.PROTOCOL_ERROR])
  if (!(thrown instanceof Neo4jError)) return
  is<string[]>([thrown.code, thrown.gqlStatus, thrown.gqlStatusDescription, thrown.message, thrown.name])
  is<string[]>([thrown.classification, thrown.diagnosticRecordAsJsonString])
  is<string | undefined>(thrown.rawClassification)
  is<boolean>(thrown.retryable || thrown.retriable)
  is<Error | undefined>(thrown.cause)
  is<string | undefined>(thrown.diagnosticRecord?.CURRENT_SCHEMA)
  is<boolean>(thrown.containsGqlCause('22N01'))
  is<string | undefined>(thrown.findByGqlStatus('22N01')?.message)
}

export function integers(value: unknown): void {
  const one: Integer = int(1)
  is<Integer[]>([Integer.ZERO, Integer.ONE, Integer.NEG_ONE, Integer.MAX_VALUE, Integer.MIN_VALUE])
  is<Integer[]>([Integer.MIN_SAFE_VALUE, Integer.MAX_SAFE_VALUE, Integer.fromInt(1), Integer.fromBits(1, 0)])
  is<Integer[]>([Integer.fromNumber(1), Integer.fromString('1', 10, { strictStringValidation: true })])
  is<Integer>(Integer.fromValue(1.5, { ceilFloat: true, strictStringValidation: true }))
  is<boolean>(Integer.isInteger(one) && Integer.inSafeRange(one))
  is<string>(Integer.toString(one, 16))
  is<number>(Integer.toNumber(one))
  is<boolean[]>([one.inSafeRange(), one.isZero(), one.isNegative(), one.isPositive(), one.isOdd(), one.isEven()])
  is<boolean[]>([one.equals(1), one.notEquals(1n), one.lessThan('1'), one.lessThanOrEqual(one)])
  is<boolean[]>([one.greaterThan(1), one.greaterThanOrEqual(1)])
  is<number[]>([one.toInt(), one.toNumber(), one.toNumberOrInfinity(), one.getHighBits(), one.getLowBits()])
  is<number[]>([one.getNumBitsAbs(), one.compare(1), one.low, one.high])
  is<bigint[]>([one.toBigInt(), one.valueOf()])
  is<string>(one.toString(2))
  is<Integer[]>([one.negate(), one.add(1), one.subtract(1), one.multiply(1), one.div(1), one.modulo(1), one.not()])
  is<Integer[]>([one.and(1), one.or(1), one.xor(1), one.shiftLeft(1), one.shiftRight(1)])
  is<boolean>(integer.inSafeRange(one))
  is<number>(integer.toNumber(one))
  is<string>(integer.toString(one))
  if (isInt(value)) is<Integer>(value)
}

export function values(value: unknown): void {
  const node = new Node<number, { name: string }, 'Person'>(1, ['Person'], { name: 'x' }, 'id')
  is<number>(node.identity)
  is<'Person'[]>(node.labels)
  is<string>(node.properties.name + node.elementId + node.toString())
  is<Human>(node.as(Human))
  const relationship = new Relationship<number>(1, 1, 2, 'KNOWS', {}, 'id', 'a', 'b')
  is<number[]>([relationship.identity, relationship.start, relationship.end])
  is<string>(relationship.type + relationship.elementId + relationship.startNodeElementId)
  is<string>(relationship.endNodeElementId + relationship.toString())
  is<Human>(relationship.as(Human))
  const unbound = new UnboundRelationship<number>(1, 'KNOWS', {}, 'id')
  is<Relationship<number>>(unbound.bind(1, 2))
  is<Relationship<number>>(unbound.bindTo(node, node))
  is<string>(unbound.type + unbound.elementId + unbound.toString())
  const segment = new PathSegment<number>(node, relationship, node)
  is<Node<number>[]>([segment.start, segment.end])
  is<Relationship<number>>(segment.relationship)
  const path = new Path<number>(node, node, [segment])
  is<Node<number>[]>([path.start, path.end])
  is<PathSegment<number>[]>(path.segments)
  is<number>(path.length)
  const point = new Point<number>(7203, 1, 2, 3)
  is<(number | undefined)[]>([point.srid, point.x, point.y, point.z])
  is<string>(point.toString())
  const duration = new Duration<number>(1, 2, 3, 4)
  is<number[]>([duration.months, duration.days, duration.seconds, duration.nanoseconds])
  is<string>(duration.toString() + Duration.fromString('P1D').toString())
  const localTime = new LocalTime<number>(1, 2, 3, 4)
  is<number[]>([localTime.hour, localTime.minute, localTime.second, localTime.nanosecond])
  is<LocalTime<number>>(LocalTime.fromStandardDate(new globalThis.Date(), 1))
  is<string>(localTime.toString() + LocalTime.fromString('01:02').toString())
  const time = new Time<number>(1, 2, 3, 4, 5)
  is<number[]>([time.hour, time.minute, time.second, time.nanosecond, time.timeZoneOffsetSeconds])
  is<Time<number>>(Time.fromStandardDate(new globalThis.Date(), 1))
  is<string>(time.toString() + Time.fromString('01:02Z').toString())
  const date = new Date<number>(2024, 1, 1)
  is<number[]>([date.year, date.month, date.day])
  is<Date<number>[]>([Date.fromStandardDate(new globalThis.Date()), Date.fromStandardDateLocal(new globalThis.Date())])
  is<Date<number>>(Date.fromStandardDateUTC(new globalThis.Date()))
  is<globalThis.Date>(date.toStandardDate())
  is<string>(date.toString() + Date.fromString('2024-01-01').toString())
  const local = new LocalDateTime<number>(2024, 1, 1, 1, 1, 1, 1)
  is<number[]>([local.year, local.month, local.day, local.hour, local.minute, local.second, local.nanosecond])
  is<LocalDateTime<number>>(LocalDateTime.fromStandardDate(local.toStandardDate(), 1))
  is<string>(local.toString() + LocalDateTime.fromString('2024-01-01T00:00').toString())
  const zoned = new DateTime<number>(2024, 1, 1, 1, 1, 1, 1, 0, 'Europe/Stockholm')
  is<number[]>([zoned.year, zoned.month, zoned.day, zoned.hour, zoned.minute, zoned.second, zoned.nanosecond])
  is<number | undefined>(zoned.timeZoneOffsetSeconds)
  is<string | undefined>(zoned.timeZoneId)
  is<DateTime<number>>(DateTime.fromStandardDate(zoned.toStandardDate(), 1))
  is<string>(zoned.toString() + DateTime.fromString('2024-01-01T00:00Z').toString())
  const embedding: Vector<Float32Array> = vector(Float32Array.of(1))
  is<Float32Array>(embedding.asTypedArray())
  is<VectorType>(embedding.getType())
  is<string>(embedding.toString())
  const id: UUID = uuid('00000000-0000-0000-0000-000000000000')
  is<Uint8Array>(id.getTypedArray())
  is<string>(id.toString() + UUID.fromString('x').toString())

  if (isNode(value)) is<Node>(value)
  if (isRelationship(value as object)) is<object>(value as object)
  if (isUnboundRelationship(value as object)) is<object>(value as object)
  if (isPath(value as object)) is<object>(value as object)
  if (isPathSegment(value as object)) is<object>(value as object)
  if (isPoint(value)) is<Point>(value)
  if (isDuration(value as object)) is<object>(value as object)
  if (isLocalTime(value as object)) is<object>(value as object)
  if (isTime(value as object)) is<object>(value as object)
  if (isDate(value as object)) is<object>(value as object)
  if (isLocalDateTime(value as object)) is<object>(value as object)
  if (isDateTime(value as object)) is<object>(value as object)
  if (isVector(value)) is<unknown>(value.getType())
  if (isUUID(value)) is<UUID>(value)
  if (isUnsupportedType(value)) is<UnsupportedType>(value)
  is<typeof isPoint>(spatial.isPoint)
  is<typeof isDuration>(temporal.isDuration)
  is<typeof isNode>(graph.isNode)
  is<boolean>(graph.isPath(node) || graph.isPathSegment(node) || graph.isRelationship(node))
  is<boolean>(graph.isUnboundRelationship(node) || temporal.isDate(date) || temporal.isDateTime(date))
  is<boolean>(temporal.isLocalDateTime(date) || temporal.isLocalTime(date) || temporal.isTime(date))
}

export function unsupported(value: UnsupportedType): string {
  is<string | undefined>(value.message)
  return value.name + value.minimumProtocolVersion + value.toString()
}

export function namespaces(): void {
  is<typeof Node>(types.Node)
  is<typeof Relationship>(types.Relationship)
  is<typeof UnboundRelationship>(types.UnboundRelationship)
  is<typeof PathSegment>(types.PathSegment)
  is<typeof Path>(types.Path)
  is<typeof Result>(types.Result)
  is<typeof EagerResult>(types.EagerResult)
  is<typeof ResultSummary>(types.ResultSummary)
  is<typeof Record>(types.Record)
  is<typeof Point>(types.Point)
  is<typeof Duration>(types.Duration)
  is<typeof LocalTime>(types.LocalTime)
  is<typeof Time>(types.Time)
  is<typeof Date>(types.Date)
  is<typeof LocalDateTime>(types.LocalDateTime)
  is<typeof DateTime>(types.DateTime)
  is<typeof Integer>(types.Integer)
  is<typeof RxSession>(types.RxSession)
  is<typeof RxTransaction>(types.RxTransaction)
  is<typeof RxManagedTransaction>(types.RxManagedTransaction)
  is<typeof RxResult>(types.RxResult)
  is<typeof Vector>(types.Vector)
  is<typeof UUID>(types.UUID)
  is<typeof Driver>(neo4j.Driver)
  is<typeof Session>(neo4j.Session)
  is<typeof Transaction>(neo4j.Transaction)
  is<typeof Neo4jError>(neo4j.Neo4jError)
  is<NotificationCategory>(notificationCategory.HINT)
  is<NotificationClassification>(notificationClassification.DEPRECATION)
  is<NotificationSeverityLevel>(notificationSeverityLevel.WARNING)
  is<NotificationFilterDisabledCategory>(notificationFilterDisabledCategory.GENERIC)
  is<NotificationFilterDisabledClassification>(notificationFilterDisabledClassification.GENERIC)
  is<NotificationFilterMinimumSeverityLevel>(notificationFilterMinimumSeverityLevel.OFF)
}

export function mapping(): void {
  const one: Rule = { optional: true, from: 'x', convert: (value, field) => field, validate: (value, field) => {} }
  const rules: Rules = {
    one,
    boolean: rule.asBoolean({ optional: true }),
    string: rule.asString(),
    number: rule.asNumber({ isInteger: true }),
    bigint: rule.asBigInt({ acceptNumber: true }),
    integer: rule.asInteger({ acceptNumber: true }),
    node: rule.asNode(),
    relationship: rule.asRelationship(),
    path: rule.asPath(),
    point: rule.asPoint(),
    duration: rule.asDuration({ stringify: true }),
    localTime: rule.asLocalTime({ stringify: true }),
    time: rule.asTime({ stringify: true }),
    date: rule.asDate({ stringify: true }),
    localDateTime: rule.asLocalDateTime({ jsNativeDate: true }),
    dateTime: rule.asDateTime({ jsNativeDate: true }),
    list: rule.asList({ apply: rule.asString() }),
    vector: rule.asVector({ asTypedList: true }),
    uuid: rule.asUUID({ stringify: true }),
  }
  RecordObjectMapping.register(Human, rules)
  RecordObjectMapping.clearMappingRegistry()
  RecordObjectMapping.translateIdentifiers((name) => name)
  const snake: StandardCase = 'snake_case' as StandardCase
  RecordObjectMapping.translateIdentifiers(RecordObjectMapping.getCaseTranslator(snake, 'camelCase' as StandardCase))
}
