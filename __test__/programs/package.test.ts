/**
 * The package as npm packs and installs it, under the name neo4j-driver, in the places where applications run
 * it: Node's stricter modes, worker threads, bundlers, and the test runners that applications use. Its
 * content, and the ways to import it, are tested in `__test__/boundary`.
 */
import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { root } from '../support/drivers.js'
import { LTS, useServer } from '../support/servers.js'
import { node, type Ran } from './node.js'

const server = useServer(LTS, { plugins: ['apoc'] })
let folder = ''
let scratch = ''

before(async () => {
  const { installPrograms } = await import('./install.mjs')
  folder = await installPrograms('neobolt')
  scratch = await mkdtemp(join(folder, 'scratch-'))
})
after(() => rm(scratch, { recursive: true, force: true }))

/** Runs Node where the package is installed, with the server's address. */
function run(...args: string[]): Promise<Ran> {
  const { uri, user, password } = server()
  return node(folder, args, { NEO4J_URI: uri, NEO4J_USER: user, NEO4J_PASSWORD: password })
}

/** What it prints, as JSON. */
async function json(...args: string[]): Promise<unknown> {
  const { code, output } = await run(...args)
  assert.equal(code, 0, output)
  return JSON.parse(output)
}

interface Manifest {
  name: string
  version: string
  main: string
  napi: { binaryName: string; targets: string[] }
}

async function manifest(of: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(of, 'package.json'), 'utf8')) as Manifest
}

/** The script of a package in node_modules. */
function tool(...path: string[]): string {
  return join('node_modules', ...path)
}

describe("Node's stricter modes", () => {
  let usual: unknown
  before(async () => {
    usual = await json('apps/package/query.cjs')
    const { error, named } = usual as { error: unknown[]; named: boolean }
    assert.deepEqual(error.slice(0, 3), [true, 'Neo4jError', 'Neo.ClientError.Statement.SyntaxError'])
    assert.ok(named, 'the stack names the function that awaits the query')
  })

  for (const flag of [
    '--disallow-code-generation-from-strings',
    '--frozen-intrinsics',
    '--disable-proto=throw',
    '--disable-proto=delete',
  ]) {
    it(`${flag} changes nothing`, async () => {
      assert.deepEqual(await json('--no-warnings', flag, 'apps/package/query.cjs'), usual)
    })
  }

  it('--no-addons gets an error that says so', async () => {
    const { code, output } = await run('--no-addons', 'apps/package/query.cjs')
    assert.equal(code, 1)
    assert.match(output, /Error: neobolt could not load its native part .*: .*addons is disabled/)
  })
})

describe('the native part', () => {
  /** The error of the first driver in a copy of the package with its native part replaced by this. */
  async function errorWith(part: string | undefined): Promise<string> {
    const copy = await mkdtemp(join(scratch, 'copy-'))
    const installed = join(folder, 'node_modules', 'neo4j-driver')
    await cp(installed, copy, { recursive: true, filter: (path) => path !== join(installed, 'node_modules') })
    const [name = ''] = (await readdir(join(copy, 'native'))).filter((file) => file.endsWith('.node'))
    await rm(join(copy, 'native', name))
    if (part !== undefined) await writeFile(join(copy, 'native', name), part)
    const { output } = await run(
      '-p',
      `const neo4j = require(${JSON.stringify(copy)}); try { neo4j.driver('bolt://a') } catch (error) { error.message }`,
    )
    return output.trim()
  }

  async function partOfThisPlatform(): Promise<string> {
    const native = join(folder, 'node_modules', 'neo4j-driver', 'native')
    const [file = ''] = (await readdir(native)).filter((name) => name.endsWith('.node'))
    return file.replace(/^neobolt\.(.*)\.node$/, 'neobolt-$1')
  }

  it('is missed with a sentence that says what to do', async () => {
    assert.equal(
      await errorWith(undefined),
      `neobolt has no native part for this platform (${process.platform} ${process.arch}). It comes as an optional dependency, ` +
        `${await partOfThisPlatform()}, which is not installed: install the package without \`--omit=optional\` or \`--no-optional\`.`,
    )
  })

  it('is taken from the package of the platform, as published: without one in the package itself', async () => {
    const installed = join(folder, 'node_modules', 'neo4j-driver')
    const [file = ''] = (await readdir(join(installed, 'native'))).filter((name) => name.endsWith('.node'))
    const [, platform = ''] = file.split('.')
    const application = await mkdtemp(join(scratch, 'platform-'))
    const modules = join(application, 'node_modules')
    const skipped = [join(installed, 'native', file), join(installed, 'node_modules')]
    await cp(installed, join(modules, 'neo4j-driver'), { recursive: true, filter: (path) => !skipped.includes(path) })
    const { name } = await manifest(join(root, 'npm', platform))
    await cp(join(root, 'npm', platform), join(modules, name), { recursive: true })
    await cp(join(installed, 'native', file), join(modules, name, file))
    await cp(join(folder, 'apps', 'package', 'query.cjs'), join(application, 'query.cjs'))
    const { records } = (await json(join(application, 'query.cjs'))) as { records: unknown[] }
    assert.equal(records.length, 3)
  })

  it('has a package for each platform, of this version and by the name that the loader looks for', async () => {
    const { name, version, napi } = await manifest(root)
    const loader = await readFile(join(root, 'native', 'binding.cjs'), 'utf8')
    const platforms = await readdir(join(root, 'npm'))
    assert.equal(platforms.length, napi.targets.length)
    for (const platform of platforms) {
      const made = await manifest(join(root, 'npm', platform))
      assert.equal(made.name, `${name}-${platform}`)
      assert.equal(made.version, version)
      assert.equal(made.main, `${napi.binaryName}.${platform}.node`)
      assert.ok(loader.includes(`require('${made.name}')`), made.name)
    }
  })

  it('that cannot be loaded leads to an error that says why', async () => {
    assert.match(
      await errorWith('no library'),
      /^neobolt could not load its native part on this platform \(.*\): .*\.node/,
    )
  })
})

describe('worker threads', () => {
  it('have drivers of their own, and may be ended in the middle of a result', async () => {
    assert.deepEqual(await json('apps/package/workers.cjs'), { heard: 'under way', doubled: [2, 4, 6, 8], one: 1 })
  })
})

describe('bundlers', () => {
  async function bundle(bundler: string, where: string): Promise<{ errors: string[]; bundled: string }> {
    const outdir = await mkdtemp(join(scratch, 'bundle-'))
    const errors = (await json('apps/package/bundle.cjs', bundler, where, outdir)) as string[]
    return { errors, bundled: join(outdir, 'query.js') }
  }

  for (const [bundler, where] of [
    ['esbuild', 'outside'],
    ['esbuild', 'copied'],
    ['webpack', 'outside'],
  ] as const) {
    it(`${bundler} makes a bundle that works with the package ${where}`, async () => {
      const { errors, bundled } = await bundle(bundler, where)
      assert.deepEqual(errors, [])
      const { records } = (await json(bundled)) as { records: unknown[] }
      assert.equal(records.length, 3)
    })
  }

  for (const bundler of ['esbuild', 'webpack']) {
    it(`${bundler} says that it cannot take the native part into the bundle`, async () => {
      const { errors } = await bundle(bundler, 'inside')
      assert.match(errors.join('\n'), /\.node/)
    })
  }
})

describe('test runners of applications', () => {
  const jest = (name: string) => [
    tool('jest', 'bin', 'jest.js'),
    '-i',
    '--ci',
    // If only `--rootDir` is given, jest does not look for a configuration there.
    '--config',
    `apps/runners/${name}/jest.config.cjs`,
  ]
  const vitest = (pool: string) => [
    tool('vitest', 'vitest.mjs'),
    'run',
    `--pool=${pool}`,
    '--root',
    'apps/runners/vitest',
  ]

  /** How each is started, and how many tests it must have run. */
  const RUNNERS: Record<string, [args: string[], tests: number]> = {
    'jest, with mock timers and without, and several copies of the driver': [jest('jest'), 20],
    'jest, with mock timers from the start': [jest('jest-faked'), 10],
    'vitest in worker threads': [vitest('threads'), 19],
    'vitest in contexts of node:vm': [vitest('vmThreads'), 19],
    mocha: [[tool('mocha', 'bin', 'mocha.js'), 'apps/runners/mocha/application.test.cjs'], 9],
  }
  for (const [name, [args, tests]] of Object.entries(RUNNERS)) {
    it(name, async () => {
      const { code, output: coloured } = await run(...args)
      // Some print colours whenever CI is set.
      const output = stripVTControlCharacters(coloured)
      assert.equal(code, 0, output)
      assert.match(output, new RegExp(`\\b${tests} (passed|passing)\\b`), output)
      assert.doesNotMatch(output, /\d+ (failed|failing|skipped|pending)/)
    })
  }
})
