/** rxjs, loaded with the first use of a reactive session. */

import type { Observable } from 'rxjs'

/** Does something for each subscriber, and completes without a value. */
export function completion(action: () => Promise<void>): Observable<never> {
  const { defer, ignoreElements } = rx()
  return defer(action).pipe(ignoreElements()) as Observable<never>
}

export function rx(): typeof import('rxjs') {
  return require('rxjs')
}
