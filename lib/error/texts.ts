/**
 * What the engine's failures are called: a sentence for each kind of phrase. Those that neo4j-driver has, too, are its
 * words. Knows nothing of which error class a failure becomes.
 */

import { KINDS } from './kinds.js'

/**
 * What the engine says: a kind, and its arguments. An argument may be a phrase.
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
 * What a closed driver says to a request.
 * @internal
 */
export const POOL_CLOSED = 'Pool is closed, it is no more able to serve requests.'

const DISCONNECTED = 'Connection was closed by server'

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
  [KINDS.badToken]: (flaw) => `${DISCONNECTED}. It cannot read the auth token: ${textOf(flaw)}`,
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

  [KINDS.cluster]: (_cause, _code, message) => message as string,
}
