/** By which part of the API a request is made: the numbers that TELEMETRY has for them. */

// Bolt, TELEMETRY: through which part of the API a query is run
/** @internal */
export const TELEMETRY_MANAGED = 0

/** @internal */
export const TELEMETRY_UNMANAGED = 1

export const TELEMETRY_AUTO_COMMIT = 2

export const TELEMETRY_EXECUTE_QUERY = 3
