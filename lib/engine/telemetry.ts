/** The part of the API that makes a request: the numbers of TELEMETRY. */

// Bolt, TELEMETRY: the part of the API that runs a query
/** @internal */
export const TELEMETRY_MANAGED = 0

/** @internal */
export const TELEMETRY_UNMANAGED = 1

export const TELEMETRY_AUTO_COMMIT = 2

export const TELEMETRY_EXECUTE_QUERY = 3
