/**
 * The record shapes that are measured. Each is given twice: as Cypher, which a real server runs, and as the
 * PackStream values of one record, from which the scripted peer makes the same kind of record. Each also has
 * the number of records of one measurement, chosen so that the slower driver needs about a second.
 */
import { Float, message, Struct } from '../../__test__/support/packstream.cjs'

const RECORD = 0x71
const NODE = 0x4e
const RELATIONSHIP = 0x52
const UNBOUND_RELATIONSHIP = 0x72
const PATH = 0x50
const POINT_2D = 0x58
const DATE = 0x44
const DATE_TIME_ZONE_ID = 0x69

const EMBEDDING = Array.from({ length: 768 }, (_, i) => Math.sin(i + 1))

/**
 * @typedef {object} Shape
 * @property {string} title   as it stands in the tables
 * @property {string[]} keys  the columns
 * @property {number} rows    records of one measurement
 * @property {string} cypher  with the number of rows as `$rows`
 * @property {(i: number) => unknown[]} record  the fields of record i, for the scripted peer
 * @property {(record: any) => number} touch    reads every field of a record, and something out of each that
 *   has parts
 */

/** @type {Record<string, Shape>} */
export const SHAPES = {
  int: {
    title: '1 int',
    keys: ['i'],
    rows: 1_000_000,
    cypher: 'UNWIND range(1, $rows) AS i RETURN i',
    record: (i) => [500_000 + i],
    touch: (r) => r.get(0).low,
  },
  mixed: {
    title: '8 mixed columns',
    keys: ['id', 'name', 'score', 'active', 'parent', 'tags', 'born', 'extra'],
    rows: 200_000,
    cypher: `UNWIND range(1, $rows) AS i RETURN i AS id, 'name ' + i AS name, i * 0.37 AS score, i % 2 = 0 AS active,
      null AS parent, ['red', 'green', 'blue'] AS tags, date({year: 2000, month: 1 + i % 12, day: 1 + i % 28}) AS born,
      {level: i % 100, code: 'c' + i} AS extra`,
    record: (i) => [
      500_000 + i,
      `name ${500_000 + i}`,
      new Float((500_000 + i) * 0.37),
      i % 2 === 0,
      null,
      ['red', 'green', 'blue'],
      new Struct(DATE, [10_957 + (i % 365)]),
      { level: i % 100, code: `c${500_000 + i}` },
    ],
    touch: (r) =>
      r.get(0).low +
      r.get(1).length +
      r.get(2) +
      (r.get(3) ? 1 : 0) +
      (r.get(4) === null ? 1 : 0) +
      r.get(5)[2].length +
      r.get(6).day.low +
      r.get(7).code.length,
  },
  node: {
    title: 'Node, 6 properties',
    keys: ['n'],
    rows: 200_000,
    cypher: 'UNWIND range(1, $rows / 1000) AS block MATCH (n:NeoboltBenchItem) RETURN n',
    record: (i) => [person(i)],
    touch: (r) => {
      const n = r.get(0)
      return n.identity.low + n.labels.length + n.properties.name.length + n.properties.age.low
    },
  },
  floats: {
    title: 'list of 768 floats',
    keys: ['embedding'],
    rows: 20_000,
    cypher: 'WITH [x IN range(1, 768) | sin(x)] AS embedding UNWIND range(1, $rows) AS i RETURN embedding',
    record: (i) => [EMBEDDING.map((x) => new Float(x * (1 + i / 1000)))],
    touch: (r) => {
      const list = r.get(0)
      return list[0] + list[767]
    },
  },
  strings: {
    title: '3 strings',
    keys: ['first', 'second', 'third'],
    rows: 500_000,
    cypher: `UNWIND range(1, $rows) AS i
      RETURN 'first value ' + i AS first, 'a second, longer value ' + i AS second, 'x' + i AS third`,
    record: (i) => [`first value ${500_000 + i}`, `a second, longer value ${500_000 + i}`, `x${500_000 + i}`],
    touch: (r) => r.get(0).length + r.get(1).charCodeAt(0) + r.get(2).length,
  },
  zoned: {
    title: 'DateTime with zone id',
    keys: ['at'],
    rows: 100_000,
    cypher: `UNWIND range(1, $rows) AS i
      RETURN datetime({epochSeconds: 1700000000 + i * 3601, timezone: 'Europe/Stockholm'}) AS at`,
    record: (i) => [new Struct(DATE_TIME_ZONE_ID, [1_700_000_000 + i * 3601, i * 1000, 'Europe/Stockholm'])],
    touch: (r) => {
      const at = r.get(0)
      return at.hour.low + at.timeZoneOffsetSeconds.low
    },
  },
  point: {
    title: 'Point',
    keys: ['at'],
    rows: 400_000,
    cypher: 'UNWIND range(1, $rows) AS i RETURN point({longitude: i % 180 + 0.5, latitude: i % 90 + 0.25}) AS at',
    record: (i) => [new Struct(POINT_2D, [4326, new Float((i % 180) + 0.5), new Float((i % 90) + 0.25)])],
    touch: (r) => {
      const at = r.get(0)
      return at.srid.low + at.x + at.y
    },
  },
  path: {
    title: 'Path of 3 nodes',
    keys: ['p'],
    rows: 60_000,
    cypher: `UNWIND range(1, $rows / 1000) AS block
      MATCH p = (n:NeoboltBenchItem)-[:NEOBOLT_BENCH]->()-[:NEOBOLT_BENCH]->() RETURN p`,
    record: (i) => [
      new Struct(PATH, [
        [person(i), person(i + 1), person(i + 2)],
        [unbound(i), unbound(i + 1)],
        [1, 1, 2, 2],
      ]),
    ],
    touch: (r) => {
      const path = r.get(0)
      const [first, second] = path.segments
      return (
        path.length + first.start.properties.age.low + second.relationship.properties.since.low + path.end.labels.length
      )
    },
  },
  relationship: {
    title: 'Relationship',
    keys: ['r'],
    rows: 300_000,
    cypher: 'UNWIND range(1, $rows / 1000) AS block MATCH (:NeoboltBenchItem)-[r:NEOBOLT_BENCH]->() RETURN r',
    record: (i) => [
      new Struct(RELATIONSHIP, [
        i,
        i,
        i + 1,
        'KNOWS',
        { since: 1990 + (i % 30), weight: new Float(i * 0.25) },
        elementId(5, i),
        elementId(4, i),
        elementId(4, i + 1),
      ]),
    ],
    touch: (r) => {
      const rel = r.get(0)
      return rel.start.low + rel.type.length + rel.properties.since.low + rel.endNodeElementId.length
    },
  },
  map: {
    title: 'map of 4',
    keys: ['m'],
    rows: 300_000,
    cypher: `UNWIND range(1, $rows) AS i RETURN {id: i, name: 'name ' + i, score: i * 0.37, active: i % 2 = 0} AS m`,
    record: (i) => [
      { id: 500_000 + i, name: `name ${500_000 + i}`, score: new Float((500_000 + i) * 0.37), active: i % 2 === 0 },
    ],
    touch: (r) => {
      const m = r.get(0)
      return m.id.low + m.name.length + m.score
    },
  },
  three: {
    title: '3 columns: int, string, float',
    keys: ['id', 'name', 'score'],
    rows: 500_000,
    cypher: "UNWIND range(1, $rows) AS i RETURN i AS id, 'name ' + i AS name, i * 0.37 AS score",
    record: (i) => [500_000 + i, `name ${500_000 + i}`, new Float((500_000 + i) * 0.37)],
    touch: (r) => r.get(0).low + r.get(1).length + r.get(2),
  },
}

/**
 * The data that a real server needs for the shapes above: a thousand nodes in a ring of a thousand
 * relationships. The scripted peer does not see it.
 */
export const SETUP = `UNWIND range(1, 1000) AS i CREATE (n:NeoboltBenchItem
  {id: i, name: 'Person number ' + i, email: 'person.' + i + '@example.com', age: i % 90, score: i * 0.5, active: i % 2 = 0})
  WITH collect(n) AS all UNWIND range(0, 999) AS i WITH i, all[i] AS a, all[(i + 1) % 1000] AS b
  CREATE (a)-[:NEOBOLT_BENCH {since: 1990 + i % 30, weight: i * 0.25}]->(b)`

/** Returns a record if a database already contains data that `SETUP` would make. */
export const FOREIGN = 'MATCH (n:NeoboltBenchItem) RETURN n LIMIT 1'

/** Removes what `SETUP` made. */
export const CLEANUP = 'MATCH (n:NeoboltBenchItem) DETACH DELETE n'

/**
 * The query of a measurement. The comment in front is for the scripted peer, which does not understand
 * Cypher. The number of rows is in the text, not in a parameter, so that the drivers' encoders are not
 * measured.
 */
export function queryOf(name, rows) {
  return `/* shape ${name} rows ${rows} */ ${SHAPES[name].cypher.replace('$rows', String(rows))}`
}

/**
 * The file from which the scripted peer serves a shape: its columns, then a thousand records. See
 * bench/peer.rs.
 */
export function fileOf(name) {
  const { keys, record } = SHAPES[name]
  return Buffer.concat([
    message(RECORD, [keys]),
    ...Array.from({ length: 1000 }, (_, i) => message(RECORD, [record(i)])),
  ])
}

function person(i) {
  return new Struct(NODE, [
    i,
    ['Person'],
    {
      id: 500_000 + i,
      name: `Person number ${i}`,
      email: `person.${i}@example.com`,
      age: i % 90,
      score: new Float(i * 0.5),
      active: i % 2 === 0,
    },
    elementId(4, i),
  ])
}

function unbound(i) {
  return new Struct(UNBOUND_RELATIONSHIP, [i, 'KNOWS', { since: 1990 + (i % 30) }, elementId(5, i)])
}

function elementId(kind, i) {
  return `${kind}:d5a4c9ab-3b0c-4b6c-9e1c-6fd6b2d8a8f1:${i}`
}
