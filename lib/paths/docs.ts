/** What neo4j-driver has at `neo4j-driver/lib/docs.js`: nothing but comments. */
export {}
