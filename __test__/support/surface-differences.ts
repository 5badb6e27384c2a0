/**
 * Where our module differs from neo4j-driver 6.3.0 to code that inspects it, and why. The test
 * surface.test.ts finds exactly these differences, no more and no fewer.
 */
import type { Neo4j } from './drivers.js'
import type { Difference } from './surface.js'

/**
 * A kind of difference that occurs everywhere, and that no program notices by calling methods and reading
 * properties.
 */
export interface GeneralDifference {
  readonly reason: string
  covers(difference: Difference): boolean
}

/** Differences with a common reason. F1 to F10 are the faults of 6.3.0 that ours must not have. */
export interface DeliberateDifference {
  readonly part: 'exports' | 'instances'
  readonly reason: string
  /** `path: what theirs has -> what ours has`, see surface.ts. */
  readonly differences: readonly string[]
}

export const GENERAL: readonly GeneralDifference[] = [
  {
    reason:
      'The classes are those of the language, not functions with a prototype: `for (const key in value)` does not come by their methods, ' +
      'and they are not called without `new`. Their methods have names, where those of 6.3.0 have none.',
    covers: ({ theirs, ours }) =>
      theirs !== undefined && ours !== undefined && same(theirs) === same(ours, nameOf(theirs) === ''),
  },
  {
    reason:
      'What begins with an underscore is no part of the API. That of 6.3.0 which other packages are known to read is there all the same: ' +
      '`_config`, `_log`, `_supportsRouting`, `_isEncrypted` and `_getTrust` of drivers, `_fields` and `_fieldLookup` of records, ' +
      '`_typedArray` and `_type` of vectors, `_typedArray` of UUIDs.',
    covers: ({ path, theirs, ours }) => /[.#]_[^.#]*$/.test(path) && (theirs === undefined || ours === undefined),
  },
  {
    reason:
      'A property that is there but undefined is as good as none, except in the list of exports, where Node wants to find it.',
    covers: ({ path, theirs, ours }) =>
      path.includes('.') && ours === undefined && theirs === 'ewc undefined undefined',
  },
]

/** Without what the first general reason covers. */
function same(description: string, nameless = false): string {
  const plain = description.replace(/^[e-](?=[?w-][c-] )/, '').replace(/^(class|function) /, '')
  return nameless ? plain.replace(/\S*(?=\(\d+\)$)/, '') : plain
}

function nameOf(description: string): string | undefined {
  return /(?:^|\s)(?:function|class) (.*)\(\d+\)$/.exec(description)?.[1]
}

export const DELIBERATE: readonly DeliberateDifference[] = [
  {
    part: 'exports',
    reason: 'The types of 6.3.0 declare it, but it is not there.',
    differences: ['RxSession#lastBookmark: nothing -> -wc function lastBookmark(0)'],
  },
  {
    part: 'exports',
    reason: 'F6: `await using` works for what a reactive session begins, too.',
    differences: ['RxTransaction#Symbol(nodejs.asyncDispose): nothing -> -wc function [nodejs.asyncDispose](0)'],
  },
  {
    part: 'instances',
    reason:
      'F6: what `await session.beginTransaction()` gives is a Transaction, with all methods of one and no others. 6.3.0 gives a plain ' +
      'object with copies of some.',
    differences: [
      'new Transaction (order): run commit rollback close isOpen Symbol(Symbol.toStringTag) -> ',
      'new Transaction (tag): [object TransactionPromise] -> [object Object]',
      'new Transaction.Symbol(Symbol.toStringTag): ewc string TransactionPromise -> nothing',
      'new Transaction.close: ewc function bound (0) -> nothing',
      'new Transaction.commit: ewc function bound (0) -> nothing',
      'new Transaction.isOpen: ewc function bound (0) -> nothing',
      'new Transaction.rollback: ewc function bound (0) -> nothing',
      'new Transaction.run: ewc function bound (3) -> nothing',
      'new Transaction: object of Object -> object of Transaction',
    ],
  },
  {
    part: 'exports',
    reason:
      'Rules for parameters are taken by every `run`; 6.3.0 takes them everywhere but in reactive sessions and transactions, as an ' +
      'argument more.',
    differences: [
      'RxManagedTransaction#run: ewc function (2) -> -wc function run(3)',
      'RxSession#run: ewc function (3) -> -wc function run(4)',
      'RxTransaction#run: ewc function (2) -> -wc function run(3)',
    ],
  },
  {
    part: 'exports',
    reason: 'What 6.3.0 has not: the pool can be watched.',
    differences: ['Driver#metrics: nothing -> -wc function metrics(0)'],
  },
  {
    part: 'exports',
    reason:
      'Found in every place where a program may look: 6.3.0 has these in its types, or has them as named exports alone, so that they are ' +
      'missing after `import neo4j from` in some builds.',
    differences: [
      'default.EncryptionService: nothing -> ewc function EncryptionService(2)',
      'default.UnsupportedType: nothing -> ewc function UnsupportedType(4)',
      'default.notificationClassification: nothing -> ewc object of Object',
      'default.notificationFilterDisabledClassification: nothing -> ewc object of Object',
      'types.RxManagedTransaction: nothing -> ewc function RxManagedTransaction(1)',
      'types.RxResult: nothing -> ewc function RxResult(1)',
      'types.RxSession: nothing -> ewc function RxSession(1)',
      'types.RxTransaction: nothing -> ewc function RxTransaction(1)',
      'types.UUID: nothing -> ewc function UUID(1)',
    ],
  },
  {
    part: 'exports',
    reason: 'GQLError, the class of the causes of errors, has to be imported from neo4j-driver-core with 6.3.0.',
    differences: [
      'GQLError (extends): nothing -> Error',
      'GQLError#containsGqlCause: nothing -> -wc function containsGqlCause(1)',
      'GQLError#diagnosticRecordAsJsonString: nothing -> -?c accessor',
      'GQLError#findByGqlStatus: nothing -> -wc function findByGqlStatus(1)',
      'GQLError: nothing -> class GQLError(5)',
      'default.GQLError: nothing -> ewc function GQLError(5)',
    ],
  },
  {
    part: 'exports',
    reason:
      'Classes that only the driver itself makes are made of other parts, and there is one class Driver, not one that extends another.',
    differences: [
      'Driver (extends): Driver -> nothing',
      'Driver: class Driver(0) -> class Driver(2)',
      'RxResult: class RxResult(2) -> class RxResult(1)',
      'default.Driver: ewc function Driver(0) -> ewc function Driver(2)',
      'default.RxResult: ewc function RxResult(2) -> ewc function RxResult(1)',
    ],
  },
  {
    part: 'instances',
    reason: 'See above: one class Driver, one class Logger. What is known of home databases is kept elsewhere.',
    differences: [
      'new Driver (order): encryption homeDatabaseCache -> encryption',
      'new Driver._log: ewc object of NoOpLogger < Logger -> ewc object of Logger',
      'new Driver.homeDatabaseCache: ewc object of HomeDatabaseCache -> nothing',
      'new Driver: object of Driver < Driver -> object of Driver',
    ],
  },
  {
    part: 'instances',
    reason:
      '`Object.prototype.toString` tells the same of results and of transactions yet to begin; the tag is on the prototype, as that of a Promise.',
    differences: [
      'new Result (order): Symbol(Symbol.toStringTag) -> ',
      'new Result.Symbol(Symbol.toStringTag): ewc string Result -> nothing',
      'new transactionPromise (order): Symbol(Symbol.toStringTag) -> ',
      'new transactionPromise.Symbol(Symbol.toStringTag): ewc string TransactionPromise -> nothing',
    ],
  },
  {
    part: 'exports',
    reason:
      'For the driver alone, and in no type: how values are made without checks, and how a session hears of the end of its work.',
    differences: [
      'Date.unchecked: nothing -> -wc function unchecked(3)',
      'DateTime.unchecked: nothing -> -wc function unchecked(9)',
      'Duration.unchecked: nothing -> -wc function unchecked(4)',
      'LocalDateTime.unchecked: nothing -> -wc function unchecked(7)',
      'LocalTime.unchecked: nothing -> -wc function unchecked(4)',
      'Point.unchecked: nothing -> -wc function unchecked(4)',
      'Session#committed: nothing -> -wc function committed(2)',
      'Session#drained: nothing -> -?c accessor',
      'Session#streamEnded: nothing -> -wc function streamEnded(2)',
      'Session#streamFailed: nothing -> -wc function streamFailed(1)',
      'Session#strict: nothing -> -?c accessor',
      'Session#transactionOver: nothing -> -wc function transactionOver(1)',
      'Time.unchecked: nothing -> -wc function unchecked(5)',
    ],
  },
]

/** Calls without a server whose outcomes differ for a reason. */
export interface BehaviourDifference {
  readonly what: string
  readonly reason: string
  call(neo4j: Neo4j): unknown
  /** The value of the call, or `name: message` of what it throws. */
  readonly theirs: unknown
  readonly ours: unknown
}

const URL = 'bolt://localhost'

/** Members that exist in 6.3.0 but not in its types. */
interface Untyped {
  readonly ProtocolVersion: new (major: number, minor: number) => { getMinor(): number }
  readonly Neo4jError: new (...args: unknown[]) => Error
}

export const BEHAVIOUR: readonly BehaviourDifference[] = [
  {
    what: 'ProtocolVersion.getMinor()',
    reason: 'It is the minor number of the version; 6.3.0 gives the major one.',
    call: (neo4j) => new (neo4j as unknown as Untyped).ProtocolVersion(5, 8).getMinor(),
    theirs: 5,
    ours: 8,
  },
  {
    what: 'a class that extends Neo4jError',
    reason:
      'Its instances are instances of it; those of 6.3.0 are of Neo4jError only, and lack the methods of the class.',
    call: (neo4j) => {
      class OutOfStock extends (neo4j as unknown as Untyped).Neo4jError {}
      return new OutOfStock('none left', 'N/A', '50N42', '') instanceof OutOfStock
    },
    theirs: false,
    ours: true,
  },
  {
    what: "Duration.fromString('-P2M')",
    reason:
      'The sign is that of all parts, as in the text that `toString` of other libraries gives; 6.3.0 applies it to years and weeks alone.',
    call: (neo4j) => neo4j.Duration.fromString('-P2M').months.toString(),
    theirs: '2',
    ours: '-2',
  },
  {
    what: "DateTime.fromString('2020-01-02T10:20+02')",
    reason: 'ISO 8601 knows offsets without minutes; 6.3.0 takes this one for zero without a word.',
    call: (neo4j) => String(neo4j.DateTime.fromString('2020-01-02T10:20+02').timeZoneOffsetSeconds),
    theirs: '0',
    ours: '7200',
  },
  {
    what: "LocalTime.fromString('10:20:30.001001')",
    reason: 'All digits count; 6.3.0 computes them as a fraction, and is one nanosecond short where that is not exact.',
    call: (neo4j) => neo4j.LocalTime.fromString('10:20:30.001001').nanosecond.toString(),
    theirs: '1000999',
    ours: '1001000',
  },
  {
    what: 'isRetriableError(error)',
    reason: 'F7: it answers; in 6.3.0 it throws.',
    call: (neo4j) => neo4j.isRetriableError(new Error('x')),
    theirs: 'TypeError: this.isRetryable is not a function',
    ours: false,
  },
  {
    what: 'the settings given to driver()',
    reason: 'F7: they are left as they are, so that they can be used again; 6.3.0 writes its defaults into them.',
    call: (neo4j) => {
      const config = {}
      void neo4j.driver(URL, undefined, config).close()
      return Object.keys(config).length
    },
    theirs: 8,
    ours: 0,
  },
  {
    what: 'an illegal value of `encrypted` or `trust`',
    reason: 'It is refused at once, with the text that 6.3.0 has when it connects first.',
    call: (neo4j) => {
      const driver = neo4j.driver(URL, undefined, { encrypted: 'yes' as never })
      void driver.close()
      return typeof driver
    },
    theirs: 'object',
    ours: 'Neo4jError: Illegal value of the encrypted setting yes. Expected one of ,,true,false,ENCRYPTION_ON,ENCRYPTION_OFF',
  },
  {
    what: 'the default of `userAgent`',
    reason: 'Operators see in the list of connections which driver it is that connects.',
    call: (neo4j) => {
      const driver = neo4j.driver(URL)
      void driver.close()
      return /^[a-z0-9-]+/.exec((driver as unknown as { _config: { userAgent: string } })._config.userAgent)?.[0]
    },
    theirs: 'neo4j-javascript',
    ours: 'neobolt',
  },
  {
    what: 'what rule.asObject() gives',
    reason: 'It is a rule like the others; in 6.3.0 it also has a copy of each function of `rule`.',
    call: (neo4j) => Object.keys(neo4j.rule.asObject({})).sort().slice(0, 3),
    theirs: ['asBigInt', 'asBoolean', 'asDate'],
    ours: ['convert', 'parameterConversion', 'validate'],
  },
  {
    what: 'Object.keys(localKeyEncapsulationService(key))',
    reason: 'A key is where neither a log nor JSON comes by it.',
    call: (neo4j) => Object.keys(neo4j.localKeyEncapsulationService(new Uint8Array(32))),
    theirs: ['_kek', '_cryptoProvider'],
    ours: [],
  },
  {
    what: 'a record with a column named __proto__, as an object',
    reason: 'The object has a property of that name; in 6.3.0 the value becomes its prototype, or is lost.',
    call: (neo4j) => Object.keys(new neo4j.Record(['__proto__'], [1]).toObject()),
    theirs: [],
    ours: ['__proto__'],
  },
]
