/**
 * Offsets of time zones, from the data that the JavaScript engine carries, and from names such as
 * `GMT+01:00`, which are zones for servers (Java) but not for `Intl`. Asks `Intl` about each stretch of time
 * once, and answers from tables after that. Instants are seconds since 1970-01-01T00:00Z.
 */

import { epochSecond } from './calendar.js'

/**
 * The code assumes that no zone changes its clocks and changes them back within one stretch of 2^18 seconds
 * (3 days). The shortest such episode in the IANA data of all zones is four days (Africa/Freetown).
 */
const STRETCH = 2 ** 18

/** No zone changed its offset before 1835 (Amsterdam), so everything earlier is one stretch. */
const FIRST_CHANGE = -5_364_662_400 // 1800-01-01

/** From 2400 on only yearly rules are left, which repeat with the calendar: every 400 years, 20,871 weeks. */
const LAST_IRREGULAR = 13_569_465_600 // 2400-01-01
const CYCLE = 146_097 * 86_400

/** A bound on memory, far above what any real data touches. */
const MOST_STRETCHES = 200_000

/**
 * A stretch in which the offset changes: `offsets[i]` holds before `changes[i]`,
 * the last one after all of them.
 */
interface Changing {
  readonly changes: readonly number[]
  readonly offsets: readonly number[]
}

interface Zone {
  /** The offset in seconds, if the zone is only an offset; such a zone has no format. */
  readonly fixed: number | null
  readonly format: Intl.DateTimeFormat | null
  readonly stretches: Map<number, number | Changing>
}

/**
 * By name as given. Case does not matter, so a server could give one zone thousands of names; a format for
 * each would cost tens of kilobytes.
 */
const zones = new Map<string, Zone>()
/** By name in lower case. */
const distinctZones = new Map<string, Zone>()
/** Bounds on memory; there are about 600 zones. */
const MOST_NAMES = 2000
const MOST_ZONES = 1000
/** In characters; the longest names have about 30. */
const LONGEST_NAME = 100
/** Names that `Intl` does not know, with its error. Asking again would take as long as making a format. */
const invalid = new Map<string, string>()
let stretchCount = 0

// Values of one query tend to share their zone and to lie close together.
let recentId: string | undefined
let recentStretch = Number.NaN
let recentOffset = 0

/**
 * The offset of a zone at an instant, in seconds: local time minus UTC.
 * @throws RangeError if the engine does not know the zone
 */
export function offsetAtUtc(zoneId: string, utcSeconds: number): number {
  let instant = Math.floor(utcSeconds)
  if (instant >= LAST_IRREGULAR) instant = LAST_IRREGULAR + ((instant - LAST_IRREGULAR) % CYCLE)
  else if (!(instant > FIRST_CHANGE)) instant = FIRST_CHANGE
  const stretch = Math.floor(instant / STRETCH)
  if (stretch === recentStretch && zoneId === recentId) return recentOffset

  const zone = zoneOf(zoneId)
  if (zone.fixed !== null) return zone.fixed
  const known = zone.stretches.get(stretch) ?? explore(zone, stretch)
  if (typeof known !== 'number') {
    let at = 0
    while (at < known.changes.length && instant >= known.changes[at]) at++
    return known.offsets[at]
  }
  recentId = zoneId
  recentStretch = stretch
  recentOffset = known
  return known
}

/**
 * The offset of a zone at a local time, both in seconds. When clocks are put back, a local time
 * happens twice, and when they are put forward, never. Both cases are resolved as in the official
 * driver: the local time's figures, read as UTC, give a first offset; the result is the offset at the
 * instant which that first offset gives.
 * @throws RangeError if the engine does not know the zone
 */
export function offsetAtLocal(zoneId: string, localSeconds: number): number {
  return offsetAtUtc(zoneId, localSeconds - offsetAtUtc(zoneId, localSeconds))
}

/** Whether there is a zone of this name. */
export function isZoneId(zoneId: string): boolean {
  if (zones.has(zoneId)) return true
  if (invalid.has(zoneId)) return false
  try {
    zoneOf(zoneId)
    return true
  } catch {
    return false
  }
}

function zoneOf(zoneId: string): Zone {
  const known = zones.get(zoneId)
  if (known !== undefined) return known
  const name = zoneId.toLowerCase()
  const fixed = fixedOffsetOf(zoneId)
  let zone = fixed === null ? distinctZones.get(name) : { fixed, format: null, stretches: new Map() }
  if (zone === undefined) {
    zone = { fixed: null, format: formatOf(zoneId), stretches: new Map() }
    if (distinctZones.size === MOST_ZONES) {
      distinctZones.clear()
      zones.clear()
    }
    distinctZones.set(name, zone)
  }
  if (zones.size === MOST_NAMES) zones.clear()
  zones.set(zoneId, zone)
  return zone
}

/**
 * The offset in a zone's name, if the name is an offset: `UT`, `UTC+01:00`, `GMT-5`, `UT+01:30:15`, `+01:00`.
 * Null for all other names. Upper case only, as in Java, with which a server reads these names.
 */
function fixedOffsetOf(zoneId: string): number | null {
  const match = OFFSET_NAME.exec(zoneId)
  if (match === null) return null
  const [sign, hours = '0', minutes = '0', seconds = '0'] = match.slice(1)
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  if (offset > LARGEST_OFFSET) return null
  return sign === '-' && offset > 0 ? -offset : offset
}

const OFFSET_NAME = /^(?:UT|(?:UTC|GMT|UT|(?=[+-]\d{2}))([+-])(\d\d?)(?:(?<=\d\d):?([0-5]\d)(?::?([0-5]\d))?)?)$/
/** Java's largest offset, in either direction. */
const LARGEST_OFFSET = 18 * 3600

function formatOf(zoneId: string): Intl.DateTimeFormat {
  const known = invalid.get(zoneId)
  if (known !== undefined) throw new RangeError(known)
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zoneId,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (error) {
    if (zoneId.length <= LONGEST_NAME) {
      if (invalid.size === MOST_ZONES) invalid.clear()
      invalid.set(zoneId, (error as RangeError).message)
    }
    throw error
  }
}

function explore(zone: Zone, stretch: number): number | Changing {
  if (++stretchCount > MOST_STRETCHES) {
    for (const { stretches } of distinctZones.values()) stretches.clear()
    stretchCount = 1
  }
  const begin = stretch * STRETCH
  const last = begin + STRETCH - 1
  const atLast = ask(zone, last)
  const offsets = [ask(zone, begin)]
  const changes: number[] = []
  // The instant nearest to the end at which an earlier offset still holds, again
  // and again until none is left.
  let from = begin
  while (offsets[offsets.length - 1] !== atLast) {
    const before = offsets[offsets.length - 1]
    let same = from
    let other = last
    while (other - same > 1) {
      const middle = Math.floor((same + other) / 2)
      if (ask(zone, middle) === before) same = middle
      else other = middle
    }
    changes.push(other)
    offsets.push(ask(zone, other))
    from = other
  }
  const found = changes.length === 0 ? atLast : { changes, offsets }
  zone.stretches.set(stretch, found)
  return found
}

// The offset is the zone's clock reading, taken as UTC, minus UTC.
function ask(zone: Zone, utcSeconds: number): number {
  let [year, month, day, hour, minute, second] = [0, 0, 0, 0, 0, 0]
  let beforeChrist = false
  for (const { type, value } of (zone.format as Intl.DateTimeFormat).formatToParts(utcSeconds * 1000)) {
    if (type === 'year') year = Number(value)
    else if (type === 'month') month = Number(value)
    else if (type === 'day') day = Number(value)
    else if (type === 'hour') hour = Number(value) % 24
    else if (type === 'minute') minute = Number(value)
    else if (type === 'second') second = Number(value)
    else if (type === 'era') beforeChrist = value.startsWith('B')
  }
  return epochSecond(beforeChrist ? 1 - year : year, month, day, hour, minute, second) - utcSeconds
}
