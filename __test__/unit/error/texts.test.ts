import assert from 'node:assert/strict'
import { constants } from 'node:os'
import { describe, it } from 'node:test'
import { codeOf, mayHaveCause } from '../../../lib/error/failure.js'
import { KINDS } from '../../../lib/error/kinds.js'
import { rawTable, shownAsJson, shownAsText } from '../../../lib/error/raw-table.js'
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
  ...(
    [
      [KINDS.awaitedToken, 'The auth token manager has not given a token.'],
      [KINDS.awaitedResolver, 'The resolver has not answered.'],
      [KINDS.awaitedCertificates, 'The client certificate provider has not answered, or a file could not be read yet.'],
      [KINDS.awaitedHandshake, 'The server has accepted the connection, and has not answered the handshake.'],
      [KINDS.awaitedGreeting, 'The server has not answered HELLO and LOGON.'],
      [KINDS.awaitedLogon, 'The server has not answered LOGON.'],
      [KINDS.awaitedServer, 'The server has not answered.'],
    ] as const
  ).map(
    ([awaited, text]): Case => [
      [KINDS.acquisitionTimeout, int(5), int(0), int(1), [awaited]],
      'N/A',
      `Connection acquisition timed out in 5 ms. Pool status: Active conn count = 0, Idle conn count = 1. ${text}`,
    ],
  ),
  ...(
    [
      ['null', 'null'],
      ['list', 'a list'],
      ['map', 'a map'],
    ] as const
  ).map(
    ([value, text]): Case => [
      [KINDS.badToken, 'realm', value],
      'ProtocolError',
      `Connection was closed by server. It cannot read the auth token: its 'realm' is ${text}`,
    ],
  ),
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

const NOT_TRUSTED =
  'add the signing certificate, or the server certificate, to the list of certificates trusted by this driver using `neo4j.driver(.., { trustedCertificates:[\'path/to/certificate.crt\']}). This  is a security measure to protect against man-in-the-middle attacks. If you are just trying  Neo4j out and are not concerned about encryption, simply disable it using `encrypted="ENCRYPTION_OFF"` in the driver options. Socket responded with: '

/** Why there is no connection, and the text behind `Caused by: `. */
const REASONS: readonly (readonly [reason: Phrase, text: string])[] = [
  [[KINDS.system, 'connect', 'ConnectionRefused', '127.0.0.1:7687'], 'connect ECONNREFUSED 127.0.0.1:7687'],
  [[KINDS.system, 'read', 'ConnectionReset', null], 'read ECONNRESET'],
  [[KINDS.system, 'read', int(99_999), null], 'read Unknown system error 99999'],
  [
    [KINDS.system, 'connect', int(constants.errno.EADDRNOTAVAIL), '[::1]:7687'],
    process.platform === 'win32'
      ? `connect Unknown system error ${constants.errno.EADDRNOTAVAIL} [::1]:7687`
      : 'connect EADDRNOTAVAIL [::1]:7687',
  ],
  [
    [KINDS.thread, 'PermissionDenied', 'server:7687', 'Operation not permitted (os error 1)'],
    'connect EACCES server:7687 (the driver could not start its thread: Operation not permitted (os error 1))',
  ],
  [[KINDS.hostNotFound, 'db.test'], 'getaddrinfo ENOTFOUND db.test'],
  [[KINDS.lookupAgain, 'db.test'], 'getaddrinfo EAI_AGAIN db.test'],
  [[KINDS.lookup, 'db.test', int(99_999)], 'getaddrinfo Unknown system error 99999 db.test'],
  [[KINDS.connectTimeout, int(900)], 'Failed to establish connection in 900ms'],
  [[KINDS.silence, int(5000)], "Connection lost. Server didn't respond in 5000ms"],
  [
    [KINDS.tlsAlert, int(40), 'HandshakeFailure'],
    'the server ended TLS with alert 40: it has no way of encryption in common with this driver, or demands a client certificate',
  ],
  [
    [KINDS.tlsAlert, int(42), 'BadCertificate'],
    'the server ended TLS with alert 42: it demands a client certificate, or does not accept the one shown',
  ],
  [
    [KINDS.tlsAlert, int(43), 'UnsupportedCertificate'],
    'the server ended TLS with alert 43: it does not accept client certificates of this kind',
  ],
  [
    [KINDS.tlsAlert, int(44), 'CertificateRevoked'],
    'the server ended TLS with alert 44: the client certificate has been revoked',
  ],
  [
    [KINDS.tlsAlert, int(45), 'CertificateExpired'],
    'the server ended TLS with alert 45: the client certificate has expired',
  ],
  [
    [KINDS.tlsAlert, int(46), 'CertificateUnknown'],
    'the server ended TLS with alert 46: it does not accept the client certificate',
  ],
  [
    [KINDS.tlsAlert, int(48), 'UnknownCA'],
    'the server ended TLS with alert 48: it does not know who issued the client certificate',
  ],
  [[KINDS.tlsAlert, int(49), 'AccessDenied'], 'the server ended TLS with alert 49: it does not let this client in'],
  [
    [KINDS.tlsAlert, int(70), 'ProtocolVersion'],
    'the server ended TLS with alert 70: it speaks neither TLS 1.2 nor TLS 1.3',
  ],
  [
    [KINDS.tlsAlert, int(71), 'InsufficientSecurity'],
    'the server ended TLS with alert 71: it wants a stronger encryption',
  ],
  [
    [KINDS.tlsAlert, int(112), 'UnrecognisedName'],
    'the server ended TLS with alert 112: it does not know the host by this name',
  ],
  [
    [KINDS.tlsAlert, int(116), 'CertificateRequired'],
    'the server ended TLS with alert 116: it demands a client certificate',
  ],
  [[KINDS.tlsAlert, int(50), 'DecodeError'], 'the server ended TLS with alert 50 (DecodeError)'],
  [
    [KINDS.badSignature],
    'the server does not prove that its certificate is its own, or its key is of a kind that cannot be used: it has to be RSA of 2048 bits or more, ECDSA on P-256 or P-384, or Ed25519',
  ],
  [[KINDS.notTls], 'what the server says is not TLS'],
  [[KINDS.tlsFailure, 'peer misbehaved'], 'TLS failed: peer misbehaved'],
  [[KINDS.tlsSetup, 'no ciphers'], 'no ciphers'],
  [
    [KINDS.tlsEnded],
    'Client network socket disconnected before secure TLS connection was established (does the server speak TLS on this port?)',
  ],
  [[KINDS.noCertificateFor, 'not a host'], 'no certificate can be for not a host'],
  [[KINDS.unusableKey], "the client certificate's key is of a kind that cannot be used"],
  [[KINDS.wrongKey], 'the client certificate and its key do not belong together'],
  [
    [KINDS.untrusted, true, true, [KINDS.certificateRevoked]],
    `Server certificate is not trusted. If you trust the database you are connecting to, use TRUST_CUSTOM_CA_SIGNED_CERTIFICATES and ${NOT_TRUSTED}CERT_REVOKED (it has been revoked)`,
  ],
  [
    [KINDS.untrusted, false, false, [KINDS.certificateSelfSigned]],
    `Server certificate is not trusted. If you trust the database you are connecting to, ${NOT_TRUSTED}DEPTH_ZERO_SELF_SIGNED_CERT (it is self-signed, and is not among those that are trusted; there is no certificate in what was to be trusted)`,
  ],
]

/** What is wrong with a certificate: Node's name, and a text. */
const FLAWS: readonly (readonly [flaw: Phrase, text: string])[] = [
  [[KINDS.certificateExpired, '2026-01-31'], 'CERT_HAS_EXPIRED (it expired on 2026-01-31)'],
  [[KINDS.certificateExpired, null], 'CERT_HAS_EXPIRED (it has expired)'],
  [[KINDS.certificateNotYetValid, '2026-01-31'], 'CERT_NOT_YET_VALID (it is not valid before 2026-01-31)'],
  [[KINDS.certificateNotYetValid, null], 'CERT_NOT_YET_VALID (it is not valid yet)'],
  [
    [KINDS.certificateOtherHost, 'other.example', 'host.example'],
    'ERR_TLS_CERT_ALTNAME_INVALID (it is for other.example, not for host.example)',
  ],
  [
    [KINDS.certificateOtherHost, null, 'host.example'],
    'ERR_TLS_CERT_ALTNAME_INVALID (it is for no host, so not for host.example)',
  ],
  [[KINDS.certificateOtherHost, null, null], 'ERR_TLS_CERT_ALTNAME_INVALID (it is for another host)'],
  [
    [KINDS.certificateCommonNameOnly, '127.0.0.1'],
    'ERR_TLS_CERT_ALTNAME_INVALID (it has 127.0.0.1 as its common name only, which does not count for addresses)',
  ],
  [[KINDS.certificateOld], 'CERT_REJECTED (it is an X.509 certificate of version 1, where version 3 is needed)'],
  [[KINDS.certificateSelfSignedInChain, 'Root'], 'SELF_SIGNED_CERT_IN_CHAIN (its issuer, Root, is unknown)'],
  [[KINDS.certificateUnknownLeafIssuer, 'Root'], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE (its issuer, Root, is unknown)'],
  [[KINDS.certificateUnknownIssuer, null], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY (its issuer is unknown)'],
  [[KINDS.certificateWrongSignature], 'CERT_SIGNATURE_FAILURE (its signature is wrong)'],
  [[KINDS.certificateWrongPurpose], 'INVALID_PURPOSE (it is not meant for servers)'],
  [
    [KINDS.certificateUnknownAlgorithm],
    'CERT_REJECTED (it, or one that it depends on, is signed with an algorithm that is not supported)',
  ],
  [[KINDS.certificateRefused, 'BadEncoding'], 'CERT_REJECTED (it is refused: BadEncoding)'],
  [[KINDS.certificateRejected, 'general error'], 'CERT_REJECTED (general error)'],
]

const TABLE: Phrase = [KINDS.routingTable, 'db', int(0), int('9223372036854775807'), ['a:1'], ['b:1', '[::1]:2'], []]
const SHOWN =
  'RoutingTable[database=db, expirationTime=0, currentTime=9223372036854775807, routers=[a:1], readers=[b:1,[::1]:2], writers=[]]'

/** What goes wrong in a cluster: phrase, code and text. */
const OF_CLUSTER: readonly Case[] = [
  [
    [KINDS.noRouters, [KINDS.disconnected], TABLE],
    'ServiceUnavailable',
    `Could not perform discovery. No routing servers available. Known routing table: ${SHOWN}`,
  ],
  [
    [KINDS.noRouters, null, [KINDS.routingTable, null, int(1), int(2), [], [], []]],
    'ServiceUnavailable',
    'Could not perform discovery. No routing servers available. Known routing table: RoutingTable[database=default database, expirationTime=1, currentTime=2, routers=[], readers=[], writers=[]]',
  ],
  [[KINDS.noSeeds, null], 'ServiceUnavailable', 'Could not perform discovery. No routing servers available.'],
  [
    [KINDS.noServers, null, 'db', 'READ'],
    'ServiceUnavailable',
    "No servers available for database 'db' with access mode 'READ'",
  ],
  [
    [KINDS.noServers, null, null, 'WRITE'],
    'ServiceUnavailable',
    "No servers available for database 'null' with access mode 'WRITE'",
  ],
  [
    [KINDS.notARouter, null, 'seed:1'],
    'ServiceUnavailable',
    "Server at seed:1 can't perform routing. Make sure you are connecting to a causal cluster",
  ],
  [
    [KINDS.noServer, null, 'READ', TABLE],
    'SessionExpired',
    `Failed to obtain connection towards read server. Known routing table is: ${SHOWN}`,
  ],
  [
    [KINDS.noServer, null, 'WRITE', TABLE],
    'SessionExpired',
    `Failed to obtain connection towards write server. Known routing table is: ${SHOWN}`,
  ],
  [[KINDS.notAWriter, null, 'd:1'], 'SessionExpired', 'No longer possible to write to server at d:1'],
  [[KINDS.noneOfRole, null, 'seed:1', 'readers'], 'ProtocolError', 'Received no readers from router seed:1'],
  ...(
    [
      [{}, [KINDS.timeToLiveMissing], '{}', 'the time to live is missing'],
      [{ ttl: null }, [KINDS.timeToLiveNull], '{"ttl":null}', 'the time to live is null'],
      [{ ttl: '' }, [KINDS.timeToLiveEmpty], '{"ttl":""}', 'number format error: empty string'],
      [null, [KINDS.timeToLiveMissing], 'null', 'the time to live is missing'],
    ] as const
  ).map(
    ([table, flaw, dump, reason]): Case => [
      [KINDS.badTimeToLive, null, 'router:7687', flaw, [KINDS.rawResponse, { rt: table }]],
      'ProtocolError',
      `Unable to parse TTL entry from router router:7687 from raw routing table:\n{"_response":{"rt":${dump}}}\nError message: ${reason}`,
    ],
  ),
  [
    [KINDS.badTimeToLive, null, 'r:1', [KINDS.timeToLiveNull], [KINDS.rawRecord, ['ttl', 'x'], [int(3), null]]],
    'ProtocolError',
    'Unable to parse TTL entry from router r:1 from raw routing table:\n{"_record":{"keys":["ttl","x"],"length":2,"_fields":[{"low":3,"high":0},null],"_fieldLookup":{"ttl":0,"x":1}}}\nError message: the time to live is null',
  ],
  ...(
    [
      [[null], [KINDS.serverNull], '[null]', 'a server is null'],
      [[{ role: 'READ' }], [KINDS.addressesNoList], '[{"role":"READ"}]', 'Array expected but got: undefined'],
      [
        [{ role: 'READ', addresses: 'a:1' }],
        [KINDS.addressesNoList, 'a:1'],
        '[{"role":"READ","addresses":"a:1"}]',
        'Array expected but got: a:1',
      ],
      [
        [{ role: 'READ', addresses: [int(1)] }],
        [KINDS.addressNoText, int(1)],
        '[{"role":"READ","addresses":[{"low":1,"high":0}]}]',
        '"URL" expected to be string but was: {"low":1,"high":0}',
      ],
      [
        [{ role: 'READ', addresses: [':7687'] }],
        [KINDS.addressNoHost, ':7687'],
        '[{"role":"READ","addresses":[":7687"]}]',
        'Illegal host :7687',
      ],
    ] as const
  ).map(
    ([servers, flaw, dump, reason]): Case => [
      [KINDS.badServers, null, 'router:7687', flaw, servers],
      'ProtocolError',
      `Unable to parse servers entry from router router:7687 from addresses:\n${dump}\nError message: ${reason}`,
    ],
  ),
  [
    [KINDS.badServers, null, 'r:1', [KINDS.serversNoList]],
    'ProtocolError',
    'Unable to parse servers entry from router r:1 from addresses:\nundefined\nError message: the servers are no list',
  ],
  [
    [KINDS.recordCount, null, int(0)],
    'ProtocolError',
    'Illegal response from router. Received 0 records but expected only one.\n[]',
  ],
  [
    [KINDS.recordCount, null, int(2), [KINDS.rawRecord, ['ttl'], [int(3)]], [KINDS.rawRecord, ['ttl'], [null]]],
    'ProtocolError',
    'Illegal response from router. Received 2 records but expected only one.\n[{"keys":["ttl"],"length":1,"_fields":[{"low":3,"high":0}],"_fieldLookup":{"ttl":0}},{"keys":["ttl"],"length":1,"_fields":[null],"_fieldLookup":{"ttl":0}}]',
  ],
]

describe('what goes wrong in a cluster', () => {
  for (const [phrase, code, text] of OF_CLUSTER) {
    it(`is told under its code: ${text.slice(0, 140)}`, () => {
      assert.equal(textOf(phrase), text)
      assert.equal(codeOf(phrase), code)
      assert.equal(mayHaveCause(phrase), true)
    })
  }
})

describe('what a router said', () => {
  it('looks as in neo4j-driver', () => {
    const value = [null, true, int(-1), int('-9223372036854775803'), Int8Array.of(97, -1), { a: int(7), b: [] }]
    assert.equal(
      shownAsJson(value),
      '[null,true,{"low":-1,"high":-1},{"low":5,"high":-2147483648},{"0":97,"1":-1},{"a":{"low":7,"high":0},"b":[]}]',
    )
    assert.equal(shownAsJson(undefined), 'undefined')
    for (const [number, text] of [
      [1.5, '1.5'],
      [2, '2'],
      [-0, '0'],
      [1e20, '100000000000000000000'],
      [1e21, '1e+21'],
      [1e-7, '1e-7'],
      [Number.NaN, 'null'],
    ] as const) {
      assert.equal(shownAsJson(number), text)
    }
    assert.equal(shownAsJson('a"b\\c\n\r\t\b\f\u0001\u007fü\u2028'), '"a\\"b\\\\c\\n\\r\\t\\b\\f\\u0001\u007fü\u2028"')
  })

  it('is a text of anything', () => {
    for (const [value, text] of [
      [undefined, 'undefined'],
      [null, 'null'],
      ['a', 'a'],
      [int('1152921504606846976'), '1152921504606846976'],
      [Number.NEGATIVE_INFINITY, '-Infinity'],
      [0.5, '0.5'],
      [{}, '[object Object]'],
      [{ toString: 1, valueOf: 1 }, '[object Object]'],
    ] as const) {
      assert.equal(shownAsText(value), text)
    }
  })

  it('is cut between characters where it is too long', () => {
    for (const value of ['ü'.repeat(4096), Array(4096).fill(int(1)), 'x'.repeat(2047), new Int8Array(4096)]) {
      const shown = shownAsJson(value)
      const length = Buffer.byteLength(shown) - '... (cut)'.length
      assert.ok(shown.endsWith('... (cut)') && length <= 2048 && length > 2044, `${length}: ${shown}`)
      assert.ok(!shown.includes('\ufffd'))
    }
    assert.equal(shownAsJson('x'.repeat(2046)).length, 2048)
    assert.equal(shownAsText(`${'x'.repeat(2047)}ü`), `${'x'.repeat(2047)}... (cut)`)
  })

  it('may be anything', () => {
    const broken = {
      get toJSON(): never {
        throw new Error('broken')
      },
    }
    assert.equal(shownAsJson([broken]), '[object Array]')
    const lookup = '{"_record":{"keys":["__proto__"],"length":1,"_fields":[1],"_fieldLookup":{"__proto__":0}}}'
    assert.equal(shownAsJson(rawTable([KINDS.rawRecord, ['__proto__'], [1]])), lookup)
    // The engine has left it out.
    assert.equal(shownAsJson(rawTable([KINDS.rawResponse, null])), '{"_response":null}')
  })
})

describe('why there is no connection', () => {
  for (const [reason, text] of REASONS) {
    it(`is told behind what to look at: ${text.slice(0, 80)}`, () => {
      const failure: Phrase = [KINDS.connect, reason]
      assert.equal(textOf(failure), CONNECT + text)
      assert.equal(codeOf(failure), 'ServiceUnavailable')
      assert.equal(codeOf([KINDS.lost, failure]), 'SessionExpired')
    })
  }

  for (const [flaw, text] of FLAWS) {
    it(`is what is wrong with a certificate: ${text}`, () => {
      assert.equal(textOf([KINDS.untrusted, false, true, flaw]).split('Socket responded with: ')[1], text)
    })
  }
})

describe('what the engine has found to be wrong', () => {
  for (const [phrase, code, text] of CASES) {
    it(`is told under its code: ${text.slice(0, 80)}`, () => {
      assert.equal(textOf(phrase), text)
      assert.equal(codeOf(phrase), code)
    })
  }
})
