/**
 * Where our driver treats settings of nearly the right type differently from neo4j-driver 6.3.0, and why. The
 * test settings.test.ts finds exactly these differences: a difference without a rule is a fault, and so is a
 * rule without a difference.
 */
import type { Outcome } from './settings.js'

export interface SettingsDifference {
  readonly reason: string
  /** Where the difference occurs; default: everywhere. */
  readonly places?: RegExp
  /** With which values; default: with all. */
  readonly values?: RegExp
  covers(theirs: Outcome, ours: Outcome): boolean
}

export const SETTINGS_DIFFERENCES: readonly SettingsDifference[] = [
  {
    reason:
      'Each of them calls what is no function, or goes through what is no list. The words are those of V8, which name variables of the driver.',
    covers: everyLine(
      (theirs, ours) => where(theirs) === where(ours) && V8_TYPE_ERROR.test(theirs) && V8_TYPE_ERROR.test(ours),
    ),
  },
  {
    reason: 'Where the value stands is told behind the official sentence.',
    covers: everyLine((theirs, ours) => ours.startsWith(`${theirs} (in `)),
  },
  {
    reason: 'A part of a token is not shown in an error, as it may be a secret; the place is.',
    places: /auth/,
    covers: everyLine((theirs, ours) => {
      const [sentence, place] = ours.split(' (in ')
      return place !== undefined && theirs.startsWith(`${sentence}: `)
    }),
  },
  {
    reason: 'Integers beyond 64 bits are refused; 6.3.0 sends another number in their place.',
    values: /2n \*\* 64n/,
    covers: everyLine(
      (theirs, ours) =>
        theirs.includes(' tells ') && /^await .* throws RangeError: Integer beyond 64 bits.* \(in /.test(ours),
    ),
  },
  {
    reason: '6.3.0 trips over a symbol while it says what is wrong with it, or makes a key of it.',
    values: /symbol/,
    covers: (theirs, ours) =>
      theirs.every((line) => line.endsWith(' throws TypeError: Cannot convert a Symbol value to a string')) &&
      ours.every((line) =>
        /^await .*(Unable to pack the given value.* \(in |"impersonatedUser" expected to be string)/.test(line),
      ),
  },
  {
    reason: 'String objects are text; 6.3.0 sends them as lists of their characters.',
    values: /String/,
    covers: everyLine((theirs, ours) => theirs.replace('["x"]', '"x"') === ours),
  },
  {
    reason: 'A Date is a DateTime, as it is among parameters; in tokens and metadata 6.3.0 makes an empty map of it.',
    values: /Date/,
    covers: everyLine((theirs, ours) => theirs === ours.replace('{"tag":73,"fields":[0,0,0]}', '{}')),
  },
  {
    reason: 'A promise that was not awaited is refused; 6.3.0 sends an empty map in its place.',
    values: /Promise/,
    covers: everyLine(
      (theirs, ours) =>
        theirs.includes(' tells ') && /^await .* throws TypeError: Unable to pack the given value.* \(in /.test(ours),
    ),
  },
  {
    reason: 'Where bookmarks are to be, 6.3.0 takes whatever has a length, such as a function without parameters.',
    places: /bookmarksSupplier/,
    values: /^function$/,
    covers: (theirs, ours) =>
      theirs.every((line) => line.includes(' tells ')) && ours.every((line) => V8_TYPE_ERROR.test(line)),
  },
  {
    reason: 'A setting that 6.3.0 does not know.',
    places: /\{ (minConnectionPoolSize|idleTimeout|leakDetectionThreshold|maxMessageSize|strictResults) \}/,
    covers: (theirs, ours) =>
      theirs.every((line) => line.includes(' tells ')) && ours.every((line) => / (?:tells|throws) /.test(line)),
  },
  {
    reason: 'It is refused at once, with the text that 6.3.0 has when it connects.',
    places: /\{ (encrypted|trust) \}/,
    covers: (theirs, [ours, ...more]) =>
      more.length === 0 && theirs.every((line) => line.split(' throws ')[1] === ours?.split(' throws ')[1]),
  },
  {
    reason:
      'It is refused at once, with the text that 6.3.0 has where connections are encrypted; else it calls what is no function.',
    places: /\{ clientCertificate \}/,
    covers: (theirs, [ours]) =>
      theirs.every((line) => V8_TYPE_ERROR.test(line)) && ours?.startsWith('driver() throws ') === true,
  },
  {
    reason: 'The error says what is to be set, where 6.3.0 calls what is no function, or has nothing to look at.',
    places: /\{ trustedCertificates \} of encrypted/,
    covers: everyLine(
      (theirs, ours) =>
        V8_TYPE_ERROR.test(theirs) &&
        (ours.endsWith(' throws TypeError: trustedCertificates should be a list of paths') ||
          ours.includes('have not configured any trustedCertificates')),
    ),
  },
  {
    reason: 'A name of a driver that is no text is not sent, but refused with the error that a server has for it.',
    places: /\{ userAgent \}/,
    covers: ([theirs], ours) =>
      theirs?.includes('"user_agent"') === true &&
      ours.every((line) => line.endsWith(' [ProtocolError]: Illegal value for field "user_agent": Expected string')),
  },
  {
    reason:
      'All settings are read by driver(), so that they can be used again and changed; 6.3.0 copies them when a session is made.',
    places: /^driver config$/,
    values: /getter/,
    covers: ([theirs], [ours]) => theirs === ours?.replace('driver()', 'session()'),
  },
  {
    reason: 'Settings that are null count as none.',
    places: /^(session \{ auth \}|query \{ auth \}|bookmarkManager\(config\))$/,
    values: /^null$/,
    covers: (theirs, ours) =>
      theirs.every((line) => V8_TYPE_ERROR.test(line)) && ours.every((line) => line.includes(' tells ')),
  },
  {
    reason: 'A manager that gives no token leaves nothing to authenticate with; 6.3.0 sends queries all the same.',
    places: /^auth token manager$/,
    values: /^null$/,
    covers: (_, ours) => ours.every((line) => line.endsWith('Unable to pack the given value: null (in authToken)')),
  },
  {
    reason:
      'Tokens are the same when they are sent as the same bytes; to 6.3.0 NaN is never the same, so that it logs on again each time.',
    values: /^NaN$/,
    covers: everyLine((theirs, ours) => theirs.replace('6a [{"float":"NaN"}], ', '') === ours),
  },
  {
    reason: '6.3.0 makes a key of the token in session(), and cannot where there is a null in it.',
    values: /null/,
    covers: (theirs, ours) =>
      theirs.every((line) => line.includes('Cannot convert undefined or null to object')) &&
      ours.every((line) => line.includes(' tells ')),
  },
  {
    reason: '6.3.0 makes a key of the token in session(), which reads it; it is read when it is sent.',
    places: /auth/,
    values: /getter/,
    covers: ([theirs], ours) =>
      theirs === 'session() throws RangeError: from the getter' &&
      ours.every((line) => line.endsWith(' throws RangeError: from the getter')),
  },
]

/** Names of what is behind the API, which no line of ours may show. */
export const INSIDES =
  /napi|\brust\b|\bu(8|16|32|64)\b|\b[if](32|64)\b|marker 0x|GenericFailure|\[\w*Expected\]|InvalidArg|NativeConfig/i

const V8_TYPE_ERROR =
  / throws TypeError: .*(is not a function|not iterable|Cannot read properties of|Cannot convert undefined or null)/

function everyLine(covers: (theirs: string, ours: string) => boolean): SettingsDifference['covers'] {
  return (theirs, ours) =>
    theirs.length === ours.length && theirs.every((line, i) => line === ours[i] || covers(line, ours[i] as string))
}

function where(line: string): string {
  return line.split(' throws ')[0] as string
}
