/**
 * The differential suite: every script in `differential/` on neo4j-driver and on ours, on the same server;
 * then the two logs are compared. `differential/suite.ts` and `snapshot.ts` describe what a script logs, and
 * what the snapshots in a log show.
 */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LTS, NEWEST, requires, useServer } from '../support/servers.js'
import { drivers } from './differential/configuration.js'
import { made } from './differential/constructed-values.js'
import { errors, summaries } from './differential/errors-and-summaries.js'
import { mapping } from './differential/object-mapping.js'
import { reactive, readOrders, records, results } from './differential/results.js'
import {
  bookmarks,
  closing,
  executeQuery,
  managed,
  sessions,
  transactions,
} from './differential/sessions-and-transactions.js'
import { compare } from './differential/suite.js'
import { graph, parametersIn, values, vectors } from './differential/values.js'

const ON_LTS = [
  values,
  parametersIn,
  graph,
  readOrders,
  results,
  records,
  reactive,
  sessions,
  transactions,
  managed,
  bookmarks,
  executeQuery,
  closing,
  errors,
  summaries,
  drivers,
  mapping,
  made,
]
const ON_NEWEST = [vectors]

compare(ON_LTS, useServer(LTS))
compare(ON_NEWEST, useServer(NEWEST), requires({ server: NEWEST }))

test('there are at least 300 scripts', (t) => {
  const counts = [...ON_LTS, ...ON_NEWEST].map(({ subject, scripts }) => ({
    subject,
    count: Object.keys(scripts).length,
  }))
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  for (const { subject, count } of counts) t.diagnostic(`${count} scripts: ${subject}`)
  t.diagnostic(`${total} scripts in all`)
  assert.ok(total >= 300)
})
