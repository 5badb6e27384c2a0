import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  buildGqlStatusObjectFromMetadata,
  checkedNotificationFilter,
  GqlStatusObject,
  Notification,
  notificationCategory,
  notificationClassification,
  notificationFilterDisabledCategory,
  notificationFilterDisabledClassification,
  notificationFilterMinimumSeverityLevel,
  notificationSeverityLevel,
} from '../../../lib/result/notifications.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { members, official } from '../official.js'

describe('the names for notifications', () => {
  it('are the official ones, in their order, and cannot be changed', () => {
    assert.deepEqual(exactSnapshot(notificationCategory), exactSnapshot(official.notificationCategory))
    assert.deepEqual(exactSnapshot(notificationSeverityLevel), exactSnapshot(official.notificationSeverityLevel))
    assert.deepEqual(
      exactSnapshot(notificationFilterMinimumSeverityLevel),
      exactSnapshot(official.notificationFilterMinimumSeverityLevel),
    )
    assert.deepEqual(
      exactSnapshot(notificationFilterDisabledCategory),
      exactSnapshot(official.notificationFilterDisabledCategory),
    )
  })

  it('are the same object in the older spelling', () => {
    assert.equal(notificationCategory, notificationClassification)
    assert.equal(notificationFilterDisabledCategory, notificationFilterDisabledClassification)
  })
})

describe('notifications and statuses', () => {
  const notifications = [
    {},
    { code: 'Neo.A', title: 'A', description: 'a', severity: 'WARNING', category: 'HINT' },
    { code: 'Neo.A', severity: 'SEVERE', category: 'toString' },
    { position: { offset: 1, line: 2n, column: 3 } },
  ]
  for (const raw of notifications) {
    it(`a Notification of ${Object.keys(raw)} looks like the official one`, () => {
      assert.deepEqual(exactSnapshot(new Notification(raw)), exactSnapshot(new official.Notification(raw)))
    })
  }

  const statuses = [
    {},
    { gql_status: '00000', status_description: 'x', diagnostic_record: null },
    {
      gql_status: '01N00',
      neo4j_code: 'Neo.A',
      diagnostic_record: {
        _severity: 'WARNING',
        _classification: 'DEPRECATION',
        _position: { offset: 1, line: 2, column: 3 },
      },
    },
    { diagnostic_record: { _severity: 'SEVERE', _classification: 'NEW', at: new Date(0) } },
  ]
  for (const raw of statuses) {
    it(`a GqlStatusObject of ${JSON.stringify(raw)} looks like the official one`, () => {
      const mine = new GqlStatusObject(raw)
      const theirs = new official.GqlStatusObject(raw)
      assert.deepEqual(exactSnapshot(mine), exactSnapshot(theirs))
      assert.equal(mine.diagnosticRecordAsJsonString, theirs.diagnosticRecordAsJsonString)
    })
  }

  it('have the members of the official classes', () => {
    assert.deepEqual(members(Notification), members(official.Notification))
    assert.deepEqual(members(GqlStatusObject), members(official.GqlStatusObject))
  })

  it('made from notifications come in the order no data, warnings, success, information', () => {
    const made = buildGqlStatusObjectFromMetadata({
      notifications: [{ severity: 'INFORMATION' }, { severity: 'WARNING' }],
      stream_summary: { have_records_streamed: true },
    })
    assert.deepEqual(
      made.map((status) => status.gqlStatus),
      ['01N42', '00000', '03N42'],
    )
    assert.deepEqual(
      made.map((status) => status.statusDescription),
      ['warn: unknown warning', 'note: successful completion', 'info: unknown notification'],
    )
  })
})

describe('the notification filter', () => {
  it('is taken as it is: the server says what is wrong with it', () => {
    for (const filter of [{ minimumSeverityLevel: 'WARNING' }, { disabledCategories: 'HINT' }, { more: 1 }]) {
      assert.equal(checkedNotificationFilter(filter as never), filter)
    }
    assert.equal(checkedNotificationFilter(undefined), undefined)
  })

  it('does not take both spellings at once', () => {
    const filter = { disabledCategories: ['HINT' as const], disabledClassifications: ['HINT' as const] }
    const refusal = (action: () => unknown): string => {
      try {
        action()
      } catch (error) {
        return `${(error as Error).constructor.name}: ${(error as Error).message}`
      }
      throw new Error('expected to throw')
    }
    assert.equal(
      refusal(() => checkedNotificationFilter(filter)),
      refusal(() => official.driver('bolt://localhost', undefined, { notificationFilter: filter })),
    )
  })
})
