/**
 * The two drivers that tests compare, each as an application gets it: by requiring the package. Both have the
 * official type, since ours must be usable wherever the official driver is.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'

export type Neo4j = typeof import('neo4j-driver')
export type DriverName = 'neo4j-driver' | 'neobolt'

const require = createRequire(__filename)

/** The root of this package. */
export const root = join(__dirname, '..', '..')

/** What `require(...)` of this driver gives. */
export function load(name: DriverName): Neo4j {
  return require(entry(name)) as Neo4j
}

/** The file or package to require for this driver, from anywhere. */
export function entry(name: DriverName): string {
  return name === 'neobolt' ? root : require.resolve('neo4j-driver')
}

/**
 * Which drivers a differential test runs. Both, unless NEOBOLT_TEST_DRIVERS names fewer: with `neo4j-driver`
 * alone the expectations can be checked against the official driver without a built addon.
 */
export const driversUnderTest: readonly DriverName[] = (
  process.env.NEOBOLT_TEST_DRIVERS ?? 'neo4j-driver,neobolt'
).split(',') as DriverName[]

/** Options of a test of behaviour that only our driver has. */
export const neoboltOnly: { skip: string | false } = {
  skip: driversUnderTest.includes('neobolt') ? false : 'NEOBOLT_TEST_DRIVERS leaves neobolt out',
}
