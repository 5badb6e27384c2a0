//! neobolt: a Bolt driver core for Neo4j, bound to Node.js.
