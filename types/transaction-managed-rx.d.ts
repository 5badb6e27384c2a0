/** What neo4j-driver has at `neo4j-driver/types/transaction-managed-rx`. */
export { RxManagedTransaction as default } from '../index.js'
