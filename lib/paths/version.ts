/** What neo4j-driver has at `neo4j-driver/lib/version.js`: the version of this package. */
const { version } = require('../../package.json') as { version: string }

export default version
