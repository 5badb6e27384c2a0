/** Runs properties by fast-check on a number of cases, and counts the cases that passed. */
import { appendFileSync } from 'node:fs'
import fc from 'fast-check'

/**
 * Tries a property on so many cases, times the environment's `NEOBOLT_TEST_CASES` (1 by default; it may be a
 * fraction).
 *
 * The number of cases that passed is added as a line to the file `NEOBOLT_TEST_CASES_FILE`, if that variable
 * is set: `npm test` adds them up.
 * @throws fast-check's report of a case that fails, with the seed that finds it again
 */
export function holds<T>(property: fc.IProperty<T>, cases: number): void {
  settle(fc.check(property, { numRuns: times(cases) }) as fc.RunDetails<T>)
}

/** Like {@link holds}, for an asynchronous property. */
export async function holdsLater<T>(property: fc.IAsyncProperty<T>, cases: number): Promise<void> {
  settle((await fc.check(property, { numRuns: times(cases) })) as fc.RunDetails<T>)
}

function times(cases: number): number {
  return Math.max(1, Math.ceil(cases * Number(process.env.NEOBOLT_TEST_CASES ?? 1)))
}

function settle<T>(details: fc.RunDetails<T>): void {
  if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance })
  const file = process.env.NEOBOLT_TEST_CASES_FILE
  if (file !== undefined) appendFileSync(file, `${details.numRuns}\n`)
}
