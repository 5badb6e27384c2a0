/** What neo4j-driver has at `neo4j-driver/lib/transaction-rx.js`. */
export { RxTransaction as default } from '../reactive/transaction.js'
