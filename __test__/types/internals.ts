/** What 6.3.0 declares in its classes and ours does not: only this, member by member. */
import type * as theirs from 'neo4j-driver'
import type * as ours from 'the-driver'
import { holds, type Same } from './assert.js'
import type { Classes, Instance } from './assignable.js'

/**
 * What 6.3.0 declares with an underscore, marked as private in its docs but not in its types, and ours has
 * not: its own parts call each other by these, with values that ours does not have (connections, observers of
 * messages, holders of both).
 */
type Internal = {
  Driver: '_afterConstruction' | '_homeDatabaseCallback' | '_newSession' | '_getOrCreateConnectionProvider'
  Result: '_subscribe' | '_decorateObserver' | '_cancel'
  Session:
    | '_run'
    | '_acquireConnection'
    | '_beginTransaction'
    | '_assertSessionIsOpen'
    | '_transactionClosed'
    | '_onDatabaseNameResolved'
    | '_updateBookmarks'
    | '_connectionHolderWithMode'
    | '_onCompleteCallback'
  Transaction: '_begin' | '_onErrorCallback' | '_onCompleteCallback'
  ManagedTransaction: never
  EnvelopeEncryptionProfile: '_findById' | '_findByAlias'
  // Of each object, in JavaScript.
  Neo4jError: '__proto__'
}
type InternalStatics = { Session: '_validateSessionMode' }

/** Every member that theirs declares for a class and ours has not, that of an underscore included. */
type AllMissing<K extends Classes> = Exclude<
  keyof Instance<(typeof theirs)[K]>,
  keyof Instance<(typeof ours)[K]> | symbol
>
type AllMissingStatics<K extends Classes> = Exclude<keyof (typeof theirs)[K], keyof (typeof ours)[K] | symbol>
type Listed<K, List> = K extends keyof List ? List[K] : never

export function internals(): void {
  holds<Same<{ [K in Classes]: AllMissing<K> }, { [K in Classes]: Listed<K, Internal> }>>()
  holds<Same<{ [K in Classes]: AllMissingStatics<K> }, { [K in Classes]: Listed<K, InternalStatics> }>>()
}
