import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { Batch, type IntegerMode } from '../../../lib/codec/batch.js'
import { Structure, structure, zonedDateTime } from '../../../lib/codec/hydrate.js'
import { int, Node, type Path, Relationship, Vector } from '../../../lib/types/index.js'
import { brokenReason, isBrokenObject } from '../../support/broken-object.js'
import { anatomy, FRAMES, frameOf, unpacked } from './batch-official.js'

const MODES: IntegerMode[] = ['integer', 'number', 'bigint']

/** Every record of a frame. */
function decoded(frame: Buffer, integers: IntegerMode = 'integer', offset = 0): unknown[][] {
  const batch = new Batch(frame, offset, integers)
  const records: unknown[][] = []
  while (batch.remaining > 0) records.push(batch.fields())
  return records
}

/** The only column of every record of the frame of that name. */
function values(name: string, integers: IntegerMode = 'integer'): unknown[] {
  return decoded(frameOf(name).frame, integers).map((fields) => fields[0])
}

const ROUNDED = ['LocalDateTime', 'DateTime with offset', 'Duration', 'out of range']

/**
 * Values that the official driver cannot read, because `Intl` does not reach as far or does not know the
 * zone, by its error.
 */
const REFUSED_BY_INTL: { [message: string]: string } = {
  'Invalid time value': '+275760-09-13T00:00:01Z[UTC]',
  'Invalid time zone specified: +01:00': '1970-01-01T01:00:00.000000001+01:00[+01:00]',
}

interface Broken {
  broken: { message: string }
}

/** An {@link anatomy} with its Integers as `disableLosslessIntegers` has them. */
function withNumbers(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withNumbers)
  if (typeof part !== 'object' || part === null) return part
  const { kind, properties } = part as { kind?: string; properties: Array<[string, object, number]> }
  if (kind === 'Integer') return int({ low: properties[0][2], high: properties[1][2] }).toNumberOrInfinity()
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, withNumbers(inner)]))
}

describe('a frame has the values that the official driver unpacks', () => {
  for (const { name, records, frame } of FRAMES) {
    for (const integers of MODES) {
      it(`${name}, with integers as ${integers}`, () => {
        const bolt = name.endsWith('of Bolt 4') ? '4.4' : '6.1'
        const batch = new Batch(frame, 0, integers)
        assert.equal(batch.remaining, records.length)
        for (const record of records) {
          // With numbers, the official driver computes times from rounded values: its own Integers show what
          // is right.
          const rounds = integers === 'number' && ROUNDED.includes(name)
          const expected = unpacked(record, rounds ? 'integer' : integers, bolt) as unknown[]
          assert.equal(batch.columns, expected.length)
          batch.fields().forEach((value, i) => {
            const wanted = anatomy(expected[i])
            const text = REFUSED_BY_INTL[(wanted as Broken)?.broken?.message]
            if (text !== undefined) assert.equal(String(value), text)
            else assert.deepEqual(anatomy(value), rounds ? withNumbers(wanted) : wanted)
          })
        }
        assert.equal(batch.remaining, 0)
      })
    }
  }
})

describe('a batch', () => {
  it('gives its first column as its value', () => {
    const batch = new Batch(frameOf('2 columns').frame, 0, 'number')
    assert.equal(batch.value(), 0)
    assert.equal(batch.remaining, 1)
    assert.equal(batch.value(), 'v0')
  })

  it('refuses to be read past its end', () => {
    const batch = new Batch(frameOf('null').frame, 0, 'number')
    batch.fields()
    assert.throws(() => batch.fields(), new RangeError('The batch has no more records'))
    assert.equal(batch.remaining, 0)
  })

  it('may lie anywhere in a buffer where words begin', () => {
    for (const { frame } of FRAMES) {
      const expected = anatomy(decoded(frame))
      for (const offset of [4, 8, 12]) {
        const around = Buffer.concat([Buffer.alloc(offset, 0xff), frame, Buffer.alloc(9, 0xff)])
        assert.deepEqual(anatomy(decoded(around, 'integer', offset)), expected)
        assert.deepEqual(anatomy(decoded(around.subarray(offset))), expected)
      }
    }
  })

  it('may be read in turns with others', () => {
    const names = ['many windows', 'many windows of UTF-16', 'a map often', 'mixed', 'a string again and again']
    const frames = names.map((name) => frameOf(name).frame)
    const batches = frames.map((frame, at) => new Batch(frame, 0, MODES[at % 3]))
    const read: unknown[][][] = frames.map(() => [])
    while (batches.some((batch) => batch.remaining > 0)) {
      batches.forEach((batch, at) => {
        if (batch.remaining > 0) read[at].push(batch.fields())
      })
    }
    frames.forEach((frame, at) => {
      assert.deepEqual(anatomy(read[at]), anatomy(decoded(frame, MODES[at % 3])))
    })
  })

  it('may be left before its end', () => {
    const { frame } = frameOf('many windows')
    const left = new Batch(frame, 0, 'integer')
    const first = left.fields()
    assert.deepEqual(decoded(frame)[0], first)
    assert.deepEqual(left.fields(), decoded(frame)[1])
  })
})

describe('values of a batch', () => {
  it('are objects of their own in every record', () => {
    const [first, second] = values('Relationship') as Relationship[]
    assert.notEqual(first.properties, second.properties)
    assert.ok(first instanceof Relationship)
    const nodes = values('a map often') as Array<{ list: unknown[] }>
    assert.notEqual(nodes[0].list, nodes[1].list)
    const [, one] = values('Node') as Node[]
    const [, other] = values('Node') as Node[]
    one.labels.push('More')
    assert.deepEqual(other.labels, ['Person'])
  })

  it('are the same when a literal has been generated for a map of their keys', () => {
    for (const name of ['maps', 'keys that are no identifiers', 'keys with the separator', 'a key twice'])
      checkAgain(name)
    for (const name of ['keys of the prototype', 'maps of many keys', 'odd keys in odd order', 'Node']) checkAgain(name)

    function checkAgain(name: string): void {
      const expected = anatomy(values(name))
      for (let times = 0; times < 120; times++) values(name)
      assert.deepEqual(anatomy(values(name)), expected)
    }
  })

  it('have element ids from their identities where the server gives none', () => {
    const [, node] = values('Node of Bolt 4') as Node[]
    assert.ok(node instanceof Node)
    assert.equal(node.elementId, '9007199254740993')
    assert.equal((values('Node of Bolt 4', 'number')[1] as Node<number>).elementId, 'Infinity')
  })

  it('have the relationships of a path bound once', () => {
    const path = values('Path')[1] as Path
    assert.equal(path.segments[0].relationship, path.segments[3].relationship)
    assert.equal(path.segments[0].start, path.segments[3].end)
    assert.equal(path.segments[1].relationship.startNodeElementId, path.segments[1].end.elementId)
  })

  it('have vectors over memory of their own', () => {
    const vectors = values('Vector') as Vector<Float64Array>[]
    for (const vector of vectors) {
      assert.ok(vector instanceof Vector)
      assert.equal(vector.asTypedArray().byteLength, vector.asTypedArray().buffer.byteLength)
    }
  })

  it('are broken, and not the query, where a structure is', () => {
    const [broken] = values('wrong sizes')
    assert.equal(isBrokenObject(broken), true)
    const reason = brokenReason(broken as object)
    assert.match(String(reason), /Wrong struct size for Node, expected 4 but was 1/)
    assert.throws(() => (broken as Node).labels, reason as Error)
    assert.throws(() => Object.keys(broken as object), reason as Error)
    assert.equal(isBrokenObject(values('Node')[0]), false)
    assert.equal(isBrokenObject(null), false)
  })

  it('are broken at once where the bytes of a vector are a map that claims to be long', () => {
    // The processor's time: on a busy machine, the wall clock's says nothing.
    const began = process.cpuUsage()
    const vector = structure(0x56, [{ length: 300_000_000 }, new Int8Array(8)], 'number')
    assert.equal(String(brokenReason(vector as object)), 'Neo4jError: Vector is of unsupported type undefined')
    const { user, system } = process.cpuUsage(began)
    assert.ok(user + system < 1_000_000, `${user + system} µs`)
  })

  it('are structures where the signature is unknown', () => {
    const [, unknown] = values('unknown structure') as Structure[]
    assert.ok(unknown instanceof Structure)
    assert.equal(unknown.size, 3)
    assert.equal(unknown.toString(), 'Structure(1, [1, a, 2])')
  })
})

describe('a date and time with a zone', () => {
  const ZONES = [
    'UTC',
    'Europe/Berlin',
    'Europe/Dublin',
    'Europe/London',
    'America/New_York',
    'America/St_Johns',
    'America/Sao_Paulo',
    'Africa/Casablanca',
    'Africa/Freetown',
    'Africa/Monrovia',
    'Asia/Kolkata',
    'Asia/Gaza',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Antarctica/Troll',
  ]
  const SECOND = { hour: 3600, day: 86_400, year: 31_556_952 }

  function agrees(zone: string, second: number): void {
    const bytes = Buffer.alloc(14 + zone.length)
    bytes.set([0xb3, 0x69, 0xcb])
    bytes.writeBigInt64BE(BigInt(second), 3)
    bytes.set([0x07, 0xd0, zone.length], 11)
    bytes.write(zone, 14)
    const theirs = unpacked(bytes, 'integer', '6.1') as { toString(): string }
    const ours = zonedDateTime(second, 7, zone, int)
    assert.deepEqual(anatomy(ours), anatomy(theirs), `${zone} at ${second}: ${theirs}`)
  }

  for (const zone of ZONES) {
    it(`is that of the official driver in ${zone}`, () => {
      // The same every time: the steps meet every hour of the day and every day of the year.
      for (let at = -62_000_000_000; at < 30_000_000_000; at += 7 * SECOND.year + 13 * SECOND.day + 5 * SECOND.hour) {
        agrees(zone, at + 1)
      }
      for (let at = -5_000_000_000; at < 5_000_000_000; at += 97 * SECOND.day + 7 * SECOND.hour + 61) agrees(zone, at)
      for (let at = 1_700_000_000; at < 1_732_000_000; at += 2 * SECOND.day - SECOND.hour) agrees(zone, at)
    })
  }

  it('is exact to the second where clocks change', () => {
    const changes: Array<[string, number]> = [
      ['Europe/Berlin', 1_711_846_800], // forward, 2024
      ['Europe/Berlin', 1_729_990_800], // back, 2024
      ['Europe/Berlin', -2_422_054_408], // from local mean time, 1893
      ['Pacific/Apia', 1_325_239_200], // a day left out, 2011
      ['Australia/Lord_Howe', 1_712_415_600], // by half an hour
      ['Africa/Freetown', -957_308_400], // for four days only, 1939
      ['Africa/Freetown', -956_964_000],
      ['Asia/Gaza', 2_234_304_000], // for a week, 2040
    ]
    for (const [zone, change] of changes) {
      for (const second of [-3601, -1800, -2, -1, 0, 1, 2, 1800, 3601]) agrees(zone, change + second)
    }
  })
})

if (process.env.BATCH_WITHOUT_CODE_GENERATION === undefined) {
  it('all of this holds where generating code is disallowed', () => {
    const flags = ['--disallow-code-generation-from-strings', '--import', 'tsx', '--test', '--test-reporter=tap']
    const env: NodeJS.ProcessEnv = { ...process.env, BATCH_WITHOUT_CODE_GENERATION: '1' }
    // Otherwise the runner of the child takes itself for a part of this one.
    delete env.NODE_TEST_CONTEXT
    const { status, stdout } = spawnSync(process.execPath, [...flags, __filename], { env, encoding: 'utf8' })
    assert.equal(status, 0, stdout)
    assert.match(stdout, /^# fail 0$/m)
  })
} else {
  it('generating code is disallowed here', () => {
    assert.throws(() => new Function(''), EvalError)
  })
}
