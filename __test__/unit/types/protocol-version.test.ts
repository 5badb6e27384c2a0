import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ProtocolVersion } from '../../../lib/types/protocol-version.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { core, members } from '../official.js'

const numbers: [number, number][] = [
  [3, 0],
  [4, 4],
  [5, 0],
  [5, 8],
  [6, 0],
]

describe('ProtocolVersion', () => {
  it('looks like the official one', () => {
    assert.deepEqual(exactSnapshot(new ProtocolVersion(5, 8)), exactSnapshot(new core.ProtocolVersion(5, 8)))
    assert.deepEqual(members(ProtocolVersion), members(core.ProtocolVersion))
    assert.equal(`${new ProtocolVersion(5, 8)}`, '5.8')
  })

  it('tells its minor number, for which the official driver gives the major one', () => {
    assert.equal(new ProtocolVersion(5, 8).getMajor(), 5)
    assert.equal(new ProtocolVersion(5, 8).getMinor(), 8)
    assert.equal(new core.ProtocolVersion(5, 8).getMinor(), 5)
  })

  it('compares as the official one', () => {
    const questions = ['isLessThan', 'isGreaterThan', 'isGreaterOrEqualTo', 'isLessOrEqualTo', 'isEqualTo'] as const
    for (const a of numbers) {
      for (const b of numbers) {
        for (const question of questions) {
          assert.equal(
            new ProtocolVersion(...a)[question](new ProtocolVersion(...b)),
            new core.ProtocolVersion(...a)[question](new core.ProtocolVersion(...b)),
            `${a} ${question} ${b}`,
          )
        }
      }
    }
  })
})
