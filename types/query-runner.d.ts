/** What neo4j-driver has at `neo4j-driver/types/query-runner`. */
import type { Parameters, Result } from '../index.js'

export { Parameters }

declare interface QueryRunner {
  run: (query: string, parameters?: Parameters) => Result
}

export default QueryRunner
