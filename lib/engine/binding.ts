/**
 * Loads the addon, whose types are in `native.d.ts`, and says why where that fails. This is the only module
 * that requires the addon.
 */

import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { NativeDriver } from './native.js'

/** What the addon exports, as this package uses it. */
export interface Binding {
  readonly NativeDriver: typeof NativeDriver
}

/**
 * Loads the addon. Where there is none for this platform, throws with the reason and with what to do about
 * it.
 */
export function loadBinding(): Binding {
  const enforced = process.env[ENFORCE_VERSION]
  // Without this, the loader accepts a native part of any version.
  process.env[ENFORCE_VERSION] ??= '1'
  try {
    const binding = require('../../native/binding.cjs') as Partial<Binding>
    if (typeof binding.NativeDriver !== 'function') throw new Error('it is not what this version of neobolt calls')
    return binding as Binding
  } catch (error) {
    throw new Error(whyNotLoaded(error, surroundings()), { cause: error })
  } finally {
    if (enforced === undefined) delete process.env[ENFORCE_VERSION]
  }
}

const ENFORCE_VERSION = 'NAPI_RS_ENFORCE_VERSION_CHECK'

/** The circumstances under which the package runs. */
export interface Surroundings {
  /** Inside an executable made by Node's `--experimental-sea-config` or `--build-sea`. */
  readonly executable: boolean
  /** In a file that an application's bundler made. */
  readonly bundled: boolean
  /** With the sources of the native part beside it. */
  readonly checkout: boolean
  /** Platforms whose native part is installed, `darwin-arm64`. */
  readonly installed: readonly string[]
}

/** The sentence for an error of the loader. */
export function whyNotLoaded(error: unknown, { executable, bundled, checkout, installed }: Surroundings): string {
  const platform = `${process.platform} ${process.arch}`
  if (executable) {
    return (
      'neobolt cannot load its native part from inside of a single executable. Leave the package outside of the bundle, install it in node_modules beside the ' +
      "executable, and load it by `require('node:module').createRequire(process.execPath)`."
    )
  }
  let part: string | undefined
  // The loader tries one place after the other, and chains the errors as causes. A place where there is
  // nothing leaves no error.
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const mismatch = /version mismatch, expected (\S+) but got (\S+?)\.? /.exec(cause.message)
    if (mismatch !== null) {
      return `neobolt ${mismatch[1]} found its native part in version ${mismatch[2]}. Install the package again, so that both are of one version.`
    }
    part ??= /^Cannot find module '(neobolt-(?!wasm)[\w-]+)'/.exec(cause.message)?.[1]
    if (/^Cannot find (module|native binding)/.test(cause.message)) continue
    return `neobolt could not load its native part on this platform (${platform}): ${cause.message}`
  }
  const missing = `neobolt has no native part for this platform (${platform}).`
  if (bundled) {
    return `${missing} It was bundled, and the bundle has none: leave the package outside of the bundle, and install it where the program runs.`
  }
  if (checkout) return `${missing} In a checkout, \`npm run build\` builds it.`
  if (installed.length > 0) {
    return `${missing} It was installed on another one (${installed.join(', ')}): install it again on this one.`
  }
  const comes =
    part === undefined ? 'It comes as an optional dependency' : `It comes as an optional dependency, ${part}`
  return `${missing} ${comes}, which is not installed: install the package without \`--omit=optional\` or \`--no-optional\`.`
}

function surroundings(): Surroundings {
  const folder = dirname(dirname(__dirname))
  return {
    executable: isExecutable(),
    bundled: !/^(binding\.ts|neobolt\.js)$/.test(basename(__filename)),
    checkout: existsSync(join(folder, 'Cargo.toml')),
    installed: platformsIn(dirname(folder)),
  }
}

function isExecutable(): boolean {
  try {
    return (require('node:sea') as { isSea(): boolean }).isSea()
  } catch {
    return false // Node before 20.12
  }
}

function platformsIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => PART.test(name))
      .map((name) => name.replace(PART, '$1'))
  } catch {
    return []
  }
}

/** Names of the packages that contain the native part. */
const PART = /^neobolt-((?:linux|darwin|win32)-.*)$/
