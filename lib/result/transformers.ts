/**
 * Ways to turn a result into the return value of executeQuery.
 */

import { newError } from '../error/neo4j-error.js'
import type { GenericConstructor, Rules } from '../mapping/mapping.js'
import type { Integer } from '../types/integer.js'
import type { Record, RecordShape } from './record.js'
import type { Result } from './result.js'
import type { ResultSummary } from './summary.js'

/**
 * Turns a result into the value with which executeQuery resolves. It must consume
 * the result before it resolves.
 */
export type ResultTransformer<T> = (result: Result) => Promise<T>

/** All of a result: its keys, records and summary. By default executeQuery resolves with one. */
export class EagerResult<Entries extends RecordShape = RecordShape> {
  /** In the order of the query's RETURN. */
  declare keys: string[]
  /** In the order in which they arrived. */
  declare records: Array<Record<Entries>>
  /** The summary of the query. */
  declare summary: ResultSummary

  /**
   * Puts the parts together.
   *
   * @param keys the names of the columns
   * @param records all of them
   * @param summary of the same query
   */
  constructor(keys: string[], records: Array<Record<Entries>>, summary: ResultSummary) {
    this.keys = keys
    this.records = records
    this.summary = summary
  }
}

/** Settings of {@link ResultTransformers.mapped}; at least one of the two. */
export interface Mapping<R, T> {
  /** Called for each record; undefined drops it. Left out, the records stay as they are. */
  map?: (rec: Record) => R | undefined
  /** Called once at the end. Left out, the value is an object of all three. */
  collect?: (records: R[], summary: ResultSummary, keys: string[]) => T
}

/** The type of {@link resultTransformers}. */
export class ResultTransformers {
  /** @deprecated the older name of {@link ResultTransformers.eager} */
  eagerResultTransformer<Entries extends RecordShape = RecordShape>(): ResultTransformer<EagerResult<Entries>> {
    return this.eager()
  }

  /** Everything: keys, records and summary. The default of executeQuery. */
  eager<Entries extends RecordShape = RecordShape>(): ResultTransformer<EagerResult<Entries>> {
    return eager as ResultTransformer<EagerResult<Entries>>
  }

  /** @deprecated the older name of {@link ResultTransformers.mapped} */
  mappedResultTransformer<R = Record, T = { records: R[]; keys: string[]; summary: ResultSummary }>(
    config: Mapping<R, T>,
  ): ResultTransformer<T> {
    return mapped(config)
  }

  /**
   * Maps each record while the result streams, then collects the mapped values.
   *
   * @throws Neo4jError if neither map nor collect is given
   * @example
   * const names = await driver.executeQuery('MATCH (p:Person) RETURN p.name AS name', {}, {
   *   resultTransformer: neo4j.resultTransformers.mapped({
   *     map: (record) => record.get('name'),
   *     collect: (names) => names,
   *   }),
   * })
   */
  mapped<R = Record, T = { records: R[]; keys: string[]; summary: ResultSummary }>(
    config: Mapping<R, T>,
  ): ResultTransformer<T> {
    return mapped(config)
  }

  /** The first record, or undefined if there is none. The server discards the others. */
  first<Entries extends RecordShape = RecordShape>(): ResultTransformer<Record<Entries> | undefined> {
    return first as ResultTransformer<Record<Entries> | undefined>
  }

  /** The summary alone. The server discards the records. */
  summary<T extends number | Integer | bigint = Integer>(): ResultTransformer<ResultSummary<T>> {
    return summary as ResultTransformer<unknown> as ResultTransformer<ResultSummary<T>>
  }

  /**
   * Makes an object of each record, by rules or as an instance of a class, see {@link Record.as}.
   *
   * @example
   * const { records } = await driver.executeQuery('MATCH (p:Person) RETURN p.name AS name', {}, {
   *   resultTransformer: neo4j.resultTransformers.hydrated(Person, { name: neo4j.rule.asString() }),
   * })
   */
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  hydrated<T extends {} = Object>(rules: Rules): ResultTransformer<{ records: T[]; summary: ResultSummary }>
  // biome-ignore lint/complexity/noBannedTypes: the official signature
  hydrated<T extends {} = Object>(
    genericConstructor: GenericConstructor<T>,
    rules?: Rules,
  ): ResultTransformer<{ records: T[]; summary: ResultSummary }>
  hydrated<T extends {}>(
    constructorOrRules: GenericConstructor<T> | Rules,
    rules?: Rules,
  ): ResultTransformer<{ records: T[]; summary: ResultSummary }> {
    return async (result) => await result.as(constructorOrRules as GenericConstructor<T>, rules)
  }
}

/** Ready-made values for `resultTransformer` in the settings of executeQuery. */
export const resultTransformers: ResultTransformers = Object.freeze(new ResultTransformers())

async function eager(result: Result): Promise<EagerResult> {
  const { records, summary } = await result
  return new EagerResult(await result.keys(), records, summary)
}

function mapped<R, T>(config: Mapping<R, T>): ResultTransformer<T> {
  if (config == null || (config.map == null && config.collect == null)) {
    throw newError('Requires a map or/and a collect functions.')
  }
  return (result) =>
    new Promise<T>((resolve, reject) => {
      let keys: string[] = []
      const records: R[] = []
      result.subscribe({
        onKeys(names) {
          keys = names
        },
        onNext(record) {
          if (config.map == null) {
            records.push(record as R)
          } else {
            const item = config.map(record)
            if (item !== undefined) records.push(item)
          }
        },
        onCompleted(summary) {
          try {
            resolve(config.collect != null ? config.collect(records, summary, keys) : ({ records, summary, keys } as T))
          } catch (error) {
            reject(error)
          }
        },
        onError: reject,
      })
    })
}

async function first(result: Result): Promise<Record | undefined> {
  const records = result[Symbol.asyncIterator]()
  const { value, done } = await records.next()
  try {
    return done === true ? undefined : value
  } finally {
    await records.return?.()
  }
}

async function summary(result: Result): Promise<ResultSummary> {
  return await result.summary()
}
