/** What neo4j-driver has at `neo4j-driver/types/result-rx`. */
export { RxResult as default } from '../index.js'
