import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { codeOf } from '../../../lib/error/failure.js'
import { KINDS } from '../../../lib/error/kinds.js'
import { type Phrase, textOf } from '../../../lib/error/texts.js'
import { int } from '../../../lib/types/index.js'

const CONNECT =
  'Failed to connect to server. Please ensure that your database is listening on the correct host and port and that you have compatible encryption settings both on Neo4j server and driver. Note that the default encryption setting has changed in Neo4j 4.0. Caused by: '

/** Phrase, code and text. */
type Case = readonly [phrase: Phrase, code: string, text: string]

const CASES: readonly Case[] = [
  [[KINDS.serverCode, 'Neo.A.B.C', null], 'Neo.A.B.C', 'the server answered Neo.A.B.C'],
  [[KINDS.inDoubt, [KINDS.disconnected]], 'ServiceUnavailable', 'Connection was closed by server'],
  [[KINDS.lost, [KINDS.disconnected]], 'SessionExpired', 'Connection was closed by server'],
  [[KINDS.inDoubt, [KINDS.lost, [KINDS.disconnected]]], 'SessionExpired', 'Connection was closed by server'],
  [[KINDS.thrown, int(5)], 'N/A', 'a function of the application threw'],
  [[KINDS.interrupted], 'N/A', 'Ignored either because of an error or RESET'],
  [[KINDS.closed], 'ServiceUnavailable', 'The driver was closed while the request was in flight'],
  [[KINDS.poolClosed], 'N/A', 'Pool is closed, it is no more able to serve requests.'],
  [[KINDS.transactionOver], 'N/A', 'The transaction is over'],
  [
    [KINDS.acquisitionTimeout, int(60_000), int(2), int(0), null],
    'N/A',
    'Connection acquisition timed out in 60000 ms. Pool status: Active conn count = 2, Idle conn count = 0.',
  ],
  [
    [KINDS.badPort, int(65536)],
    'ERR_SOCKET_BAD_PORT',
    'Port should be >= 0 and < 65536. Received type number (65536).',
  ],
  [
    [KINDS.badPort, int('-9223372036854775808')],
    'ERR_SOCKET_BAD_PORT',
    'Port should be >= 0 and < 65536. Received type number (-9223372036854775808).',
  ],
  [[KINDS.disconnected], 'ServiceUnavailable', 'Connection was closed by server'],
  [
    [KINDS.tooLong, int(100_000), int(131_070)],
    'ProtocolError',
    'A message of the server is longer than maxMessageSize, which is 100000 bytes: it has at least 131070. Records like it need a greater maxMessageSize, or a query that returns less in one record',
  ],
  [[KINDS.protocol, 'unknown marker 0xd8'], 'ProtocolError', 'unknown marker 0xd8'],
  [
    [KINDS.http],
    'N/A',
    'Server responded HTTP. Make sure you are not trying to connect to the http endpoint (HTTP defaults to port 7474 whereas BOLT defaults to port 7687)',
  ],
  [[KINDS.unknownVersion, int(0), int(0)], 'N/A', 'Unknown Bolt protocol version: 0.0'],
  [[KINDS.unknownVersion, int(255), int(2)], 'N/A', 'Unknown Bolt protocol version: 255.2'],
  [
    [KINDS.ignored, 'RUN'],
    'ProtocolError',
    'Server ignored RUN, although nothing had failed before. A server does so where something fails in it that it cannot tell, such as a query that nests too deeply for its memory; its log may say more',
  ],
  [
    [KINDS.impersonation, 'bob'],
    'N/A',
    'Driver is connected to the database that does not support user impersonation. Please upgrade to neo4j 4.4.0 or later in order to use this functionality. Trying to impersonate bob.',
  ],
  [
    [KINDS.logoff],
    'N/A',
    'Driver is connected to a database that does not support logoff. Please upgrade to Neo4j 5.5.0 or later in order to use this functionality.',
  ],
  [
    [KINDS.logon],
    'N/A',
    'Driver is connected to a database that does not support logon. Please upgrade to Neo4j 5.5.0 or later in order to use this functionality.',
  ],
  [
    [KINDS.multipleDatabases],
    'N/A',
    'Driver is connected to the database that does not support multiple databases. Please upgrade to neo4j 4.0.0 or later in order to use this functionality',
  ],
  [
    [KINDS.notificationFilter, '{as written}'],
    'N/A',
    'Driver is connected to a database that does not support user notification filters. Please upgrade to Neo4j 5.7.0 or later in order to use this functionality. Trying to set notifications to {as written}.',
  ],
  [[KINDS.route], 'N/A', 'the ROUTE message needs Bolt 4.3 or later'],
  [[KINDS.userSwitch], 'N/A', 'Driver is connected to a database that does not support user switch.'],
  [[KINDS.uuid], 'ProtocolError', 'Cannot pack UUID, negotiated bolt version uses older packstream'],
  [
    [KINDS.vector],
    'N/A',
    'Sending vector types require server and driver to be communicating with Bolt protocol 6.0 or later. Please update your database version.',
  ],
]

describe('what the engine has found to be wrong', () => {
  for (const [phrase, code, text] of CASES) {
    it(`is told under its code: ${text.slice(0, 80)}`, () => {
      assert.equal(textOf(phrase), text)
      assert.equal(codeOf(phrase), code)
    })
  }
})
