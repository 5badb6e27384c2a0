/** A driver in each of several worker threads; one of them is ended in the middle of a long result. */
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads')
const neo4j = require('neo4j-driver')

const { NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password } = process.env
const connect = () => neo4j.driver(uri, neo4j.auth.basic(user, password))

async function work() {
  const driver = connect()
  if (workerData === 'endless') {
    for await (const record of driver.session().run('UNWIND range(1, 100000000) AS n RETURN n')) {
      if (record.get('n').toNumber() === 1000) parentPort.postMessage('under way')
    }
  }
  const { records } = await driver.executeQuery('RETURN $n * 2 AS n', { n: neo4j.int(workerData) })
  await driver.close()
  parentPort.postMessage(records[0].get('n').toNumber())
}

async function main() {
  const start = (data) => new Worker(__filename, { workerData: data })
  const message = (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  const endless = start('endless')
  const heard = await message(endless)
  const doubled = await Promise.all([1, 2, 3, 4].map((n) => message(start(n))))
  await endless.terminate()
  const driver = connect()
  const { records } = await driver.executeQuery('RETURN 1 AS one')
  await driver.close()
  console.log(JSON.stringify({ heard, doubled, one: records[0].get('one').toNumber() }))
}

void (isMainThread ? main() : work())
