/** What neo4j-driver has at `neo4j-driver/lib/session-rx.js`. */
export { RxSession as default } from '../reactive/session.js'
