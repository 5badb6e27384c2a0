import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Surroundings, whyNotLoaded } from '../../../lib/engine/binding.js'

const here = `${process.platform} ${process.arch}`
const installed: Surroundings = { executable: false, bundled: false, checkout: false, installed: [] }

/** The loader's error when it has found nothing in so many places: the last one first. */
function chain(...messages: string[]): Error | undefined {
  const [message, ...others] = messages
  return message === undefined ? undefined : new Error(message, { cause: chain(...others) })
}

const missing = chain(
  'Cannot find native binding. npm has a bug related to optional dependencies',
  "Cannot find module 'neobolt-wasm32-wasi'",
  "Cannot find module 'neobolt-linux-x64-gnu'\nRequire stack:\n- /app/binding.cjs",
  "Cannot find module './neobolt.linux-x64-gnu.node'\nRequire stack:\n- /app/binding.cjs",
)

describe('a native part that cannot be loaded', () => {
  const cases: [what: string, error: unknown, place: Partial<Surroundings>, sentence: string][] = [
    [
      'because optional dependencies were left out',
      missing,
      {},
      `neobolt has no native part for this platform (${here}). It comes as an optional dependency, neobolt-linux-x64-gnu, which is not installed: ` +
        'install the package without `--omit=optional` or `--no-optional`.',
    ],
    [
      'because it was installed elsewhere',
      missing,
      { installed: ['darwin-arm64'] },
      `neobolt has no native part for this platform (${here}). It was installed on another one (darwin-arm64): install it again on this one.`,
    ],
    [
      'because it was not built',
      missing,
      { checkout: true },
      `neobolt has no native part for this platform (${here}). In a checkout, \`npm run build\` builds it.`,
    ],
    [
      'because it was bundled',
      missing,
      { bundled: true },
      `neobolt has no native part for this platform (${here}). It was bundled, and the bundle has none: leave the package outside of the bundle, ` +
        'and install it where the program runs.',
    ],
    [
      'because it is in a single executable',
      new TypeError('require.resolve is not a function'),
      { executable: true, bundled: true },
      'neobolt cannot load its native part from inside of a single executable. Leave the package outside of the bundle, install it in node_modules beside ' +
        "the executable, and load it by `require('node:module').createRequire(process.execPath)`.",
    ],
    [
      'because it is of another version',
      chain(
        'Cannot find native binding.',
        'Native binding package version mismatch, expected 6.3.1 but got 6.3.0. You can reinstall dependencies to fix this issue.',
        "Cannot find module './neobolt.linux-x64-gnu.node'",
      ),
      {},
      'neobolt 6.3.1 found its native part in version 6.3.0. Install the package again, so that both are of one version.',
    ],
    [
      'because the system refuses it',
      chain('Cannot find native binding.', '/app/neobolt.node: invalid ELF header', "Cannot find module './x.node'"),
      {},
      `neobolt could not load its native part on this platform (${here}): /app/neobolt.node: invalid ELF header`,
    ],
  ]
  for (const [what, error, place, sentence] of cases) {
    it(`says so: ${what}`, () => assert.equal(whyNotLoaded(error, { ...installed, ...place }), sentence))
  }
})
