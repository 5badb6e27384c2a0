import type { Observable } from 'rxjs';
import type { ObservableInput } from 'rxjs';

/** How connections were acquired. Some were idle; new ones take dialling and authentication. */
export declare interface AcquisitionMetrics {
    /** How often a connection was acquired. */
    readonly count: number;
    /** How often none could be acquired within `connectionAcquisitionTimeout`. */
    readonly timedOut: number;
    /** Total milliseconds of all acquisitions; finding an idle connection counts as 0. */
    readonly total: number;
    /** Milliseconds on average; 0 if there were none. */
    readonly average: number;
    /** Milliseconds of the longest acquisition. */
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
    /** A Kerberos ticket in base 64. The principal is empty, because servers require one. */
    kerberos: (base64EncodedTicket: string) => {
        scheme: string;
        principal: string;
        credentials: string;
    };
    /** A single sign-on token, in base 64. */
    bearer: (base64EncodedToken: string) => {
        scheme: string;
        credentials: string;
    };
    /** For a server with authentication disabled. */
    none: () => AuthToken;
    /**
     * For the scheme of a server's plugin. Leaves out empty credentials, realm and parameters.
     *
     * @throws Neo4jError if the parameters contain themselves
     */
    custom: (principal: string, credentials: string, realm: string, scheme: string, parameters?: object) => any;
};

/** Further settings for a custom scheme. */
declare interface AuthParameters {
    [key: string]: any;
}

/**
 * Tokens: their types, and the functions that make and check them.
 */
/** What a driver tells a server about the user. {@link auth} makes tokens. */
export declare interface AuthToken {
    /** `'basic'`, `'kerberos'`, `'bearer'`, `'none'`, or the scheme of a server's plugin. */
    scheme: string;
    /** The user's name. */
    principal?: string;
    /** The proof of the identity, such as a password or a ticket. */
    credentials: string;
    /** Which of the server's authentication providers to use. */
    realm?: string;
    /** Further settings for the scheme of a plugin. */
    parameters?: AuthParameters;
}

/** A token and its expiration. */
export declare interface AuthTokenAndExpiration {
    /** The token to use from now on. */
    readonly token: AuthToken;
    /** From when on the driver does not use the token. Default: it is valid until the server refuses it. */
    readonly expiration?: Date;
}

/** Hands out tokens that change over time. The driver tells it when a server refuses one. */
export declare interface AuthTokenManager {
    /** The token to use now. The driver calls this often, so it should answer fast. */
    getToken(): Promise<AuthToken> | AuthToken;
    /**
     * The driver calls this when the server has refused a token.
     *
     * @returns whether the manager has handled it, so that a retry makes sense
     */
    handleSecurityException(token: AuthToken, securityErrorCode: SecurityErrorCode): boolean;
}

/** Creates managers of tokens. */
export declare class AuthTokenManagers {
    /**
     * For single sign-on tokens. The manager fetches a new token when the last one has expired, or when the
     * server has refused it as expired or unauthorized. It fetches the token once, however many connections
     * need it. All tokens must belong to the same user.
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
     * For passwords that change. The manager fetches a new token when the server has refused the
     * last one as unauthorized. It fetches the token once, however many connections need it. All
     * tokens must belong to the same user.
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

/** Managers of tokens that change over time. Pass one to `driver` in place of a token. */
export declare const authTokenManagers: AuthTokenManagers;

/**
 * Bookmarks shared by sessions, so that each session sees what the others have written.
 */
/** Holds the bookmarks that sessions share. */
export declare interface BookmarkManager {
    /**
     * Replaces the bookmarks from which a finished transaction started by the one with which it ended.
     *
     * @param previousBookmarks the ones from which the transaction started
     * @param newBookmarks the ones with which it ended
     */
    updateBookmarks(previousBookmarks: Iterable<string>, newBookmarks: Iterable<string>): Promise<void>;
    /** The bookmarks that the next transaction waits for. */
    getBookmarks(): Promise<Iterable<string>>;
}

/**
 * Creates a {@link BookmarkManager} that holds bookmarks in memory.
 *
 * @example
 * const shared = neo4j.bookmarkManager()
 * const writer = driver.session({ bookmarkManager: shared })
 * const reader = driver.session({ bookmarkManager: shared }) // sees what writer has committed
 */
export declare function bookmarkManager(config?: BookmarkManagerConfig): BookmarkManager;

/** Further sources and receivers of bookmarks, besides the manager's own memory. */
export declare interface BookmarkManagerConfig {
    /** The first bookmarks. Default: none. */
    initialBookmarks?: Iterable<string>;
    /** Called for more bookmarks whenever a transaction needs them, for instance those of other processes. */
    bookmarksSupplier?: () => Promise<Iterable<string>>;
    /** Called with all bookmarks whenever they have changed. */
    bookmarksConsumer?: (bookmarks: Iterable<string>) => Promise<void>;
}

/**
 * Client certificates (mutual TLS): their settings, checked, and a provider whose
 * certificate changes. Reads no file.
 */
/** The certificate with which the client identifies itself (mutual TLS). */
export declare interface ClientCertificate {
    /** Paths of PEM files; each may hold a chain, the client's own certificate first. */
    readonly certfile: string | string[];
    /** The key of each. */
    readonly keyfile: KeyFile | KeyFile[];
    /** Password of the key files that have none of their own. */
    readonly password?: string;
}

/** Hands out client certificates that change over time. */
export declare interface ClientCertificateProvider {
    /** Whether there is a newer certificate than the last one. Called for each connection but the first. */
    hasUpdate(): boolean | Promise<boolean>;
    /** Called for the first connection, and after each `hasUpdate` that was true. */
    getClientCertificate(): ClientCertificate | Promise<ClientCertificate>;
}

/** Ready-made providers of client certificates. */
export declare class ClientCertificateProviders {
    /**
     * A provider that hands out one certificate until the application updates it.
     *
     * @throws TypeError if the first one is no certificate
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

/**
 * Settings of a driver. A number may be given as text. Text that makes no number counts as left out. The
 * settings that the official driver does not have take a number such as 1e21 as what it is. The others read
 * it as text, up to the `e`, as the official driver does.
 */
export declare interface Config {
    /** Default: false. Not allowed along with a `+s` or `+ssc` URL. */
    encrypted?: boolean | EncryptionLevel;
    /**
     * Default: the certificates that this Node.js process trusts. Not allowed along with a `+s` or `+ssc` URL.
     */
    trust?: TrustStrategy;
    /** Paths of PEM files, for TRUST_CUSTOM_CA_SIGNED_CERTIFICATES. */
    trustedCertificates?: string[];
    /** How many records the driver asks for at once; -1 = all. Default: 1000. */
    fetchSize?: number;
    /** Connections per server, idle ones included; 0 or less = no limit. Default: 100. */
    maxConnectionPoolSize?: number;
    /**
     * How many connections the driver keeps open to each server in use, idle ones included. It opens them in
     * advance, in the background: from the start, or, in a routing driver, from the first use of the server. It
     * replaces the ones that are lost. Not in the official driver. Default: 0.
     */
    minConnectionPoolSize?: number;
    /**
     * Milliseconds after which the driver closes an idle connection, unless fewer than `minConnectionPoolSize`
     * would be left; 0 or less = never. Not in the official driver. Default: never.
     */
    idleTimeout?: number;
    /**
     * Milliseconds for which a query or a transaction may hold a connection. After that, the driver logs a line
     * at level `warn` with the place in the program where it began; 0 or less = no limit. Costs a stack trace
     * for each query. Not in the official driver. Default: no limit.
     */
    leakDetectionThreshold?: number;
    /** Milliseconds during which the driver retries a failed transaction function. Default: 30 000. */
    maxTransactionRetryTime?: number;
    /** Milliseconds after which the driver replaces a connection; 0 or less = never. Default: 3 600 000. */
    maxConnectionLifetime?: number;
    /**
     * Milliseconds to wait for a free or new connection; less than 0 = forever. Default: 60 000. This also
     * limits the wait for the resolver, for tokens, client certificates and the bookmarks of a manager.
     */
    connectionAcquisitionTimeout?: number;
    /**
     * Milliseconds of idle time after which the driver tests a connection before it uses
     * it; 0 = always. Default: never.
     */
    connectionLivenessCheckTimeout?: number;
    /**
     * Milliseconds to wait for a new connection, with its TLS handshake; 0 or less = forever. Default: 30 000.
     * The rest of {@link Config.connectionAcquisitionTimeout} covers Bolt's handshake and authentication.
     */
    connectionTimeout?: number;
    /** Do not retry an auto-commit query whose failure the server calls idempotent. Default: false. */
    disableAutoCommitRetries?: boolean;
    /** Integers as JavaScript numbers, those beyond 2^53 as infinity. Default: false. */
    disableLosslessIntegers?: boolean;
    /** Which notifications the server does not even create. Default: the server's own setting. */
    notificationFilter?: NotificationFilter;
    /** Integers as bigints. Takes precedence over `disableLosslessIntegers`. Default: false. */
    useBigInt?: boolean;
    /** Default: no log. */
    logging?: LoggingConfig;
    /**
     * How many bytes a message of a server may have, for instance a record. A longer message is a ProtocolError
     * and ends the connection. Before the driver has logged on, the limit is 64 KiB. Not in the official
     * driver. Default: 536 870 912 (512 MiB); 0 or less = only the limit of the batch format, 2 GiB.
     */
    maxMessageSize?: number;
    /** Turns the URL's address into the addresses of the first routers to ask; for routing drivers. */
    resolver?: (address: string) => string[] | Promise<string[]>;
    /** The name under which the driver introduces itself to the server. Default: `neobolt/<version>`. */
    userAgent?: string;
    /** Do not tell the server which parts of the API the application uses. Default: false. */
    telemetryDisabled?: boolean;
    /** For a server that demands one; used if connections are encrypted. Default: none. */
    clientCertificate?: ClientCertificate | ClientCertificateProvider;
    /**
     * The profiles with which {@link Driver.encryption} encrypts and decrypts. Default: none.
     * @experimental part of client-side encryption
     */
    encryptionProfiles?: EncryptionProfile[];
    /**
     * Which readers get an error (`Result is already consumed`) when a result can no longer give all of its
     * records. Not in the official driver, which gives fewer records without an error, or waits forever.
     *
     * - Left out: each reader that is reading when the driver has the server discard the rest, because the
     *   transaction ends, because `summary()` is called, or because another reader leaves. But a subscription
     *   that `summary()` stops completes.
     * - true: these readers, that subscription, and each reader that starts when
     *   records have been taken or discarded. `peek()` takes none.
     * - false: no reader, as with the official driver.
     *
     * null counts as left out; any other value is a TypeError. In all three cases a reader gets an error if its
     * session or driver is closed before all records have come, and if it is a loop that begins when the
     * summary has been read.
     *
     * @example
     * const strict = driver.session({ strictResults: true })
     */
    strictResults?: boolean;
}

/** A day of the calendar, without time or zone. Not to be confused with JavaScript's Date. Frozen. */
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
     * @deprecated does not say which day it means: use {@link fromStandardDateLocal}
     * or {@link fromStandardDateUTC}
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
    /** Midnight UTC of the day; an invalid Date for years that JavaScript's Date does not reach. */
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
 * An instant, as seen in a zone. The offset from UTC, the name, or both give the zone. Frozen.
 *
 * With a name only, the driver looks up the offset when it sends the value. That is ambiguous when clocks are
 * put back, so give both if you know both. A value from a server has both.
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
    /** Name in the IANA time zone database, `Europe/Stockholm`. */
    readonly timeZoneId?: string;
    /**
     * @throws TypeError if a field is of a wrong kind, Neo4jError if it is out of its range, the zone
     * is unknown, or neither zone nor
     *   offset is given
     */
    constructor(year: T, month: T, day: T, hour: T, minute: T, second: T, nanosecond: T, timeZoneOffsetSeconds?: T, timeZoneId?: string | null);
    /**
     * The instant of a Date, as seen in the zone of this process, with the offset but
     * without the name of that zone.
     * @param nanosecond added to the milliseconds of the date
     * @throws TypeError for an invalid date
     */
    static fromStandardDate(standardDate: StandardDate, nanosecond?: NumberOrInteger): DateTime<number>;
    /**
     * The instant, truncated to milliseconds.
     * @throws Error if the offset is unknown
     */
    toStandardDate(): StandardDate;
    /** The ISO 8601 text with the name of the zone, `2024-02-29T10:20:30+01:00[Europe/Stockholm]`. */
    toString(): string;
    /**
     * Reads a date and a time as {@link LocalDateTime.fromString} does, followed by `Z` or an offset, by the
     * name of a zone in brackets, or by both.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): DateTime;
}

/** GQL's details of a status. The server may add keys of its own. */
declare interface DiagnosticRecord {
    /** The GQL operation, empty if unknown. */
    OPERATION: string;
    /** The GQL code of the operation, `'0'` if unknown. */
    OPERATION_CODE: string;
    /** The schema in use, `'/'` by default. */
    CURRENT_SCHEMA: string;
    /** The severity of a notification, in the server's word. */
    _severity?: string;
    /** The category of an error, or the subject of a notification, in the server's word. */
    _classification?: string;
    /** The place in the query: offset from 0; line and column from 1. */
    _position?: {
        offset: number | Integer | bigint;
        line: number | Integer | bigint;
        column: number | Integer | bigint;
    };
    /** The values in the status's text, by name. */
    _status_parameters?: globalThis.Record<string, unknown>;
    /** Whether the server promises that the failed request changed nothing. */
    _idempotent?: boolean;
    [key: string]: unknown;
}

/** The connections to a server or a cluster. {@link driver} creates one; a program needs only one. */
export declare class Driver {
    #private;
    /**
     * Encrypts and decrypts single values, with the profiles in the settings.
     * @experimental part of client-side encryption
     */
    readonly encryption: EncryptionService;
    /** Lets each {@link Driver.executeQuery} see what earlier ones have written. */
    get executeQueryBookmarkManager(): BookmarkManager;
    /**
     * Runs one query in a managed transaction and returns its whole result. Retries the transaction if the
     * server's failure is temporary.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
     * rules registered for its class, if any. If the query is an object, put the rules into it.
     * @throws Neo4jError if the query fails
     * @throws Neo4jError, or what a rule throws, if a parameter is absent or its rule refuses it
     * @throws the reason of the signal if it is aborted before the query has succeeded. If it is
     * aborted already, nothing is sent.
     * @example
     * const { records, summary } = await driver.executeQuery(
     *   'MERGE (p:Person {name: $name}) RETURN p.name AS name', { name: 'Alice' }, { database: 'neo4j' })
     */
    executeQuery<T = EagerResult>(query: Query, parameters?: QueryParameters, config?: QueryConfig<T>, parameterRules?: Rules): Promise<T>;
    /**
     * Opens a session. Cheap, and needs no connection yet.
     *
     * @throws Error, TypeError or Neo4jError if the settings are wrong
     */
    session(config?: SessionConfig): Session;
    /** Opens a session for reactive programs, see `rxjs`. Takes the settings of {@link Driver.session}. */
    rxSession(config?: SessionConfig): RxSession;
    /**
     * Checks that the driver can reach the server and that the server accepts the user.
     *
     * @throws Neo4jError if not
     */
    verifyConnectivity(config?: {
        database?: string;
    }): Promise<void>;
    /**
     * Like {@link Driver.verifyConnectivity}, and returns the server that answered.
     *
     * @throws Neo4jError if none did
     */
    getServerInfo(config?: {
        database?: string;
    }): Promise<ServerInfo>;
    /**
     * Whether a server accepts a user: the given one, or else the driver's own. The server checks the user each
     * time, even if it already knows the user.
     *
     * @param config.database the database for the user's work; matters only for a cluster. Default: `system`
     * @param config.auth the token of the user. Default: the driver's
     * @returns false if the server says that the credentials are wrong, expired, or not allowed
     * @throws Neo4jError if the driver cannot reach the server, if the server fails otherwise, or if it does
     * not let users change, as before Bolt 5.1
     */
    verifyAuthentication(config?: {
        database?: string;
        auth?: AuthToken;
    }): Promise<boolean>;
    /** Whether the server has more than one database. */
    supportsMultiDb(): Promise<boolean>;
    /** Whether the server supports settings of transactions. */
    supportsTransactionConfig(): Promise<boolean>;
    /** Whether the server supports impersonation. */
    supportsUserImpersonation(): Promise<boolean>;
    /** Whether the server lets the user of a connection change. */
    supportsSessionAuth(): Promise<boolean>;
    /** The version of Bolt that driver and server use. */
    getNegotiatedProtocolVersion(): Promise<ProtocolVersion>;
    /** Whether connections are encrypted. */
    isEncrypted(): boolean;
    /**
     * Figures about the driver's connections: how many there are to each server, how many requests wait for
     * one, and how long that took. Not in the official driver.
     *
     * @returns plain objects, a snapshot. Times are in milliseconds.
     * @example
     * const [{ inUse, idle, waiting }] = driver.metrics().pools
     */
    metrics(): DriverMetrics;
    /**
     * Closes all connections. Work that is still running fails. May be called again.
     */
    close(): Promise<void>;
    /** {@link Driver.close}, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
    /** Whether it is a routing driver. For code written for the official driver. */
    _supportsRouting(): boolean;
    /** {@link Driver.isEncrypted}, for code written for the official driver. */
    _isEncrypted(): boolean;
    /** Which certificates the driver trusts. For code written for the official driver. */
    _getTrust(): TrustStrategy | undefined;
}

/**
 * Creates a driver. It opens connections when it needs them. Close it at the end.
 *
 * @param url for example `bolt://localhost:7687`
 * @param authToken from `neo4j.auth`. Default: none
 * @param config not modified, so that it can be used again
 * @throws Error, TypeError or Neo4jError if one of these is wrong
 * @example
 * await using driver = neo4j.driver('bolt://localhost', neo4j.auth.basic('neo4j', 'secret'))
 * const { records } = await driver.executeQuery('RETURN $greeting AS greeting', { greeting: 'hello' })
 * console.log(records[0].get('greeting'))
 */
export declare function driver(url: string, authToken?: AuthToken | AuthTokenManager, config?: Config): Driver;

/**
 * The metrics of a driver, as plain data.
 */
/** The current state of a driver, and counts since its creation. */
export declare interface DriverMetrics {
    /** One for each server that the driver has used. */
    readonly pools: readonly PoolMetrics[];
}

/**
 * A length of time in months, days, seconds and nanoseconds. These do not convert into each other, since
 * months and days vary in length. Only nanoseconds beyond one second carry over, so that they lie
 * between 0 and 999,999,999. Frozen.
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
    /** From 0 to 999,999,999. Add them to the seconds, even to negative ones. */
    readonly nanoseconds: T;
    /**
     * @throws TypeError if an argument is no integer of any kind, RangeError if the carried nanoseconds take
     * the seconds, as an Integer, beyond 64 bits
     */
    constructor(months: T, days: T, seconds: T, nanoseconds: T);
    /**
     * Reads an ISO 8601 duration such as `P1Y2M3DT4H5M6.7S` or `-P2W`. A fraction is accepted if it comes out
     * even: `P0.5Y` is six months, `P0.5M` is an error.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): Duration;
    /**
     * The ISO 8601 text. A field that is no integer, because it was beyond JavaScript's numbers,
     * appears as it is: `PTInfinityS`.
     */
    toString(): string;
}

/** All of a result: its keys, records and summary. By default executeQuery resolves with one. */
export declare class EagerResult<Entries extends RecordShape = RecordShape> {
    /** In the order of the query's RETURN. */
    keys: string[];
    /** In the order in which they arrived. */
    records: Array<Record_2<Entries>>;
    /** The summary of the query. */
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

/** A stored key, as the application sees it. */
export declare interface EncapsulatedKey {
    /** Globally unique, and never changed. */
    id: () => string;
    /** A name for finding the key, which can be moved to another key. */
    alias: () => string | undefined;
}

/**
 * Creates, finds and deletes the keys of a profile. `driver.encryption.keyManager()` returns one.
 * @experimental part of client-side encryption
 */
export declare class EncapsulatedKeyManager {
    #private;
    /**
     * Creates a key and stores it.
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
     * Gives a key an alias. A cached alias stays valid for as long as the profile says.
     *
     * @param alias one that no other key has; none removes the alias
     * @throws Neo4jError when the repository fails; its error is the cause
     */
    setAliasById(id: string, alias?: string): Promise<void>;
    /**
     * Removes the alias of a key.
     *
     * @throws Neo4jError when the repository fails; its error is the cause
     */
    deleteAliasById(id: string): Promise<void>;
    /**
     * Deletes a key. Data encrypted with it is lost.
     *
     * @throws Neo4jError when the repository fails; its error is the cause
     */
    deleteById(id: string): Promise<void>;
}

/** A stored key, as its repository holds it. */
export declare interface EncapsulatedKeyRecord extends EncapsulatedKey {
    /** The key, wrapped. */
    encapsulation: () => Int8Array;
    /** Metadata that the service needs to unwrap it. */
    metadata: () => {
        [name: string]: string;
    };
}

/**
 * Stores wrapped keys: in a database, a file, a vault. The application implements it.
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
    /** Sets or removes the alias of a key. Fails if another key has that alias. */
    setAliasById: (id: string, alias: string | undefined) => Promise<void>;
    /** Deletes a key. */
    deleteById: (id: string) => Promise<void>;
}

/** The result of {@link KeyEncapsulationService.encapsulate}: a new key, unwrapped and wrapped. */
export declare interface EncapsulationResult {
    /** The key, wrapped. */
    encapsulation: () => Int8Array;
    /** Metadata that the service needs to unwrap the key. */
    options: () => {
        [name: string]: string;
    };
    /** The key, unwrapped. */
    key: () => SecretKey;
}

/** Types of the settings for encryption and trust. */
/** Whether connections are encrypted. */
export declare type EncryptionLevel = 'ENCRYPTION_ON' | 'ENCRYPTION_OFF';

/**
 * A way to encrypt. All drivers that share the data must give it the same name. See
 * {@link EnvelopeEncryptionProfile}.
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
 * Encrypts and decrypts values with the profiles of a driver. `driver.encryption` is one.
 * @experimental part of client-side encryption
 */
export declare class EncryptionService {
    #private;
    /**
     * Encrypts a value with AES-256-GCM. The result can be stored as a property. Any Neo4j driver with a
     * profile of that name and the same key can decrypt it.
     *
     * @param encryptRequest.value what a property can be
     * @param encryptRequest.keyOptions the key's id, or an object with its id or its alias
     * @param encryptRequest.encryptionProfile name of the profile. Default: the only one there is
     * @param encryptRequest.aad is not encrypted, but the value can't be decrypted with
     * another one. It is stored along.
     * @throws Neo4jError when there is no such profile or key, or the value can't be a property. When something
     * fails inside, that is the cause.
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
     * Decrypts the result of {@link EncryptionService.encrypt} of this or another driver.
     *
     * @param decryptRequest.ciphertext as it was read from the property
     * @param decryptRequest.aad what the value was encrypted with
     * @param decryptRequest.usePersistedAad take that which is stored along
     * @returns the value; an {@link UnsupportedType} if a newer driver encoded it
     * @throws Neo4jError when there is no such profile or key, the additional data is another, or the bytes
     * were changed. When something fails inside, that is the cause.
     */
    decrypt<T>(decryptRequest: {
        ciphertext: Int8Array;
        usePersistedAad?: boolean;
        aad?: any;
    }): Promise<T | UnsupportedType>;
    /**
     * The object that creates and finds the keys of a profile.
     *
     * @param profileName default: the only one there is
     * @throws Neo4jError when there is no such profile
     */
    keyManager(profileName?: string): EncapsulatedKeyManager;
}

/**
 * Envelope encryption: encrypts values with keys that are themselves encrypted ("wrapped") and stored
 * elsewhere. Caches wrapped keys for a while.
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
     * @param config.name the same in all drivers that share the data
     * @param config.encapsulationService wraps and unwraps keys
     * @param config.keyRepository stores wrapped keys
     * @param config.keyCacheTTL for how many milliseconds the cache holds a key by its id. Default: 15 minutes
     * @param config.keyCacheMaxSize how many keys the cache holds; 0 = none, and no alias either. Default: 100
     * @param config.keyAliasIndexTTL for how many milliseconds the cache holds an alias. Default: 15 seconds
     * @param config.keyAliasIndexMaxSize how many aliases the cache holds; 0 = none. Default: 100
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

/** Codes of errors that the driver itself reports, see {@link Neo4jError.code}. */
export declare const error: {
    /** The server cannot be reached. */
    SERVICE_UNAVAILABLE: string;
    /** The server can no longer do this work; another server may. */
    SESSION_EXPIRED: string;
    /** Bytes that Bolt does not allow, or a value that cannot be sent. */
    PROTOCOL_ERROR: string;
};

/**
 * The category of an error: the client must act, the database's operator must act, or the error is temporary.
 */
declare type ErrorClassification = 'DATABASE_ERROR' | 'CLIENT_ERROR' | 'TRANSIENT_ERROR' | 'UNKNOWN';

/** A class to map to. Its constructor is called without arguments. */
declare type GenericConstructor<T extends {}> = new (...args: any[]) => T;

/** The value of an awaited result, for any type of records. */
declare interface GenericQueryResult<R> {
    /** In the order in which they arrived. */
    records: R[];
    /** The summary of the query. */
    summary: ResultSummary;
}

/** {@link Result}, for any type of records. */
declare class GenericResult<R, T extends GenericQueryResult<R>> implements Promise<T> {
    #private;
    /** `'Result'` */
    get [Symbol.toStringTag](): string;
    /**
     * Converts each record to an object, by rules or as an instance of a class, see {@link Record.as}. This
     * applies to awaiting and iterating; a subscriber gets the records as they are. If a record cannot be
     * converted, the result ends there with an error, and the rest is discarded.
     *
     * @returns this same result
     * @throws Neo4jError if it has been awaited
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
     * @throws Neo4jError if the query fails
     */
    keys(): Promise<string[]>;
    /**
     * The summary of the query. Discards the records that have not been requested yet.
     *
     * @throws Neo4jError if the query fails
     */
    summary<N extends number | Integer | bigint = Integer>(): Promise<ResultSummary<N>>;
    /**
     * Iterates over the records. The driver asks the server for more only as the loop takes them. Leaving the
     * loop early discards the rest, and waits until the session or transaction can be used again.
     */
    [Symbol.asyncIterator](): PeekableAsyncIterator<R, ResultSummary>;
    /** Waits for all records. All calls share one {@link QueryResult}. */
    then<TResult1 = T, TResult2 = never>(onFulfilled?: ((value: T) => TResult1 | PromiseLike<TResult1>) | null, onRejected?: ((reason: any) => TResult2 | PromiseLike<TResult2>) | null): Promise<TResult1 | TResult2>;
    /** Handles a failure of {@link Result.then}. */
    catch<TResult = never>(onRejected?: ((reason: any) => TResult | PromiseLike<TResult>) | null): Promise<T | TResult>;
    /** Called after success and failure of {@link Result.then} alike. */
    finally(onFinally?: (() => void) | null): Promise<T>;
    /** Calls the observer for everything that arrives, as fast as the server sends it. */
    subscribe(observer: GenericResultObserver<R>): void;
    /** Whether the result is still open: neither a summary nor an error has been read. */
    isOpen(): boolean;
}

/** Observes a result as it arrives; each method is optional. */
declare interface GenericResultObserver<R> {
    /** Once, before any record. If it throws, that is as if onNext threw. */
    onKeys?: (keys: string[]) => void;
    /**
     * For each record. If it throws, the driver still calls it for the records at hand, has the server discard
     * the rest, and then calls onError, once, with the first error (an error of its own for null and
     * undefined). Every other reader of a result that has not ended gets this error, too. A promise that
     * onNext or onKeys returns is ignored.
     */
    onNext?: (record: R) => void;
    /** Once, after the last record; never after an error. If it throws, or rejects, onError gets the error. */
    onCompleted?: (summary: ResultSummary) => void;
    /**
     * Instead of onCompleted, or after that has failed. Called once more with an error that it throws itself.
     * Without it the console shows the error.
     */
    onError?: (error: Error) => void;
}

/**
 * An error with a GQL status. By itself it occurs only as the `cause` of another error (Bolt 5.7 and later).
 */
export declare class GQLError extends Error {
    /** Five characters, for example `'42N51'`; `'50N42'` if nothing better is known. */
    gqlStatus: string;
    /** GQL's text for the status. */
    gqlStatusDescription: string;
    /** The details, from the server. */
    diagnosticRecord: DiagnosticRecord | undefined;
    /** From the diagnostic record; `'UNKNOWN'` if it is missing there or not one of the known words. */
    classification: ErrorClassification;
    /** The classification in the server's own word. */
    rawClassification?: string;
    /** The error behind this one; a GQLError if it comes from the server (Bolt 5.7 or newer). */
    cause?: Error;
    /**
     * @param message what went wrong
     * @param gqlStatus the GQL status, five characters
     * @param gqlStatusDescription the text of the status
     * @param diagnosticRecord details, if known
     * @param cause the error behind this one, if any
     */
    constructor(message: string, gqlStatus: string, gqlStatusDescription: string, diagnosticRecord?: DiagnosticRecord, cause?: Error);
    /** Whether this error or one of its causes has the given GQL status. */
    containsGqlCause(gqlStatus: string): boolean;
    /** This error or the nearest of its causes with the given GQL status. */
    findByGqlStatus(gqlStatus: string): GQLError | Neo4jError | undefined;
    /** The diagnostic record as JSON, for people to read. */
    get diagnosticRecordAsJsonString(): string;
}

/**
 * The outcome of a query in GQL's terms: success, no data, omitted result, or a notification.
 *
 * @example
 * const { summary } = await driver.executeQuery('MATCH (n:Missing) RETURN n')
 * for (const status of summary.gqlStatusObjects) console.log(status.gqlStatus, status.statusDescription)
 */
export declare class GqlStatusObject {
    /** Five characters, for example `'00000'` for success. */
    readonly gqlStatus: string;
    /** The status in words, for people to read. */
    readonly statusDescription: string;
    /** The circumstances. */
    readonly diagnosticRecord: DiagnosticRecord;
    /** The place in the query, if it is about one. */
    readonly position?: NotificationPosition;
    /** The severity; `'UNKNOWN'` if it is no notification. */
    readonly severity: NotificationSeverityLevel;
    /** The severity in the server's own word. */
    readonly rawSeverity?: string;
    /** The subject; `'UNKNOWN'` if it is no notification. */
    readonly classification: NotificationClassification;
    /** The classification in the server's own word. */
    readonly rawClassification?: string;
    /** Whether it is a notification. Otherwise it only says how the query ended. */
    readonly isNotification: boolean;
    /** @param status as Bolt has it */
    constructor(status: any);
    /** The diagnostic record as JSON, for people to read. */
    get diagnosticRecordAsJsonString(): string;
}

/** Type guards for values of the graph. */
export declare const graph: {
    isNode: typeof isNode;
    isPath: typeof isPath;
    isPathSegment: typeof isPathSegment;
    isRelationship: typeof isRelationship;
    isUnboundRelationship: typeof isUnboundRelationship;
};

/**
 * Whether the driver can reach a Neo4j server. Needs no user.
 *
 * @returns true
 * @throws Neo4jError if it cannot
 */
export declare function hasReachableServer(url: string, config?: Pick<Config, 'logging'>): Promise<true>;

/** Makes an {@link Integer}; see {@link Integer.fromValue}. */
export declare const int: typeof Integer.fromValue;

/**
 * A signed 64-bit integer. Values outside the 64 bits wrap around, as they do in
 * most languages with such a type.
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
    /** The value as a number, or plus or minus Infinity if a number would not be exact. */
    toNumberOrInfinity(): number;
    /**
     * The digits of the value.
     * @param radix base, 2 to 36; 10 when left out
     * @throws RangeError for another base
     */
    toString(radix?: number): string;
    /**
     * The value as a bigint, with which `<`, `==` and other operators then work. `int(1) + 1` throws,
     * because it mixes bigint and number.
     */
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
    /** Whether it is odd. */
    isOdd(): boolean;
    /** Whether it is even. */
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
     * The quotient, rounded towards zero.
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
    /** The bits set in both. */
    and(other: Integerable): Integer;
    /** The bits set in at least one of them. */
    or(other: Integerable): Integer;
    /** The bits set in exactly one of them. */
    xor(other: Integerable): Integer;
    /**
     * The bits shifted towards the high end. Only the lower six bits of the count matter. A count of zero gives
     * zero, a quirk of the official driver, kept because programs may rely on it.
     */
    shiftLeft(numBits: number | Integer): Integer;
    /**
     * The bits shifted towards the low end; the sign stays. A count of zero gives
     * zero, as in {@link shiftLeft}.
     */
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
    /** True. Marks an Integer, and its class, of any copy of the driver. */
    static __isInteger__: boolean;
    /** Whether the value is an Integer, of this or another copy of the driver. */
    static isInteger(obj: any): obj is Integer;
    /**
     * The Integer of a 32-bit value; a wider value is truncated to 32 bits. From -128
     * to 127 always the same object.
     */
    static fromInt(value: number): Integer;
    /** The Integer of two signed 32-bit halves. */
    static fromBits(lowBits: number, highBits: number): Integer;
    /**
     * The Integer of a number. Fractions are truncated, NaN and the infinities give zero, a number out of
     * range gives the nearest limit.
     */
    static fromNumber(value: number): Integer;
    /**
     * Reads digits in groups of eight. Without strict validation it skips the part of a group that is no
     * number: `'zz'` is zero and `'12.5'` is 12.
     * @param radix base, 2 to 36; 10 when left out
     * @throws Neo4jError for an empty string, another base, a '-' inside, or with strict
     * validation for anything but digits
     */
    static fromString(str: string, radix?: number, options?: {
        strictStringValidation?: boolean;
    }): Integer;
    /**
     * The Integer of a number, a string, a bigint, or an object with `low` and `high`.
     * Bigints wider than 64 bits wrap.
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

/** Functions for integers of any kind. */
export declare const integer: {
    /** The nearest JavaScript number of any kind of integer. */
    toNumber: typeof Integer.toNumber;
    /** The digits of any kind of integer, in a base that is 10 by default. */
    toString: typeof Integer.toString;
    /** Whether a JavaScript number represents the integer exactly, whatever its kind. */
    inSafeRange: typeof Integer.inSafeRange;
};

/**
 * 64-bit integers, as Cypher has them, on a platform whose numbers are exact to 53 bits
 * only. Two's complement arithmetic.
 *
 * The driver makes more Integers than other objects, so an `Integer` is two small integers and nothing else.
 * Addition, comparison and bit operations work on these halves. Multiplication and division use numbers where
 * they are exact, and BigInt otherwise.
 */
/** The arguments of arithmetic and conversions. Fractions are truncated, strings are read in base 10. */
declare type Integerable = number | string | Integer | {
    /** The lower 32 bits, signed. */
    low: number;
    /** The upper 32 bits, signed. */
    high: number;
} | bigint;

/** How {@link Integer.fromValue} reads its argument. */
declare interface IntegerOptions {
    /** Refuse a string that is not entirely a number, instead of reading its beginning. Default false. */
    strictStringValidation?: boolean;
    /** Round fractions up instead of truncating them. Default false. */
    ceilFloat?: boolean;
}

/** Whether a value is a {@link Date}, of this or another copy of the driver. False for JavaScript's Date. */
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
 * Whether a value is a Neo4jError whose transaction is worth a retry: the connection was lost, the failure
 * was transient, or the authorization must be renewed.
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
 * Creates keys and wraps them for storage: with a key of its own, or with a key management system.
 * @experimental part of client-side encryption
 */
export declare interface KeyEncapsulationService {
    /** Makes a new key and wraps it. */
    encapsulate: (options: {
        [name: string]: string;
    }) => Promise<EncapsulationResult>;
    /**
     * Unwraps a key.
     * @param metadata the `options()` of the encapsulation
     * @returns the key, which must be 32 bytes
     */
    decapsulate: (encapsulation: Int8Array, metadata: {
        [name: string]: string;
    }) => Promise<Uint8Array>;
}

/** A private key: the path of its file, with the password if it has one. */
declare type KeyFile = string | {
    /** Path of a PEM file. */
    path: string;
    /** Default: the password of the certificate, if it has one. */
    password?: string;
};

/** A date and a time of day as a calendar and a wall clock show them, without a zone. Frozen. */
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
    /** The instant at which the zone of this process shows this date and time, truncated to milliseconds. */
    toStandardDate(): StandardDate;
    /** The ISO 8601 text, `2024-02-29T10:20:30.000000001`. */
    toString(): string;
    /**
     * Reads a date and a time with a `T` between, as {@link Date.fromString} and
     * {@link LocalTime.fromString} do.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): LocalDateTime;
}

/**
 * Wraps keys with a key of 32 bytes that the application supplies (AES-256-GCM). For tests, and for
 * applications that keep that key in a safe place.
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
     * @throws TypeError if a field is no integer of any kind, Neo4jError if it is out
     * of its range (a leap second is)
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

/** Receives the lines of a log. */
export declare type LoggerFunction = (level: LogLevel, message: string) => unknown;

/** Ready-made settings for {@link LoggingConfig}. */
export declare const logging: {
    /**
     * Writes lines to the console: milliseconds since 1970, the level and the message.
     *
     * @param level the most verbose level to write. Default: `'info'`
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
 * Where log lines go, and which ones. At `'debug'` the driver logs connections, the pool and every
 * message, but never credentials.
 */
export declare interface LoggingConfig {
    /** The most verbose level to log. Default: `'info'`. */
    level?: LogLevel;
    /** Called for each line. If it throws when the driver calls it, the process gets a warning, once. */
    logger: LoggerFunction;
    /**
     * Show parameters and records in debug lines, instead of `{ ... }`. A value of more than 64 KB
     * never appears. Default: false.
     */
    unredactDebugLogs?: boolean;
}

/**
 * Log levels, and the log of a driver.
 */
/** From the least to the most verbose: `error`, `warn`, `info`, `debug`. */
export declare type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** The transaction of a transaction function. The driver ends it. */
export declare class ManagedTransaction {
    #private;
    private constructor();
    /** A view of a transaction, without methods to end it. */
    static fromTransaction(transaction: Transaction): ManagedTransaction;
    /**
     * Runs a query. Results of several queries may be open at once; the server runs the queries one after the
     * other. An error ends the whole transaction.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
     * rules registered for its class, if any. If the query is an object, put the rules into it.
     * @throws TypeError if the query is not text, or the parameters are no object
     * @throws Neo4jError, or what a rule throws, if a parameter is absent or its rule refuses it
     */
    run<R extends RecordShape = RecordShape>(query: Query, parameters?: QueryParameters, parameterRules?: Rules): Result<R>;
}

/** The work of a managed transaction. The driver may call it more than once. */
export declare type ManagedTransactionWork<T> = (tx: ManagedTransaction) => Promise<T> | T;

/** A complete result with objects for records: the value of an awaited result after {@link Result.as}. */
export declare interface MappedQueryResult<R> extends GenericQueryResult<R> {
}

/** A result whose records are read as objects: the same one, see {@link Result.as}. */
declare interface MappedResult<R> extends GenericResult<R, MappedQueryResult<R>> {
}

/** Settings of {@link ResultTransformers.mapped}; at least one of the two. */
declare interface Mapping<R, T> {
    /** Called for each record; undefined drops it. Left out, the records stay as they are. */
    map?: (rec: Record_2) => R | undefined;
    /** Called once at the end. Left out, the value is an object of all three. */
    collect?: (records: R[], summary: ResultSummary, keys: string[]) => T;
}

/** A standard decorator, for a property or a class. */
declare type MappingDecorator = (_: any, context: any) => void;

/**
 * Rules given by decorators. `mappedClass` above a class registers its rules, see
 * {@link RecordObjectMapping}; a decorator ending in `Property` above a property gives its type, with the
 * options of the {@link rule} function of that name. `optionalProperty`, `mapPropertyFromName` and
 * `convertPropertyToType` stand above those; so does `listProperty`, which makes a list of the type below it.
 *
 * They need standard decorators (not TypeScript's `experimentalDecorators`) with `context.metadata`. In a
 * runtime without `Symbol.metadata`, compilers require the program to define it first. Without the metadata,
 * the decorators throw a TypeError.
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
    /** See `rule.asList`. Without `apply`, the rule below applies to the elements. */
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
    /** Makes the rule below take the value of this name. */
    mapPropertyFromName: (name: string) => MappingDecorator;
    /** Makes the rule below convert its node or relationship to an instance of this class, with `as`. */
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
        /** The server cannot be reached. */
        SERVICE_UNAVAILABLE: string;
        /** The server can no longer do this work; another server may. */
        SESSION_EXPIRED: string;
        /** Bytes that Bolt does not allow, or a value that cannot be sent. */
        PROTOCOL_ERROR: string;
    };
    integer: {
        /** The nearest JavaScript number of any kind of integer. */
        toNumber: typeof Integer.toNumber;
        /** The digits of any kind of integer, in a base that is 10 by default. */
        toString: typeof Integer.toString;
        /** Whether a JavaScript number represents the integer exactly, whatever its kind. */
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
 * The error for a failure of the driver or of the server.
 *
 * @example
 * try {
 *   await driver.executeQuery('RETURN 1 / 0')
 * } catch (error) {
 *   if (error instanceof neo4j.Neo4jError) console.log(error.code) // Neo.ClientError.Statement.ArithmeticError
 * }
 */
export declare class Neo4jError extends GQLError {
    /** The server's code (`Neo.ClientError...`), or one of the driver's own; `'N/A'` if there is none. */
    code: string;
    /** @deprecated the older spelling of {@link Neo4jError.retryable} */
    retriable: boolean;
    /**
     * Whether a retry of the whole transaction may succeed and cannot commit twice. Says
     * nothing about auto-commit queries.
     */
    retryable: boolean;
    /**
     * @param message what went wrong
     * @param code the server's code or one of the driver's own
     * @param gqlStatus the GQL status, five characters
     * @param gqlStatusDescription the text of the status
     * @param diagnosticRecord details, if known
     * @param cause the error behind this one, if any
     */
    constructor(message: string, code: Neo4jErrorCode, gqlStatus: string, gqlStatusDescription: string, diagnosticRecord?: DiagnosticRecord, cause?: Error);
    /** @deprecated the older spelling of {@link Neo4jError.isRetryable} */
    static isRetriable(error?: unknown): boolean;
    /** Whether a value is a Neo4jError whose transaction is worth a retry. */
    static isRetryable(error?: unknown): boolean;
}

/** Any text is accepted. These are the codes of the driver itself. */
declare type Neo4jErrorCode = typeof SERVICE_UNAVAILABLE | typeof SESSION_EXPIRED | typeof PROTOCOL_ERROR | typeof NOT_AVAILABLE;

/** A node of the graph, made by the driver from a server's response. It cannot be sent as a parameter. */
export declare class Node<T extends NumberOrInteger = Integer, P extends Properties = Properties, Label extends string = string> {
    /** @deprecated a server reuses the numbers of nodes: use {@link elementId} */
    identity: T;
    /** In the order of the server. */
    labels: Label[];
    /** By name. */
    properties: P;
    /**
     * The id of the node within its database; the digits of {@link identity} if the
     * server sends none (before 5.0).
     */
    elementId: string;
    /**
     * @param identity its number
     * @param labels may be empty
     * @param properties by name
     * @param elementId default: the digits of the number
     */
    constructor(identity: T, labels: Label[], properties: P, elementId?: string);
    /**
     * An object with the node's properties: the ones that the rules name and, for a class, the
     * other properties of a new instance. For a class without rules, the registered rules apply.
     * An absent property is undefined.
     *
     * @throws TypeError if a value is not of the type that its rule demands
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
 * A notification of the server about a query that did run.
 *
 * @deprecated {@link GqlStatusObject} has the same in GQL's terms
 */
export declare class Notification {
    /** For example `Neo.ClientNotification.Statement.UnknownLabelWarning`. */
    code: string;
    /** A short title. */
    title: string;
    /** The full text. */
    description: string;
    /** The place in the query; `{}` if it is not about a place. */
    position: NotificationPosition | {};
    /** The severity; `'UNKNOWN'` if the server's word is none of these. */
    severityLevel: NotificationSeverityLevel;
    /** The severity in the server's own word. */
    rawSeverityLevel: string;
    /** The subject; `'UNKNOWN'` if the server's word is none of these. */
    category: NotificationCategory;
    /** The category in the server's own word. */
    rawCategory?: string;
    /** @param notification as Bolt has it */
    constructor(notification: any);
}

/** The subject of a notification. */
export declare type NotificationCategory = 'HINT' | 'UNRECOGNIZED' | 'UNSUPPORTED' | 'PERFORMANCE' | 'TOPOLOGY' | 'SECURITY' | 'DEPRECATION' | 'GENERIC' | 'SCHEMA' | 'UNKNOWN';

/** @deprecated the older name of {@link notificationClassification} */
export declare const notificationCategory: {
    [key in NotificationCategory]: key;
};

/** The subject of a notification, in GQL's terms. */
export declare type NotificationClassification = NotificationCategory;

/** The names of {@link NotificationClassification}. */
export declare const notificationClassification: {
    [key in NotificationClassification]: key;
};

/**
 * Which notifications the server does not even create. The server decides about settings that are left out.
 */
export declare interface NotificationFilter {
    /** The lowest severity to send; `'OFF'` = none. Default: the server's own setting. */
    minimumSeverityLevel?: NotificationFilterMinimumSeverityLevel;
    /** @deprecated the older name of `disabledClassifications`; only one of them may be given */
    disabledCategories?: NotificationFilterDisabledCategory[];
    /**
     * The classifications to leave out. Default: the server's own setting. Needs Bolt 5.2; the driver uses the
     * names of Bolt 5.6 where the server knows them.
     */
    disabledClassifications?: NotificationFilterDisabledClassification[];
}

/** A category to leave out. */
export declare type NotificationFilterDisabledCategory = Exclude<NotificationCategory, 'UNKNOWN'>;

/** @deprecated the older name of {@link notificationFilterDisabledClassification} */
export declare const notificationFilterDisabledCategory: {
    [key in NotificationFilterDisabledCategory]: key;
};

/** A classification to leave out. */
export declare type NotificationFilterDisabledClassification = Exclude<NotificationClassification, 'UNKNOWN'>;

/** The names of {@link NotificationFilterDisabledClassification}. */
export declare const notificationFilterDisabledClassification: {
    [key in NotificationFilterDisabledClassification]: key;
};

/** The lowest severity to send, or `'OFF'` for none. */
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

/** How severe a notification is. */
export declare type NotificationSeverityLevel = 'WARNING' | 'INFORMATION' | 'UNKNOWN';

/** The names of {@link NotificationSeverityLevel}. */
export declare const notificationSeverityLevel: {
    [key in NotificationSeverityLevel]: key;
};

/** The three kinds in which a 64-bit integer may be held. */
export declare type NumberOrInteger = number | Integer | bigint;

/** The values of a query's parameters, by name. */
declare interface Parameters_2 {
    [key: string]: any;
}
export { Parameters_2 as Parameters }

/** A walk over nodes and relationships. A path of one node has no segments and length 0. */
export declare class Path<T extends NumberOrInteger = Integer> {
    /** Its first node. */
    start: Node<T>;
    /** Its last node; the first one if there are no segments. */
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

/**
 * One step of a {@link Path}. `start` and `end` follow the path; the relationship may point the other way.
 */
export declare class PathSegment<T extends NumberOrInteger = Integer> {
    /** Where the step starts, in the direction of the path. */
    start: Node<T>;
    /** May point either way. */
    relationship: Relationship<T>;
    /** Where the step ends. */
    end: Node<T>;
    /**
     * @param start where the step starts
     * @param rel the relationship of the step
     * @param end where the step ends
     */
    constructor(start: Node<T>, rel: Relationship<T>, end: Node<T>);
}

/** An async iterator that can also look ahead. */
export declare interface PeekableAsyncIterator<T, TReturn = any, TNext = undefined> extends AsyncIterator<T, TReturn, TNext> {
    /**
     * The value of the next `next()`. Does not take the record: another reader that begins before
     * `next()` takes it gets it, too.
     */
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
 * A point in two or three dimensions, in the coordinate reference system that its SRID names (7203 and 9157:
 * Cartesian; 4326 and 4979: WGS 84, where x is the longitude and y the latitude). Frozen.
 */
export declare class Point<T extends NumberOrInteger = Integer> {
    /** Identifier of the coordinate reference system. */
    readonly srid: T;
    /** The first coordinate; the longitude, in degrees, if the SRID is 4326 or 4979. */
    readonly x: number;
    /** The second coordinate; the latitude, in degrees, if the SRID is 4326 or 4979. */
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

/** The connections to one server. Counts start when the driver is created. */
export declare interface PoolMetrics {
    /** `host:port`, with brackets around an IPv6 address. */
    readonly address: string;
    /** Connections in use. */
    readonly inUse: number;
    /** Open connections that are not in use. */
    readonly idle: number;
    /** Connections that are being opened. */
    readonly opening: number;
    /**
     * How many requests wait for a connection to be released, because there are
     * `maxConnectionPoolSize` of them.
     */
    readonly waiting: number;
    /** How many connections were opened, authentication included. */
    readonly created: number;
    /** How many connections have ended, for any reason. */
    readonly closed: number;
    /** How many connections could not be opened. */
    readonly failed: number;
    /** How connections were acquired, and how long that took. */
    readonly acquisitions: AcquisitionMetrics;
}

/**
 * How the server ran a query, and the cost. A missing number is 0.
 *
 * @deprecated {@link QueryProfile} distinguishes a missing number from 0
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
    /** Whether the server sent figures of the page cache. */
    hasPageCacheStats(): boolean;
}

/** Properties of a node or a relationship. */
declare type Properties = {
    [key: string]: any;
};

/** Bytes that the Bolt protocol does not allow at that point. Value of {@link Neo4jError.code}. */
declare const PROTOCOL_ERROR: string;

/** The version of the Bolt protocol in use, and how versions compare. */
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

/** A query: its text, or its text with its parameters and the rules for them. */
export declare type Query = string | String | {
    /** Must not be empty. */
    text: string;
    /** Any object. Default: none. */
    parameters?: QueryParameters;
    /** How to check and convert the parameters. Default: the rules registered for their class, if any. */
    parameterRules?: Rules;
};

/** Settings of executeQuery. */
export declare interface QueryConfig<T = EagerResult> {
    /** Default: `'WRITE'`. */
    routing?: RoutingControl;
    /** Default: the user's home database. */
    database?: string;
    /** The user to impersonate. Default: none. */
    impersonatedUser?: string;
    /** Default: the driver's own, so that each query sees what earlier ones have written; null = none. */
    bookmarkManager?: BookmarkManager | null;
    /** Default: `resultTransformers.eager()`. */
    resultTransformer?: ResultTransformer<T>;
    /** Timeout and metadata of the transaction. Default: none. */
    transactionConfig?: TransactionConfig;
    /** Another user than the driver's. Needs Bolt 5.1. */
    auth?: AuthToken;
    /**
     * Ends the query when aborted. If the query has not succeeded by then, its promise rejects with the reason.
     */
    signal?: AbortSignal;
}

/** The parameters of a query: any object, including interfaces and class instances. */
declare type QueryParameters = any;

/** How the server ran a query, and the cost. A value that the server did not send is null. */
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

/** A complete result: the value of an awaited {@link Result}. */
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
    /** The counts, frozen. They are JavaScript numbers whatever the driver's setting for integers. */
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
     * @param fieldLookup index of each key. Default: made from the keys
     */
    constructor(keys: Key[], fields: any[], fieldLookup?: FieldLookup);
    /** Calls the visitor with value, key and this record for each field, in order. */
    forEach(visitor: Visitor<Entries, Key>): void;
    /** The visitor's return values for value, key and this record of each field, in order. */
    map<Value>(visitor: MapVisitor<Value, Entries, Key>): Value[];
    /** The pairs of key and value, in order. */
    entries(): IterableIterator<[string, any]>;
    /** The values, in order. */
    values(): IterableIterator<any>;
    /** The values, in order. */
    [Symbol.iterator](): IterableIterator<any>;
    /** A new plain object with the record's keys and values. If columns share a name, the last one counts. */
    toObject(): Entries;
    /**
     * The value of a field, by key or by index from 0.
     *
     * @throws Neo4jError if the record has no such field
     */
    get<K extends keyof Entries = keyof Entries>(key: K): Entries[K];
    get(n: number): any;
    /**
     * An object with the record's values: the ones that the rules name and, for a class, the other properties
     * of a new instance. For a class without rules, the registered rules apply.
     *
     * @throws Neo4jError if the record lacks a key, unless its rule is optional
     * @throws TypeError if a value is not of the type that its rule demands
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
 * Settings of object mapping. They apply to the whole process and all drivers in it.
 * Only the name identifies a class.
 */
export declare const RecordObjectMapping: Readonly<{
    /** Removes the rules of all classes. The translation of names stays. */
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
     * Sets the rules of a class. They apply wherever the class is given without rules, and to parameters that
     * are an instance of it. Classes of the same name share them; later rules replace earlier ones.
     *
     * @example
     * neo4j.RecordObjectMapping.register(Person, { name: neo4j.rule.asString() })
     * const { records } = await driver.executeQuery('MATCH (p:Person) RETURN p.name AS name', {}, {
     *   resultTransformer: neo4j.resultTransformers.hydrated(Person),
     * })
     */
    register: <T extends {} = Object>(genericConstructor: GenericConstructor<T>, rules: Rules) => void;
    /**
     * Sets how a property's name becomes the key in a record or the name of a parameter, unless a rule has a
     * `from`. By default they are the same.
     *
     * @example
     * const { getCaseTranslator, translateIdentifiers } = neo4j.RecordObjectMapping
     * translateIdentifiers(getCaseTranslator('snake_case', 'camelCase')) // bornIn comes from born_in
     */
    translateIdentifiers: (translationFunction: (name: string) => string) => void;
}>;

/** The content of a record: keys and the types of their values. */
export declare type RecordShape<Key extends PropertyKey = PropertyKey, Value = any> = {
    [K in Key]: Value;
};

/** A relationship of the graph, with both ends. */
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
 * The records of a query. There are three ways to read them: `await` the result for all of them, iterate with
 * `for await` so that the server sends no faster than the loop works, or `subscribe` to get each record as
 * soon as it arrives. A result can be read once.
 *
 * @example
 * for await (const record of session.run('MATCH (p:Person) RETURN p.name AS name')) {
 *   console.log(record.get('name'))
 * }
 */
export declare class Result<R extends RecordShape = RecordShape> extends GenericResult<Record_2<R>, QueryResult<R>> {
}

/** Observes a result as it arrives; each method is optional. */
export declare interface ResultObserver<R extends RecordShape = RecordShape> extends GenericResultObserver<Record_2<R>> {
}

/**
 * The summary of a query, available once its result is consumed.
 *
 * @example
 * const { summary } = await driver.executeQuery('CREATE (:Person {name: "Alice"})')
 * console.log(summary.counters.updates().nodesCreated) // 1
 */
export declare class ResultSummary<T extends number | Integer | bigint = Integer> {
    /** The query as the server ran it. */
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
    /** @deprecated {@link ResultSummary.queryProfile} distinguishes a missing number from 0 */
    profile: ProfiledPlan | false;
    /** The plan with the cost of running it, for PROFILE; otherwise false. */
    queryProfile: QueryProfile | false;
    /** @deprecated {@link ResultSummary.gqlStatusObjects} has the same in GQL's terms */
    notifications: Notification[];
    /** The outcome of the query and the server's notifications, the most important first. */
    gqlStatusObjects: [GqlStatusObject, ...GqlStatusObject[]];
    /** The server that answered. */
    server: ServerInfo;
    /** Milliseconds until the server had sent all records. */
    resultConsumedAfter: T;
    /** Milliseconds until the server had the first record. */
    resultAvailableAfter: T;
    /** The database of the query; its name is null if the server did not send it. */
    database: {
        name: string | undefined | null;
    };
    /**
     * @param query the text
     * @param parameters the parameters
     * @param metadata the server's metadata about the query
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

/**
 * Turns a result into the value with which executeQuery resolves. It must consume
 * the result before it resolves.
 */
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
     * Maps each record while the result streams, then collects the mapped values.
     *
     * @throws Neo4jError if neither map nor collect is given
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
    /** The first record, or undefined if there is none. The server discards the others. */
    first<Entries extends RecordShape = RecordShape>(): ResultTransformer<Record_2<Entries> | undefined>;
    /** The summary alone. The server discards the records. */
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
     * Sets the certificate of new connections. Open connections stay as they are.
     *
     * @throws TypeError if it is no certificate
     */
    updateCertificate(certificate: ClientCertificate): void;
}

/** The names of {@link RoutingControl}. */
export declare const routing: {
    /** A server that writes. */
    WRITE: 'WRITE';
    /** A server that reads. */
    READ: 'READ';
};

/** Which members of a cluster may run a query of executeQuery. */
export declare type RoutingControl = 'WRITE' | 'READ';

/** What to do with one property of an object on its way from a record, or to the parameters of a query. */
export declare interface Rule {
    /**
     * Whether the value may be absent, null or undefined. Such a value is neither checked
     * nor converted. Default: false.
     */
    optional?: boolean;
    /**
     * The name of the value in the record or the query. Default: the property's own
     * name, translated like all others.
     */
    from?: string;
    /**
     * Converts the record's value to the property's value, after the check. Default: no conversion.
     *
     * @param field what to call the value in an error, such as `Person#name`
     */
    convert?: (recordValue: any, field: string) => any;
    /** Converts the property's value to the parameter, before the check. Not called for null and undefined. */
    parameterConversion?: (objectValue: any) => any;
    /**
     * Throws if it refuses the value. Default: every value is accepted.
     *
     * @param field what to call the value in an error, such as `Person#name`
     */
    validate?: (value: any, field: string) => void;
}

/**
 * Rules for the types of values. Members given to one of these functions go into the rule that it returns,
 * and replace the rule's own. A value of another type fails with a TypeError that names the property.
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
     * Numbers. The driver returns integers as {@link Integer} unless configured otherwise. With `isInteger` the
     * rule takes these, and sends parameters as integers. Default: false, only floating-point numbers.
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
    /** Relationships. To get an object of the properties, convert as in `rule.asNode`. */
    asRelationship(rule?: Rule): Rule;
    /** Paths. */
    asPath(rule?: Rule): Rule;
    /** Points. */
    asPoint(rule?: Rule): Rule;
    /**
     * Durations; with `stringify` (default: false) as text in ISO 8601, both ways.
     *
     * @throws Neo4jError if both `stringify` and a conversion are given; so do all
     * rules with options that convert
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
    /**
     * Dates; as text with `stringify`, as JavaScript's Date with `jsNativeDate`, both ways (default: neither).
     */
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
    /** Arrays. The rule in `apply`, if given, applies to each element. */
    asList(rule?: Rule & {
        apply?: Rule;
    }): Rule;
    /**
     * Vectors, optionally of a given number of coordinates and a given type; with `asTypedList` (default:
     * false) as typed arrays, both ways.
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
     * Maps, as objects of a class or plain objects. The given rules apply, or else the rules registered for the
     * class at the time of this call. Properties without a rule are left out.
     */
    asObject(constructorOrRules: GenericConstructor<Object> | Rules, rules?: Rules): Rule;
}>;

/** A {@link Rule} for each property. */
export declare type Rules = {
    [property: string]: Rule;
};

/** The transaction of a transaction function. The driver ends it. */
export declare class RxManagedTransaction {
    private constructor();
    /**
     * Runs a query with the first subscription to its result.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
     * rules registered for its class, if any. If the query is an object, put the rules into it.
     */
    run(query: Query, parameters?: QueryParameters, parameterRules?: Rules): RxResult;
    /** A view of a transaction, without methods to end it. */
    static fromTransaction(transaction: RxTransaction): RxManagedTransaction;
}

/**
 * The result of a query. The first subscription to one of its parts runs the query. Records take one
 * subscription, keys and summary any number.
 */
export declare class RxResult {
    #private;
    /** The names of the columns, in order. */
    keys(): Observable<string[]>;
    /**
     * The records. Unsubscribing discards the rest.
     *
     * The observable fails if there was a subscription to the records or to the summary alone before.
     */
    records(): Observable<Record_2>;
    /** The summary. A subscription to it before one to the records discards them. */
    consume(): Observable<ResultSummary>;
    /** Holds the records back, after one more. */
    pause(): void;
    /** Lets the records flow again. Resolves with the next one. */
    resume(): Promise<void>;
    /** Pauses after one more record. Resolves with it. */
    push(): Promise<void>;
}

/**
 * A session whose queries and transactions begin with a subscription.
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
     * Runs a query in a transaction of its own, with the first subscription to its result.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
     * rules registered for its class, if any. If the query is an object, put the rules into it.
     */
    run(query: Query, parameters?: QueryParameters, config?: TransactionConfig, parameterRules?: Rules): RxResult;
    /**
     * Begins a transaction that the subscriber ends. Unsubscribing before the
     * transaction is emitted rolls it back.
     *
     * @throws TypeError if the settings are wrong
     */
    beginTransaction(config?: TransactionConfig): Observable<RxTransaction>;
    /**
     * Runs work in a transaction that reads. If the server's failure is temporary, the whole work runs again,
     * and emits again what it emitted before.
     *
     * @throws TypeError if the settings are wrong
     */
    executeRead<T>(work: RxTransactionWork<T>, config?: TransactionConfig): Observable<T>;
    /** Like {@link RxSession.executeRead}, for work that writes. */
    executeWrite<T>(work: RxTransactionWork<T>, config?: TransactionConfig): Observable<T>;
    /** The state that this session has seen and written, for the `bookmarks` of another session. */
    lastBookmarks(): string[];
    /** @deprecated use {@link lastBookmarks}, which returns the same */
    lastBookmark(): string[];
    /** Closes the session with a subscription. Ends work that runs or waits; completes without a value. */
    close(): Observable<any>;
    /** Closes at once, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** A transaction that the subscriber ends with commit or rollback. */
export declare class RxTransaction {
    #private;
    /**
     * Runs a query with the first subscription to its result.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
     * rules registered for its class, if any. If the query is an object, put the rules into it.
     */
    run(query: Query, parameters?: QueryParameters, parameterRules?: Rules): RxResult;
    /** Whether the transaction can be used: neither committed, nor rolled back, nor failed. */
    isOpen(): boolean;
    /** Commits the changes; completes without a value. */
    commit(): Observable<any>;
    /** Rolls the changes back; completes without a value. */
    rollback(): Observable<any>;
    /** Rolls the transaction back if it is open; completes without a value. */
    close(): Observable<any>;
    /** Closes at once, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** The work of a managed transaction. The driver calls it for each subscription and each retry. */
export declare type RxTransactionWork<T> = (tx: RxTransaction) => ObservableInput<T>;

/** A key for encrypting values: 32 bytes, unwrapped. */
export declare type SecretKey = Uint8Array;

/** A code with which a server refuses a user. */
declare type SecurityErrorCode = `Neo.ClientError.Security.${string}`;

/** The server that answered. */
export declare class ServerInfo {
    /** `host:port` */
    address?: string;
    /** Product and version, for example `Neo4j/5.26.0`. */
    agent?: string;
    /** The version of Bolt in use. */
    protocolVersion?: ProtocolVersion;
    /**
     * @param serverMeta its `address` and `version`
     * @param protocolVersion the version of Bolt in use
     */
    constructor(serverMeta?: any, protocolVersion?: ProtocolVersion);
}

/** The server cannot be reached. Value of {@link Neo4jError.code}. */
declare const SERVICE_UNAVAILABLE: string;

/**
 * Runs queries and transactions one after the other. A session is cheap: open one for
 * each chain of work, and close it.
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
     * Runs a query in a transaction of its own, which commits at the end of the result. A failed query is not
     * retried, except once, at once, if the server refuses it and promises that nothing has changed, see
     * {@link Config.disableAutoCommitRetries}. Consume the result before you use the session for anything else.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
     * rules registered for its class, if any. If the query is an object, put the rules into it.
     * @throws TypeError if the query is not text, the parameters are no object, or the settings are wrong
     * @throws Neo4jError, or what a rule throws, if a parameter is absent or its rule refuses it
     */
    run<R extends RecordShape = RecordShape>(query: Query, parameters?: QueryParameters, transactionConfig?: TransactionConfig, parameterRules?: Rules): Result<R>;
    /**
     * Begins a transaction that the caller ends.
     *
     * @throws Neo4jError if the session is closed or has an open transaction
     * @throws TypeError if the settings are wrong
     */
    beginTransaction(transactionConfig?: TransactionConfig): TransactionPromise;
    /**
     * Runs work in a transaction that reads. If the server's failure is temporary, the whole work runs again,
     * so it should have no effects besides its queries.
     *
     * @returns the work's return value, once the transaction has committed
     */
    executeRead<T>(transactionWork: ManagedTransactionWork<T>, transactionConfig?: TransactionConfig): Promise<T>;
    /** Like {@link Session.executeRead}, for work that writes. */
    executeWrite<T>(transactionWork: ManagedTransactionWork<T>, transactionConfig?: TransactionConfig): Promise<T>;
    /** The state that this session has seen and written, for the `bookmarks` of another session. */
    lastBookmarks(): string[];
    /** Closes the session. Ends work that runs or waits. May be called again. */
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

/** The server of this work can no longer do it; another server may. Value of {@link Neo4jError.code}. */
declare const SESSION_EXPIRED: string;

/** Settings of a session. */
export declare interface SessionConfig {
    /** Default: `'WRITE'`. */
    defaultAccessMode?: SessionMode;
    /** Bookmarks that the first transaction waits for. Default: none. */
    bookmarks?: string | string[];
    /** Default: the user's home database. */
    database?: string;
    /** The user to impersonate, which the driver's user must be allowed to do. Default: none. */
    impersonatedUser?: string;
    /** How many records the session asks for at once; -1 = all. Default: the driver's. */
    fetchSize?: number;
    /** Default: none; the session knows only its own bookmarks. */
    bookmarkManager?: BookmarkManager;
    /** Default: the driver's. */
    notificationFilter?: NotificationFilter;
    /** Another user than the driver's, on the driver's connections. Needs Bolt 5.1. */
    auth?: AuthToken;
    /** Default: the driver's. */
    disableAutoCommitRetries?: boolean;
    /**
     * As the driver's setting of the same name. Default, for null too: the driver's. A value other than
     * true and false is a TypeError.
     */
    strictResults?: boolean;
}

/** The access modes of sessions. */
/** Whether the work of a session reads or writes. */
export declare type SessionMode = 'READ' | 'WRITE';

/** Type guards for spatial values. */
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

/** JavaScript's `Date`, as opposed to the temporal type of the same name. */
export declare type StandardDate = globalThis.Date;

/** How many changes of each kind there were; see {@link QueryStatistics.updates}. */
export declare class Stats {
    /** Nodes created. */
    nodesCreated: number;
    /** Nodes deleted. */
    nodesDeleted: number;
    /** Relationships created. */
    relationshipsCreated: number;
    /** Relationships deleted. */
    relationshipsDeleted: number;
    /** Properties set or removed. */
    propertiesSet: number;
    /** Labels added to nodes. */
    labelsAdded: number;
    /** Labels removed from nodes. */
    labelsRemoved: number;
    /** Indexes created. */
    indexesAdded: number;
    /** Indexes dropped. */
    indexesRemoved: number;
    /** Constraints created. */
    constraintsAdded: number;
    /** Constraints dropped. */
    constraintsRemoved: number;
    [key: string]: number;
}

/** Type guards for temporal values. */
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
    /**
     * Local time minus UTC, in seconds. `Date.getTimezoneOffset()` has the opposite sign, and is in minutes.
     */
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
     * Reads a time as {@link LocalTime.fromString} does, with `Z` or an offset such as `+02`,
     * `-0230` or `+02:30:15` after it.
     * @throws Neo4jError for other text
     */
    static fromString(str: string): Time;
}

/**
 * A transaction that the caller begins, and ends with commit or rollback.
 *
 * @example
 * await using transaction = await session.beginTransaction()
 * await transaction.run('CREATE (:Person {name: $name})', { name: 'Alice' })
 * await transaction.commit()
 */
export declare class Transaction {
    #private;
    /**
     * Runs a query. Results of several queries may be open at once; the server runs the queries one after the
     * other. An error ends the whole transaction.
     *
     * @param parameterRules how to check and convert the parameters, which may then be any object. Default: the
     * rules registered for its class, if any. If the query is an object, put the rules into it.
     * @throws TypeError if the query is not text, or the parameters are no object
     * @throws Neo4jError, or what a rule throws, if a parameter is absent or its rule refuses it
     */
    run<R extends RecordShape = RecordShape>(query: Query, parameters?: QueryParameters, parameterRules?: Rules): Result<R>;
    /**
     * Commits the changes. Discards open results first.
     *
     * @throws Neo4jError if the transaction has ended before, or if one of its queries or the commit fails
     */
    commit(): Promise<void>;
    /**
     * Rolls the changes back. Does nothing if an error has ended the transaction.
     *
     * @throws Neo4jError if the transaction was committed or rolled back before
     */
    rollback(): Promise<void>;
    /** Whether the transaction can be used: neither committed, nor rolled back, nor failed. */
    isOpen(): boolean;
    /** Rolls the transaction back if it is open. */
    close(): Promise<void>;
    /** {@link Transaction.close}, for `await using`. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** Settings of one transaction. */
export declare interface TransactionConfig {
    /**
     * Milliseconds after which the server ends the transaction; a fraction is rounded up. 0 = no limit.
     * Default: the server's own setting.
     */
    timeout?: number | Integer | bigint;
    /** The server shows it wherever it lists transactions and queries. */
    metadata?: object;
}

/**
 * A transaction that may not have begun yet. Await it, or use it at once: then its first query does not wait
 * for the server's answer to BEGIN.
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

/** A relationship as a path holds it: its place in the path gives its ends. */
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

/** The placeholder for a value whose type the connection's protocol version cannot carry. Received only. */
/** Stands for a value that the server could not send over this connection. */
export declare class UnsupportedType {
    /** The server's name of the type. */
    name: string;
    /** The Bolt version needed to receive the type, as `"6.1"`. Bolt versions are not driver versions. */
    minimumProtocolVersion: string;
    /** The server's explanation, if it gives one. */
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

/** Universally unique identifiers as a type of their own, with their two notations. */
/** A UUID of 16 bytes. Frozen, except for the bytes themselves. Sending one needs Bolt 6.1. */
export declare class UUID {
    /** For code written for the official driver: see {@link UUID.getTypedArray}. */
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
     * Reads 32 hexadecimal digits in either case, grouped 8-4-4-4-12 or without dashes.
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
 * A vector over a typed array. It keeps the array and does not copy it. Sending one needs Bolt 6.0.
 *
 * @example
 * await driver.executeQuery('RETURN $embedding AS embedding', { embedding: vector(Float32Array.of(0.1, 0.2)) })
 */
export declare class Vector<K extends VectorArray> {
    /** For code written for the official driver: see {@link Vector.getType}. */
    _type: VectorType;
    /** For code written for the official driver: see {@link Vector.asTypedArray}. */
    _typedArray: K;
    /** @throws Neo4jError for anything but a typed array of floats or of signed integers */
    constructor(typedArray: K);
    /** The typed array itself: writing to it changes the vector. */
    asTypedArray(): K;
    /** The type of the coordinates, given by the array. */
    getType(): VectorType;
    /** The vector as a Cypher expression: `vector([1, 2], 2, INTEGER8 NOT NULL)`. */
    toString(): string;
}

/**
 * Makes a {@link Vector}.
 * @throws Neo4jError for anything but a typed array of floats or of signed integers
 */
export declare function vector<K extends VectorArray>(typedArray: K): Vector<K>;

/** Vectors: lists of numbers of one type, as used for embeddings. */
/** The typed arrays that a vector can hold. */
declare type VectorArray = Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | BigInt64Array;

/** The type of the coordinates of a vector. */
export declare type VectorType = 'INT8' | 'INT16' | 'INT32' | 'INT64' | 'FLOAT32' | 'FLOAT64';

/** Called with each field of a record, for its effect. */
export declare type Visitor<Entries extends RecordShape = RecordShape, Key extends keyof Entries = keyof Entries> = MapVisitor<void, Entries, Key>;

export { }
