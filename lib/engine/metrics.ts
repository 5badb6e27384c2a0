/**
 * The metrics of a driver, as plain data.
 */

/** The current state of a driver, and counts since its creation. */
export interface DriverMetrics {
  /** One for each server that the driver has used. */
  readonly pools: readonly PoolMetrics[]
}

/** The connections to one server. Counts start when the driver is created. */
export interface PoolMetrics {
  /** `host:port`, with brackets around an IPv6 address. */
  readonly address: string
  /** Connections in use. */
  readonly inUse: number
  /** Open connections that are not in use. */
  readonly idle: number
  /** Connections that are being opened. */
  readonly opening: number
  /**
   * How many requests wait for a connection to be released, because there are
   * `maxConnectionPoolSize` of them.
   */
  readonly waiting: number
  /** How many connections were opened, authentication included. */
  readonly created: number
  /** How many connections have ended, for any reason. */
  readonly closed: number
  /** How many connections could not be opened. */
  readonly failed: number
  /** How connections were acquired, and how long that took. */
  readonly acquisitions: AcquisitionMetrics
}

/** How connections were acquired. Some were idle; new ones take dialling and authentication. */
export interface AcquisitionMetrics {
  /** How often a connection was acquired. */
  readonly count: number
  /** How often none could be acquired within `connectionAcquisitionTimeout`. */
  readonly timedOut: number
  /** Total milliseconds of all acquisitions; finding an idle connection counts as 0. */
  readonly total: number
  /** Milliseconds on average; 0 if there were none. */
  readonly average: number
  /** Milliseconds of the longest acquisition. */
  readonly max: number
}
