/**
 * The real servers of a test file. `npm test` starts each once and passes its address in
 * NEOBOLT_TEST_SERVERS. A file that runs by itself starts the servers that it needs, and stops them at its
 * end.
 */
import { after, before } from 'node:test'

type Starter = typeof import('../../scripts/neo4j/server.mjs', { with: { 'resolution-mode': 'import' }})

export type Neo4jServer = Awaited<ReturnType<Starter['startNeo4j']>>
export type Neo4jVersion = Neo4jServer['version']
export type ServerOptions = Pick<NonNullable<Parameters<Starter['startNeo4j']>[0]>, 'plugins' | 'settings' | 'tls'>

export interface ServerAddress {
  uri: string
  user: string
  password: string
  version: Neo4jVersion
}

/** The long-term release that everything is tested on. */
export const LTS: Neo4jVersion = '5.26.20'
/** Bolt 6.1. */
export const NEWEST: Neo4jVersion = '2026.09.0'
/** Bolt 4.4. */
export const OLD: Neo4jVersion = '4.4.44'

const shared = JSON.parse(process.env.NEOBOLT_TEST_SERVERS ?? '{}') as Partial<Record<Neo4jVersion, ServerAddress>>
const absent = JSON.parse(process.env.NEOBOLT_TEST_ABSENT ?? '{}') as Partial<Record<Neo4jVersion, string>>

/**
 * A server of this version for the tests of the calling file or `describe`. Without a shared one, it is
 * started before them and stopped after them. A shared one has the plugins that the runner gave it.
 */
export function useServer(version: Neo4jVersion = LTS, options: ServerOptions = {}): () => ServerAddress {
  let server: ServerAddress | undefined = shared[version]
  if (server === undefined && absent[version] === undefined) {
    let own: Neo4jServer | undefined
    before(async () => {
      own = await startServer(version, options)
      server = own
    })
    after(() => own?.stop())
  }
  return () => {
    if (server === undefined)
      throw new Error(`there is no Neo4j ${version}: ${absent[version] ?? 'it was not started'}`)
    return server
  }
}

/** A server of its own, for a test that harms it. The caller stops it. */
export async function startServer(version: Neo4jVersion = LTS, options: ServerOptions = {}): Promise<Neo4jServer> {
  const { startNeo4j } = await import('../../scripts/neo4j/server.mjs')
  return startNeo4j({ ...options, version })
}

/**
 * Options of a test that needs this server. The test is skipped only if the runner has found, and reports at
 * its end, that this machine cannot run the server.
 */
export function requires({ server }: { server: Neo4jVersion }): { skip: string | false } {
  return { skip: absent[server] ?? false }
}
