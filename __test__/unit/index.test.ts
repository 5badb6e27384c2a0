import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as official from 'neo4j-driver'
import neo4j, * as exported from '../../lib/index.js'

/** The names which have a value. */
function names(module: object): string[] {
  return Object.entries(module)
    .filter(([name, value]) => value !== undefined && name !== 'default' && name !== 'module.exports')
    .map(([name]) => name)
    .sort()
}

const has = (module: object, name: string): unknown => (module as { [name: string]: unknown })[name]

describe('the public names', () => {
  const expected = names(official)

  it('are those of the official driver, by name and on the default object', () => {
    for (const module of [exported, neo4j]) {
      const absent = expected.filter((name) => !names(module).includes(name))
      assert.deepEqual(absent, [])
    }
  })

  it('are of the same kind', () => {
    for (const name of expected) assert.equal(typeof has(exported, name), typeof has(official, name), name)
  })

  it('are the same thing by name and on the default object', () => {
    for (const name of names(neo4j)) assert.equal(has(neo4j, name), has(exported, name), name)
  })

  it('have the same entries in the namespaces', () => {
    for (const name of ['auth', 'session', 'routing', 'error', 'integer', 'spatial', 'temporal', 'graph', 'logging']) {
      assert.deepEqual(names(has(exported, name) as object), names(has(official, name) as object), name)
    }
    const types = names(official.types)
    assert.deepEqual(
      types.filter((name) => !names(exported.types).includes(name)),
      [],
    )
  })

  it('have the same values for settings and codes', () => {
    for (const name of [
      'session',
      'routing',
      'error',
      'notificationCategory',
      'notificationClassification',
      'notificationSeverityLevel',
      'notificationFilterDisabledCategory',
      'notificationFilterDisabledClassification',
      'notificationFilterMinimumSeverityLevel',
    ]) {
      assert.deepEqual({ ...(has(exported, name) as object) }, { ...(has(official, name) as object) }, name)
    }
  })
})
