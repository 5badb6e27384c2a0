/**
 * A sentence for each kind of phrase with which the engine reports a failure. Where neo4j-driver has a
 * sentence for it, this is the same one.
 */

import { KINDS } from './kinds.js'
import { rawRecord, rawTable, shownAsJson, shownAsText } from './raw-table.js'
import { systemErrorName } from './system-error.js'

/**
 * What the engine reports: a kind, and its arguments. An argument may be a phrase.
 * @internal
 */
export type Phrase = readonly unknown[]

/**
 * The kind of a phrase, one of {@link KINDS}.
 * @internal
 */
export function kindOf(phrase: Phrase): number {
  return Number(phrase[0])
}

/**
 * The sentence for a phrase. A text is its own sentence.
 * @internal
 */
export function textOf(phrase: unknown): string {
  if (typeof phrase === 'string') return phrase
  const [kind, ...args] = phrase as Phrase
  return TEXTS[Number(kind)]?.(...args) ?? ''
}

/**
 * The message for a request to a closed driver.
 * @internal
 */
export const POOL_CLOSED = 'Pool is closed, it is no more able to serve requests.'

const DISCONNECTED = 'Connection was closed by server'

const NO_DISCOVERY = 'Could not perform discovery. No routing servers available.'

/** A part of a message, in front of the sentence for its reason. */
const CONNECT =
  'Failed to connect to server. Please ensure that your database is listening on the correct host and port and that you ' +
  'have compatible encryption settings both on Neo4j server and driver. Note that the default encryption setting has ' +
  'changed in Neo4j 4.0. Caused by: '

const TEXTS: Record<number, (...args: unknown[]) => string> = {
  [KINDS.serverCode]: (code) => `the server answered ${code}`,
  [KINDS.inDoubt]: textOf,
  [KINDS.lost]: textOf,
  [KINDS.thrown]: () => 'a function of the application threw',
  [KINDS.interrupted]: () => 'Ignored either because of an error or RESET',
  [KINDS.closed]: () => 'The driver was closed while the request was in flight',
  [KINDS.poolClosed]: () => POOL_CLOSED,
  [KINDS.transactionOver]: () => 'The transaction is over',
  [KINDS.acquisitionTimeout]: (limit, active, idle, awaited) =>
    `Connection acquisition timed out in ${limit} ms. Pool status: Active conn count = ${active}, ` +
    `Idle conn count = ${idle}.${awaited == null ? '' : ` ${textOf(awaited)}`}`,
  [KINDS.badPort]: (port) => `Port should be >= 0 and < 65536. Received type number (${port}).`,
  [KINDS.disconnected]: () => DISCONNECTED,
  [KINDS.badToken]: (key, value) =>
    `${DISCONNECTED}. It cannot read the auth token: its '${key}' is ${value === 'null' ? value : `a ${value}`}`,
  [KINDS.tooLong]: (limit, announced) =>
    `A message of the server is longer than maxMessageSize, which is ${limit} bytes: it has at least ${announced}. ` +
    'Records like it need a greater maxMessageSize, or a query that returns less in one record',
  [KINDS.connect]: (reason) => CONNECT + textOf(reason),
  [KINDS.protocol]: textOf,
  [KINDS.http]: () =>
    'Server responded HTTP. Make sure you are not trying to connect to the http endpoint ' +
    '(HTTP defaults to port 7474 whereas BOLT defaults to port 7687)',
  [KINDS.unknownVersion]: (major, minor) => `Unknown Bolt protocol version: ${major}.${minor}`,
  [KINDS.ignored]: (request) =>
    `Server ignored ${request}, although nothing had failed before. A server does so where something fails in it ` +
    'that it cannot tell, such as a query that nests too deeply for its memory; its log may say more',

  [KINDS.impersonation]: (user) =>
    'Driver is connected to the database that does not support user impersonation. Please upgrade to neo4j 4.4.0 or ' +
    `later in order to use this functionality. Trying to impersonate ${user}.`,
  [KINDS.logoff]: () =>
    'Driver is connected to a database that does not support logoff. Please upgrade to Neo4j 5.5.0 or later in order ' +
    'to use this functionality.',
  [KINDS.logon]: () =>
    'Driver is connected to a database that does not support logon. Please upgrade to Neo4j 5.5.0 or later in order ' +
    'to use this functionality.',
  [KINDS.multipleDatabases]: () =>
    'Driver is connected to the database that does not support multiple databases. Please upgrade to neo4j 4.0.0 or ' +
    'later in order to use this functionality',
  [KINDS.notificationFilter]: (filter) =>
    'Driver is connected to a database that does not support user notification filters. Please upgrade to Neo4j 5.7.0 ' +
    `or later in order to use this functionality. Trying to set notifications to ${filter}.`,
  [KINDS.route]: () => 'the ROUTE message needs Bolt 4.3 or later',
  [KINDS.userSwitch]: () => 'Driver is connected to a database that does not support user switch.',
  [KINDS.uuid]: () => 'Cannot pack UUID, negotiated bolt version uses older packstream',
  [KINDS.vector]: () =>
    'Sending vector types require server and driver to be communicating with Bolt protocol 6.0 or later. Please update ' +
    'your database version.',

  // Reasons of `connect`.
  [KINDS.system]: (operation, error, address) =>
    `${operation} ${systemErrorName(error)}${address == null ? '' : ` ${address}`}`,
  [KINDS.thread]: (error, address, text) =>
    `connect ${systemErrorName(error)} ${address} (the driver could not start its thread: ${text})`,
  [KINDS.hostNotFound]: (host) => `getaddrinfo ENOTFOUND ${host}`,
  [KINDS.lookupAgain]: (host) => `getaddrinfo EAI_AGAIN ${host}`,
  [KINDS.lookup]: (host, error) => `getaddrinfo ${systemErrorName(error)} ${host}`,
  [KINDS.connectTimeout]: (limit) => `Failed to establish connection in ${limit}ms`,
  [KINDS.silence]: (limit) => `Connection lost. Server didn't respond in ${limit}ms`,
  [KINDS.tlsAlert]: (number, name) => {
    const meaning = ALERTS[Number(number)]
    return `the server ended TLS with alert ${number}${meaning === undefined ? ` (${name})` : `: ${meaning}`}`
  },
  [KINDS.badSignature]: () =>
    'the server does not prove that its certificate is its own, or its key is of a kind that cannot be used: it has ' +
    'to be RSA of 2048 bits or more, ECDSA on P-256 or P-384, or Ed25519',
  [KINDS.notTls]: () => 'what the server says is not TLS',
  [KINDS.tlsFailure]: (text) => `TLS failed: ${text}`,
  [KINDS.tlsSetup]: textOf,
  [KINDS.tlsEnded]: () =>
    'Client network socket disconnected before secure TLS connection was established (does the server speak TLS on ' +
    'this port?)',
  [KINDS.noCertificateFor]: (host) => `no certificate can be for ${host}`,
  [KINDS.unusableKey]: () => "the client certificate's key is of a kind that cannot be used",
  [KINDS.wrongKey]: () => 'the client certificate and its key do not belong together',
  [KINDS.untrusted]: (ofSystem, anyTrusted, flaw) =>
    'Server certificate is not trusted. If you trust the database you are connecting to, ' +
    `${ofSystem === true ? 'use TRUST_CUSTOM_CA_SIGNED_CERTIFICATES and ' : ''}add the signing certificate, or the ` +
    'server certificate, to the list of certificates trusted by this driver using ' +
    "`neo4j.driver(.., { trustedCertificates:['path/to/certificate.crt']}). This  is a security measure to protect " +
    'against man-in-the-middle attacks. If you are just trying  Neo4j out and are not concerned about encryption, ' +
    'simply disable it using `encrypted="ENCRYPTION_OFF"` in the driver options. Socket responded with: ' +
    `${CERTIFICATE_CODES[kindOf(flaw as Phrase)]} (${textOf(flaw)}` +
    `${anyTrusted === true ? '' : '; there is no certificate in what was to be trusted'})`,

  // What is wrong with a certificate.
  [KINDS.certificateExpired]: (day) => (day == null ? 'it has expired' : `it expired on ${day}`),
  [KINDS.certificateNotYetValid]: (day) => (day == null ? 'it is not valid yet' : `it is not valid before ${day}`),
  [KINDS.certificateOtherHost]: (names, host) => {
    if (host == null) return 'it is for another host'
    return names == null ? `it is for no host, so not for ${host}` : `it is for ${names}, not for ${host}`
  },
  [KINDS.certificateCommonNameOnly]: (host) =>
    `it has ${host} as its common name only, which does not count for addresses`,
  [KINDS.certificateOld]: () => 'it is an X.509 certificate of version 1, where version 3 is needed',
  [KINDS.certificateSelfSigned]: () => 'it is self-signed, and is not among those that are trusted',
  [KINDS.certificateSelfSignedInChain]: unknownIssuer,
  [KINDS.certificateUnknownLeafIssuer]: unknownIssuer,
  [KINDS.certificateUnknownIssuer]: unknownIssuer,
  [KINDS.certificateWrongSignature]: () => 'its signature is wrong',
  [KINDS.certificateWrongPurpose]: () => 'it is not meant for servers',
  [KINDS.certificateRevoked]: () => 'it has been revoked',
  [KINDS.certificateUnknownAlgorithm]: () =>
    'it, or one that it depends on, is signed with an algorithm that is not supported',
  [KINDS.certificateRefused]: (text) => `it is refused: ${text}`,
  [KINDS.certificateRejected]: textOf,

  // Which peer has not done what, when the time for acquiring a connection is up.
  [KINDS.awaitedToken]: () => 'The auth token manager has not given a token.',
  [KINDS.awaitedResolver]: () => 'The resolver has not answered.',
  [KINDS.awaitedCertificates]: () =>
    'The client certificate provider has not answered, or a file could not be read yet.',
  [KINDS.awaitedHandshake]: () => 'The server has accepted the connection, and has not answered the handshake.',
  [KINDS.awaitedGreeting]: () => 'The server has not answered HELLO and LOGON.',
  [KINDS.awaitedLogon]: () => 'The server has not answered LOGON.',
  [KINDS.awaitedServer]: () => 'The server has not answered.',

  // What goes wrong in a cluster.
  [KINDS.noRouters]: (_cause, table) => `${NO_DISCOVERY} Known routing table: ${textOf(table)}`,
  [KINDS.noSeeds]: () => NO_DISCOVERY,
  [KINDS.noServers]: (_cause, database, mode) =>
    `No servers available for database '${database}' with access mode '${mode}'`,
  [KINDS.notARouter]: (_cause, address) =>
    `Server at ${address} can't perform routing. Make sure you are connecting to a causal cluster`,
  [KINDS.noServer]: (_cause, mode, table) =>
    `Failed to obtain connection towards ${mode === 'READ' ? 'read' : 'write'} server. ` +
    `Known routing table is: ${textOf(table)}`,
  [KINDS.notAWriter]: (_cause, address) => `No longer possible to write to server at ${address}`,
  [KINDS.noneOfRole]: (_cause, router, role) => `Received no ${role} from router ${router}`,
  [KINDS.badTimeToLive]: (_cause, router, flaw, said) =>
    `Unable to parse TTL entry from router ${router} from raw routing table:\n` +
    `${shownAsJson(rawTable(said as Phrase))}\nError message: ${textOf(flaw)}`,
  [KINDS.badServers]: (_cause, router, flaw, servers) =>
    `Unable to parse servers entry from router ${router} from addresses:\n` +
    `${shownAsJson(servers)}\nError message: ${textOf(flaw)}`,
  [KINDS.recordCount]: (_cause, count, ...records) =>
    `Illegal response from router. Received ${count} records but expected only one.\n` +
    shownAsJson(records.map((record) => rawRecord((record as Phrase).slice(1)))),
  [KINDS.routingTable]: (database, expires, now, routers, readers, writers) =>
    `RoutingTable[database=${database ?? 'default database'}, expirationTime=${expires}, currentTime=${now}, ` +
    `routers=[${routers}], readers=[${readers}], writers=[${writers}]]`,
  [KINDS.timeToLiveMissing]: () => 'the time to live is missing',
  [KINDS.timeToLiveNull]: () => 'the time to live is null',
  [KINDS.timeToLiveEmpty]: () => 'number format error: empty string',
  [KINDS.serversNoList]: () => 'the servers are no list',
  [KINDS.serverNull]: () => 'a server is null',
  [KINDS.addressesNoList]: (addresses) => `Array expected but got: ${shownAsText(addresses)}`,
  [KINDS.addressNoText]: (address) => `"URL" expected to be string but was: ${shownAsJson(address)}`,
  [KINDS.addressNoHost]: (address) => `Illegal host ${shownAsText(address)}`,
}

function unknownIssuer(issuer: unknown): string {
  return issuer == null ? 'its issuer is unknown' : `its issuer, ${issuer}, is unknown`
}

/** Node's names for what is wrong with a certificate. */
const CERTIFICATE_CODES: Record<number, string> = {
  [KINDS.certificateExpired]: 'CERT_HAS_EXPIRED',
  [KINDS.certificateNotYetValid]: 'CERT_NOT_YET_VALID',
  [KINDS.certificateOtherHost]: 'ERR_TLS_CERT_ALTNAME_INVALID',
  [KINDS.certificateCommonNameOnly]: 'ERR_TLS_CERT_ALTNAME_INVALID',
  [KINDS.certificateOld]: 'CERT_REJECTED',
  [KINDS.certificateSelfSigned]: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  [KINDS.certificateSelfSignedInChain]: 'SELF_SIGNED_CERT_IN_CHAIN',
  [KINDS.certificateUnknownLeafIssuer]: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  [KINDS.certificateUnknownIssuer]: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  [KINDS.certificateWrongSignature]: 'CERT_SIGNATURE_FAILURE',
  [KINDS.certificateWrongPurpose]: 'INVALID_PURPOSE',
  [KINDS.certificateRevoked]: 'CERT_REVOKED',
  [KINDS.certificateUnknownAlgorithm]: 'CERT_REJECTED',
  [KINDS.certificateRefused]: 'CERT_REJECTED',
  [KINDS.certificateRejected]: 'CERT_REJECTED',
}

/** The TLS alerts that a client can do something about. RFC 8446, 6.2. */
const ALERTS: Record<number, string> = {
  40: 'it has no way of encryption in common with this driver, or demands a client certificate',
  // What servers on Java send when there is none.
  42: 'it demands a client certificate, or does not accept the one shown',
  43: 'it does not accept client certificates of this kind',
  44: 'the client certificate has been revoked',
  45: 'the client certificate has expired',
  46: 'it does not accept the client certificate',
  48: 'it does not know who issued the client certificate',
  49: 'it does not let this client in',
  70: 'it speaks neither TLS 1.2 nor TLS 1.3',
  71: 'it wants a stronger encryption',
  112: 'it does not know the host by this name',
  116: 'it demands a client certificate',
}
