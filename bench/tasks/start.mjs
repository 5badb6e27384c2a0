/**
 * Cold start: how long `require` takes in a fresh process, with the driver given as the argument. Prints one
 * line of JSON. Before the clock starts, it loads nothing that the driver might need, too.
 */
const target = process.argv[2] === 'neobolt' ? '../..' : 'neo4j-driver'
const { createRequire } = await import('node:module')
const require = createRequire(import.meta.url)
const cpu = process.cpuUsage()
const start = performance.now()
require(target)
const wall = performance.now() - start
const { user, system } = process.cpuUsage(cpu)
const { peakRss } = await import('../lib/usage.mjs')
process.stdout.write(`${JSON.stringify({ wall, process: (user + system) / 1000, rss: peakRss(), count: 1 })}\n`)
