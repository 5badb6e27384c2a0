/**
 * The package as npm builds and installs it, under the name of the official driver: its content, and every
 * way to import it, which leads to the same as with neo4j-driver 6.3.0.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
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
    const paths = readdirSync(join(root, 'lib', 'paths'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `dist/paths/${name.replaceAll('\\', '/').replace(/\.ts$/, '.js')}`)
    const built = packed.filter((path) => path.startsWith('dist/'))
    assert.deepEqual(built.sort(), ['dist/bundle/neobolt.js', 'dist/index.js', ...paths].sort())
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
  'every file of it that a program can import is found, with and without its ending': [
    'main.cjs',
    `const { readdirSync } = require('node:fs')
     const files = readdirSync(${JSON.stringify(join(root, 'node_modules', 'neo4j-driver', 'lib'))}, { recursive: true })
       .map((file) => file.replaceAll('\\\\', '/')).filter((file) => file.endsWith('.js')).sort()
     // A class for its own transaction functions of rxjs, and files that Node 20 cannot load: they are ES
     // modules, in a package which is none.
     const not = ['internal/retry-logic-rx.js', 'browser/neo4j-web.esm.js', 'browser/neo4j-web.esm.min.js']
     const seen = files.filter((file) => !not.includes(file)).map((file) => {
       const path = 'neo4j-driver/lib/' + file
       const module = require(path)
       if (!path.includes('/browser/') && require(path.slice(0, -3)) !== module) throw new Error(path)
       const isBrowser = path.includes('/browser/')
       return [file, typeof module.driver, isBrowser || typeof module.default, Object.keys(module).includes('driver')]
     })
     print(seen)`,
  ],
  'versions of servers are read and compared': [
    'main.cjs',
    `const { ServerVersion, ...versions } = require('neo4j-driver/lib/internal/server-version')
     const texts = [undefined, '', 'Neo4j/5.26.0', '5.26', 'Neo4j/2026.09.0', 'neo4j/DEV', 'Neo4j/4.4.44-drop01', '4.4.', 'x', 'Neo4j/5', '5.26.0+1.b', 5]
     const read = (text) => { try { return ServerVersion.fromString(text) } catch (error) { return error.name + error.message } }
     const all = texts.map(read)
     print([all.map(String), all.map((v) => [v.major, v.minor, v.patch]), Object.keys(versions).sort().map((name) => [name, String(versions[name])]),
       all.filter((v) => v.compareTo).map((a) => all.filter((v) => v.compareTo).map((b) => a.compareTo(b)))])`,
  ],
  'the keys of types are there, also where there is no value': [
    'main.cjs',
    `const { types, default: neo4j } = require('neo4j-driver')
     print(['Rule', 'Rules', 'EncapsulatedKeyRecord', 'EncapsulatedKeyRecordRepository'].map((name) => [name in types, types[name] === undefined])
       .concat([['EncapsulatedKeyRecordRepository' in neo4j, neo4j.EncapsulatedKeyRecordRepository === undefined]]))`,
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
      // Packages for other platforms are not installed.
      external: ['@neobolt/*', 'neobolt-*'],
      logLevel: 'silent',
    })
    const output = execFileSync(process.execPath, [join(ours, 'bundle', 'app.cjs')], { encoding: 'utf8' })
    assert.equal(output.trim(), '3 function')
  })
})

describe('without a native part that fits', () => {
  const here = `${process.platform} ${process.arch}`
  const failed = `import('neo4j-driver').then(({ default: neo4j }) => neo4j.driver('bolt://localhost')).catch((error) => print(error.message))`

  /**
   * The error of the first driver of a program if the package has no addon, and these packages are beside it.
   */
  function errorBeside(parts: { readonly [name: string]: string }): string {
    const app = mkdtempSync(join(folder, 'partless-'))
    const modules = join(app, 'node_modules')
    cpSync(join(ours, 'node_modules'), modules, { recursive: true, filter: (path) => !path.endsWith('.node') })
    for (const [name, version] of Object.entries(parts)) {
      mkdirSync(join(modules, name))
      writeFileSync(join(modules, name, 'package.json'), JSON.stringify({ name, version, main: 'part.js' }))
      writeFileSync(join(modules, name, 'part.js'), 'exports.NativeDriver = class {}')
    }
    return JSON.parse(run(app, 'main.cjs', failed))
  }

  it('says which optional dependency is missing', () => {
    assert.equal(
      errorBeside({}),
      `neobolt has no native part for this platform (${here}). It comes as an optional dependency, ${part()}, which is not installed: ` +
        'install the package without `--omit=optional` or `--no-optional`.',
    )
  })

  it('says that the package was installed on another platform', () => {
    const other = process.platform === 'darwin' ? 'linux-x64-gnu' : 'darwin-arm64'
    assert.equal(
      errorBeside({ [`neobolt-${other}`]: '0.0.1' }),
      `neobolt has no native part for this platform (${here}). It was installed on another one (${other}): install it again on this one.`,
    )
  })

  it('says that the native part is of another version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    assert.equal(
      errorBeside({ [part()]: '0.0.1-other' }),
      `neobolt ${version} found its native part in version 0.0.1-other. Install the package again, so that both are of one version.`,
    )
  })

  it('says that a bundle has to leave the package outside', async () => {
    const app = mkdtempSync(join(folder, 'bundled-'))
    writeFileSync(join(ours, 'failing.cjs'), failed.replace('print', 'console.log'))
    await build({
      entryPoints: [join(ours, 'failing.cjs')],
      outfile: join(app, 'app.cjs'),
      bundle: true,
      platform: 'node',
      external: ['*.node', 'neobolt-*'],
      logLevel: 'silent',
    })
    const output = execFileSync(process.execPath, [join(app, 'app.cjs')], { encoding: 'utf8' })
    assert.equal(
      output.trim(),
      `neobolt has no native part for this platform (${here}). It was bundled, and the bundle has none: leave the package outside of the bundle, ` +
        'and install it where the program runs.',
    )
  })

  /** The package of this platform's native part. */
  function part(): string {
    const file = packed.find((path) => path.endsWith('.node')) ?? ''
    return file.replace(/^native\/neobolt\.(.*)\.node$/, 'neobolt-$1')
  }
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
  // In an ES module, the default of a CommonJS module is the whole module, which is not a type.
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
