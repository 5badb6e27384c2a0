// @ts-check
/**
 * Lists what this package is made of, beside its own sources: the crates that are compiled into the addon,
 * and the npm packages that are installed with it. Reads Cargo's metadata and package-lock.json, so it needs
 * no network. It does not check advisories.
 *
 *     node scripts/supply-chain.mjs licences            a table, and whether all of it may be used
 *     node scripts/supply-chain.mjs sbom [FILE]         a bill of materials, CycloneDX 1.6 in JSON
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Part
 * @property {'cargo' | 'npm'} from
 * @property {string} name
 * @property {string} version
 * @property {string} licence as an SPDX expression
 * @property {string} [sha256] of a crate, as in Cargo.lock
 * @property {string} [sha512] of an npm package, as in package-lock.json
 * @property {string} [repository]
 * @property {string[]} needs by purl
 */

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Licences that may be used beside code under Apache-2.0, and require no more than attribution. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
])

/** Cargo's metadata, once it has been read. @type {any} */
let known

const [command, file] = process.argv.slice(2)
const parts = [...crates(), ...packages()]
if (command === 'licences') licences()
else if (command === 'sbom') sbom()
else {
  console.error('licences or sbom?')
  process.exitCode = 2
}

function licences() {
  const width = Math.max(...parts.map(({ name, version }) => name.length + version.length + 1))
  for (const { from, name, version, licence } of parts) {
    console.log(`${from.padEnd(6)}${`${name} ${version}`.padEnd(width + 2)}${licence}`)
  }
  const refused = parts.filter(({ licence }) => !isAllowed(licence))
  for (const { name, licence } of refused) console.error(`not allowed: ${name} (${licence})`)
  console.log(`${parts.length} parts, ${refused.length} with a licence that is not allowed`)
  process.exitCode = refused.length > 0 ? 1 : 0
}

function sbom() {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const self = `pkg:npm/${own.name}@${own.version}`
  const component = (/** @type {Part} */ part) => ({
    type: 'library',
    'bom-ref': purl(part),
    name: part.name,
    version: part.version,
    purl: purl(part),
    licenses: [{ expression: part.licence }],
    ...(part.sha256 && { hashes: [{ alg: 'SHA-256', content: part.sha256 }] }),
    ...(part.sha512 && { hashes: [{ alg: 'SHA-512', content: part.sha512 }] }),
    ...(part.repository && { externalReferences: [{ type: 'vcs', url: part.repository }] }),
  })
  const text = JSON.stringify(
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: {
        component: {
          type: 'library',
          'bom-ref': self,
          name: own.name,
          version: own.version,
          purl: self,
          licenses: [{ expression: own.license }],
        },
      },
      components: parts.map(component),
      dependencies: [
        { ref: self, dependsOn: [...direct()].sort() },
        ...parts.map((part) => ({ ref: purl(part), dependsOn: part.needs })),
      ],
    },
    null,
    2,
  )
  if (file === undefined) console.log(text)
  else writeFileSync(file, `${text}\n`)
}

/**
 * The parts that this package itself names: those that no other part needs, and those that it names besides.
 */
function direct() {
  const { packages: all, resolve } = metadata()
  const names = new Set(
    resolve.nodes
      .find((/** @type {any} */ node) => node.id === resolve.root)
      .deps.filter(isShipped)
      .map((/** @type {any} */ dependency) => dependency.pkg),
  )
  const cargo = all.filter((/** @type {any} */ each) => names.has(each.id)).map(crate)
  const { dependencies = {} } = lockfile().packages['']
  const npm = packages().filter(({ name }) => name in dependencies)
  return [...cargo, ...npm].map(purl)
}

/**
 * The crates that end up in the addon, on any platform. Those that only the tests and the build need are left
 * out.
 * @returns {Part[]}
 */
function crates() {
  const { packages: all, resolve } = metadata()
  const nodes = new Map(resolve.nodes.map((/** @type {any} */ node) => [node.id, node]))
  const found = new Set([resolve.root])
  for (const id of found) {
    for (const dependency of nodes.get(id).deps) if (isShipped(dependency)) found.add(dependency.pkg)
  }
  found.delete(resolve.root)
  const checksums = checksumsOfCrates()
  const byId = new Map(all.map((/** @type {any} */ each) => [each.id, each]))
  return [...found]
    .map((id) => {
      const made = crate(byId.get(id))
      const needs = nodes
        .get(id)
        .deps.filter(isShipped)
        .map((/** @type {any} */ each) => purl(crate(byId.get(each.pkg))))
      return { ...made, needs: needs.sort(), sha256: checksums.get(`${made.name} ${made.version}`) }
    })
    .sort(byName)
}

/** @param {any} metadata */
function crate(metadata) {
  // The old way of writing "or".
  const licence = (metadata.license ?? 'none').replaceAll('/', ' OR ')
  /** @type {Part} */
  const part = { from: 'cargo', name: metadata.name, version: metadata.version, licence, needs: [] }
  if (metadata.repository) part.repository = metadata.repository
  return part
}

/** @param {any} dependency */
function isShipped(dependency) {
  return dependency.dep_kinds.some((/** @type {any} */ kind) => kind.kind === null)
}

function metadata() {
  if (known === undefined) {
    const run = spawnSync('cargo', ['metadata', '--format-version', '1', '--locked'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    if (run.status !== 0) throw new Error(`cargo metadata failed:\n${run.stderr}`)
    known = JSON.parse(run.stdout)
  }
  return known
}

/** @returns {Map<string, string>} */
function checksumsOfCrates() {
  const text = readFileSync(join(root, 'Cargo.lock'), 'utf8')
  const each = /name = "([^"]+)"\nversion = "([^"]+)"\nsource = [^\n]+\nchecksum = "([0-9a-f]+)"/g
  return new Map(
    [...text.matchAll(each)].map(([, name, version, sum]) => [`${name} ${version}`, /** @type {string} */ (sum)]),
  )
}

/**
 * The packages that npm installs along with this one.
 * @returns {Part[]}
 */
function packages() {
  const all = Object.entries(lockfile().packages).filter(
    ([path, each]) => path !== '' && !each.dev && !each.devOptional,
  )
  const nameOf = (/** @type {string} */ path) => path.replace(/^.*node_modules\//, '')
  return all
    .map(([path, each]) => {
      const needs = all.filter(([other]) => nameOf(other) in (each.dependencies ?? {}))
      /** @type {Part} */
      const part = {
        from: 'npm',
        name: nameOf(path),
        version: each.version,
        licence: each.license ?? 'none',
        needs: needs.map(([other, found]) => `pkg:npm/${nameOf(other)}@${found.version}`).sort(),
      }
      const hash = /^sha512-(.+)$/.exec(each.integrity ?? '')
      if (hash?.[1]) part.sha512 = Buffer.from(hash[1], 'base64').toString('hex')
      return part
    })
    .sort(byName)
}

/** @returns {{ packages: Record<string, any> }} */
function lockfile() {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
}

/** @param {Part} part */
function purl({ from, name, version }) {
  return `pkg:${from}/${name.replace(/^@/, '%40')}@${version}`
}

/**
 * @param {Part} a
 * @param {Part} b
 */
function byName(a, b) {
  return `${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1
}

/**
 * Whether the allowed licences satisfy an expression. SPDX, annex D: AND binds tighter than OR.
 * @param {string} expression
 * @returns {boolean}
 */
function isAllowed(expression) {
  const flat = expression.replace(/\(([^()]*)\)/g, (_, inner) => (isAllowed(inner) ? 'MIT' : 'none'))
  return flat.split(' OR ').some((choice) => choice.split(' AND ').every((name) => ALLOWED.has(name.trim())))
}
