/**
 * Bundles query.cjs: `node bundle.cjs esbuild|webpack outside|copied|inside FOLDER`. Prints the errors'
 * texts.
 */
const { join } = require('node:path')

const [bundler, where, outdir] = process.argv.slice(2)
const entry = join(__dirname, 'query.cjs')

const BUNDLERS = {
  async esbuild() {
    const { errors } = await require('esbuild')
      .build({
        entryPoints: [entry],
        bundle: true,
        platform: 'node',
        outdir,
        logLevel: 'silent',
        external: where === 'outside' ? ['neo4j-driver'] : [],
        loader: where === 'copied' ? { '.node': 'copy' } : {},
      })
      .catch((failure) => failure)
    return errors.map(({ text }) => text)
  },

  webpack: () =>
    new Promise((resolve, reject) => {
      require('webpack')(
        {
          mode: 'none',
          target: 'node',
          entry,
          output: { path: outdir, filename: 'query.js' },
          externals: where === 'outside' ? { 'neo4j-driver': 'commonjs neo4j-driver' } : {},
        },
        (failure, stats) =>
          failure
            ? reject(failure)
            : resolve(stats.toJson({ all: false, errors: true }).errors.map((e) => `${e.moduleName}: ${e.message}`)),
      )
    }),
}

BUNDLERS[bundler]().then((errors) => console.log(JSON.stringify(errors)))
