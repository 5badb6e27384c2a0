import type { Observable } from 'rxjs';
import type { ObservableInput } from 'rxjs';

/** How connections were acquired: idle ones, or new ones, which takes dialling and authentication. */
export declare interface AcquisitionMetrics {
    /** How often a connection was got. */
    readonly count: number;
    /** How often none was got within `connectionAcquisitionTimeout`. */
    readonly timedOut: number;
    /** Milliseconds that they took together; one that finds an idle connection counts as 0. */
    readonly total: number;
    /** Milliseconds on average; 0 where there were none. */
    readonly average: number;
    /** Milliseconds of the longest one. */
    readonly max: number;
}

/**
 * Makes the tokens for a driver or a session.
 *
 * @example
 * const driver = neo4j.driver('bolt://localhost', neo4j.auth.basic('neo4j', 'secret'))
 */
export declare const auth: {
    /** User name and password. */
    basic: (username: string, password: string, realm?: string) => {
        scheme: string;
        principal: string;
        credentials: string;
        realm: string;
    } | {
        realm?: undefined;
        scheme: string;
        principal: string;
        credentials: string;
    };
    /** A Kerberos ticket in base 64. The principal is empty because servers insist on one. */
    kerberos: (base64EncodedTicket: string) => {
        scheme: string;
        principal: string;
        credentials: string;
    };
    /** A token of single sign-on, in base 64. */
    bearer: (base64EncodedToken: string) => {
        scheme: string;
        credentials: string;
    };
    /** For a server which asks nobody. */
    none: () => AuthToken;
    /**
     * For a scheme of a server's plugin. Empty credentials, realm and parameters are left out.
     *
     * @throws Neo4jError when the parameters contain themselves
     */
    custom: (principal: string, credentials: string, realm: string, scheme: string, parameters?: object) => any;
};

/** What a custom scheme may want besides. */
declare interface AuthParameters {
    [key: string]: any;
}

/**
 * Who the user is: tokens, and how they are made. Knows the schemes by name; knows nothing of how a server checks them.
 */
/** What a server is told of the user. Made by {@link auth}. */
export declare interface AuthToken {
    /** `'basic'`, `'kerberos'`, `'bearer'`, `'none'`, or one a plugin of the server knows. */
    scheme: string;
    /** Who. */
    principal?: string;
    /** And the proof of it. */
    credentials: string;
    /** Which of the server's directories of users. */
    realm?: string;
    /** More, for schemes of plugins. */
    parameters?: AuthParameters;
}

/** A token, and how long it is good for. */
export declare interface AuthTokenAndExpiration {
    /** To be used from now on. */
    readonly token: AuthToken;
    /** From when on the token is not used any more. Default: it is good until the server refuses it. */
    readonly expiration?: Date;
}

/** Hands out tokens which change over time, and hears when one was refused. */
export declare interface AuthTokenManager {
    /** The token to be used now. Called often, so the answer should be at hand. */
    getToken(): Promise<AuthToken> | AuthToken;
    /**
     * Told that the server refused a token.
     *
     * @returns whether it has been dealt with, so that trying again makes sense
     */
    handleSecurityException(token: AuthToken, securityErrorCode: SecurityErrorCode): boolean;
}

/** Makes managers of tokens. */
export declare class AuthTokenManagers {
    /**
     * For tokens of single sign-on. A new one is fetched when the last has expired, or the server has refused it as
     * expired or unauthorized. However many connections need it, it is fetched once. All tokens have to belong to the
     * same user.
     *
     * @throws TypeError when the provider is no function
     * @example
     * const manager = neo4j.authTokenManagers.bearer({
     *   tokenProvider: async () => ({ token: neo4j.auth.bearer(await signOn()), expiration: new Date(Date.now() + 60_000) }),
     * })
     * const driver = neo4j.driver('bolt://localhost', manager)
     */
    bearer(config: {
        tokenProvider: () => Promise<AuthTokenAndExpiration>;
    }): AuthTokenManager;
    /**
     * For passwords that change. A new token is fetched when the server has refused the last one as unauthorized.
     * However many connections need it, it is fetched once. All tokens have to belong to the same user.
     *
     * @throws TypeError when the provider is no function
     * @example
     * const manager = neo4j.authTokenManagers.basic({
     *   tokenProvider: async () => neo4j.auth.basic('neo4j', await readPassword()),
     * })
     * const driver = neo4j.driver('bolt://localhost', manager)
     */
    basic(config: {
        tokenProvider: () => Promise<AuthToken>;
    }): AuthTokenManager;
}

/** Managers of tokens that change over time, to be given to `driver` in place of a token. */
export declare const authTokenManagers: AuthTokenManagers;

/**
 * Bookmarks shared by sessions, so that each sees what the others have written. Knows sets of bookmarks; knows nothing
 * of sessions and servers.
 */
/** Keeps the bookmarks which sessions hand to each other. */
export declare interface BookmarkManager {
    /**
     * Replaces bookmarks which a finished transaction had started from by the one it ended with.
     *
     * @param previousBookmarks those the transaction started from
     * @param newBookmarks those it ended with
     */
    updateBookmarks(previousBookmarks: Iterable<string>, newBookmarks: Iterable<string>): Promise<void>;
    /** What the next transaction has to wait for. */
    getBookmarks(): Promise<Iterable<string>>;
}

/**
 * Makes a {@link BookmarkManager} which keeps bookmarks in memory.
 *
 * @example
 * const shared = neo4j.bookmarkManager()
 * const writer = driver.session({ bookmarkManager: shared })
 * const reader = driver.session({ bookmarkManager: shared }) // sees what writer has committed
 */
export declare function bookmarkManager(config?: BookmarkManagerConfig): BookmarkManager;

/** Where bookmarks come from and go to, besides the manager's own memory. */
export declare interface BookmarkManagerConfig {
    /** What to begin with. Default: none. */
    initialBookmarks?: Iterable<string>;
    /** Asked for more bookmarks each time they are needed; for those of other processes. */
    bookmarksSupplier?: () => Promise<Iterable<string>>;
    /** Told all bookmarks each time they have changed. */
    bookmarksConsumer?: (bookmarks: Iterable<string>) => Promise<void>;
}

/**
 * The certificates by which a client identifies itself (mutual TLS): what users configure, the checks of it, and a
 * provider whose certificate changes. Knows paths and passwords; reads no file.
 */
/** The certificate with which a client identifies itself (mutual TLS). */
export declare interface ClientCertificate {
    /** Paths of PEM files; each may hold a chain, the client's own certificate first. */
    readonly certfile: string | string[];
    /** The key of each. */
    readonly keyfile: KeyFile | KeyFile[];
    /** Of key files which do not bring their own. */
    readonly password?: string;
}

/** Hands out client certificates which change over time. */
export declare interface ClientCertificateProvider {
    /** Asked for each connection but the first: whether there is a newer certificate than the last one handed out. */
    hasUpdate(): boolean | Promise<boolean>;
    /** Called for the first connection, and after each `hasUpdate` that was true. */
    getClientCertificate(): ClientCertificate | Promise<ClientCertificate>;
}

/** Ready-made providers of client certificates. */
export declare class ClientCertificateProviders {
    /**
     * A provider that hands out one certificate until it is given another.
     *
     * @throws TypeError when the first one is no certificate
     * @example
     * const provider = neo4j.clientCertificateProviders.rotating({
     *   initialCertificate: { certfile: 'client.pem', keyfile: 'client.key' },
     * })
     * const driver = neo4j.driver('bolt+s://example.com', token, { clientCertificate: provider })
     * provider.updateCertificate({ certfile: 'next.pem', keyfile: 'next.key' })
     */
    rotating({ initialCertificate }: {
        initialCertificate: ClientCertificate;
    }): RotatingClientCertificateProvider;
}

/** Ready-made providers of client certificates. */
export declare const clientCertificateProviders: ClientCertificateProviders;

/** Settings of a driver. Numbers may come as text; what makes no number counts as left out. */
export declare interface Config {
    /** Default: false. Not allowed along with a `+s` or `+ssc` URL. */
    encrypted?: boolean | EncryptionLevel;
    /** Default: what this Node.js process trusts. Not allowed along with a `+s` or `+ssc` URL. */
    trust?: TrustStrategy;
    /** Paths of PEM files, for TRUST_CUSTOM_CA_SIGNED_CERTIFICATES. */
    trustedCertificates?: string[];
    /** How many records are asked for at once; -1 = all. Default: 1000. */
    fetchSize?: number;
    /** Connections per server, idle ones included; 0 or less = no limit. Default: 100. */
    maxConnectionPoolSize?: number;
    /**
     * Connections which are kept open to each server that is in use, idle ones included. They are opened in advance, in the
     * background, from the start (of routing drivers: from the first use of the server), and again when they are lost. Not
     * in the official driver. Default: 0.
     */
    minConnectionPoolSize?: number;
    /**
     * Milliseconds after which a connection that nobody uses is closed, unless there would be fewer than
     * `minConnectionPoolSize`; 0 or less = never. Not in the official driver. Default: never.
     */
    idleTimeout?: number;
    /**
     * Milliseconds for which a query or a transaction may hold a connection before a line at level `warn` is logged, with
     * the place in the program where it began; 0 or less = no matter how long. Costs a stack trace for each query. Not in
     * the official driver. Default: no matter how long.
     */
    leakDetectionThreshold?: number;
    /** Milliseconds during which a failed transaction function is run again. Default: 30 000. */
    maxTransactionRetryTime?: number;
    /** Milliseconds after which a connection is replaced; 0 or less = never. Default: 3 600 000. */
    maxConnectionLifetime?: number;
    /**
     * Milliseconds to wait for a free or new connection; less than 0 = for ever. Default: 60 000. That is the end of the waiting, too, for
     * the resolver, for tokens, client certificates and the bookmarks of a manager.
     */
    connectionAcquisitionTimeout?: number;
    /** Milliseconds of idling after which a connection is tried before it is used; 0 = always. Default: never. */
    connectionLivenessCheckTimeout?: number;
    /**
     * Milliseconds to wait for a new connection, with its TLS handshake; 0 or less = for ever. Default: 30 000. For the handshake of Bolt
     * and for authentication a server has the rest of {@link Config.connectionAcquisitionTimeout}.
     */
    connectionTimeout?: number;
    /** Do not run an auto-commit query again whose failure the server calls idempotent. Default: false. */
    disableAutoCommitRetries?: boolean;
    /** Integers as JavaScript numbers, those beyond 2^53 as infinity. Default: false. */
    disableLosslessIntegers?: boolean;
    /** Which notifications the server shall not even make. Default: the server's own setting. */
    notificationFilter?: NotificationFilter;
    /** Integers as bigints. Takes precedence over `disableLosslessIntegers`. Default: false. */
    useBigInt?: boolean;
    /** Default: no log. */
    logging?: LoggingConfig;
    /**
     * Bytes that one message of a server may have, a record for instance: more is a ProtocolError, and the end of that connection. What a
     * server says before it has let the driver in may have 64 KiB. Not in the official driver. Default: 536 870 912 (512 MiB); 0 or less =
     * no limit but that of the batch format, 2 GiB.
     */
    maxMessageSize?: number;
    /** Turns the URL's address into those of the servers to begin with; for routing drivers. */
    resolver?: (address: string) => string[] | Promise<string[]>;
    /** What the driver calls itself towards the server. Default: `neobolt/<version>`. */
    userAgent?: string;
    /** Do not tell the server which parts of the API are used. Default: false. */
    telemetryDisabled?: boolean;
    /** For servers which demand one; used where connections are encrypted. Default: none. */
    clientCertificate?: ClientCertificate | ClientCertificateProvider;
    /**
     * What {@link Driver.encryption} encrypts and decrypts by. Default: none.
     * @experimental part of client-side encryption
     */
    encryptionProfiles?: EncryptionProfile[];
    /**
     * Who is told by an error (`Result is already consumed`) that a result cannot give all of its records any more. Not in
     * the official driver, which gives fewer without a word, or waits for ever.
     *
     * - Left out: whoever is reading when the server is told to discard the rest: because the transaction ends, because
     *   `summary()` is called, or because another reader leaves. But a subscription that `summary()` stops completes.
     * - true: these, that subscription, and whoever begins to read when records have been taken or discarded.
     * - false: nobody, as with the official driver.
     *
     * @example
     * const strict = driver.session({ strictResults: true })
     */
    strictResults?: boolean;
}

/** A day of the calendar, without time or zone. Not to be mixed up with the Date of the language. Frozen. */
declare class Date_2<T extends NumberOrInteger = Integer> {
    /** From -999,999,999 to 999,999,999. */
    readonly year: T;
    /** 1 to 12 */
    readonly month: T;
    /** 1 to 31 */
    readonly day: T;
    /** @throws TypeError if a field is no integer of any kind, Neo4jError if it is out of its range */
    constructor(year: T, month: T, day: T);
    /**
     * The day of a Date in the zone of this process.
     * @deprecated says not which day is meant: use {@link fromStandardDateLocal} or {@link fromStandardDateUTC}
     * @throws TypeError for an invalid date
     */
    static fromStandardDate(standardDate: StandardDate): Date_2<number>;
    /**
     * The day of a Date in the zone of this process.
     * @throws TypeError for an invalid date
     */
    static fromStandardDateLocal(standardDate: StandardDate): Date_2<number>;
    /**
     * The day of a Date in UTC.
     * @throws TypeError for an invalid date
     */
    static fromStandardDateUTC(standardDate: StandardDate): Date_2<number>;
    /** Midnight UTC of the day; an invalid Date for years that the language does not reach. */
    toStandardDate(): StandardDate;
    /** The ISO 8601 text, `2024-02-29`. */
    toString(): string;
    /**
     * Reads `2024-02-29`, or a year of five digits or more with a sign.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): Date_2;
}
export { Date_2 as Date }

/**
 * An instant, as seen in a zone that is given by its offset from UTC, by its name, or by both. Frozen.
 *
 * With a name only, the offset is looked up when the value is sent. That is ambiguous where clocks are put back, so give both if
 * you know both. What a server sends has both.
 */
export declare class DateTime<T extends NumberOrInteger = Integer> {
    /** From -999,999,999 to 999,999,999. */
    readonly year: T;
    /** From 1 to 12. */
    readonly month: T;
    /** From 1 to 31, as the month has it. */
    readonly day: T;
    /** From 0 to 23. */
    readonly hour: T;
    /** From 0 to 59. */
    readonly minute: T;
    /** From 0 to 59. */
    readonly second: T;
    /** From 0 to 999,999,999, within the second. */
    readonly nanosecond: T;
    /** Local time minus UTC, in seconds. */
    readonly timeZoneOffsetSeconds?: T;
    /** Name in the IANA data base, `Europe/Stockholm`. */
    readonly timeZoneId?: string;
    /**
     * @throws TypeError if a field is of a wrong kind, Neo4jError if it is out of its range, the zone is unknown, or neither zone nor
     *   offset is given
     */
    constructor(year: T, month: T, day: T, hour: T, minute: T, second: T, nanosecond: T, timeZoneOffsetSeconds?: T, timeZoneId?: string | null);
    /**
     * The instant of a Date, as seen in the zone of this process, with the offset but without the name of that zone.
     * @param nanosecond added to the milliseconds of the date
     * @throws TypeError for an invalid date
     */
    static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): DateTime<number>;
    /**
     * The instant; nanoseconds are cut to milliseconds.
     * @throws Error if the offset is not known
     */
    toStandardDate(): StandardDate;
    /** The ISO 8601 text with the name of the zone, `2024-02-29T10:20:30+01:00[Europe/Stockholm]`. */
    toString(): string;
    /**
     * Reads a date and a time as {@link LocalDateTime.fromString} does, followed by `Z` or an offset, by the name of a zone in brackets,
     * or by both.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): DateTime;
}

/** What GQL says about the circumstances of a status. The server may add keys of its own. */
declare interface DiagnosticRecord {
    /** The GQL operation, empty when not known. */
    OPERATION: string;
    /** The GQL code of the operation, `'0'` when not known. */
    OPERATION_CODE: string;
    /** The schema in use, `'/'` by default. */
    CURRENT_SCHEMA: string;
    /** How much a notification matters, in the server's word. */
    _severity?: string;
    /** Who has to act on an error, or what a notification is about, in the server's word. */
    _classification?: string;
    /** Where in the query: offset from 0; line and column from 1. */
    _position?: {
        offset: number | Integer | bigint;
        line: number | Integer | bigint;
        column: number | Integer | bigint;
    };
    /** What stands in the status's text, by name. */
    _status_parameters?: globalThis.Record<string, unknown>;
    /** Whether the server promises that the failed request changed nothing. */
    _idempotent?: boolean;
    [key: string]: unknown;
}

/** A server, or a cluster of them, and the way there. Made by {@link driver}; one serves a whole program. */
export declare class Driver {
    #private;
    /**
     * Encrypts and decrypts single values, by the profiles in the settings.
     * @experimental part of client-side encryption
     */
    readonly encryption: EncryptionService;
    /** What lets each {@link Driver.executeQuery} see what the ones before have written. */
    get executeQueryBookmarkManager(): BookmarkManager;
    /**
     * Runs one query in a managed transaction, which is run again where the server fails in a way that passes, and gives
     * all of its result.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
     * registered for its class, if any. They belong into the query where that is an object.
     * @throws Neo4jError when the query fails
     * @throws Neo4jError or what a rule throws when a parameter is absent or not as its rule wants it
     * @throws the reason of the signal, when that is aborted before anything is sent
     * @example
     * const { records, summary } = await driver.executeQuery(
     *   'MERGE (p:Person {name: $name}) RETURN p.name AS name', { name: 'Alice' }, { database: 'neo4j' })
     */
    executeQuery<T = EagerResult>(query: Query, parameters?: QueryParameters, config?: QueryConfig<T>, parameterRules?: Rules): Promise<T>;
    /**
     * Opens a session. Cheap, and needs no connection yet.
     *
     * @throws Error, TypeError or Neo4jError when the settings are wrong
     */
    session(config?: SessionConfig): Session;
    /** Opens a session for reactive programs, see `rxjs`. Takes the settings of {@link Driver.session}. */
    rxSession(config?: SessionConfig): RxSession;
    /**
     * Makes sure that the server can be reached and takes the user.
     *
     * @throws Neo4jError when not
     */
    verifyConnectivity(config?: {
        database?: string;
    }): Promise<void>;
    /**
     * As {@link Driver.verifyConnectivity}, and tells which server has answered.
     *
     * @throws Neo4jError when none did
     */
    getServerInfo(config?: {
        database?: string;
    }): Promise<ServerInfo>;
    /**
     * Finds out whether a server takes a user: the one given, or else the driver's own. The user is really checked, also
     * where the server already knows it.
     *
     * @param config.database on which the user is to work; matters to a cluster only. Default: `system`
     * @param config.auth the token of the user. Default: the driver's
     * @returns false when the server says that the credentials are wrong, expired, or not allowed
     * @throws Neo4jError when the server cannot be reached, fails otherwise, or does not let users change, as before Bolt 5.1
     */
    verifyAuthentication(config?: {
        database?: string;
        auth?: AuthToken;
    }): Promise<boolean>;
    /** Whether the server has more than one database. */
    supportsMultiDb(): Promise<boolean>;
    /** Whether the server takes settings of transactions. */
    supportsTransactionConfig(): Promise<boolean>;
    /** Whether the server lets one user act as another. */
    supportsUserImpersonation(): Promise<boolean>;
    /** Whether the server lets the user of a connection change. */
    supportsSessionAuth(): Promise<boolean>;
    /** The version of Bolt which driver and server agree on. */
    getNegotiatedProtocolVersion(): Promise<ProtocolVersion>;
    /** Whether connections are encrypted. */
    isEncrypted(): boolean;
    /**
     * What the driver's connections are doing: how many there are to each server, how many wait for one, and how long that
     * has taken. Not in the official driver.
     *
     * @returns plain objects, of this moment. Times are in milliseconds.
     * @example
     * const [{ inUse, idle, waiting }] = driver.metrics().pools
     */
    metrics(): DriverMetrics;
    /**
     * Closes all connections. What is still running fails. May be called again.
     */
    close(): Promise<void>;
    /** {@link Driver.close}, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
    /** Whether it is a driver for clusters. For software which asks the official driver this. */
    _supportsRouting(): boolean;
    /** {@link Driver.isEncrypted}, for software which asks the official driver this. */
    _isEncrypted(): boolean;
    /** Whose certificates are trusted. For software which asks the official driver this. */
    _getTrust(): TrustStrategy | undefined;
}

/**
 * Makes a driver. It opens connections when they are needed, and has to be closed.
 *
 * @param url for example `bolt://localhost:7687`
 * @param authToken made by `neo4j.auth`; none by default
 * @param config is left as it is, and may be used again
 * @throws Error, TypeError or Neo4jError when one of these is wrong
 * @example
 * await using driver = neo4j.driver('bolt://localhost', neo4j.auth.basic('neo4j', 'secret'))
 * const { records } = await driver.executeQuery('RETURN $greeting AS greeting', { greeting: 'hello' })
 * console.log(records[0].get('greeting'))
 */
export declare function driver(url: string, authToken?: AuthToken | AuthTokenManager, config?: Config): Driver;

/**
 * What can be seen of a driver from outside. Plain data; knows nothing of where it comes from.
 */
/** What a driver is doing, and what it has done since it was made. */
export declare interface DriverMetrics {
    /** One for each server that the driver has had to do with. */
    readonly pools: readonly PoolMetrics[];
}

/**
 * A length of time in months, days, seconds and nanoseconds; these do not convert into each other, since months and days
 * vary in length, but nanoseconds beyond one second are carried over so that they lie within 0 and 999,999,999. Frozen.
 *
 * @example
 * new Duration(14, 3, 3600, 500_000_000).toString() // 'P1Y2M3DT1H0.500000000S'
 */
export declare class Duration<T extends NumberOrInteger = Integer> {
    /** Whole months; 12 for each year. */
    readonly months: T;
    /** Whole days; 7 for each week. */
    readonly days: T;
    /** Whole seconds; may be more than a day. */
    readonly seconds: T;
    /** From 0 to 999,999,999, to be added to the seconds also where these are negative. */
    readonly nanoseconds: T;
    /** @throws TypeError if an argument is no integer of any kind, RangeError if the seconds as an Integer leave the 64 bits by what is carried over */
    constructor(months: T, days: T, seconds: T, nanoseconds: T);
    /**
     * Reads an ISO 8601 duration such as `P1Y2M3DT4H5M6.7S` or `-P2W`. Fractions are taken where they come out even:
     * `P0.5Y` is six months, `P0.5M` is refused.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): Duration;
    /** The ISO 8601 text. What is no integer, because it was beyond the numbers of JavaScript, stands in it as it is: `PTInfinityS`. */
    toString(): string;
}

/** All of a result: its keys, records and summary. What executeQuery resolves with unless told otherwise. */
export declare class EagerResult<Entries extends RecordShape = RecordShape> {
    /** In the order of the query's RETURN. */
    keys: string[];
    /** In the order in which they came. */
    records: Array<Record_2<Entries>>;
    /** What the server tells of the query. */
    summary: ResultSummary;
    /**
     * Puts the parts together.
     *
     * @param keys the names of the columns
     * @param records all of them
     * @param summary of the same query
     */
    constructor(keys: string[], records: Array<Record_2<Entries>>, summary: ResultSummary);
}

/** A stored key as its user sees it. */
export declare interface EncapsulatedKey {
    /** Unique in the world, and never changed. */
    id: () => string;
    /** The name under which it is found, which may be given to another key. */
    alias: () => string | undefined;
}

/**
 * Makes, finds and forgets the keys of a profile. Made by `driver.encryption.keyManager()`.
 * @experimental part of client-side encryption
 */
export declare class EncapsulatedKeyManager {
    #private;
    /**
     * Makes a key and stores it.
     *
     * @param name its alias
     * @throws Neo4jError when the repository fails; its error is the cause
     */
    create(name: string): Promise<EncapsulatedKey>;
    /** The key with that id; undefined when there is none. */
    findById(id: string): Promise<EncapsulatedKey | undefined>;
    /** The key with that alias; undefined when there is none. */
    findByAlias(alias: string): Promise<EncapsulatedKey | undefined>;
    /**
     * Gives a key an alias. What was remembered of the alias holds for as long as the profile says.
     *
     * @param alias which no other key has; none takes the alias away
     * @throws Neo4jError when the repository fails; its error is the cause
     */
    setAliasById(id: string, alias?: string): Promise<void>;
    /**
     * Takes the alias of a key away.
     *
     * @throws Neo4jError when the repository fails; its error is the cause
     */
    deleteAliasById(id: string): Promise<void>;
    /**
     * Forgets a key: what was encrypted with it is lost.
     *
     * @throws Neo4jError when the repository fails; its error is the cause
     */
    deleteById(id: string): Promise<void>;
}

/** A stored key as its repository has it. */
export declare interface EncapsulatedKeyRecord extends EncapsulatedKey {
    /** The key, wrapped. */
    encapsulation: () => Int8Array;
    /** What the service that has wrapped it wants to be told. */
    metadata: () => {
        [name: string]: string;
    };
}

/**
 * Where wrapped keys are stored: a database, a file, a vault. To be written by the user.
 * @experimental part of client-side encryption
 */
export declare interface EncapsulatedKeyRecordRepository {
    /** The key with that id; undefined when there is none. */
    findById: (id: string) => Promise<EncapsulatedKeyRecord>;
    /** The key with that alias; undefined when there is none. */
    findByAlias: (alias: string) => Promise<EncapsulatedKeyRecord>;
    /** Stores a wrapped key under an id that nothing else has, such as a UUID. */
    create: (alias: string, encapsulation: Int8Array, metadata: {
        [name: string]: string;
    }) => Promise<EncapsulatedKeyRecord>;
    /** Gives a key an alias, or none. Fails when another key has that alias. */
    setAliasById: (id: string, alias: string | undefined) => Promise<void>;
    /** Forgets a key. */
    deleteById: (id: string) => Promise<void>;
}

/** What {@link KeyEncapsulationService.encapsulate} gives: a new key, in the open and wrapped. */
export declare interface EncapsulationResult {
    /** The key, wrapped. */
    encapsulation: () => Int8Array;
    /** What the service wants to be told again when it unwraps the key. */
    options: () => {
        [name: string]: string;
    };
    /** The key in the open. */
    key: () => SecretKey;
}

/** Whether connections are encrypted, and whose certificates are trusted: the types of these settings. */
/** Whether connections are encrypted. */
export declare type EncryptionLevel = 'ENCRYPTION_ON' | 'ENCRYPTION_OFF';

/**
 * A way to encrypt, under a name which all drivers that share the data have to give it. See {@link EnvelopeEncryptionProfile}.
 * @experimental part of client-side encryption
 */
export declare interface EncryptionProfile {
    /** Stands beside every encrypted value, and tells which profile can decrypt it. */
    name: string;
    /** Wraps and unwraps keys. */
    encapsulationService: KeyEncapsulationService;
    /** Where wrapped keys are stored. */
    keyRepository: EncapsulatedKeyRecordRepository;
    /** The kind of encryption. */
    type: string;
    /** Of the format of what is encrypted. */
    version: Integer;
    /** The stored key with an id (also given as plain text) or an alias. */
    findKey: (options: string | {
        alias?: string;
        id?: string;
    }) => Promise<EncapsulatedKeyRecord | undefined>;
    /** Stores a wrapped key. */
    saveKey: (alias: string, encapsulation: Int8Array, metadata: {
        [name: string]: string;
    }) => Promise<EncapsulatedKey>;
}

/**
 * Encrypts and decrypts values by the profiles of a driver. It is `driver.encryption`.
 * @experimental part of client-side encryption
 */
export declare class EncryptionService {
    #private;
    /**
     * Encrypts a value with AES-256-GCM. The result can be stored as a property, and decrypted by any Neo4j driver that has a profile of
     * that name and the same key.
     *
     * @param encryptRequest.value what a property can be
     * @param encryptRequest.keyOptions the key's id, or an object with its id or its alias
     * @param encryptRequest.encryptionProfile name of the profile. Default: the only one there is
     * @param encryptRequest.aad is not encrypted, but the value can't be decrypted with another one. It is stored along.
     * @throws Neo4jError when there is no such profile or key, or the value can't be a property. When something fails inside, that is the
     * cause.
     */
    encrypt(encryptRequest: {
        value: any;
        keyOptions: string | {
            alias?: string;
            id?: string;
        };
        encryptionProfile?: string;
        aad?: any;
    }): Promise<Int8Array>;
    /**
     * Decrypts what {@link EncryptionService.encrypt} of this or another driver has made.
     *
     * @param decryptRequest.ciphertext as it was read from the property
     * @param decryptRequest.aad what the value was encrypted with
     * @param decryptRequest.usePersistedAad take that which is stored along
     * @returns the value; an {@link UnsupportedType} when it was encoded by a newer driver
     * @throws Neo4jError when there is no such profile or key, the additional data is another, or the bytes were changed. When something
     * fails inside, that is the cause.
     */
    decrypt<T>(decryptRequest: {
        ciphertext: Int8Array;
        usePersistedAad?: boolean;
        aad?: any;
    }): Promise<T | UnsupportedType>;
    /**
     * What makes and finds the keys of a profile.
     *
     * @param profileName default: the only one there is
     * @throws Neo4jError when there is no such profile
     */
    keyManager(profileName?: string): EncapsulatedKeyManager;
}

/**
 * Envelope encryption: values are encrypted with keys that are themselves encrypted ("wrapped") and stored elsewhere. Remembers
 * wrapped keys for a while.
 *
 * @experimental part of client-side encryption
 * @example
 * const profile = new neo4j.EnvelopeEncryptionProfile({
 *   name: 'people',
 *   encapsulationService: neo4j.localKeyEncapsulationService(masterKey),
 *   keyRepository: myRepository,
 * })
 * const driver = neo4j.driver(url, auth, { encryptionProfiles: [profile] })
 */
export declare class EnvelopeEncryptionProfile implements EncryptionProfile {
    #private;
    /** Stands beside every encrypted value, and tells which profile can decrypt it. */
    name: string;
    /** Wraps and unwraps keys. */
    encapsulationService: KeyEncapsulationService;
    /** Where wrapped keys are stored. */
    keyRepository: EncapsulatedKeyRecordRepository;
    /** The kind of encryption. */
    type: string;
    /** Of the format of what is encrypted. */
    version: Integer;
    /**
     * @param config.name the same for all drivers that share the data
     * @param config.encapsulationService wraps and unwraps keys
     * @param config.keyRepository stores wrapped keys
     * @param config.keyCacheTTL for how many milliseconds a key is remembered by its id. Default: 15 minutes
     * @param config.keyCacheMaxSize how many keys are remembered; 0 = none, and no alias either. Default: 100
     * @param config.keyAliasIndexTTL for how many milliseconds it is remembered which key an alias stands for. Default: 15 seconds
     * @param config.keyAliasIndexMaxSize how many aliases are remembered; 0 = none. Default: 100
     */
    constructor(config: {
        name: string;
        encapsulationService: KeyEncapsulationService;
        keyRepository: EncapsulatedKeyRecordRepository;
        keyCacheTTL?: number;
        keyCacheMaxSize?: number;
        keyAliasIndexTTL?: number;
        keyAliasIndexMaxSize?: number;
    });
    /** The stored key with an id (also given as plain text) or an alias. Not meant to be called by users. */
    findKey(options: string | {
        alias?: string;
        id?: string;
    }): Promise<EncapsulatedKeyRecord | undefined>;
    /** Stores a wrapped key. Not meant to be called by users. */
    saveKey(alias: string, encapsulation: Int8Array, metadata: {
        [name: string]: string;
    }): Promise<EncapsulatedKey>;
}

/** Codes of errors which the driver itself reports, see {@link Neo4jError.code}. */
export declare const error: {
    /** The server, or the way to it, is gone. */
    SERVICE_UNAVAILABLE: string;
    /** The server can no longer serve this piece of work; another may. */
    SESSION_EXPIRED: string;
    /** Bytes that are not what Bolt allows, or a value that cannot be sent. */
    PROTOCOL_ERROR: string;
};

/** Who has to act on an error: its author, the operator, or nobody because it passes. */
declare type ErrorClassification = 'DATABASE_ERROR' | 'CLIENT_ERROR' | 'TRANSIENT_ERROR' | 'UNKNOWN';

/** A class, as an object is mapped to. It is called without arguments. */
declare type GenericConstructor<T extends {}> = new (...args: any[]) => T;

/** What awaiting a result gives, whatever has become of its records. */
declare interface GenericQueryResult<R> {
    /** In the order in which they came. */
    records: R[];
    /** What the server tells of the query. */
    summary: ResultSummary;
}

/** {@link Result}, whatever is made of its records. */
declare class GenericResult<R, T extends GenericQueryResult<R>> implements Promise<T> {
    #private;
    /** `'Result'` */
    get [Symbol.toStringTag](): string;
    /**
     * Has an object made of each record, by rules or as an instance of a class, see {@link Record.as}: for awaiting and
     * iterating; a subscriber is given the records as they are. A record of which none can be made is where the result
     * ends with an error; the rest is discarded.
     *
     * @returns this same result
     * @throws Neo4jError when it has been awaited
     * @example
     * const person = { name: neo4j.rule.asString() }
     * for await (const { name } of session.run('MATCH (p:Person) RETURN p.name AS name').as<{ name: string }>(person)) {
     *   console.log(name)
     * }
     */
    as<O extends {} = Object>(rules: Rules): MappedResult<O>;
    as<O extends {} = Object>(genericConstructor: GenericConstructor<O>, rules?: Rules): MappedResult<O>;
    /**
     * The names of the columns, in order. Reads no records.
     *
     * @throws Neo4jError when the query fails
     */
    keys(): Promise<string[]>;
    /**
     * What the server tells of the query at its end. Records which have not been asked for yet are discarded.
     *
     * @throws Neo4jError when the query fails
     */
    summary<N extends number | Integer | bigint = Integer>(): Promise<ResultSummary<N>>;
    /**
     * Iterates over the records. The server is asked for more only as they are taken. Leaving the loop early discards
     * the rest, and waits until the session or transaction can be used again.
     */
    [Symbol.asyncIterator](): PeekableAsyncIterator<R, ResultSummary>;
    /** Waits for all records. All calls share one {@link QueryResult}. */
    then<TResult1 = T, TResult2 = never>(onFulfilled?: ((value: T) => TResult1 | PromiseLike<TResult1>) | null, onRejected?: ((reason: any) => TResult2 | PromiseLike<TResult2>) | null): Promise<TResult1 | TResult2>;
    /** Handles a failure of {@link Result.then}. */
    catch<TResult = never>(onRejected?: ((reason: any) => TResult | PromiseLike<TResult>) | null): Promise<T | TResult>;
    /** Called after success and failure of {@link Result.then} alike. */
    finally(onFinally?: (() => void) | null): Promise<T>;
    /** Has the observer told of everything as it comes in, as fast as the server sends it. */
    subscribe(observer: GenericResultObserver<R>): void;
    /** Whether its end is not yet known: neither a summary nor an error has been read. */
    isOpen(): boolean;
}

/** Hears of a result as it comes in; each part is optional. */
declare interface GenericResultObserver<R> {
    /** Once, before any record. */
    onKeys?: (keys: string[]) => void;
    /** For each record. */
    onNext?: (record: R) => void;
    /** Once, after the last record; never after an error. What it throws, or rejects with if it is async, is told to onError. */
    onCompleted?: (summary: ResultSummary) => void;
    /** Instead of onCompleted, or after it has failed; once more with what it throws itself. Without it the error is printed on the console. */
    onError?: (error: Error) => void;
}

/**
 * An error with a GQL status. Met on its own only as the `cause` of another error (Bolt 5.7 and later).
 */
export declare class GQLError extends Error {
    /** Five characters, for example `'42N51'`; `'50N42'` when nothing better is known. */
    gqlStatus: string;
    /** The text which GQL defines for the status. */
    gqlStatusDescription: string;
    /** The circumstances, as the server tells them. */
    diagnosticRecord: DiagnosticRecord | undefined;
    /** From the diagnostic record; `'UNKNOWN'` when it is missing there or not one of the known words. */
    classification: ErrorClassification;
    /** The classification in the server's own word. */
    rawClassification?: string;
    /** The error behind this one; a GQLError where it comes from the server (Bolt 5.7 or newer). */
    cause?: Error;
    /**
     * @param message what went wrong
     * @param gqlStatus the GQL status, five characters
     * @param gqlStatusDescription the text of the status
     * @param diagnosticRecord circumstances, if known
     * @param cause the error behind this one, if any
     */
    constructor(message: string, gqlStatus: string, gqlStatusDescription: string, diagnosticRecord?: DiagnosticRecord, cause?: Error);
    /** Whether this error or one of its causes has the given GQL status. */
    containsGqlCause(gqlStatus: string): boolean;
    /** This error or the nearest of its causes which has the given GQL status. */
    findByGqlStatus(gqlStatus: string): GQLError | Neo4jError | undefined;
    /** The diagnostic record as JSON, to be read by people. */
    get diagnosticRecordAsJsonString(): string;
}

/**
 * How a query went, in the terms of GQL: success, no data, omitted result, or a notification.
 *
 * @example
 * const { summary } = await driver.executeQuery('MATCH (n:Missing) RETURN n')
 * for (const status of summary.gqlStatusObjects) console.log(status.gqlStatus, status.statusDescription)
 */
export declare class GqlStatusObject {
    /** Five characters, for example `'00000'` for success. */
    readonly gqlStatus: string;
    /** The status in words, for people. */
    readonly statusDescription: string;
    /** The circumstances. */
    readonly diagnosticRecord: DiagnosticRecord;
    /** Where in the query, if it is about a place. */
    readonly position?: NotificationPosition;
    /** How much it matters; `'UNKNOWN'` where it is no notification. */
    readonly severity: NotificationSeverityLevel;
    /** The severity in the server's own word. */
    readonly rawSeverity?: string;
    /** What it is about; `'UNKNOWN'` where it is no notification. */
    readonly classification: NotificationClassification;
    /** The classification in the server's own word. */
    readonly rawClassification?: string;
    /** Whether it is a notification; otherwise it only tells how the query ended. */
    readonly isNotification: boolean;
    /** @param status as Bolt has it */
    constructor(status: any);
    /** The diagnostic record as JSON, to be read by people. */
    get diagnosticRecordAsJsonString(): string;
}

/** What a value of the graph is. */
export declare const graph: {
    isNode: typeof isNode;
    isPath: typeof isPath;
    isPathSegment: typeof isPathSegment;
    isRelationship: typeof isRelationship;
    isUnboundRelationship: typeof isUnboundRelationship;
};

/**
 * Whether a Neo4j server can be reached. No user is needed.
 *
 * @returns true
 * @throws Neo4jError when it cannot
 */
export declare function hasReachableServer(url: string, config?: Pick<Config, 'logging'>): Promise<true>;

/** Makes an {@link Integer}; see {@link Integer.fromValue}. */
export declare const int: typeof Integer.fromValue;

/**
 * A signed 64-bit integer. Values outside the 64 bits wrap around, as they do in most languages with such a type.
 *
 * @example
 * int('9007199254740993').add(1).toString() // '9007199254740994'
 */
export declare class Integer {
    /** The lower 32 bits, signed. */
    low: number;
    /** The upper 32 bits, signed. */
    high: number;
    /**
     * @param low the lower 32 bits as a signed number; 0 when left out
     * @param high the upper 32 bits as a signed number; 0 when left out
     */
    constructor(low?: number, high?: number);
    /** Whether {@link toNumber} is exact: within ±(2^53 - 1). */
    inSafeRange(): boolean;
    /** The lower 32 bits; the value itself if it fits in them. */
    toInt(): number;
    /** The nearest number. Exact if {@link inSafeRange}. */
    toNumber(): number;
    /** The value as a bigint. */
    toBigInt(): bigint;
    /** The value as a number, or plus or minus Infinity where a number would not be exact. */
    toNumberOrInfinity(): number;
    /**
     * The digits of the value.
     * @param radix base, 2 to 36; 10 when left out
     * @throws RangeError for another base
     */
    toString(radix?: number): string;
    /** The value as a bigint, which is what `<`, `==` and other operators then work with. `int(1) + 1` throws: the kinds differ. */
    valueOf(): bigint;
    /** The upper 32 bits, signed. */
    getHighBits(): number;
    /** The lower 32 bits, signed. */
    getLowBits(): number;
    /** How many bits the absolute value needs; 1 for zero. */
    getNumBitsAbs(): number;
    /** Whether it is 0. */
    isZero(): boolean;
    /** Whether it is less than 0. */
    isNegative(): boolean;
    /** Whether the value is zero or more. */
    isPositive(): boolean;
    /** Whether it leaves a rest when divided by 2. */
    isOdd(): boolean;
    /** Whether it can be divided by 2. */
    isEven(): boolean;
    /** Whether the other is the same number. */
    equals(other: Integerable): boolean;
    /** Whether the other is another number. */
    notEquals(other: Integerable): boolean;
    /** Whether it is less than the other. */
    lessThan(other: Integerable): boolean;
    /** Whether it is less than the other, or the same. */
    lessThanOrEqual(other: Integerable): boolean;
    /** Whether it is more than the other. */
    greaterThan(other: Integerable): boolean;
    /** Whether it is more than the other, or the same. */
    greaterThanOrEqual(other: Integerable): boolean;
    /** -1, 0 or 1, as this value is less than, equal to or greater than the other. */
    compare(other: Integerable): number;
    /** The value with the other sign. The smallest value has no counterpart and stays as it is. */
    negate(): Integer;
    /** The sum; beyond 64 bits it wraps. */
    add(addend: Integerable): Integer;
    /** The difference; beyond 64 bits it wraps. */
    subtract(subtrahend: Integerable): Integer;
    /** The product; beyond 64 bits it wraps. */
    multiply(multiplier: Integerable): Integer;
    /**
     * The quotient, cut off towards zero.
     * @throws Neo4jError when the divisor is zero
     */
    div(divisor: Integerable): Integer;
    /**
     * The remainder of {@link div}; it has the sign of this value.
     * @throws Neo4jError when the divisor is zero
     */
    modulo(divisor: Integerable): Integer;
    /** Every bit flipped. */
    not(): Integer;
    /** The bits that both have. */
    and(other: Integerable): Integer;
    /** The bits that one of them has, or both. */
    or(other: Integerable): Integer;
    /** The bits that only one of them has. */
    xor(other: Integerable): Integer;
    /**
     * Bits moved towards the high end. Only the lower six bits of the count are looked at, and a count of zero answers zero: an
     * oddity of the official driver, kept because programs may have come to rely on it.
     */
    shiftLeft(numBits: number | Integer): Integer;
    /** Bits moved towards the low end, the sign kept. The same oddity for a count of zero as in {@link shiftLeft}. */
    shiftRight(numBits: number | Integer): Integer;
    /** 0 */
    static ZERO: Integer;
    /** 1 */
    static ONE: Integer;
    /** -1 */
    static NEG_ONE: Integer;
    /** 2^63 - 1 */
    static MAX_VALUE: Integer;
    /** -2^63 */
    static MIN_VALUE: Integer;
    /** -(2^53 - 1): the smallest value a number holds exactly. */
    static MIN_SAFE_VALUE: Integer;
    /** 2^53 - 1: the largest value a number holds exactly. */
    static MAX_SAFE_VALUE: Integer;
    /** True: what tells an Integer, and its class, of whatever copy of the driver. */
    static __isInteger__: boolean;
    /** Whether the value is an Integer, of this or another copy of the driver. */
    static isInteger(obj: any): obj is Integer;
    /** The Integer of a 32-bit value; wider ones are cut to 32 bits. From -128 to 127 always the same object. */
    static fromInt(value: number): Integer;
    /** The Integer of two signed 32-bit halves. */
    static fromBits(lowBits: number, highBits: number): Integer;
    /** The Integer of a number: fractions are cut off, NaN and the infinities are zero, too large ones become the nearest limit. */
    static fromNumber(value: number): Integer;
    /**
     * Reads digits in groups of eight; without strict validation the part of a group that is no number is passed over, so that
     * `'zz'` is zero and `'12.5'` is 12.
     * @param radix base, 2 to 36; 10 when left out
     * @throws Neo4jError for an empty string, another base, a '-' inside, or with strict validation for anything but digits
     */
    static fromString(str: string, radix?: number, options?: {
        strictStringValidation?: boolean;
    }): Integer;
    /**
     * The Integer of a number, a string, a bigint, or an object with `low` and `high`. Bigints wider than 64 bits wrap.
     * @throws Neo4jError for strings as {@link fromString} does
     */
    static fromValue(val: Integerable, opts?: IntegerOptions): Integer;
    /** The nearest number to a value. */
    static toNumber(val: Integerable): number;
    /** The digits of a value; see {@link Integer.prototype.toString}. */
    static toString(val: Integerable, radix?: number): string;
    /** Whether {@link toNumber} is exact for a value. */
    static inSafeRange(val: Integerable): boolean;
}

/** Integers without knowing their class. */
export declare const integer: {
    /** The nearest JavaScript number of any kind of integer. */
    toNumber: typeof Integer.toNumber;
    /** The digits of any kind of integer, to a base that is 10 by default. */
    toString: typeof Integer.toString;
    /** Whether a JavaScript number has any kind of integer exactly. */
    inSafeRange: typeof Integer.inSafeRange;
};

/**
 * 64-bit integers, as Cypher has them, on a platform whose numbers are exact to 53 bits only. Knows two's complement
 * arithmetic; knows nothing of bytes on the wire.
 *
 * An `Integer` is the object the driver makes most of, so it is two small integers and nothing else. Addition, comparison and
 * bit work happen on these halves; multiplication and division take the number path where it is exact, and BigInt where not.
 */
/** What the arithmetic and the conversions accept: fractions are cut off, strings are read in base 10. */
declare type Integerable = number | string | Integer | {
    /** The lower 32 bits, signed. */
    low: number;
    /** The upper 32 bits, signed. */
    high: number;
} | bigint;

/** How {@link Integer.fromValue} reads its argument. */
declare interface IntegerOptions {
    /** Refuse strings that are not wholly a number, instead of reading their beginning. Default false. */
    strictStringValidation?: boolean;
    /** Round fractions up instead of cutting them off. Default false. */
    ceilFloat?: boolean;
}

/** Whether a value is a {@link Date}, of this or another copy of the driver. False for the Date of the language. */
export declare function isDate<T extends NumberOrInteger = Integer>(obj: unknown): obj is Date_2<T>;

/** Whether a value is a {@link DateTime}, of this or another copy of the driver. */
export declare function isDateTime<T extends NumberOrInteger = Integer>(obj: unknown): obj is DateTime<T>;

/** Whether a value is a {@link Duration}, of this or another copy of the driver. */
export declare function isDuration<T extends NumberOrInteger = Integer>(obj: unknown): obj is Duration<T>;

/** Whether a value is an {@link Integer}. */
export declare const isInt: typeof Integer.isInteger;

/** Whether a value is a {@link LocalDateTime}, of this or another copy of the driver. */
export declare function isLocalDateTime<T extends NumberOrInteger = Integer>(obj: unknown): obj is LocalDateTime<T>;

/** Whether a value is a {@link LocalTime}, of this or another copy of the driver. */
export declare function isLocalTime<T extends NumberOrInteger = Integer>(obj: unknown): obj is LocalTime<T>;

/** Whether a value is a {@link Node}, of this or another copy of the driver. */
export declare function isNode<T extends NumberOrInteger = Integer, P extends Properties = Properties, Label extends string = string>(obj: unknown): obj is Node<T, P, Label>;

/** Whether a value is a {@link Path}, of this or another copy of the driver. */
export declare function isPath<T extends NumberOrInteger = Integer>(obj: unknown): obj is Path<T>;

/** Whether a value is a {@link PathSegment}, of this or another copy of the driver. */
export declare function isPathSegment<T extends NumberOrInteger = Integer>(obj: unknown): obj is PathSegment<T>;

/** Whether a value is a {@link Point}, of this or another copy of the driver. */
export declare function isPoint<T extends NumberOrInteger = Integer>(obj: unknown): obj is Point<T>;

/** Whether a value is a {@link Relationship}, of this or another copy of the driver. */
export declare function isRelationship<T extends NumberOrInteger = Integer, P extends Properties = Properties, Type extends string = string>(obj: unknown): obj is Relationship<T, P, Type>;

/** @deprecated the older spelling of {@link isRetryableError} */
export declare function isRetriableError(error?: unknown): boolean;

/**
 * Whether a value is a Neo4jError whose transaction is worth running again: the server or the way to it was lost,
 * the failure was transient, or the authorization has to be renewed.
 *
 * @example
 * const attempts = neo4j.isRetryableError(error) ? 3 : 1
 */
export declare function isRetryableError(error?: unknown): boolean;

/** Whether a value is a {@link Time}, of this or another copy of the driver. */
export declare function isTime<T extends NumberOrInteger = Integer>(obj: unknown): obj is Time<T>;

/** Whether a value is an {@link UnboundRelationship}, of this or another copy of the driver. */
export declare function isUnboundRelationship<T extends NumberOrInteger = Integer, P extends Properties = Properties, Type extends string = string>(obj: unknown): obj is UnboundRelationship<T, P, Type>;

/** Whether a value is an {@link UnsupportedType}, of this or another copy of the driver. */
export declare function isUnsupportedType(obj: any): obj is UnsupportedType;

/** Whether a value is a {@link UUID}, of this or another copy of the driver. */
export declare function isUUID(obj: any): obj is UUID;

/** Whether a value is a {@link Vector}, of this or another copy of the driver. */
export declare function isVector<K extends VectorArray>(obj: any): obj is Vector<K>;

/**
 * Makes keys and wraps them, so that they may be stored: with a key of its own, or with the help of a key management system.
 * @experimental part of client-side encryption
 */
export declare interface KeyEncapsulationService {
    /** Makes a new key and wraps it. */
    encapsulate: (options: {
        [name: string]: string;
    }) => Promise<EncapsulationResult>;
    /**
     * Unwraps a key.
     * @param metadata what the `options()` of the encapsulation were
     * @returns the key, which must be 32 bytes
     */
    decapsulate: (encapsulation: Int8Array, metadata: {
        [name: string]: string;
    }) => Promise<Uint8Array>;
}

/** A private key: the path of its file, with the password if it has one. */
declare type KeyFile = string | {
    /** Of a PEM file. */
    path: string;
    /** Default: the password of the certificate, if it has one. */
    password?: string;
};

/** A date and a time of day as a calendar and a clock on the wall show them, without zone. Frozen. */
export declare class LocalDateTime<T extends NumberOrInteger = Integer> {
    /** From -999,999,999 to 999,999,999. */
    readonly year: T;
    /** From 1 to 12. */
    readonly month: T;
    /** From 1 to 31, as the month has it. */
    readonly day: T;
    /** From 0 to 23. */
    readonly hour: T;
    /** From 0 to 59. */
    readonly minute: T;
    /** From 0 to 59. */
    readonly second: T;
    /** From 0 to 999,999,999, within the second. */
    readonly nanosecond: T;
    /** @throws TypeError if a field is no integer of any kind, Neo4jError if it is out of its range */
    constructor(year: T, month: T, day: T, hour: T, minute: T, second: T, nanosecond: T);
    /**
     * What a Date shows in the zone of this process.
     * @param nanosecond added to the milliseconds of the date
     * @throws TypeError for an invalid date
     */
    static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): LocalDateTime<number>;
    /** The instant at which the zone of this process shows this date and time; nanoseconds are cut to milliseconds. */
    toStandardDate(): StandardDate;
    /** The ISO 8601 text, `2024-02-29T10:20:30.000000001`. */
    toString(): string;
    /**
     * Reads a date and a time with a `T` between, as {@link Date.fromString} and {@link LocalTime.fromString} do.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): LocalDateTime;
}

/**
 * Wraps keys with a key of 32 bytes that the program brings along (AES-256-GCM). For tests, and where that key comes from a safe place.
 *
 * @experimental part of client-side encryption
 */
export declare class LocalKeyEncapsulationService implements KeyEncapsulationService {
    #private;
    /**
     * @param kek 32 bytes; copied, so that the caller can overwrite them
     * @throws Neo4jError when there are not 32 bytes
     */
    constructor(kek: Uint8Array);
    /** Makes a new key and wraps it. */
    encapsulate(_options: {
        [name: string]: string;
    }): Promise<EncapsulationResult>;
    /**
     * Unwraps a key.
     *
     * @throws when it was wrapped with another key, or changed since
     */
    decapsulate(encapsulation: Int8Array, metadata: {
        [name: string]: string;
    }): Promise<Uint8Array>;
}

/**
 * Makes a {@link LocalKeyEncapsulationService}.
 *
 * @param masterKey 32 bytes
 * @throws Neo4jError when there are not 32 bytes
 * @experimental part of client-side encryption
 */
export declare function localKeyEncapsulationService(masterKey: Uint8Array): LocalKeyEncapsulationService;

/** A time of day without date, offset or zone. Frozen. */
export declare class LocalTime<T extends NumberOrInteger = Integer> {
    /** From 0 to 23. */
    readonly hour: T;
    /** From 0 to 59. */
    readonly minute: T;
    /** From 0 to 59. */
    readonly second: T;
    /** From 0 to 999,999,999, within the second. */
    readonly nanosecond: T;
    /**
     * @throws TypeError if a field is no integer of any kind, Neo4jError if it is out of its range (a leap second is)
     */
    constructor(hour: T, minute: T, second: T, nanosecond: T);
    /**
     * The time that a Date shows in the zone of this process.
     * @param nanosecond added to the milliseconds of the date
     * @throws TypeError for an invalid date
     */
    static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): LocalTime<number>;
    /** The ISO 8601 text, `10:20:30.000000001`. */
    toString(): string;
    /**
     * Reads `10`, `10:20`, `10:20:30` or `102030`, the last part with any decimals, after a point or a comma.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): LocalTime;
}

/** Takes the lines of a log. */
export declare type LoggerFunction = (level: LogLevel, message: string) => unknown;

/** Ready-made settings for {@link LoggingConfig}. */
export declare const logging: {
    /**
     * Writes lines to the console: milliseconds since 1970, the level and the message.
     *
     * @param level the most talkative level to be written; left out, it is `'info'`
     * @example
     * const driver = neo4j.driver(url, auth, { logging: neo4j.logging.console('debug') })
     */
    console: (level: LogLevel, unredactDebugLogs?: boolean) => {
        level: LogLevel;
        logger: (level: LogLevel, message: string) => void;
        unredactDebugLogs: boolean | undefined;
    };
};

/**
 * Where log lines go, and which ones. At `'debug'`, connections, the pool and every message are logged; credentials never
 * are.
 */
export declare interface LoggingConfig {
    /** This level and the less talkative ones are logged. Default: `'info'`. */
    level?: LogLevel;
    /** Called for each line. What it throws on the driver's behalf is reported as a warning of the process, once. */
    logger: LoggerFunction;
    /**
     * Show parameters and records in debug lines, instead of `{ ... }`. A value of more than 64 KB is not shown even so.
     * Default: false.
     */
    unredactDebugLogs?: boolean;
}

/**
 * Log lines and who wants them. Knows the levels; knows nothing of what is logged.
 */
/** From the least to the most talkative: `error`, `warn`, `info`, `debug`. */
export declare type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** The transaction which a transaction function works in. The driver ends it. */
export declare class ManagedTransaction {
    #private;
    private constructor();
    /** Shows a transaction without the means to end it. */
    static fromTransaction(transaction: Transaction): ManagedTransaction;
    /**
     * Runs a query. Results of several queries may be open at once; the server works on the queries one after the other.
     * An error is the end of the whole transaction.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
     * registered for its class, if any. They belong into the query where that is an object.
     * @throws TypeError when the query is not text, or the parameters are no object
     * @throws Neo4jError or what a rule throws when a parameter is absent or not as its rule wants it
     */
    run<R extends RecordShape = RecordShape>(query: Query, parameters?: QueryParameters, parameterRules?: Rules): Result<R>;
}

/** What is run in a managed transaction. It may be called more than once. */
export declare type ManagedTransactionWork<T> = (tx: ManagedTransaction) => Promise<T> | T;

/** A complete result with objects for records: what awaiting a result after {@link Result.as} gives. */
export declare interface MappedQueryResult<R> extends GenericQueryResult<R> {
}

/** A result whose records are read as objects: the same one, see {@link Result.as}. */
declare interface MappedResult<R> extends GenericResult<R, MappedQueryResult<R>> {
}

/** What {@link ResultTransformers.mapped} is to do; at least one of the two. */
declare interface Mapping<R, T> {
    /** Called for each record; undefined drops it. Left out, the records stay as they are. */
    map?: (rec: Record_2) => R | undefined;
    /** Called once at the end. Left out, the outcome is an object of all three. */
    collect?: (records: R[], summary: ResultSummary, keys: string[]) => T;
}

/** A decorator of the standard, for a property or a class. */
declare type MappingDecorator = (_: any, context: any) => void;

/**
 * Rules given by decorators. `mappedClass` above a class registers its rules, see {@link RecordObjectMapping}; those
 * ending in `Property` above a property say of which type it is, with the options of the function of {@link rule} of
 * that name. `optionalProperty`, `mapPropertyFromName` and `convertPropertyToType` stand above those; so does
 * `listProperty`, which makes a list of what is below.
 *
 * They need decorators as standardized (not TypeScript's `experimentalDecorators`), with `context.metadata`: where the
 * runtime has no `Symbol.metadata`, compilers ask for it to be defined first. Without it they throw a TypeError.
 *
 * ```ts
 * @mappedClass()
 * class Person {
 *   @stringProperty() name!: string
 *   @optionalProperty() @numberProperty({ isInteger: true }) born?: number
 * }
 * const { records } = await session.run('MATCH (p:Person) RETURN p.name AS name, p.born AS born').as(Person)
 * ```
 *
 * @experimental as in the official driver
 */
export declare const mappingDecorators: {
    /** See `rule.asBoolean`. */
    booleanProperty: (config?: Rule) => MappingDecorator;
    /** See `rule.asString`. */
    stringProperty: (config?: Rule) => MappingDecorator;
    /** See `rule.asNumber`. */
    numberProperty: (config?: Rule & {
        isInteger?: boolean;
    }) => MappingDecorator;
    /** See `rule.asBigInt`. */
    bigIntProperty: (config?: Rule & {
        acceptNumber?: boolean;
    }) => MappingDecorator;
    /** See `rule.asInteger`. */
    integerProperty: (config?: Rule & {
        acceptNumber?: boolean;
    }) => MappingDecorator;
    /** See `rule.asNode`. */
    nodeProperty: (config?: Rule) => MappingDecorator;
    /** See `rule.asRelationship`. */
    relationshipProperty: (config?: Rule) => MappingDecorator;
    /** See `rule.asPath`. */
    pathProperty: (config?: Rule) => MappingDecorator;
    /** See `rule.asPoint`. */
    pointProperty: (config?: Rule) => MappingDecorator;
    /** See `rule.asDuration`. */
    durationProperty: (config?: Rule & {
        stringify?: boolean;
    }) => MappingDecorator;
    /** See `rule.asLocalTime`. */
    localTimeProperty: (config?: Rule & {
        stringify?: boolean;
    }) => MappingDecorator;
    /** See `rule.asTime`. */
    timeProperty: (config?: Rule & {
        stringify?: boolean;
    }) => MappingDecorator;
    /** See `rule.asDate`. */
    dateProperty: (config?: Rule & {
        stringify?: boolean;
        jsNativeDate?: boolean;
    }) => MappingDecorator;
    /** See `rule.asLocalDateTime`. */
    localDateTimeProperty: (config?: Rule & {
        stringify?: boolean;
        jsNativeDate?: boolean;
    }) => MappingDecorator;
    /** See `rule.asDateTime`. */
    dateTimeProperty: (config?: Rule & {
        stringify?: boolean;
        jsNativeDate?: boolean;
    }) => MappingDecorator;
    /** See `rule.asList`. Without `apply`, the rule below is that of the elements. */
    listProperty: (config?: Rule & {
        apply?: Rule;
    }) => MappingDecorator;
    /** See `rule.asVector`. */
    vectorProperty: (config?: Rule & {
        asTypedList?: boolean;
        dimension?: number;
        type?: VectorType;
    }) => MappingDecorator;
    /** See `rule.asUUID`. */
    uuidProperty: (config?: Rule & {
        stringify?: boolean;
    }) => MappingDecorator;
    /** See `rule.asObject`. */
    objectProperty: (constructorOrRules: GenericConstructor<Object> | Rules, rules?: Rules) => MappingDecorator;
    /** Makes the rule below optional. */
    optionalProperty: () => MappingDecorator;
    /** Has the rule below take the value of this name. */
    mapPropertyFromName: (name: string) => MappingDecorator;
    /** Has what the rule below takes, a node or a relationship, made an instance of this class by its `as`. */
    convertPropertyToType: (type: any) => MappingDecorator;
    /** Registers the rules of the properties for the class. */
    mappedClass: () => MappingDecorator;
};

/** Called with each field of a record, for its return value. */
export declare type MapVisitor<ReturnType, Entries extends RecordShape = RecordShape, Key extends keyof Entries = keyof Entries> = (value: Entries[Key], key: Key, record: Record_2<Entries>) => ReturnType;

/** Everything, by name. */
declare const neo4j: {
    driver: typeof driver;
    hasReachableServer: typeof hasReachableServer;
    auth: {
        basic: (username: string, password: string, realm?: string) => {
            scheme: string;
            principal: string;
            credentials: string;
            realm: string;
        } | {
            realm?: undefined;
            scheme: string;
            principal: string;
            credentials: string;
        };
        kerberos: (base64EncodedTicket: string) => {
            scheme: string;
            principal: string;
            credentials: string;
        };
        bearer: (base64EncodedToken: string) => {
            scheme: string;
            credentials: string;
        };
        none: () => AuthToken;
        custom: (principal: string, credentials: string, realm: string, scheme: string, parameters?: object) => any;
    };
    authTokenManagers: AuthTokenManagers;
    bookmarkManager: typeof bookmarkManager;
    clientCertificateProviders: ClientCertificateProviders;
    logging: {
        console: (level: LogLevel, unredactDebugLogs?: boolean) => {
            level: LogLevel;
            logger: (level: LogLevel, message: string) => void;
            unredactDebugLogs: boolean | undefined;
        };
    };
    routing: {
        WRITE: 'WRITE';
        READ: 'READ';
    };
    session: {
        /** Work that only reads. */
        READ: 'READ';
        /** Work that may write. */
        WRITE: 'WRITE';
    };
    error: {
        /** The server, or the way to it, is gone. */
        SERVICE_UNAVAILABLE: string;
        /** The server can no longer serve this piece of work; another may. */
        SESSION_EXPIRED: string;
        /** Bytes that are not what Bolt allows, or a value that cannot be sent. */
        PROTOCOL_ERROR: string;
    };
    integer: {
        /** The nearest JavaScript number of any kind of integer. */
        toNumber: typeof Integer.toNumber;
        /** The digits of any kind of integer, to a base that is 10 by default. */
        toString: typeof Integer.toString;
        /** Whether a JavaScript number has any kind of integer exactly. */
        inSafeRange: typeof Integer.inSafeRange;
    };
    spatial: {
        isPoint: typeof isPoint;
    };
    temporal: {
        isDuration: typeof isDuration;
        isLocalTime: typeof isLocalTime;
        isTime: typeof isTime;
        isDate: typeof isDate;
        isLocalDateTime: typeof isLocalDateTime;
        isDateTime: typeof isDateTime;
    };
    graph: {
        isNode: typeof isNode;
        isPath: typeof isPath;
        isPathSegment: typeof isPathSegment;
        isRelationship: typeof isRelationship;
        isUnboundRelationship: typeof isUnboundRelationship;
    };
    types: {
        Node: typeof Node;
        Relationship: typeof Relationship;
        UnboundRelationship: typeof UnboundRelationship;
        PathSegment: typeof PathSegment;
        Path: typeof Path;
        Result: typeof Result;
        EagerResult: typeof EagerResult;
        ResultSummary: typeof ResultSummary;
        Record: typeof Record_2;
        Point: typeof Point;
        Date: typeof Date_2;
        DateTime: typeof DateTime;
        Duration: typeof Duration;
        LocalDateTime: typeof LocalDateTime;
        LocalTime: typeof LocalTime;
        Time: typeof Time;
        Integer: typeof Integer;
        Vector: typeof Vector;
        UUID: typeof UUID;
        ProtocolVersion: typeof ProtocolVersion;
        EnvelopeEncryptionProfile: typeof EnvelopeEncryptionProfile;
        EncryptionService: typeof EncryptionService;
        RxSession: typeof RxSession;
        RxTransaction: typeof RxTransaction;
        RxManagedTransaction: typeof RxManagedTransaction;
        RxResult: typeof RxResult;
    };
    resultTransformers: ResultTransformers;
    notificationCategory: {
        DEPRECATION: "DEPRECATION";
        GENERIC: "GENERIC";
        HINT: "HINT";
        PERFORMANCE: "PERFORMANCE";
        SCHEMA: "SCHEMA";
        SECURITY: "SECURITY";
        TOPOLOGY: "TOPOLOGY";
        UNKNOWN: "UNKNOWN";
        UNRECOGNIZED: "UNRECOGNIZED";
        UNSUPPORTED: "UNSUPPORTED";
    };
    notificationClassification: {
        DEPRECATION: "DEPRECATION";
        GENERIC: "GENERIC";
        HINT: "HINT";
        PERFORMANCE: "PERFORMANCE";
        SCHEMA: "SCHEMA";
        SECURITY: "SECURITY";
        TOPOLOGY: "TOPOLOGY";
        UNKNOWN: "UNKNOWN";
        UNRECOGNIZED: "UNRECOGNIZED";
        UNSUPPORTED: "UNSUPPORTED";
    };
    notificationSeverityLevel: {
        INFORMATION: "INFORMATION";
        UNKNOWN: "UNKNOWN";
        WARNING: "WARNING";
    };
    notificationFilterDisabledCategory: {
        DEPRECATION: "DEPRECATION";
        GENERIC: "GENERIC";
        HINT: "HINT";
        PERFORMANCE: "PERFORMANCE";
        SCHEMA: "SCHEMA";
        SECURITY: "SECURITY";
        TOPOLOGY: "TOPOLOGY";
        UNRECOGNIZED: "UNRECOGNIZED";
        UNSUPPORTED: "UNSUPPORTED";
    };
    notificationFilterDisabledClassification: {
        DEPRECATION: "DEPRECATION";
        GENERIC: "GENERIC";
        HINT: "HINT";
        PERFORMANCE: "PERFORMANCE";
        SCHEMA: "SCHEMA";
        SECURITY: "SECURITY";
        TOPOLOGY: "TOPOLOGY";
        UNRECOGNIZED: "UNRECOGNIZED";
        UNSUPPORTED: "UNSUPPORTED";
    };
    notificationFilterMinimumSeverityLevel: {
        INFORMATION: "INFORMATION";
        OFF: "OFF";
        WARNING: "WARNING";
    };
    int: typeof Integer.fromValue;
    isInt: typeof Integer.isInteger;
    isPoint: typeof isPoint;
    isDuration: typeof isDuration;
    isLocalTime: typeof isLocalTime;
    isTime: typeof isTime;
    isDate: typeof isDate;
    isLocalDateTime: typeof isLocalDateTime;
    isDateTime: typeof isDateTime;
    isNode: typeof isNode;
    isPath: typeof isPath;
    isPathSegment: typeof isPathSegment;
    isRelationship: typeof isRelationship;
    isUnboundRelationship: typeof isUnboundRelationship;
    isUnsupportedType: typeof isUnsupportedType;
    isVector: typeof isVector;
    isUUID: typeof isUUID;
    vector: typeof vector;
    uuid: typeof uuid;
    isRetryableError: typeof isRetryableError;
    isRetriableError: typeof isRetriableError;
    rule: Readonly<{
        asBoolean(rule?: Rule): Rule;
        asString(rule?: Rule): Rule;
        asNumber(rule?: Rule & {
            isInteger?: boolean;
        }): Rule;
        asBigInt(rule?: Rule & {
            acceptNumber?: boolean;
        }): Rule;
        asInteger(rule?: Rule & {
            acceptNumber?: boolean;
        }): Rule;
        asNode(rule?: Rule): Rule;
        asRelationship(rule?: Rule): Rule;
        asPath(rule?: Rule): Rule;
        asPoint(rule?: Rule): Rule;
        asDuration(rule?: Rule & {
            stringify?: boolean;
        }): Rule;
        asLocalTime(rule?: Rule & {
            stringify?: boolean;
        }): Rule;
        asTime(rule?: Rule & {
            stringify?: boolean;
        }): Rule;
        asDate(rule?: Rule & {
            stringify?: boolean;
            jsNativeDate?: boolean;
        }): Rule;
        asLocalDateTime(rule?: Rule & {
            stringify?: boolean;
            jsNativeDate?: boolean;
        }): Rule;
        asDateTime(rule?: Rule & {
            stringify?: boolean;
            jsNativeDate?: boolean;
        }): Rule;
        asList(rule?: Rule & {
            apply?: Rule;
        }): Rule;
        asVector(rule?: Rule & {
            asTypedList?: boolean;
            dimension?: number;
            type?: VectorType;
        }): Rule;
        asUUID(rule?: Rule & {
            stringify?: boolean;
        }): Rule;
        asObject(constructorOrRules: GenericConstructor<Object> | Rules, rules?: Rules): Rule;
    }>;
    mappingDecorators: {
        booleanProperty: (config?: Rule) => MappingDecorator;
        stringProperty: (config?: Rule) => MappingDecorator;
        numberProperty: (config?: Rule & {
            isInteger?: boolean;
        }) => MappingDecorator;
        bigIntProperty: (config?: Rule & {
            acceptNumber?: boolean;
        }) => MappingDecorator;
        integerProperty: (config?: Rule & {
            acceptNumber?: boolean;
        }) => MappingDecorator;
        nodeProperty: (config?: Rule) => MappingDecorator;
        relationshipProperty: (config?: Rule) => MappingDecorator;
        pathProperty: (config?: Rule) => MappingDecorator;
        pointProperty: (config?: Rule) => MappingDecorator;
        durationProperty: (config?: Rule & {
            stringify?: boolean;
        }) => MappingDecorator;
        localTimeProperty: (config?: Rule & {
            stringify?: boolean;
        }) => MappingDecorator;
        timeProperty: (config?: Rule & {
            stringify?: boolean;
        }) => MappingDecorator;
        dateProperty: (config?: Rule & {
            stringify?: boolean;
            jsNativeDate?: boolean;
        }) => MappingDecorator;
        localDateTimeProperty: (config?: Rule & {
            stringify?: boolean;
            jsNativeDate?: boolean;
        }) => MappingDecorator;
        dateTimeProperty: (config?: Rule & {
            stringify?: boolean;
            jsNativeDate?: boolean;
        }) => MappingDecorator;
        listProperty: (config?: Rule & {
            apply?: Rule;
        }) => MappingDecorator;
        vectorProperty: (config?: Rule & {
            asTypedList?: boolean;
            dimension?: number;
            type?: VectorType;
        }) => MappingDecorator;
        uuidProperty: (config?: Rule & {
            stringify?: boolean;
        }) => MappingDecorator;
        objectProperty: (constructorOrRules: GenericConstructor<Object> | Rules, rules?: Rules) => MappingDecorator;
        optionalProperty: () => MappingDecorator;
        mapPropertyFromName: (name: string) => MappingDecorator;
        convertPropertyToType: (type: any) => MappingDecorator;
        mappedClass: () => MappingDecorator;
    };
    RecordObjectMapping: Readonly<{
        clearMappingRegistry: () => void;
        getCaseTranslator: (databaseConvention: StandardCase, codeConvention: StandardCase) => (name: string) => string;
        register: <T extends {} = Object>(genericConstructor: GenericConstructor<T>, rules: Rules) => void;
        translateIdentifiers: (translationFunction: (name: string) => string) => void;
    }>;
    StandardCase: {
        SnakeCase: 'snake_case';
        KebabCase: 'kebab-case';
        ScreamingSnakeCase: 'SCREAMING_SNAKE_CASE';
        PascalCase: 'PascalCase';
        CamelCase: 'camelCase';
    };
    Driver: typeof Driver;
    Session: typeof Session;
    Transaction: typeof Transaction;
    ManagedTransaction: typeof ManagedTransaction;
    Result: typeof Result;
    EagerResult: typeof EagerResult;
    RxSession: typeof RxSession;
    RxTransaction: typeof RxTransaction;
    RxManagedTransaction: typeof RxManagedTransaction;
    RxResult: typeof RxResult;
    Record: typeof Record_2;
    ResultSummary: typeof ResultSummary;
    Plan: typeof Plan;
    ProfiledPlan: typeof ProfiledPlan;
    QueryStatistics: typeof QueryStatistics;
    Notification: typeof Notification;
    GqlStatusObject: typeof GqlStatusObject;
    ServerInfo: typeof ServerInfo;
    ProtocolVersion: typeof ProtocolVersion;
    Neo4jError: typeof Neo4jError;
    GQLError: typeof GQLError;
    Node: typeof Node;
    Relationship: typeof Relationship;
    UnboundRelationship: typeof UnboundRelationship;
    Path: typeof Path;
    PathSegment: typeof PathSegment;
    Point: typeof Point;
    Integer: typeof Integer;
    Duration: typeof Duration;
    LocalTime: typeof LocalTime;
    Time: typeof Time;
    Date: typeof Date_2;
    LocalDateTime: typeof LocalDateTime;
    DateTime: typeof DateTime;
    Vector: typeof Vector;
    UUID: typeof UUID;
    UnsupportedType: typeof UnsupportedType;
    LocalKeyEncapsulationService: typeof LocalKeyEncapsulationService;
    localKeyEncapsulationService: typeof localKeyEncapsulationService;
    EnvelopeEncryptionProfile: typeof EnvelopeEncryptionProfile;
    EncryptionService: typeof EncryptionService;
};
export default neo4j;

/**
 * Everything that goes wrong in the driver or in the server is reported as a Neo4jError.
 *
 * @example
 * try {
 *   await driver.executeQuery('RETURN 1 / 0')
 * } catch (error) {
 *   if (error instanceof neo4j.Neo4jError) console.log(error.code) // Neo.ClientError.Statement.ArithmeticError
 * }
 */
export declare class Neo4jError extends GQLError {
    /** The server's code (`Neo.ClientError...`), or one of the driver's own; `'N/A'` when there is none. */
    code: string;
    /** @deprecated the older spelling of {@link Neo4jError.retryable} */
    retriable: boolean;
    /**
     * Whether running the whole transaction again may succeed and cannot commit twice.
     * Says nothing about auto-commit queries.
     */
    retryable: boolean;
    /**
     * @param message what went wrong
     * @param code the server's code or one of the driver's own
     * @param gqlStatus the GQL status, five characters
     * @param gqlStatusDescription the text of the status
     * @param diagnosticRecord circumstances, if known
     * @param cause the error behind this one, if any
     */
    constructor(message: string, code: Neo4jErrorCode, gqlStatus: string, gqlStatusDescription: string, diagnosticRecord?: DiagnosticRecord, cause?: Error);
    /** @deprecated the older spelling of {@link Neo4jError.isRetryable} */
    static isRetriable(error?: unknown): boolean;
    /** Whether a value is a Neo4jError whose transaction is worth running again. */
    static isRetryable(error?: unknown): boolean;
}

/** Any text is taken: these are the ones the driver itself gives. */
declare type Neo4jErrorCode = typeof SERVICE_UNAVAILABLE | typeof SESSION_EXPIRED | typeof PROTOCOL_ERROR | typeof NOT_AVAILABLE;

/** A node of the graph. The driver makes them from what a server sends; they cannot be sent as parameters. */
export declare class Node<T extends NumberOrInteger = Integer, P extends Properties = Properties, Label extends string = string> {
    /** @deprecated numbers of nodes are reused by the server: use {@link elementId} */
    identity: T;
    /** In the order in which the server gives them. */
    labels: Label[];
    /** By name. */
    properties: P;
    /** What names the node within its database; the digits of {@link identity} where the server gives nothing better (before 5.0). */
    elementId: string;
    /**
     * @param identity its number
     * @param labels may be empty
     * @param properties by name
     * @param elementId default: the digits of the number
     */
    constructor(identity: T, labels: Label[], properties: P, elementId?: string);
    /**
     * An object with the properties: those which the rules name and, of a class, the other properties of a new instance.
     * A class without rules given takes those which are registered for it. A property that is absent is undefined.
     *
     * @throws TypeError when a value is not of the type which its rule asks for
     * @example
     * node.as<{ name: string }>({ name: neo4j.rule.asString() })
     * node.as(Person)
     */
    as<O extends {} = Object>(rules: Rules): O;
    as<O extends {} = Object>(genericConstructor: GenericConstructor<O>): O;
    as<O extends {} = Object>(genericConstructor: GenericConstructor<O>, rules?: Rules): O;
    /** `(elementId:Label {key:"value"})` */
    toString(): string;
}

/** The code of an error that has none. */
declare const NOT_AVAILABLE: string;

/**
 * Something the server noticed about a query which did run.
 *
 * @deprecated {@link GqlStatusObject} has the same in the terms of GQL
 */
export declare class Notification {
    /** For example `Neo.ClientNotification.Statement.UnknownLabelWarning`. */
    code: string;
    /** In short. */
    title: string;
    /** In full. */
    description: string;
    /** Where in the query; `{}` when it is not about a place. */
    position: NotificationPosition | {};
    /** How much it matters; `'UNKNOWN'` where the server's word is none of these. */
    severityLevel: NotificationSeverityLevel;
    /** The severity in the server's own word. */
    rawSeverityLevel: string;
    /** What it is about; `'UNKNOWN'` where the server's word is none of these. */
    category: NotificationCategory;
    /** The category in the server's own word. */
    rawCategory?: string;
    /** @param notification as Bolt has it */
    constructor(notification: any);
}

/** What a notification is about. */
export declare type NotificationCategory = 'HINT' | 'UNRECOGNIZED' | 'UNSUPPORTED' | 'PERFORMANCE' | 'TOPOLOGY' | 'SECURITY' | 'DEPRECATION' | 'GENERIC' | 'SCHEMA' | 'UNKNOWN';

/** @deprecated the older name of {@link notificationClassification} */
export declare const notificationCategory: {
    [key in NotificationCategory]: key;
};

/** What a notification is about, as GQL calls it. */
export declare type NotificationClassification = NotificationCategory;

/** The names of {@link NotificationClassification}. */
export declare const notificationClassification: {
    [key in NotificationClassification]: key;
};

/** Which notifications the server shall not even make. What is left out is for the server to decide. */
export declare interface NotificationFilter {
    /** What matters less is not told; `'OFF'` = nothing is. Default: the server's own setting. */
    minimumSeverityLevel?: NotificationFilterMinimumSeverityLevel;
    /** @deprecated the older name of `disabledClassifications`; only one of them may be given */
    disabledCategories?: NotificationFilterDisabledCategory[];
    /** What is not told. Default: the server's own setting. Needs Bolt 5.2, and the names of Bolt 5.6 are used where they are known. */
    disabledClassifications?: NotificationFilterDisabledClassification[];
}

/** A category not to be told of. */
export declare type NotificationFilterDisabledCategory = Exclude<NotificationCategory, 'UNKNOWN'>;

/** @deprecated the older name of {@link notificationFilterDisabledClassification} */
export declare const notificationFilterDisabledCategory: {
    [key in NotificationFilterDisabledCategory]: key;
};

/** A classification not to be told of. */
export declare type NotificationFilterDisabledClassification = Exclude<NotificationClassification, 'UNKNOWN'>;

/** The names of {@link NotificationFilterDisabledClassification}. */
export declare const notificationFilterDisabledClassification: {
    [key in NotificationFilterDisabledClassification]: key;
};

/** The lowest severity to be told of, or nothing at all. */
export declare type NotificationFilterMinimumSeverityLevel = Exclude<NotificationSeverityLevel, 'UNKNOWN'> | 'OFF';

/** The names of {@link NotificationFilterMinimumSeverityLevel}. */
export declare const notificationFilterMinimumSeverityLevel: {
    [key in NotificationFilterMinimumSeverityLevel]: key;
};

/** A place in the query's text. */
export declare interface NotificationPosition {
    /** Characters from the start, from 0. */
    offset?: number;
    /** From 1. */
    line?: number;
    /** From 1. */
    column?: number;
}

/** How much a notification matters. */
export declare type NotificationSeverityLevel = 'WARNING' | 'INFORMATION' | 'UNKNOWN';

/** The names of {@link NotificationSeverityLevel}. */
export declare const notificationSeverityLevel: {
    [key in NotificationSeverityLevel]: key;
};

/** The three kinds in which a 64-bit integer may be held. */
export declare type NumberOrInteger = number | Integer | bigint;

/** Values by the names of a query's parameters. */
declare interface Parameters_2 {
    [key: string]: any;
}
export { Parameters_2 as Parameters }

/** A walk over nodes and relationships. A path of one node has no segments and length 0. */
export declare class Path<T extends NumberOrInteger = Integer> {
    /** Its first node. */
    start: Node<T>;
    /** Its last node; the first one where there are no segments. */
    end: Node<T>;
    /** The steps, in order. */
    segments: Array<PathSegment<T>>;
    /** The number of segments. */
    length: number;
    /**
     * @param start its first node
     * @param end its last node
     * @param segments the steps in between
     */
    constructor(start: Node<T>, end: Node<T>, segments: Array<PathSegment<T>>);
}

/** One step of a {@link Path}. `start` and `end` follow the path; the relationship may point the other way. */
export declare class PathSegment<T extends NumberOrInteger = Integer> {
    /** Where the step starts, in the direction of the path. */
    start: Node<T>;
    /** May point either way. */
    relationship: Relationship<T>;
    /** Where the step ends. */
    end: Node<T>;
    /**
     * @param start where the step starts
     * @param rel what is walked along
     * @param end where the step ends
     */
    constructor(start: Node<T>, rel: Relationship<T>, end: Node<T>);
}

/** An async iterator which can also look ahead. */
export declare interface PeekableAsyncIterator<T, TReturn = any, TNext = undefined> extends AsyncIterator<T, TReturn, TNext> {
    /** What the following `next()` will give. */
    peek(): Promise<IteratorResult<T, TReturn>>;
}

/** How the server runs, or would run, a query. */
export declare class Plan {
    /** What it does, with the database: `ProduceResults@neo4j`. */
    operatorType: string;
    /** The variables this operator has to do with. */
    identifiers: string[];
    /** Details, by name. */
    arguments: {
        [key: string]: string;
    };
    /** The operators this one draws from. */
    children: Plan[];
    /** @param plan as Bolt has it */
    constructor(plan: any);
}

/**
 * A point in two or three dimensions, in the coordinate reference system that its SRID names (7203 and 9157: Cartesian;
 * 4326 and 4979: WGS 84, where x is the longitude and y the latitude). Frozen.
 */
export declare class Point<T extends NumberOrInteger = Integer> {
    /** Identifier of the coordinate reference system. */
    readonly srid: T;
    /** The first coordinate; the longitude, in degrees, where the SRID is 4326 or 4979. */
    readonly x: number;
    /** The second coordinate; the latitude, in degrees, where the SRID is 4326 or 4979. */
    readonly y: number;
    /** `undefined` in a point of two dimensions. */
    readonly z: number | undefined;
    /**
     * @param z left out for a point of two dimensions
     * @throws TypeError if a coordinate is no number, or the SRID no integer of any kind
     */
    constructor(srid: T, x: number, y: number, z?: number);
    /** `Point{srid=4326, x=1.0, y=2.5}` */
    toString(): string;
}

/** The connections to one server. The counts of what has happened begin with the driver. */
export declare interface PoolMetrics {
    /** `host:port`, with brackets around an IPv6 address. */
    readonly address: string;
    /** Connections in use. */
    readonly inUse: number;
    /** Connections which are open and not in use. */
    readonly idle: number;
    /** Connections which are being opened. */
    readonly opening: number;
    /** How many wait for a connection to be given back, as there are `maxConnectionPoolSize` of them. */
    readonly waiting: number;
    /** Connections that were opened, authentication included. */
    readonly created: number;
    /** Connections that have ended, for whatever reason. */
    readonly closed: number;
    /** Connections that could not be opened. */
    readonly failed: number;
    /** How connections were acquired, and how long that took. */
    readonly acquisitions: AcquisitionMetrics;
}

/**
 * How the server ran a query, and what that took. A missing number is 0.
 *
 * @deprecated {@link QueryProfile} tells a missing number from 0
 */
export declare class ProfiledPlan {
    /** What it does, with the database: `ProduceResults@neo4j`. */
    operatorType: string;
    /** The variables this operator has to do with. */
    identifiers: string[];
    /** Details, by name. */
    arguments: {
        [key: string]: string;
    };
    /** How often it has asked the store for something. */
    dbHits: number;
    /** How many rows it has passed on. */
    rows: number;
    /** Pages that had to be read from disk. */
    pageCacheMisses: number;
    /** Pages that were in memory. */
    pageCacheHits: number;
    /** Hits of all pages asked for, from 0 to 1. */
    pageCacheHitRatio: number;
    /** Nanoseconds. */
    time: number;
    /** The operators this one draws from. */
    children: ProfiledPlan[];
    /** @param profile as Bolt has it */
    constructor(profile: any);
    /** Whether anything is known of the page cache. */
    hasPageCacheStats(): boolean;
}

/** Properties of a node or a relationship. */
declare type Properties = {
    [key: string]: any;
};

/** Bytes which are not what the Bolt protocol allows at that point. Value of {@link Neo4jError.code}. */
declare const PROTOCOL_ERROR: string;

/** The version of the Bolt protocol in use. Knows how versions compare; knows nothing of what a version can do. */
/** A version of the Bolt protocol, as agreed with a server. */
export declare class ProtocolVersion {
    private readonly major;
    private readonly minor;
    /**
     * @param major the first number
     * @param minor the second one
     */
    constructor(major: number, minor: number);
    /** The 5 of 5.8. */
    getMajor(): number;
    /** The 8 of 5.8. */
    getMinor(): number;
    /** Whether it is older than the other. */
    isLessThan(other: ProtocolVersion): boolean;
    /** Whether it is newer than the other. */
    isGreaterThan(other: ProtocolVersion): boolean;
    /** Whether it is newer than the other, or the same. */
    isGreaterOrEqualTo(other: ProtocolVersion): boolean;
    /** Whether it is older than the other, or the same. */
    isLessOrEqualTo(other: ProtocolVersion): boolean;
    /** Whether it is the same as the other. */
    isEqualTo(other: ProtocolVersion): boolean;
    /** `'5.8'` */
    toString(): string;
}

/** A query: its text, or its text along with its parameters and the rules for these. */
export declare type Query = string | String | {
    /** Must not be empty. */
    text: string;
    /** Any object. Default: none. */
    parameters?: QueryParameters;
    /** How to check and convert the parameters. Default: those registered for their class, if any. */
    parameterRules?: Rules;
};

/** Settings of executeQuery. */
export declare interface QueryConfig<T = EagerResult> {
    /** Default: `'WRITE'`. */
    routing?: RoutingControl;
    /** Default: the user's home database. */
    database?: string;
    /** Run as this user. Default: as the driver's user. */
    impersonatedUser?: string;
    /** Default: the driver's own, so that each query sees what the ones before have written; null = none. */
    bookmarkManager?: BookmarkManager | null;
    /** Default: `resultTransformers.eager()`. */
    resultTransformer?: ResultTransformer<T>;
    /** Timeout and metadata of the transaction. Default: none. */
    transactionConfig?: TransactionConfig;
    /** Another user than the driver's. Needs Bolt 5.1. */
    auth?: AuthToken;
    /** Ends the query when aborted. */
    signal?: AbortSignal;
}

/** Parameters as the user gives them: any object, interfaces and class instances included. */
declare type QueryParameters = any;

/** How the server ran a query, and what that took. What the server did not tell is null. */
export declare class QueryProfile {
    /** What it does, with the database: `ProduceResults@neo4j`. */
    operatorType: string;
    /** The variables this operator has to do with. */
    identifiers: string[];
    /** Details, by name. */
    arguments: {
        [key: string]: string;
    };
    /** How often it has asked the store for something. */
    dbHits: number | null;
    /** How many rows it has passed on. */
    rows: number | null;
    /** Pages that had to be read from disk. */
    pageCacheMisses: number | null;
    /** Pages that were in memory. */
    pageCacheHits: number | null;
    /** Hits of all pages asked for, from 0 to 1. */
    pageCacheHitRatio: number | null;
    /** Nanoseconds. */
    time: number | null;
    /** The operators this one draws from. */
    children: QueryProfile[];
    /** @param profile as Bolt has it */
    constructor(profile: any);
}

/** A complete result: what awaiting a {@link Result} gives. */
export declare interface QueryResult<R extends RecordShape = RecordShape> extends GenericQueryResult<Record_2<R>> {
}

/** What a query has changed. */
export declare class QueryStatistics {
    private _stats;
    private _systemUpdates;
    private _containsSystemUpdates?;
    private _containsUpdates?;
    /** @param statistics counts by their names in Bolt, for example `nodes-created` */
    constructor(statistics: any);
    /** Whether the query has changed anything in its database. */
    containsUpdates(): boolean;
    /** The counts, frozen; JavaScript numbers whatever the driver's setting for integers. */
    updates(): Stats;
    /** Whether the query has changed anything in the system database. */
    containsSystemUpdates(): boolean;
    /** How many changes there were in the system database. */
    systemUpdates(): number;
}

/**
 * One row of a result: an ordered list of values with their keys.
 *
 * @example
 * const { records } = await driver.executeQuery('RETURN "Alice" AS name, 42 AS age')
 * records[0].get('name') // 'Alice'
 * records[0].get(1)      // Integer { low: 42, high: 0 }
 */
declare class Record_2<Entries extends RecordShape = RecordShape, Key extends keyof Entries = keyof Entries, FieldLookup extends RecordShape<keyof Entries, number> = RecordShape<keyof Entries, number>> {
    /** The keys in the order of the query's RETURN. One array for all records of a result. */
    keys: Key[];
    /** How many keys there are. */
    length: number;
    private readonly _fields;
    private readonly _fieldLookup;
    /**
     * @param keys in the order of the fields
     * @param fields the values
     * @param fieldLookup index of each key; made from the keys when left out
     */
    constructor(keys: Key[], fields: any[], fieldLookup?: FieldLookup);
    /** Calls the visitor with value, key and this record for each field, in order. */
    forEach(visitor: Visitor<Entries, Key>): void;
    /** What the visitor returns for value, key and this record, for each field, in order. */
    map<Value>(visitor: MapVisitor<Value, Entries, Key>): Value[];
    /** The pairs of key and value, in order. */
    entries(): IterableIterator<[string, any]>;
    /** The values, in order. */
    values(): IterableIterator<any>;
    /** The values, in order. */
    [Symbol.iterator](): IterableIterator<any>;
    /** A new plain object with the record's keys and values. Of columns with one name the last one counts. */
    toObject(): Entries;
    /**
     * The value of a field, by key or by index from 0.
     *
     * @throws Neo4jError when the record has no such field
     */
    get<K extends keyof Entries = keyof Entries>(key: K): Entries[K];
    get(n: number): any;
    /**
     * An object with the values of the record: those which the rules name and, of a class, the other properties of a new
     * instance. A class without rules given takes those which are registered for it.
     *
     * @throws Neo4jError when the record lacks a key, unless its rule is optional
     * @throws TypeError when a value is not of the type which its rule asks for
     * @example
     * record.as<{ name: string }>({ name: neo4j.rule.asString() })
     * record.as(Person)
     */
    as<T extends {} = Object>(rules: Rules): T;
    as<T extends {} = Object>(genericConstructor: GenericConstructor<T>): T;
    as<T extends {} = Object>(genericConstructor: GenericConstructor<T>, rules?: Rules): T;
    /** Whether there is such a field, by key or by index from 0. */
    has(key: Key | string | number): boolean;
}
export { Record_2 as Record }

/**
 * Settings of object mapping. They hold for the whole process and all drivers in it, and classes are told apart by
 * nothing but their names.
 */
export declare const RecordObjectMapping: Readonly<{
    /** Forgets the rules of all classes. Does not touch the translation of names. */
    clearMappingRegistry: () => void;
    /**
     * Makes a function for `RecordObjectMapping.translateIdentifiers`.
     *
     * @param databaseConvention how the keys of records are spelled
     * @param codeConvention how the properties of objects are spelled
     * @throws Neo4jError for a spelling that is not one of {@link StandardCase}
     */
    getCaseTranslator: (databaseConvention: StandardCase, codeConvention: StandardCase) => (name: string) => string;
    /**
     * Sets the rules which apply to a class wherever it is given without rules, and to parameters which are an instance
     * of it. A class of the same name shares them; later ones replace earlier ones.
     *
     * @example
     * neo4j.RecordObjectMapping.register(Person, { name: neo4j.rule.asString() })
     * const { records } = await driver.executeQuery('MATCH (p:Person) RETURN p.name AS name', {}, {
     *   resultTransformer: neo4j.resultTransformers.hydrated(Person),
     * })
     */
    register: <T extends {} = Object>(genericConstructor: GenericConstructor<T>, rules: Rules) => void;
    /**
     * Sets how to get from the name of a property to the key in a record or the name of a parameter, wherever a rule has
     * no `from`. At first they are the same.
     *
     * @example
     * const { getCaseTranslator, translateIdentifiers } = neo4j.RecordObjectMapping
     * translateIdentifiers(getCaseTranslator('snake_case', 'camelCase')) // bornIn comes from born_in
     */
    translateIdentifiers: (translationFunction: (name: string) => string) => void;
}>;

/** What a record holds: keys and the types of their values. */
export declare type RecordShape<Key extends PropertyKey = PropertyKey, Value = any> = {
    [K in Key]: Value;
};

/** A relationship of the graph, with both its ends. */
export declare class Relationship<T extends NumberOrInteger = Integer, P extends Properties = Properties, Type extends string = string> {
    /** @deprecated use {@link elementId} */
    identity: T;
    /** @deprecated use {@link startNodeElementId} */
    start: T;
    /** @deprecated use {@link endNodeElementId} */
    end: T;
    /** Every relationship has one. */
    type: Type;
    /** By name. */
    properties: P;
    /** What names the relationship within its database. */
    elementId: string;
    /** The {@link Node.elementId} of the node it starts at. */
    startNodeElementId: string;
    /** The {@link Node.elementId} of the node it ends at. */
    endNodeElementId: string;
    /**
     * @param identity its number
     * @param start number of the node it starts at
     * @param end number of the node it ends at
     * @param type its type
     * @param properties by name
     * @param elementId default: the digits of its number; so for those of its nodes
     * @param startNodeElementId of the node it starts at
     * @param endNodeElementId of the node it ends at
     */
    constructor(identity: T, start: T, end: T, type: Type, properties: P, elementId?: string, startNodeElementId?: string, endNodeElementId?: string);
    /** An object with the properties, see {@link Node.as}. */
    as<O extends {} = Object>(rules: Rules): O;
    as<O extends {} = Object>(genericConstructor: GenericConstructor<O>): O;
    as<O extends {} = Object>(genericConstructor: GenericConstructor<O>, rules?: Rules): O;
    /** `(startNodeElementId)-[:TYPE {key:"value"}]->(endNodeElementId)` */
    toString(): string;
}

/**
 * The records of a query, to be read in one of three ways: `await` it for all of them, iterate over it with `for await`
 * to have the server send no faster than they are worked on, or `subscribe` to have each as soon as it is there.
 * A result can be read once.
 *
 * @example
 * for await (const record of session.run('MATCH (p:Person) RETURN p.name AS name')) {
 *   console.log(record.get('name'))
 * }
 */
export declare class Result<R extends RecordShape = RecordShape> extends GenericResult<Record_2<R>, QueryResult<R>> {
}

/** Hears of a result as it comes in; each part is optional. */
export declare interface ResultObserver<R extends RecordShape = RecordShape> extends GenericResultObserver<Record_2<R>> {
}

/**
 * What is known of a query once its result is consumed.
 *
 * @example
 * const { summary } = await driver.executeQuery('CREATE (:Person {name: "Alice"})')
 * console.log(summary.counters.updates().nodesCreated) // 1
 */
export declare class ResultSummary<T extends number | Integer | bigint = Integer> {
    /** The query as it was run. */
    query: {
        text: string;
        parameters: {
            [key: string]: any;
        };
    };
    /** One of {@link queryType}. */
    queryType: string;
    /** What the query has changed. */
    counters: QueryStatistics;
    /** The plan, for EXPLAIN and PROFILE; otherwise false. */
    plan: Plan | false;
    /** @deprecated {@link ResultSummary.queryProfile} tells a missing number from 0 */
    profile: ProfiledPlan | false;
    /** The plan with what it took to run it, for PROFILE; otherwise false. */
    queryProfile: QueryProfile | false;
    /** @deprecated {@link ResultSummary.gqlStatusObjects} has the same in the terms of GQL */
    notifications: Notification[];
    /** How the query went and what the server noticed, the most important first. */
    gqlStatusObjects: [GqlStatusObject, ...GqlStatusObject[]];
    /** Who has answered. */
    server: ServerInfo;
    /** Milliseconds until the server had streamed everything. */
    resultConsumedAfter: T;
    /** Milliseconds until the server had the first record. */
    resultAvailableAfter: T;
    /** Where the query ran; the name is null when the server did not tell. */
    database: {
        name: string | undefined | null;
    };
    /**
     * @param query the text
     * @param parameters the parameters
     * @param metadata what the server told of the query
     * @param protocolVersion the version of Bolt in use
     */
    constructor(query: string, parameters: {
        [key: string]: any;
    }, metadata: any, protocolVersion?: ProtocolVersion);
    /** Whether there is a {@link ResultSummary.plan}. */
    hasPlan(): boolean;
    /** Whether there is a {@link ResultSummary.queryProfile}. */
    hasProfile(): boolean;
}

/** Turns a result into what executeQuery resolves with. It has to consume the result before it resolves. */
export declare type ResultTransformer<T> = (result: Result) => Promise<T>;

/** The type of {@link resultTransformers}. */
declare class ResultTransformers {
    /** @deprecated the older name of {@link ResultTransformers.eager} */
    eagerResultTransformer<Entries extends RecordShape = RecordShape>(): ResultTransformer<EagerResult<Entries>>;
    /** Everything: keys, records and summary. The default of executeQuery. */
    eager<Entries extends RecordShape = RecordShape>(): ResultTransformer<EagerResult<Entries>>;
    /** @deprecated the older name of {@link ResultTransformers.mapped} */
    mappedResultTransformer<R = Record_2, T = {
        records: R[];
        keys: string[];
        summary: ResultSummary;
    }>(config: Mapping<R, T>): ResultTransformer<T>;
    /**
     * Maps each record while the result streams, then collects what has come of it.
     *
     * @throws Neo4jError when neither map nor collect is given
     * @example
     * const names = await driver.executeQuery('MATCH (p:Person) RETURN p.name AS name', {}, {
     *   resultTransformer: neo4j.resultTransformers.mapped({
     *     map: (record) => record.get('name'),
     *     collect: (names) => names,
     *   }),
     * })
     */
    mapped<R = Record_2, T = {
        records: R[];
        keys: string[];
        summary: ResultSummary;
    }>(config: Mapping<R, T>): ResultTransformer<T>;
    /** The first record, or undefined when there is none; the others are discarded. */
    first<Entries extends RecordShape = RecordShape>(): ResultTransformer<Record_2<Entries> | undefined>;
    /** The summary alone; records are discarded. */
    summary<T extends number | Integer | bigint = Integer>(): ResultTransformer<ResultSummary<T>>;
    /**
     * Makes an object of each record, by rules or as an instance of a class, see {@link Record.as}.
     *
     * @example
     * const { records } = await driver.executeQuery('MATCH (p:Person) RETURN p.name AS name', {}, {
     *   resultTransformer: neo4j.resultTransformers.hydrated(Person, { name: neo4j.rule.asString() }),
     * })
     */
    hydrated<T extends {} = Object>(rules: Rules): ResultTransformer<{
        records: T[];
        summary: ResultSummary;
    }>;
    hydrated<T extends {} = Object>(genericConstructor: GenericConstructor<T>, rules?: Rules): ResultTransformer<{
        records: T[];
        summary: ResultSummary;
    }>;
}

/** Ready-made values for `resultTransformer` in the settings of executeQuery. */
export declare const resultTransformers: ResultTransformers;

/** A provider whose certificate can be replaced while drivers use it. */
export declare interface RotatingClientCertificateProvider extends ClientCertificateProvider {
    /**
     * What new connections identify themselves with from now on. Connections that are open stay as they are.
     *
     * @throws TypeError when it is no certificate
     */
    updateCertificate(certificate: ClientCertificate): void;
}

/** The names of {@link RoutingControl}. */
export declare const routing: {
    /** To the one who writes. */
    WRITE: 'WRITE';
    /** To one of those who read. */
    READ: 'READ';
};

/** To which members of a cluster a query of executeQuery goes. */
export declare type RoutingControl = 'WRITE' | 'READ';

/** What to do with one property of an object on its way from a record, or to the parameters of a query. */
export declare interface Rule {
    /** Whether the value may be absent, null or undefined; it is then neither checked nor converted. Default: false. */
    optional?: boolean;
    /** The name of the value in the record or the query. Default: the property's own, as translated for all. */
    from?: string;
    /**
     * Makes the value of the property of what is in the record, once that has been checked. Default: left as it is.
     *
     * @param field what to call the value in an error, such as `Person#name`
     */
    convert?: (recordValue: any, field: string) => any;
    /** Makes the parameter of what is in the property, before that is checked. Not called for null and undefined. */
    parameterConversion?: (objectValue: any) => any;
    /**
     * Throws when it does not like the value. Default: anything will do.
     *
     * @param field what to call the value in an error, such as `Person#name`
     */
    validate?: (value: any, field: string) => void;
}

/**
 * Rules for the types of values. What is given to one of these functions goes into the rule it returns, and replaces
 * what the rule would have of itself. A value of another type fails with a TypeError which names the property.
 *
 * @example
 * const person = { name: neo4j.rule.asString(), born: neo4j.rule.asDate({ optional: true, stringify: true }) }
 * const { records } = await session.run('MATCH (p:Person) RETURN p.name AS name, p.born AS born').as(person)
 * records[0] // { name: 'Alice', born: '1985-04-03' }
 */
export declare const rule: Readonly<{
    /** Booleans. */
    asBoolean(rule?: Rule): Rule;
    /** Strings. */
    asString(rule?: Rule): Rule;
    /**
     * Numbers. The driver gives integers as {@link Integer} unless configured otherwise; these take `isInteger`, which
     * also has parameters sent as integers. Default: false, only floating-point numbers.
     */
    asNumber(rule?: Rule & {
        isInteger?: boolean;
    }): Rule;
    /** Integers, as bigint. With `acceptNumber` (default: false) numbers, too. */
    asBigInt(rule?: Rule & {
        acceptNumber?: boolean;
    }): Rule;
    /** Integers, as {@link Integer}. With `acceptNumber` (default: false) numbers, too, which stay numbers. */
    asInteger(rule?: Rule & {
        acceptNumber?: boolean;
    }): Rule;
    /**
     * Nodes.
     *
     * @example
     * neo4j.rule.asNode({ convert: (node) => node.as(Person) })
     */
    asNode(rule?: Rule): Rule;
    /** Relationships. To have an object of its properties, convert it as in `rule.asNode`. */
    asRelationship(rule?: Rule): Rule;
    /** Paths. */
    asPath(rule?: Rule): Rule;
    /** Points. */
    asPoint(rule?: Rule): Rule;
    /**
     * Durations; with `stringify` (default: false) as text in ISO 8601, both ways.
     *
     * @throws Neo4jError when `stringify` is given along with a conversion; so do all that have options to convert
     */
    asDuration(rule?: Rule & {
        stringify?: boolean;
    }): Rule;
    /** Local times; with `stringify` (default: false) as text, both ways. */
    asLocalTime(rule?: Rule & {
        stringify?: boolean;
    }): Rule;
    /** Times; with `stringify` (default: false) as text, both ways. */
    asTime(rule?: Rule & {
        stringify?: boolean;
    }): Rule;
    /** Dates; as text with `stringify`, as JavaScript's Date with `jsNativeDate`, both ways (default: neither). */
    asDate(rule?: Rule & {
        stringify?: boolean;
        jsNativeDate?: boolean;
    }): Rule;
    /** Local dates and times, with the options of `rule.asDate`. */
    asLocalDateTime(rule?: Rule & {
        stringify?: boolean;
        jsNativeDate?: boolean;
    }): Rule;
    /** Dates and times, with the options of `rule.asDate`. */
    asDateTime(rule?: Rule & {
        stringify?: boolean;
        jsNativeDate?: boolean;
    }): Rule;
    /** Arrays; with the rule in `apply`, if there is one, for each of the elements. */
    asList(rule?: Rule & {
        apply?: Rule;
    }): Rule;
    /**
     * Vectors, if given of this number of coordinates and of this type; with `asTypedList` (default: false) as typed
     * arrays, both ways.
     */
    asVector(rule?: Rule & {
        asTypedList?: boolean;
        dimension?: number;
        type?: VectorType;
    }): Rule;
    /** UUIDs; with `stringify` (default: false) as text, both ways. */
    asUUID(rule?: Rule & {
        stringify?: boolean;
    }): Rule;
    /**
     * Maps, as objects of a class or plain objects: with the rules given, or else with those which are registered for
     * the class at the time of this call. Properties without a rule are left out.
     */
    asObject(constructorOrRules: GenericConstructor<Object> | Rules, rules?: Rules): Rule;
}>;

/** A {@link Rule} for each property. */
export declare type Rules = {
    [property: string]: Rule;
};

/** The transaction which a transaction function works in. The driver ends it. */
export declare class RxManagedTransaction {
    private constructor();
    /**
     * Runs a query once its result is subscribed to.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
     * registered for its class, if any. They belong into the query where that is an object.
     */
    run(query: Query, parameters?: QueryParameters, parameterRules?: Rules): RxResult;
    /** Shows a transaction without the means to end it. */
    static fromTransaction(transaction: RxTransaction): RxManagedTransaction;
}

/**
 * The result of a query, which runs with the first subscription to one of its parts. Records can be subscribed to once;
 * keys and summary any number of times.
 */
export declare class RxResult {
    #private;
    /** The names of the columns, in order. */
    keys(): Observable<string[]>;
    /**
     * The records. Unsubscribing discards the rest.
     *
     * The observable fails when records or the summary alone have been subscribed to before.
     */
    records(): Observable<Record_2>;
    /** The summary. Subscribed to before the records, it discards them. */
    consume(): Observable<ResultSummary>;
    /** Holds the records back, from the next but one on. */
    pause(): void;
    /** Lets the records come again. Resolves with the next one. */
    resume(): Promise<void>;
    /** Pauses, but for one more record. Resolves with it. */
    push(): Promise<void>;
}

/**
 * A session whose queries and transactions begin when they are subscribed to.
 *
 * @example
 * const session = driver.rxSession()
 * const names = session
 *   .executeRead((tx) => tx.run('MATCH (p:Person) RETURN p.name AS name').records())
 *   .pipe(map((record) => record.get('name')))
 * console.log(await lastValueFrom(names.pipe(toArray())))
 * await lastValueFrom(session.close(), { defaultValue: undefined })
 */
export declare class RxSession {
    #private;
    /**
     * Runs a query in a transaction of its own, once its result is subscribed to.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
     * registered for its class, if any. They belong into the query where that is an object.
     */
    run(query: Query, parameters?: QueryParameters, config?: TransactionConfig, parameterRules?: Rules): RxResult;
    /**
     * Begins a transaction which the subscriber ends. One that unsubscribes before it is given the transaction has it
     * rolled back.
     *
     * @throws TypeError when the settings are wrong
     */
    beginTransaction(config?: TransactionConfig): Observable<RxTransaction>;
    /**
     * Runs work in a transaction that reads. Where the server fails in a way that passes the whole work is run again,
     * and what it emitted before is emitted again.
     *
     * @throws TypeError when the settings are wrong
     */
    executeRead<T>(work: RxTransactionWork<T>, config?: TransactionConfig): Observable<T>;
    /** As {@link RxSession.executeRead}, for work that writes. */
    executeWrite<T>(work: RxTransactionWork<T>, config?: TransactionConfig): Observable<T>;
    /** Stands for all that this session has seen and done; for the `bookmarks` of another session. */
    lastBookmarks(): string[];
    /** @deprecated use {@link lastBookmarks}, which gives the same */
    lastBookmark(): string[];
    /** Ends what is running and waiting, once subscribed to; completes without a value. */
    close(): Observable<any>;
    /** Closes at once, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** A transaction which its user ends by commit or rollback. */
export declare class RxTransaction {
    #private;
    /**
     * Runs a query once its result is subscribed to.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
     * registered for its class, if any. They belong into the query where that is an object.
     */
    run(query: Query, parameters?: QueryParameters, parameterRules?: Rules): RxResult;
    /** Whether it can be used: neither committed, nor rolled back, nor failed. */
    isOpen(): boolean;
    /** Makes the changes permanent; completes without a value. */
    commit(): Observable<any>;
    /** Takes the changes back; completes without a value. */
    rollback(): Observable<any>;
    /** Rolls back if it is open; completes without a value. */
    close(): Observable<any>;
    /** Closes at once, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** What is run in a managed transaction, once for each subscription and each new try. */
export declare type RxTransactionWork<T> = (tx: RxTransaction) => ObservableInput<T>;

/** A key with which values are encrypted, 32 bytes of it in the open. */
export declare type SecretKey = Uint8Array;

/** A code with which a server refuses a user. */
declare type SecurityErrorCode = `Neo.ClientError.Security.${string}`;

/** Who has answered. */
export declare class ServerInfo {
    /** `host:port` */
    address?: string;
    /** Product and version, for example `Neo4j/5.26.0`. */
    agent?: string;
    /** The version of Bolt which was agreed on. */
    protocolVersion?: ProtocolVersion;
    /**
     * @param serverMeta its `address` and `version`
     * @param protocolVersion the version of Bolt in use
     */
    constructor(serverMeta?: any, protocolVersion?: ProtocolVersion);
}

/** The server, or the way to it, is gone for good. Value of {@link Neo4jError.code}. */
declare const SERVICE_UNAVAILABLE: string;

/**
 * Runs queries and transactions one after the other. Cheap: make one for each chain of work, and close it.
 *
 * @example
 * await using session = driver.session({ database: 'neo4j' })
 * const names = await session.executeRead(async (tx) => {
 *   const { records } = await tx.run('MATCH (p:Person) RETURN p.name AS name')
 *   return records.map((record) => record.get('name'))
 * })
 */
export declare class Session {
    #private;
    /**
     * Runs a query in a transaction of its own, which is committed at the end of its result. It is not run again when it fails, but for
     * once, at once, where the server refuses it with the promise to have changed nothing, see {@link Config.disableAutoCommitRetries}.
     * The result must be consumed before the session is used for anything else.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
     * registered for its class, if any. They belong into the query where that is an object.
     * @throws TypeError when the query is not text, the parameters are no object, or the settings are wrong
     * @throws Neo4jError or what a rule throws when a parameter is absent or not as its rule wants it
     */
    run<R extends RecordShape = RecordShape>(query: Query, parameters?: QueryParameters, transactionConfig?: TransactionConfig, parameterRules?: Rules): Result<R>;
    /**
     * Begins a transaction which the caller ends.
     *
     * @throws Neo4jError when the session is closed or has an open transaction
     * @throws TypeError when the settings are wrong
     */
    beginTransaction(transactionConfig?: TransactionConfig): TransactionPromise;
    /**
     * Runs work in a transaction that reads. Where the server fails in a way that passes, the whole work is run again;
     * so it should have no effects besides those of its queries.
     *
     * @returns what the work returns, once that is committed
     */
    executeRead<T>(transactionWork: ManagedTransactionWork<T>, transactionConfig?: TransactionConfig): Promise<T>;
    /** As {@link Session.executeRead}, for work that writes. */
    executeWrite<T>(transactionWork: ManagedTransactionWork<T>, transactionConfig?: TransactionConfig): Promise<T>;
    /** Stands for all that this session has seen and done; for the `bookmarks` of another session. */
    lastBookmarks(): string[];
    /** Ends what is running and waiting. May be called again. */
    close(): Promise<void>;
    /** {@link Session.close}, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** Values for `defaultAccessMode` of a session. */
export declare const session: {
    /** Work that only reads. */
    READ: 'READ';
    /** Work that may write. */
    WRITE: 'WRITE';
};

/** The server this work was bound to can no longer serve it; another may. Value of {@link Neo4jError.code}. */
declare const SESSION_EXPIRED: string;

/** Settings of a session. */
export declare interface SessionConfig {
    /** Default: `'WRITE'`. */
    defaultAccessMode?: SessionMode;
    /** What the first transaction has to wait for. Default: nothing. */
    bookmarks?: string | string[];
    /** Default: the user's home database. */
    database?: string;
    /** Run as this user, whom the driver's user must be allowed to impersonate. Default: as the driver's user. */
    impersonatedUser?: string;
    /** How many records are asked for at once; -1 = all. Default: the driver's. */
    fetchSize?: number;
    /** Default: none; the session knows only its own bookmarks. */
    bookmarkManager?: BookmarkManager;
    /** Default: the driver's. */
    notificationFilter?: NotificationFilter;
    /** Another user than the driver's, on the same connections. Needs Bolt 5.1. */
    auth?: AuthToken;
    /** Default: the driver's. */
    disableAutoCommitRetries?: boolean;
    /** As the driver's setting of the same name. Default: the driver's. */
    strictResults?: boolean;
}

/** Whether a session reads or writes. */
/** What a session is going to do. */
export declare type SessionMode = 'READ' | 'WRITE';

/** What a spatial value is. */
export declare const spatial: {
    isPoint: typeof isPoint;
};

/** The spellings known to `RecordObjectMapping.getCaseTranslator`. */
export declare const StandardCase: {
    /** `first_name` */
    SnakeCase: 'snake_case';
    /** `first-name` */
    KebabCase: 'kebab-case';
    /** `FIRST_NAME` */
    ScreamingSnakeCase: 'SCREAMING_SNAKE_CASE';
    /** `FirstName` */
    PascalCase: 'PascalCase';
    /** `firstName` */
    CamelCase: 'camelCase';
};

/** One of the values of {@link StandardCase}. */
export declare type StandardCase = (typeof StandardCase)[keyof typeof StandardCase];

/** The `Date` of the language, as opposed to the temporal type of the same name. */
export declare type StandardDate = globalThis.Date;

/** How many of each have been changed; see {@link QueryStatistics.updates}. */
export declare class Stats {
    /** Nodes that were made. */
    nodesCreated: number;
    /** Nodes that were deleted. */
    nodesDeleted: number;
    /** Relationships that were made. */
    relationshipsCreated: number;
    /** Relationships that were deleted. */
    relationshipsDeleted: number;
    /** Properties that were written or removed. */
    propertiesSet: number;
    /** Labels that were given to nodes. */
    labelsAdded: number;
    /** Labels that were taken from nodes. */
    labelsRemoved: number;
    /** Indexes that were made. */
    indexesAdded: number;
    /** Indexes that were dropped. */
    indexesRemoved: number;
    /** Constraints that were made. */
    constraintsAdded: number;
    /** Constraints that were dropped. */
    constraintsRemoved: number;
    [key: string]: number;
}

/** What a temporal value is. */
export declare const temporal: {
    isDuration: typeof isDuration;
    isLocalTime: typeof isLocalTime;
    isTime: typeof isTime;
    isDate: typeof isDate;
    isLocalDateTime: typeof isLocalDateTime;
    isDateTime: typeof isDateTime;
};

/** A time of day with an offset from UTC. Frozen. */
export declare class Time<T extends NumberOrInteger = Integer> {
    /** From 0 to 23. */
    readonly hour: T;
    /** From 0 to 59. */
    readonly minute: T;
    /** From 0 to 59. */
    readonly second: T;
    /** From 0 to 999,999,999, within the second. */
    readonly nanosecond: T;
    /** Local time minus UTC, in seconds: the other sign than `Date.getTimezoneOffset()`, which is in minutes. */
    readonly timeZoneOffsetSeconds: T;
    /** @throws TypeError if a field is no integer of any kind, Neo4jError if it is out of its range */
    constructor(hour: T, minute: T, second: T, nanosecond: T, timeZoneOffsetSeconds: T);
    /**
     * The time that a Date shows in the zone of this process, with the offset the zone has at that instant.
     * @param nanosecond added to the milliseconds of the date
     * @throws TypeError for an invalid date
     */
    static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): Time<number>;
    /** The ISO 8601 text, `10:20:30.000000001+02:00`. */
    toString(): string;
    /**
     * Reads a time as {@link LocalTime.fromString} does, with `Z` or an offset such as `+02`, `-0230` or `+02:30:15` after it.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): Time;
}

/**
 * A transaction which its user begins, and ends by commit or rollback.
 *
 * @example
 * await using transaction = await session.beginTransaction()
 * await transaction.run('CREATE (:Person {name: $name})', { name: 'Alice' })
 * await transaction.commit()
 */
export declare class Transaction {
    #private;
    /**
     * Runs a query. Results of several queries may be open at once; the server works on the queries one after the other.
     * An error is the end of the whole transaction.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: those which are
     * registered for its class, if any. They belong into the query where that is an object.
     * @throws TypeError when the query is not text, or the parameters are no object
     * @throws Neo4jError or what a rule throws when a parameter is absent or not as its rule wants it
     */
    run<R extends RecordShape = RecordShape>(query: Query, parameters?: QueryParameters, parameterRules?: Rules): Result<R>;
    /**
     * Makes the changes permanent. Results which are still open are discarded first.
     *
     * @throws Neo4jError when the transaction has ended before, or one of its queries or the commit fails
     */
    commit(): Promise<void>;
    /**
     * Takes the changes back. Does nothing to a transaction which an error has ended.
     *
     * @throws Neo4jError when the transaction was committed or rolled back before
     */
    rollback(): Promise<void>;
    /** Whether it can be used: neither committed, nor rolled back, nor failed. */
    isOpen(): boolean;
    /** Rolls back if it is open. */
    close(): Promise<void>;
    /** {@link Transaction.close}, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** Settings of one transaction. */
export declare interface TransactionConfig {
    /**
     * Milliseconds after which the server ends the transaction; a fraction is rounded up. 0 = no limit. Default: the
     * server's own setting.
     */
    timeout?: number | Integer | bigint;
    /** Shown by the server wherever it lists transactions and queries. */
    metadata?: object;
}

/**
 * A transaction which may not have begun yet: to be awaited, or to be used at once, in which case its first query is
 * sent without waiting for the server's word on the beginning.
 */
export declare class TransactionPromise extends Transaction implements Promise<Transaction> {
    #private;
    /** `'TransactionPromise'` */
    get [Symbol.toStringTag](): string;
    /** Waits for the server to begin the transaction. */
    then<TResult1 = Transaction, TResult2 = never>(onFulfilled?: ((value: Transaction) => TResult1 | PromiseLike<TResult1>) | null, onRejected?: ((reason: any) => TResult2 | PromiseLike<TResult2>) | null): Promise<TResult1 | TResult2>;
    /** Handles a failure of {@link TransactionPromise.then}. */
    catch<TResult = never>(onRejected?: ((reason: any) => TResult | PromiseLike<TResult>) | null): Promise<any>;
    /** Called after success and failure of {@link TransactionPromise.then} alike. */
    finally(onFinally?: (() => void) | null): Promise<Transaction>;
}

/** Whose certificates are trusted on encrypted connections. */
export declare type TrustStrategy = 'TRUST_ALL_CERTIFICATES' | 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES' | 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES';

/** The classes of values and results. */
export declare const types: {
    Node: typeof Node;
    Relationship: typeof Relationship;
    UnboundRelationship: typeof UnboundRelationship;
    PathSegment: typeof PathSegment;
    Path: typeof Path;
    Result: typeof Result;
    EagerResult: typeof EagerResult;
    ResultSummary: typeof ResultSummary;
    Record: typeof Record_2;
    Point: typeof Point;
    Date: typeof Date_2;
    DateTime: typeof DateTime;
    Duration: typeof Duration;
    LocalDateTime: typeof LocalDateTime;
    LocalTime: typeof LocalTime;
    Time: typeof Time;
    Integer: typeof Integer;
    Vector: typeof Vector;
    UUID: typeof UUID;
    ProtocolVersion: typeof ProtocolVersion;
    EnvelopeEncryptionProfile: typeof EnvelopeEncryptionProfile;
    EncryptionService: typeof EncryptionService;
    RxSession: typeof RxSession;
    RxTransaction: typeof RxTransaction;
    RxManagedTransaction: typeof RxManagedTransaction;
    RxResult: typeof RxResult;
};

/** A relationship as it travels in a path: its ends are known from its place there. */
export declare class UnboundRelationship<T extends NumberOrInteger = Integer, P extends Properties = Properties, Type extends string = string> {
    /** @deprecated use {@link elementId} */
    identity: T;
    /** Every relationship has one. */
    type: Type;
    /** By name. */
    properties: P;
    /** What names the relationship within its database. */
    elementId: string;
    /**
     * @param identity its number
     * @param type its type
     * @param properties by name
     * @param elementId default: the digits of the number
     */
    constructor(identity: T, type: Type, properties: any, elementId?: string);
    /**
     * The relationship between two nodes given by their numbers.
     * @deprecated use {@link bindTo}, which knows the element ids
     */
    bind(start: T, end: T): Relationship<T>;
    /** The relationship between two nodes. */
    bindTo(start: Node<T>, end: Node<T>): Relationship<T>;
    /** An object with the properties, see {@link Node.as}. */
    as<O extends {} = Object>(rules: Rules): O;
    as<O extends {} = Object>(genericConstructor: GenericConstructor<O>): O;
    as<O extends {} = Object>(genericConstructor: GenericConstructor<O>, rules?: Rules): O;
    /** `-[:TYPE {key:"value"}]->` */
    toString(): string;
}

/** The place holder for values of a type that the connection's protocol version cannot carry. Received only. */
/** Stands for a value the server could not send over this connection. */
export declare class UnsupportedType {
    /** The server's name of the type. */
    name: string;
    /** The Bolt version needed to receive the type, as `"6.1"`. Bolt versions are not driver versions. */
    minimumProtocolVersion: string;
    /** What the server adds by way of explanation. */
    message: string | undefined;
    /**
     * @param name of the type, as Cypher has it
     * @param minimumProtocolMajor the first number of the Bolt version that has it
     * @param minimumProtocolMinor the second one
     * @param message what the server adds, if anything
     */
    constructor(name: string, minimumProtocolMajor: number, minimumProtocolMinor: number, message: string | undefined);
    /** `UnsupportedType<NAME>` */
    toString(): string;
}

/** Universally unique identifiers as a type of their own. Knows their two notations; knows nothing of bytes on the wire. */
/** A UUID of 16 bytes. Frozen, but for the bytes themselves. Sending one needs Bolt 6.1. */
export declare class UUID {
    /** For software that asks the official driver this: see {@link UUID.getTypedArray}. */
    readonly _typedArray: Uint8Array;
    /**
     * @param typedArray kept, not copied
     * @throws Neo4jError if there are not 16 bytes
     */
    constructor(typedArray: Uint8Array);
    /** The bytes themselves: writing to them changes the UUID. */
    getTypedArray(): Uint8Array;
    /** 32 lower-case hexadecimal digits, grouped 8-4-4-4-12. */
    toString(): string;
    /**
     * Reads 32 hexadecimal digits in either case, grouped 8-4-4-4-12 or without any dash.
     * @throws Neo4jError for other text
     */
    static fromString(uuidString: string): UUID;
}

/**
 * Makes a {@link UUID} from its text or its 16 bytes.
 * @throws Neo4jError for anything else
 */
export declare function uuid(rawUUID: Uint8Array | string): UUID;

/**
 * A vector over a typed array, which is kept and not copied. Sending one needs Bolt 6.0.
 *
 * @example
 * await driver.executeQuery('RETURN $embedding AS embedding', { embedding: vector(Float32Array.of(0.1, 0.2)) })
 */
export declare class Vector<K extends VectorArray> {
    /** For software that asks the official driver this: see {@link Vector.getType}. */
    _type: VectorType;
    /** For software that asks the official driver this: see {@link Vector.asTypedArray}. */
    _typedArray: K;
    /** @throws Neo4jError for anything but a typed array of floats or of signed integers */
    constructor(typedArray: K);
    /** The typed array itself: writing to it changes the vector. */
    asTypedArray(): K;
    /** The type of the coordinates, which is that of the array. */
    getType(): VectorType;
    /** The vector as a Cypher expression: `vector([1, 2], 2, INTEGER8 NOT NULL)`. */
    toString(): string;
}

/**
 * Makes a {@link Vector}.
 * @throws Neo4jError for anything but a typed array of floats or of signed integers
 */
export declare function vector<K extends VectorArray>(typedArray: K): Vector<K>;

/** Vectors: lists of numbers of one type, as used for embeddings. Knows typed arrays; knows nothing of bytes on the wire. */
/** The typed arrays a vector can be made of. */
declare type VectorArray = Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | BigInt64Array;

/** The type of the coordinates of a vector. */
export declare type VectorType = 'INT8' | 'INT16' | 'INT32' | 'INT64' | 'FLOAT32' | 'FLOAT64';

/** Called with each field of a record, for its effect. */
export declare type Visitor<Entries extends RecordShape = RecordShape, Key extends keyof Entries = keyof Entries> = MapVisitor<void, Entries, Key>;

export { }
