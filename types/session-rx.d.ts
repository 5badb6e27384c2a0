/** What neo4j-driver has at `neo4j-driver/types/session-rx`. */
export { RxSession as default } from '../index.js'
