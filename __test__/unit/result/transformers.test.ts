import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Record } from '../../../lib/result/record.js'
import type { Result, ResultObserver } from '../../../lib/result/result.js'
import { ResultSummary } from '../../../lib/result/summary.js'
import { EagerResult, type ResultTransformer, resultTransformers } from '../../../lib/result/transformers.js'
import { exactSnapshot } from '../../support/snapshot.js'
import { members, official, thrown } from '../official.js'

const keys = ['n']
const summary = new ResultSummary('RETURN n', {}, {})

/**
 * A result of records with the given numbers, which fails after them if there is an error. It records the
 * calls that it gets.
 */
function resultOf(numbers: number[], error?: Error): { result: Result; log: string[] } {
  const log: string[] = []
  const records = numbers.map((n) => new Record(keys, [n]))
  async function* iterate() {
    try {
      for (const record of records) yield record
      if (error) throw error
      return summary
    } finally {
      log.push('closed')
    }
  }
  const result = {
    // biome-ignore lint/suspicious/noThenProperty: a result is awaited like a promise
    then: (resolve: (value: unknown) => void, reject: (error: Error) => void) =>
      error ? reject(error) : resolve({ records, summary }),
    keys: async () => keys,
    summary: async () => {
      log.push('summary')
      if (error) throw error
      return summary
    },
    subscribe: async (observer: Required<ResultObserver>) => {
      await null
      observer.onKeys(keys)
      try {
        for (const record of records) observer.onNext(record)
        if (error) throw error
      } catch (thrown) {
        observer.onError(thrown as Error)
        return
      }
      observer.onCompleted(summary)
    },
    [Symbol.asyncIterator]: iterate,
  }
  return { result: result as unknown as Result, log }
}

/** The outcome of a transformer of both drivers for such a result; fails if they differ. */
async function same<T>(
  make: (transformers: typeof resultTransformers) => ResultTransformer<T>,
  numbers: number[],
): Promise<T> {
  const mine = resultOf(numbers)
  const theirs = resultOf(numbers)
  const outcome = await make(resultTransformers)(mine.result)
  const expected = await make(official.resultTransformers as unknown as typeof resultTransformers)(theirs.result)
  assert.deepEqual(exactSnapshot(outcome), exactSnapshot(expected))
  assert.deepEqual(mine.log, theirs.log)
  return outcome
}

describe('resultTransformers', () => {
  it('cannot be changed and have the members of the official ones', () => {
    assert.ok(Object.isFrozen(resultTransformers))
    assert.deepEqual(
      members(resultTransformers.constructor as never),
      members(official.resultTransformers.constructor as never),
    )
  })

  it('eager gives keys, records and summary', async () => {
    const outcome = await same((t) => t.eager(), [1, 2])
    assert.ok(outcome instanceof EagerResult)
    assert.deepEqual(
      outcome.records.map((record) => record.get('n')),
      [1, 2],
    )
    assert.equal(outcome.summary, summary)
  })

  it('eager has an older name', () => {
    assert.equal(resultTransformers.eagerResultTransformer(), resultTransformers.eager())
  })

  it('mapped maps each record and drops undefined', async () => {
    const outcome = await same(
      (t) => t.mapped({ map: (r) => (r.get('n') > 1 ? r.get('n') * 10 : undefined) }),
      [1, 2, 3],
    )
    assert.deepEqual(outcome.records, [20, 30])
    assert.deepEqual(outcome.keys, keys)
  })

  it('mapped collects the records as they are, or mapped', async () => {
    assert.deepEqual(
      await same((t) => t.mapped({ collect: (records, _summary, names) => [records.length, names] }), [1, 2]),
      [2, keys],
    )
    assert.deepEqual(
      await same(
        (t) => t.mappedResultTransformer({ map: (r) => r.get('n'), collect: (numbers) => numbers.join() }),
        [1, 2],
      ),
      '1,2',
    )
  })

  it('mapped needs something to do', () => {
    for (const config of [undefined, null, {}]) {
      assert.deepEqual(
        thrown(() => resultTransformers.mapped(config as never)),
        thrown(() => official.resultTransformers.mapped(config as never)),
      )
    }
  })

  it('mapped rejects when map or collect throw', async () => {
    const broken = () => {
      throw new RangeError('broken')
    }
    await assert.rejects(resultTransformers.mapped({ map: broken })(resultOf([1]).result), RangeError)
    await assert.rejects(resultTransformers.mapped({ collect: broken })(resultOf([1]).result), RangeError)
  })

  it('first gives the first record and discards the others', async () => {
    assert.equal((await same((t) => t.first(), [7, 8]))?.get('n'), 7)
    assert.equal(await same((t) => t.first(), []), undefined)
    const { result, log } = resultOf([7, 8])
    await resultTransformers.first()(result)
    assert.deepEqual(log, ['closed'])
  })

  it('summary discards the records', async () => {
    assert.equal(await same((t) => t.summary(), [1, 2]), summary)
  })

  const all: { [name: string]: ResultTransformer<unknown> } = {
    eager: resultTransformers.eager(),
    mapped: resultTransformers.mapped({ map: (record) => record }),
    first: resultTransformers.first(),
    summary: resultTransformers.summary(),
  }
  for (const [name, transform] of Object.entries(all)) {
    it(`${name} rejects with the error of the result`, async () => {
      const error = new Error('broken')
      await assert.rejects(transform(resultOf([], error).result), (thrown) => thrown === error)
    })
  }
})

describe('EagerResult', () => {
  it('looks like the official one', () => {
    assert.deepEqual(
      exactSnapshot(new EagerResult(keys, [], summary)),
      exactSnapshot(new official.EagerResult(keys, [], summary as never)),
    )
  })
})
