/**
 * What neo4j-driver has at `neo4j-driver/lib/driver.js`, which programs and their mocks import from there.
 */
import { routing } from '../driver/query-config.js'

export { Driver, Driver as default } from '../driver/driver.js'

export const { READ, WRITE } = routing
