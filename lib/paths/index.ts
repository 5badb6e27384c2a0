/** The module under the path that neo4j-driver has it at, `neo4j-driver/lib/index.js`. */
export * from '../index.js'
export { default } from '../index.js'
