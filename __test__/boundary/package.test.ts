/**
 * The package as npm makes and installs it, under the name of the official driver: what is in it, and that every way to get at it leads
 * where it leads with neo4j-driver 6.3.0.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { build } from 'esbuild'
import { root } from '../support/drivers.js'

/** A folder with our package installed as `neo4j-driver`, and one with the official driver. */
let folder: string
let ours: string
let theirs: string
let packed: string[]

before(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'neobolt-package-')))
  const output = npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder])
  const report = JSON.parse(output) as object
  // A list up to npm 11, a map by name since.
  const [tarball] = Object.values(report) as { filename: string; files: { path: string }[] }[]
  packed = tarball.files.map(({ path }) => path)
  execFileSync('tar', ['-xzf', tarball.filename], { cwd: folder })

  ours = join(folder, 'ours')
  theirs = join(folder, 'theirs')
  const modules = join(root, 'node_modules')
  for (const app of [ours, theirs]) {
    mkdirSync(join(app, 'node_modules'), { recursive: true })
    for (const name of ['rxjs', 'tslib', '@types', 'undici-types']) {
      symlinkSync(join(modules, name), join(app, 'node_modules', name), 'junction')
    }
  }
  cpSync(join(folder, 'package'), join(ours, 'node_modules', 'neo4j-driver'), { recursive: true })
  for (const name of ['neo4j-driver', 'neo4j-driver-core', 'neo4j-driver-bolt-connection']) {
    symlinkSync(join(modules, name), join(theirs, 'node_modules', name), 'junction')
  }
})

after(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', () => {
  it('has all that is built, and nothing that is not needed to run it', () => {
    const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `dist/${name.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`)
    const built = packed.filter((path) => path.startsWith('dist/'))
    assert.deepEqual(built.sort(), sources.sort())
    const rest = packed.filter((path) => !path.startsWith('dist/') && !path.startsWith('types/'))
    assert.deepEqual(rest.filter((path) => !/^native\/neobolt\.[\w-]+\.node$/.test(path)).sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'index.d.ts',
      'native/binding.cjs',
      'package.json',
    ])
    assert.equal(rest.length, 7)
    const types = readdirSync(join(root, 'node_modules', 'neo4j-driver', 'types')).map((name) => `types/${name}`)
    assert.deepEqual(packed.filter((path) => path.startsWith('types/')).sort(), types.sort())
  })
})

/** Programs whose output is the same with either package. Each prints one JSON text. */
const PROGRAMS: { readonly [name: string]: readonly [file: string, text: string] } = {
  'require gives the module, with the default in it': [
    'main.cjs',
    `const neo4j = require('neo4j-driver')
     print([neo4j.__esModule, typeof neo4j.driver, neo4j.default.driver === neo4j.driver, Object.keys(neo4j).includes('default')])`,
  ],
  'destructured require gives the names': [
    'main.cjs',
    `const { driver, auth, int, isInt, types } = require('neo4j-driver')
     print([typeof driver, auth.basic('a', 'b'), isInt(int(1)), typeof types.Node])`,
  ],
  'import of the default gives all that require gives': [
    'main.mjs',
    `import { createRequire } from 'node:module'
     import neo4j from 'neo4j-driver'
     print([neo4j === createRequire(import.meta.url)('neo4j-driver'), typeof neo4j.driver, typeof neo4j.default.driver])`,
  ],
  'import by name gives each, the names of types included': [
    'main.mjs',
    `import { auth, driver, int, Integer, isInt, Neo4jError, Rule, Rules, SecretKey, Session } from 'neo4j-driver'
     print([typeof driver, auth.bearer('x'), int(1) instanceof Integer, isInt(1), Neo4jError.name, Session.name, Rule ?? 0, Rules ?? 0, SecretKey ?? 0])`,
  ],
  'import of everything has the same names': [
    'main.mjs',
    `import * as neo4j from 'neo4j-driver'
     const own = ['GQLError', 'module.exports']
     print(Object.keys(neo4j).filter((name) => !own.includes(name)).sort())`,
  ],
  'import in the midst of a program': [
    'main.cjs',
    `import('neo4j-driver').then(({ default: neo4j, int }) => print([typeof neo4j.driver, int(5).toNumber()]))`,
  ],
  'paths into the package lead to the same classes': [
    'main.cjs',
    `const neo4j = require('neo4j-driver')
     const { Driver, READ, WRITE, default: again } = require('neo4j-driver/lib/driver')
     const file = require('neo4j-driver/lib/driver.js')
     print([Driver === neo4j.Driver, again === Driver, file.Driver === Driver, READ, WRITE,
       require('neo4j-driver/lib/index.js').driver === neo4j.driver,
       require('neo4j-driver/lib/session-rx').default === neo4j.RxSession,
       require('neo4j-driver/lib/transaction-rx').default === neo4j.RxTransaction,
       require('neo4j-driver/lib/transaction-managed-rx').default === neo4j.RxManagedTransaction,
       require('neo4j-driver/lib/result-rx').default === neo4j.RxResult])`,
  ],
  'tools read its package.json': [
    'main.cjs',
    `const { main, types, sideEffects } = require('neo4j-driver/package.json')
     print([typeof main, typeof types, sideEffects, require.resolve('neo4j-driver/package.json').endsWith('package.json')])`,
  ],
}

describe('in a program', () => {
  for (const [name, [file, text]] of Object.entries(PROGRAMS)) {
    it(name, () => {
      const [mine, their] = [ours, theirs].map((app) => run(app, file, text))
      assert.equal(mine, their)
      assert.notEqual(mine, '')
    })
  }

  it('which was bundled, the addon beside it', async () => {
    writeFileSync(
      join(ours, 'app.mjs'),
      `import neo4j, { int } from 'neo4j-driver'
       const driver = neo4j.driver('bolt://127.0.0.1:1', neo4j.auth.basic('a', 'b'))
       console.log(int(3).toNumber(), typeof driver.session)
       driver.close()`,
    )
    await build({
      entryPoints: [join(ours, 'app.mjs')],
      outfile: join(ours, 'bundle', 'app.cjs'),
      bundle: true,
      platform: 'node',
      loader: { '.node': 'copy' },
      // What is for other platforms is not installed.
      external: ['@neobolt/*', 'neobolt-*'],
      logLevel: 'silent',
    })
    const output = execFileSync(process.execPath, [join(ours, 'bundle', 'app.cjs')], { encoding: 'utf8' })
    assert.equal(output.trim(), '3 function')
  })
})

describe('in a program in TypeScript', () => {
  const text = `
    import neo4j, { type Driver, type Session } from 'neo4j-driver'
    import { Driver as Typed } from 'neo4j-driver/types/driver'
    import { Parameters } from 'neo4j-driver/types/query-runner'
    import { Transaction } from 'neo4j-driver/types'
    export const make = (): Driver => neo4j.driver('x')
    export const typed = (driver: Driver): Typed => driver
    export const work = (session: Session, tx: Transaction, parameters: Parameters) => [session.run('x', parameters), tx.run('x')]
  `
  // In an ES module the default of a CommonJS module is all of it, which is no type.
  const defaults = `
    import RxSession from 'neo4j-driver/types/session-rx'
    import QueryRunner from 'neo4j-driver/types/query-runner'
    export const rx = (session: RxSession, runner: QueryRunner) => [session.run('x'), runner.run('x')]
  `
  const ways: readonly [compiler: string, name: string, flags: string[]][] = [
    ['typescript-4.9', 'app.ts', ['--module', 'commonjs', '--moduleResolution', 'node', '--esModuleInterop']],
    ['typescript-4.9', 'app.mts', ['--module', 'node16', '--moduleResolution', 'node16']],
    ['typescript-5', 'app.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ]
  for (const [compiler, name, flags] of ways) {
    it(`${compiler} finds the types with ${flags.join(' ')}`, () => {
      for (const app of [ours, theirs]) {
        // The official package has no map of its paths, so that in an ES module they have to be whole.
        const isModule = name.endsWith('.mts')
        const whole = isModule ? text.replace(/types(\/[\w-]+)?'/g, wholePath) : text + defaults
        writeFileSync(join(app, name), whole)
        compile(app, compiler, [name, ...flags])
      }
    })
  }
})

function wholePath(path: string): string {
  return path === "types'" ? "types/index.js'" : path.replace("'", ".js'")
}

function run(app: string, file: string, text: string): string {
  writeFileSync(join(app, file), `${text}\nfunction print(value) { console.log(JSON.stringify(value)) }\n`)
  return execFileSync(process.execPath, [join(app, file)], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
}

function compile(app: string, compiler: string, args: string[]): void {
  const tsc = join(root, '__test__', 'types', 'compilers', 'node_modules', compiler, 'lib', 'tsc.js')
  const common = ['--strict', '--noEmit', '--target', 'es2020', '--skipLibCheck', '--types', 'node']
  try {
    execFileSync(process.execPath, [tsc, ...args, ...common], { cwd: app, encoding: 'utf8' })
  } catch (error) {
    throw new Error(`${app}: ${(error as { stdout: string }).stdout}`)
  }
}

function npm(args: string[]): string {
  return execFileSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}
