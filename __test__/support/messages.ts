/** The signatures of Bolt's messages, under the names that tests give them. */

/** Messages from a driver. */
export const REQUESTS = {
  HELLO: 0x01,
  GOODBYE: 0x02,
  RESET: 0x0f,
  RUN: 0x10,
  BEGIN: 0x11,
  COMMIT: 0x12,
  ROLLBACK: 0x13,
  DISCARD: 0x2f,
  PULL: 0x3f,
  TELEMETRY: 0x54,
  ROUTE: 0x66,
  LOGON: 0x6a,
  LOGOFF: 0x6b,
} as const

export type RequestName = keyof typeof REQUESTS

const NAMES = new Map(Object.entries(REQUESTS).map(([name, signature]) => [signature as number, name as RequestName]))

/** The name of the request with this signature, if there is one. */
export function requestName(signature: number): RequestName | undefined {
  return NAMES.get(signature)
}

/** Messages from a server. */
export const SUCCESS = 0x70
export const RECORD = 0x71
export const IGNORED = 0x7e
export const FAILURE = 0x7f
