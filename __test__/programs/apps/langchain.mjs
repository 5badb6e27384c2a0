/**
 * What a retrieval program with @langchain/neo4j does: a vector store (by vector, hybrid, filtered, over an
 * existing graph), a graph with its schema given to a model, documents split into a graph, and the history of
 * a chat. The embedding counts words, so no model is needed.
 */
import { Document } from '@langchain/core/documents'
import { Embeddings } from '@langchain/core/embeddings'
import { AIMessage, HumanMessage } from '@langchain/core/messages'
import {
  GraphDocument,
  Neo4jChatMessageHistory,
  Neo4jGraph,
  Neo4jVectorStore,
  Node,
  Relationship,
} from '@langchain/neo4j'

const WORDS = ['graph', 'database', 'wine', 'cheese', 'bolt', 'driver', 'rust', 'node']

class WordCount extends Embeddings {
  constructor() {
    super({})
  }

  async embedQuery(text) {
    const words = text.toLowerCase().split(/\W+/)
    // Never all zeros: cosine similarity is not defined for that.
    return [0.1, ...WORDS.map((word) => words.filter((other) => other === word).length)]
  }

  async embedDocuments(texts) {
    return Promise.all(texts.map((text) => this.embedQuery(text)))
  }
}

const server = {
  url: process.env.NEO4J_URI,
  username: process.env.NEO4J_USER,
  password: process.env.NEO4J_PASSWORD,
}
const round = (results) =>
  results.map(([{ pageContent, metadata }, score]) => [pageContent, metadata, score.toFixed(4)])
// The library prints its own remarks; only the outcome goes to standard output.
console.log = () => {}
const outcome = {}

const documents = [
  new Document({ pageContent: 'A graph database speaks Bolt', metadata: { id: 'a', year: 2010, tags: ['x', 'y'] } }),
  new Document({ pageContent: 'Wine and cheese', metadata: { id: 'b', year: 1999, rating: 4.5 } }),
  new Document({ pageContent: 'A driver in Rust for Node', metadata: { id: 'c', year: 2026, good: true } }),
]
const index = { ...server, indexName: 'words', nodeLabel: 'Chunk', textNodeProperty: 'text' }
const store = await Neo4jVectorStore.fromDocuments(documents, new WordCount(), {
  ...index,
  searchType: 'hybrid',
  keywordIndexName: 'word_text',
})
try {
  await store.query('CALL db.awaitIndexes(60)')
  outcome.index = await store.query(
    `SHOW INDEXES YIELD name, type, labelsOrTypes, properties, options WHERE name IN ['words', 'word_text']
     RETURN name, type, labelsOrTypes, properties, options.indexConfig['vector.dimensions'] AS dimensions ORDER BY name`,
  )
  outcome.hybrid = round(await store.similaritySearchWithScore('cheese', 2))
} finally {
  await store.close()
}

const existing = await Neo4jVectorStore.fromExistingIndex(new WordCount(), index)
try {
  outcome.vector = round(await existing.similaritySearchWithScore('which graph database', 2))
  await existing.addDocuments([new Document({ pageContent: 'More cheese', metadata: { id: 'd', year: 1998 } })])
  await existing.query('CALL db.awaitIndexes(60)')
  outcome.filtered = round(
    await existing.similaritySearchVectorWithScore(await new WordCount().embedQuery('cheese'), 4, '', {
      filter: { year: { $lte: 1999 } },
    }),
  )
  outcome.embedding = await existing.query("MATCH (c:Chunk {id: 'a'}) RETURN c.embedding AS embedding, c")
} finally {
  await existing.close()
}

const graph = await Neo4jGraph.initialize({ ...server, enhancedSchema: true })
try {
  const alice = new Node({ id: 'Alice', type: 'Person', properties: { age: 42, height: 1.7 } })
  const neo = new Node({ id: 'Neo', type: 'Company', properties: { founded: '2007-05-01' } })
  await graph.addGraphDocuments(
    [
      new GraphDocument({
        nodes: [alice, neo],
        relationships: [
          new Relationship({ source: alice, target: neo, type: 'works at', properties: { since: 2015 } }),
        ],
        source: new Document({ pageContent: 'Alice works at Neo', metadata: { page: 7 } }),
      }),
    ],
    { baseEntityLabel: true, includeSource: true },
  )
  await graph.query(
    "MATCH (p:Person {id: 'Alice'}) SET p.born = date('1984-02-29'), p.seen = datetime('2026-01-01T00:00:00Z')",
  )
  await graph.refreshSchema()
  // In the order of the nodes' ids, which depends on what else the server has at the time.
  outcome.schema = graph
    .getSchema()
    .split(/\n|, |(?<=Available options: )/)
    .sort()
  outcome.structure = graph
    .getStructuredSchema()
    .relationships.map((r) => JSON.stringify(r))
    .sort()
  outcome.query = await graph.query(
    'MATCH path = (p:Person)-[r:WORKS_AT]->(c) RETURN p, r, path, p.age AS age, [1, 2.5, null, {a: 3}] AS list, $given AS given',
    { given: { deep: [1n, 'x'] } },
  )
  outcome.read = await graph.query('RETURN 1 AS one', {}, 'READ')
  outcome.error = await graph.query('RETURN nothing').then(
    () => 'ran',
    ({ name, code, message, gqlStatus, retriable }) => ({ name, code, message, gqlStatus, retriable }),
  )
} finally {
  await graph.close()
}

const people = await Neo4jVectorStore.fromExistingGraph(new WordCount(), {
  ...server,
  indexName: 'people',
  nodeLabel: 'Person',
  textNodeProperties: ['id', 'age'],
  embeddingNodeProperty: 'vector',
})
try {
  await people.query('CALL db.awaitIndexes(60)')
  outcome.overGraph = round(await people.similaritySearchWithScore('graph', 1))
} finally {
  await people.close()
}

const history = await Neo4jChatMessageHistory.initialize({ ...server, sessionId: 'one' })
try {
  for (const [n, text] of ['Hello', 'Hello, too', 'What is a graph?'].entries()) {
    await history.addMessage(n % 2 === 0 ? new HumanMessage(text) : new AIMessage(text))
  }
  outcome.history = (await history.getMessages()).map((message) => [message.getType(), message.content])
  await history.clear()
  outcome.cleared = await history.getMessages()
} finally {
  await history.close()
}

const wrong = { ...server, password: 'not the password' }
outcome.unauthorized = await Neo4jChatMessageHistory.initialize(wrong).then(
  () => 'connected',
  ({ message }) => message,
)
process.stdout.write(`${JSON.stringify(outcome)}\n`)
