/**
 * Required before a program: at its end, writes which drivers it has loaded, by the names of their packages,
 * to the file in LOADED_DRIVERS.
 */
const { readFileSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')

process.on('exit', () => {
  const folders = Object.keys(require.cache).map(
    (file) => /^.*[\\/]node_modules[\\/]neo4j-driver[^\\/]*(?=[\\/])/.exec(file)?.[0],
  )
  const names = [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .map((folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name)
  writeFileSync(process.env.LOADED_DRIVERS, JSON.stringify(names.sort()))
})
