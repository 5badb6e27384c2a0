/**
 * Builds the JavaScript of lib/: dist/index.js, a module for each path that neo4j-driver has, and one file
 * with all the code behind them. Node reads and compiles one file in a fraction of the time for a hundred.
 * The compiler makes the types of the package, by `tsc -p .`.
 */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const LIB = join(ROOT, 'lib')
const DIST = join(ROOT, 'dist')

/**
 * Types that the official module also exports as values, all of them undefined: a build that keeps the import
 * of a type has to find the name. They are listed one by one, because Node reads the names that it can import
 * from the text.
 */
const UNDEFINED = [
  'Rule',
  'Rules',
  'EncapsulatedKey',
  'EncapsulatedKeyRecord',
  'EncapsulatedKeyRecordRepository',
  'EncryptionProfile',
  'KeyEncapsulationService',
  'SecretKey',
]

const paths = readdirSync(join(LIB, 'paths'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `paths/${name.replaceAll('\\', '/').replace(/\.ts$/, '')}`)
const modules = ['index', ...paths]

rmSync(DIST, { recursive: true, force: true })
await build({
  cwd: ROOT,
  input: Object.fromEntries(modules.map((name) => [name, join(LIB, `${name}.ts`)])),
  tsconfig: join(ROOT, 'tsconfig.json'),
  platform: 'node',
  // Only what lies in lib/ is part of the file.
  external: (id) => !/^\.{0,2}[/\\]|^[A-Za-z]:/.test(id) || /\/(native|package\.json)/.test(id),
  resolve: { extensionAlias: { '.js': ['.ts'] } },
  output: {
    dir: DIST,
    format: 'cjs',
    exports: 'named',
    esModule: true,
    generatedCode: { symbols: false },
    // Classes such as Date keep their names, which a user sees.
    keepNames: true,
    entryFileNames: '[name].js',
    // As deep as the modules of lib/ that load files beside it.
    chunkFileNames: 'bundle/[name].js',
    codeSplitting: { groups: [{ name: 'neobolt', test: /./ }] },
    outro: ({ name }) =>
      /(^|\/)index$/.test(name) ? UNDEFINED.map((type) => `exports.${type} = undefined;`).join('\n') : '',
  },
})
