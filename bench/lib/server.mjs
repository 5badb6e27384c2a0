/**
 * The real Neo4j of a benchmark: the one that the environment names, or one that is started for the duration
 * of the run.
 */

/**
 * `say` is called with one line as the download and the start advance.
 * Resolves with `{ uri, user, password, stop }`; `stop` leaves a server alone that was there before.
 */
export async function neo4jServer(say) {
  const { NEO4J_URI: uri, NEO4J_USER: user = 'neo4j', NEO4J_PASSWORD: password = 'neo4j' } = process.env
  if (uri !== undefined) return { uri, user, password, stop: async () => {} }
  const { startNeo4j } = await import('../../scripts/neo4j/server.mjs')
  return orSay(startNeo4j)({
    version: '5.26.20',
    onProgress: ({ phase, done, total }) =>
      say(`Neo4j 5.26 · ${phase} · ${Math.min(100, Math.round((100 * done) / total))} %`),
  })
}

/**
 * Runs `work`. If a tool is missing, the process ends with the sentence that names it, instead of a stack.
 */
export function orSay(work) {
  return async (...args) => {
    try {
      return await work(...args)
    } catch (error) {
      if (error.name !== 'DemoError' && error.name !== 'MissingToolError') throw error
      process.stderr.write(`${error.message}\n`)
      process.exit(1)
    }
  }
}
