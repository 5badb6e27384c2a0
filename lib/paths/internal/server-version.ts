/**
 * What neo4j-driver has at `neo4j-driver/lib/internal/server-version.js`: versions of servers, to be
 * compared.
 */
import type { Driver } from '../../driver/driver.js'
import { assertString } from '../../types/check.js'

/** The version of a server. */
export class ServerVersion {
  declare major: number
  declare minor: number
  declare patch: number
  readonly #text: string | undefined

  constructor(major: number, minor: number, patch: number, originalVersionString?: string) {
    this.major = major
    this.minor = minor
    this.patch = patch
    this.#text = originalVersionString
  }

  /** That of the server which answers a query of this driver. */
  static async fromDriver(driver: Driver): Promise<ServerVersion> {
    const session = driver.session()
    try {
      const { summary } = await session.run('RETURN 1')
      return ServerVersion.fromString(summary.server.agent as string)
    } finally {
      await session.close()
    }
  }

  /**
   * Reads `Neo4j/5.26.0`, `5.26.0-beta` or `Neo4j/dev`; nothing at all counts as 3.0.0.
   * @throws Error for other text
   */
  static fromString(versionStr?: string): ServerVersion {
    if (!versionStr) return new ServerVersion(3, 0, 0)
    assertString(versionStr, 'Neo4j version string')
    if (versionStr.toLowerCase() === IN_DEV.toLowerCase()) return VERSION_IN_DEV
    const [, major, minor, patch = ''] = VERSION.exec(versionStr) ?? []
    if (major === undefined) throw new Error(`Unparsable Neo4j version: ${versionStr}`)
    return new ServerVersion(Number(major), Number(minor), Number(patch), versionStr)
  }

  /** -1, 0 or 1, as this one is older than, the same as or newer than the other. */
  compareTo(other: ServerVersion): number {
    return (
      Math.sign(this.major - other.major) || Math.sign(this.minor - other.minor) || Math.sign(this.patch - other.patch)
    )
  }

  toString(): string {
    return this.#text || `${this.major}.${this.minor}.${this.patch}`
  }
}

const IN_DEV = 'Neo4j/dev'
const VERSION = /^(?:Neo4j\/)?(\d+)\.(\d+)\.?(\d*)[.+-]?[\w.-]*$/

/** Later than all others. */
export const VERSION_IN_DEV: ServerVersion = new ServerVersion(
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER,
  IN_DEV,
)
export const VERSION_3_2_0: ServerVersion = ServerVersion.fromString('Neo4j/3.2.0')
export const VERSION_3_4_0: ServerVersion = ServerVersion.fromString('Neo4j/3.4.0')
export const VERSION_3_5_0: ServerVersion = ServerVersion.fromString('Neo4j/3.5.0')
export const VERSION_4_0_0: ServerVersion = ServerVersion.fromString('Neo4j/4.0.0')
