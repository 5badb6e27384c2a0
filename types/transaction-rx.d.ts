/** What neo4j-driver has at `neo4j-driver/types/transaction-rx`. */
export { RxTransaction as default } from '../index.js'
