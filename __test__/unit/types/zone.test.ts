import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Decoder } from '../../../lib/codec/decoder.js'
import { isZoneId, offsetAtLocal, offsetAtUtc } from '../../../lib/types/zone.js'
import { encode, Struct } from '../../support/packstream.cjs'
import { holds } from '../../support/property.js'

const seconds = (iso: string) => Date.parse(iso) / 1000
const HOUR = 3600

// The engine's own answer, found in another way than in the module: by the name of the offset.
function engineOffset(zone: string, utc: number): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(utc * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const match = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name)
  assert.ok(match, name)
  const [sign, ...parts] = match.slice(1)
  const [hours, minutes, rest] = parts.map((part) => Number(part ?? 0))
  return (sign === '-' ? -1 : 1) * (hours * HOUR + minutes * 60 + rest) + 0
}

/** How many formats a function makes, which cost tens of microseconds each. */
function countFormats(work: () => void): number {
  const original = Intl.DateTimeFormat
  let made = 0
  Intl.DateTimeFormat = new Proxy(original, {
    construct(target, args) {
      made++
      return Reflect.construct(target, args)
    },
  })
  try {
    work()
  } finally {
    Intl.DateTimeFormat = original
  }
  return made
}

describe('zone offsets', () => {
  it('change at the second at which clocks do', () => {
    const spring = seconds('2024-03-31T01:00:00Z')
    const autumn = seconds('2024-10-27T01:00:00Z')
    assert.equal(offsetAtUtc('Europe/Berlin', spring - 1), HOUR)
    assert.equal(offsetAtUtc('Europe/Berlin', spring), 2 * HOUR)
    assert.equal(offsetAtUtc('Europe/Berlin', autumn - 1), 2 * HOUR)
    assert.equal(offsetAtUtc('Europe/Berlin', autumn), HOUR)
  })

  it('have seconds before zones were invented, and know half hours and lost days', () => {
    assert.equal(offsetAtUtc('Europe/Berlin', seconds('1850-01-01T00:00:00Z')), 53 * 60 + 28)
    assert.equal(offsetAtUtc('Asia/Kathmandu', 0), 5.5 * HOUR)
    assert.equal(offsetAtUtc('Pacific/Apia', seconds('2011-12-30T09:59:59Z')), -10 * HOUR)
    assert.equal(offsetAtUtc('Pacific/Apia', seconds('2011-12-30T10:00:00Z')), 14 * HOUR)
  })

  it('follow an episode of summer time that lasted a week', () => {
    const at = (day: number) =>
      offsetAtUtc('America/Noronha', seconds(`2000-10-${String(day).padStart(2, '0')}T12:00:00Z`))
    assert.deepEqual([7, 8, 14, 15].map(at), [-2 * HOUR, -HOUR, -HOUR, -2 * HOUR])
  })

  it('answer for instants that the language has no Date for', () => {
    assert.equal(offsetAtUtc('Europe/Berlin', 3e16), offsetAtUtc('Europe/Berlin', 3e16 - 12_622_780_800))
    assert.equal(offsetAtUtc('Europe/Berlin', -3e16), 53 * 60 + 28)
    assert.equal(offsetAtUtc('UTC', Number.NaN), 0)
  })

  it('agree with the engine, in any zone at any instant', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'))
    const instant = fc.oneof(
      fc.integer({ min: seconds('1830-01-01T00:00:00Z'), max: seconds('2100-01-01T00:00:00Z') }),
      fc.integer({ min: seconds('1960-01-01T00:00:00Z'), max: seconds('2030-01-01T00:00:00Z') }),
      fc.integer({ min: -8.64e12, max: 8.64e12 }),
    )
    holds(
      fc.property(zone, instant, (id, utc) => {
        assert.equal(offsetAtUtc(id, utc), engineOffset(id, utc))
      }),
      5000,
    )
  })

  it('agree with the engine around every change of forty years, asked in random order', () => {
    for (const id of [
      'Africa/Casablanca',
      'America/Sao_Paulo',
      'Asia/Gaza',
      'Australia/Lord_Howe',
      'Antarctica/Troll',
    ]) {
      const instants: number[] = []
      for (let utc = seconds('1990-01-01T00:00:00Z'); utc < seconds('2030-01-01T00:00:00Z'); utc += 12 * HOUR)
        instants.push(utc)
      const shuffled = instants.map((utc, i) => instants[(i * 7919) % instants.length] ?? utc)
      for (const utc of shuffled) assert.equal(offsetAtUtc(id, utc), engineOffset(id, utc), `${id} ${utc}`)
    }
  })

  it('take in a gap or an overlap the side that the official driver takes', () => {
    const at = (local: string) => offsetAtLocal('Europe/Berlin', seconds(`${local}Z`))
    assert.equal(at('2024-03-31T01:59:59'), HOUR)
    assert.equal(at('2024-03-31T02:30:00'), HOUR)
    assert.equal(at('2024-03-31T03:00:00'), 2 * HOUR)
    assert.equal(at('2024-10-27T01:59:59'), 2 * HOUR)
    assert.equal(at('2024-10-27T02:30:00'), HOUR)
    assert.equal(offsetAtLocal('America/New_York', seconds('2024-11-03T01:30:00Z')), -4 * HOUR)
    assert.equal(offsetAtLocal('America/New_York', seconds('2024-03-10T02:30:00Z')), -4 * HOUR)
  })

  it('are those in the name of a zone that has one', () => {
    const offsets = {
      UT: 0,
      'UTC+01:00': 3600,
      'GMT-05:30': -19_800,
      'UT+01:30:15': 5415,
      'UTC-18:00': -64_800,
      '+02:00': 7200,
    }
    for (const [zone, offset] of Object.entries(offsets)) {
      for (const instant of [0, -1e13, 1e13]) assert.equal(offsetAtUtc(zone, instant), offset)
      assert.equal(offsetAtLocal(zone, 0), offset)
    }
  })

  it('are refused for a zone that the engine does not know', () => {
    assert.throws(() => offsetAtUtc('Europe/Nowhere', 0), RangeError)
    assert.equal(isZoneId('Europe/Nowhere'), false)
    assert.equal(isZoneId('Europe/Nowhere'), false)
    assert.equal(isZoneId('Europe/Stockholm'), true)
  })

  it('are refused for such a zone by the same words each time, and the engine is asked once', () => {
    const refusal = () => {
      try {
        return offsetAtUtc('Europe/Elsewhere', 0)
      } catch (error) {
        return String(error)
      }
    }
    const formats = countFormats(() => {
      assert.equal(refusal(), 'RangeError: Invalid time zone specified: Europe/Elsewhere')
      assert.equal(refusal(), 'RangeError: Invalid time zone specified: Europe/Elsewhere')
    })
    assert.equal(formats, 1)
  })

  it('cost no format for each time that is read of encrypted values', () => {
    const bytes = encode(new Struct(0x69, [1_700_000_000, 1, 'America/Lima']))
    const formats = countFormats(() => {
      for (let i = 0; i < 10; i++) new Decoder(bytes, 'integer').value()
    })
    assert.ok(formats <= 1, `${formats} formats`)
  })

  it('do not ask the engine a second time', () => {
    offsetAtUtc('Europe/Oslo', 1e9)
    const original = Intl.DateTimeFormat.prototype.formatToParts
    let asked = 0
    Intl.DateTimeFormat.prototype.formatToParts = function (...args) {
      asked++
      return original.apply(this, args)
    }
    try {
      for (let i = 0; i < 1000; i++) offsetAtUtc('Europe/Oslo', 1e9 + i)
      assert.equal(asked, 0)
      offsetAtUtc('Europe/Oslo', 2e9)
      assert.ok(asked > 0)
    } finally {
      Intl.DateTimeFormat.prototype.formatToParts = original
    }
  })
})
