/** What neo4j-driver has at `neo4j-driver/lib/result-rx.js`. */
export { RxResult as default } from '../reactive/result.js'
