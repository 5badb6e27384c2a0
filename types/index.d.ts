/** The types under the path that neo4j-driver has them at, `neo4j-driver/types`. */
export * from '../index.js'
export { default } from '../index.js'
