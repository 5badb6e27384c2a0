/**
 * What can be seen of a driver from outside. Plain data; knows nothing of where it comes from.
 */

/** What a driver is doing, and what it has done since it was made. */
export interface DriverMetrics {
  /** One for each server that the driver has had to do with. */
  readonly pools: readonly PoolMetrics[]
}

/** The connections to one server. The counts of what has happened begin with the driver. */
export interface PoolMetrics {
  /** `host:port`, with brackets around an IPv6 address. */
  readonly address: string
  /** Connections in use. */
  readonly inUse: number
  /** Connections which are open and not in use. */
  readonly idle: number
  /** Connections which are being opened. */
  readonly opening: number
  /** How many wait for a connection to be given back, as there are `maxConnectionPoolSize` of them. */
  readonly waiting: number
  /** Connections that were opened, authentication included. */
  readonly created: number
  /** Connections that have ended, for whatever reason. */
  readonly closed: number
  /** Connections that could not be opened. */
  readonly failed: number
  /** How connections were acquired, and how long that took. */
  readonly acquisitions: AcquisitionMetrics
}

/** How connections were acquired: idle ones, or new ones, which takes dialling and authentication. */
export interface AcquisitionMetrics {
  /** How often a connection was got. */
  readonly count: number
  /** How often none was got within `connectionAcquisitionTimeout`. */
  readonly timedOut: number
  /** Milliseconds that they took together; one that finds an idle connection counts as 0. */
  readonly total: number
  /** Milliseconds on average; 0 where there were none. */
  readonly average: number
  /** Milliseconds of the longest one. */
  readonly max: number
}
