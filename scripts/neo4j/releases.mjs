// @ts-check
/**
 * The releases of Neo4j that can be started here: what each needs to run, and its settings.
 */

/** @typedef {'5.26.20' | '2026.09.0' | '4.4.44'} Neo4jVersion */

/** @typedef {'apoc'} Neo4jPlugin `apoc` is APOC Core */

/**
 * @typedef {object} Release
 * @property {string} main the class to start, or `builder` for DatabaseManagementServiceBuilder
 * @property {Array<(major: number) => boolean>} jdks which JDKs will do, the best first
 * @property {string} jdkNames
 * @property {string[]} jvmOptions
 * @property {(port: number) => Record<string, string>} settings
 * @property {number} jars how many there are, to show progress by
 * @property {number} bytes their size, to show progress by
 * @property {Partial<Record<Neo4jPlugin, Plugin>>} [plugins]
 */

/**
 * @typedef {object} Plugin
 * @property {string} folder its name in the cache
 * @property {string[]} artifacts GROUP:NAME:VERSION
 * @property {Record<string, string>} settings what it needs in neo4j.conf
 */

/** @type {Record<Neo4jVersion, Release>} */
export const RELEASES = {
  '5.26.20': {
    main: 'org.neo4j.server.CommunityEntryPoint',
    jdks: [(major) => major === 21 || major === 17, (major) => major > 17],
    jdkNames: '17 or newer',
    jvmOptions: [],
    settings: settingsOf5,
    jars: 213,
    bytes: 120_697_430,
    plugins: {
      // There is no 5.26.20 of it; only the first two numbers have to be the same.
      apoc: {
        folder: 'apoc-core-5.26.19',
        // The jar of apoc-core needs that of apoc-common, though its pom does not list it.
        artifacts: ['org.neo4j.procedure:apoc-core:5.26.19', 'org.neo4j.procedure:apoc-common:5.26.19'],
        settings: { 'dbms.security.procedures.unrestricted': 'apoc.*' },
      },
    },
  },
  '2026.09.0': {
    main: 'org.neo4j.server.Neo4jCommunity',
    jdks: [(major) => major >= 21],
    jdkNames: '21 or newer',
    jvmOptions: [],
    settings: settingsOf5,
    jars: 230,
    bytes: 161_140_698,
  },
  '4.4.44': {
    main: 'builder',
    jdks: [(major) => major === 17 || major === 11],
    jdkNames: '17 or 11',
    jvmOptions: ['java.nio', 'java.io', 'sun.nio.ch', 'java.lang', 'java.util.concurrent'].map(
      (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
    ),
    settings: settingsOf4,
    jars: 174,
    bytes: 100_088_042,
  },
}

/** The versions that can be started. */
export const VERSIONS = /** @type {Neo4jVersion[]} */ (Object.keys(RELEASES))

/**
 * @param {Neo4jVersion} version
 * @param {Neo4jPlugin} name
 * @returns {Plugin}
 */
export function pluginOf(version, name) {
  const plugin = RELEASES[version].plugins?.[name]
  if (plugin === undefined) throw new Error(`it is not known where to get the plugin ${name} for Neo4j ${version}`)
  return plugin
}

/** @param {number} port */
function settingsOf5(port) {
  return {
    'server.bolt.listen_address': `127.0.0.1:${port}`,
    'server.bolt.advertised_address': `127.0.0.1:${port}`,
    'server.http.enabled': 'false',
    'server.memory.pagecache.size': '64m',
    'dbms.usage_report.enabled': 'false',
  }
}

/** @param {number} port */
function settingsOf4(port) {
  return {
    'dbms.connector.bolt.listen_address': `127.0.0.1:${port}`,
    'dbms.connector.bolt.advertised_address': `127.0.0.1:${port}`,
    'dbms.connector.bolt.enabled': 'true',
    'dbms.connector.http.enabled': 'false',
    'dbms.memory.pagecache.size': '64m',
    // Off by default where the server is started through its builder.
    'dbms.security.auth_enabled': 'true',
  }
}
