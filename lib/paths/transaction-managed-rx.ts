/** What neo4j-driver has at `neo4j-driver/lib/transaction-managed-rx.js`. */
export { RxManagedTransaction as default } from '../reactive/transaction.js'
