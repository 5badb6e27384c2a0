/** Names of the operating system's errors, as Node has them in its messages. */

import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'

/**
 * Node's name for an error of the operating system that the engine reports.
 *
 * @param error the system's number for it; if it has none, Rust's name of its kind
 * @internal
 */
export function systemErrorName(error: unknown, platform: string = process.platform): string {
  if (typeof error === 'string') return OF_RUST[error] ?? 'EIO'
  const number = Number(error)
  return (platform === 'win32' ? WINDOWS[number] : ofUnix(number)) ?? `Unknown system error ${number}`
}

function ofUnix(number: number): string | undefined {
  const known = UNIX.get(number)
  if (known !== undefined || number <= 0) return known
  const name = getSystemErrorName(-number)
  return name.startsWith('E') ? name : undefined
}

/** Where a number has several names, the last one; for EAGAIN, the older name. */
const UNIX = new Map(
  Object.entries(constants.errno)
    .filter(([name]) => name !== 'EWOULDBLOCK')
    .map(([name, number]) => [number, name]),
)

/** The numbers of Windows and of Winsock. */
const WINDOWS: Record<number, string> = {
  4: 'EMFILE',
  5: 'EACCES',
  6: 'EBADF',
  8: 'ENOMEM',
  14: 'ENOMEM',
  64: 'ECONNRESET',
  109: 'EPIPE',
  121: 'ETIMEDOUT',
  232: 'EPIPE',
  1225: 'ECONNREFUSED',
  1231: 'ENETUNREACH',
  1232: 'EHOSTUNREACH',
  1236: 'ECONNABORTED',
  10004: 'EINTR',
  10009: 'EBADF',
  10013: 'EACCES',
  10014: 'EFAULT',
  10022: 'EINVAL',
  10024: 'EMFILE',
  10035: 'EAGAIN',
  10036: 'EALREADY',
  10037: 'EALREADY',
  10038: 'ENOTSOCK',
  10040: 'EMSGSIZE',
  10042: 'ENOPROTOOPT',
  10043: 'EPROTONOSUPPORT',
  10044: 'ESOCKTNOSUPPORT',
  10045: 'ENOTSUP',
  10047: 'EAFNOSUPPORT',
  10048: 'EADDRINUSE',
  10049: 'EADDRNOTAVAIL',
  10051: 'ENETUNREACH',
  10053: 'ECONNABORTED',
  10054: 'ECONNRESET',
  10055: 'ENOBUFS',
  10056: 'EISCONN',
  10057: 'ENOTCONN',
  10058: 'EPIPE',
  10060: 'ETIMEDOUT',
  10061: 'ECONNREFUSED',
  10065: 'EHOSTUNREACH',
}

/** `std::io::ErrorKind` */
const OF_RUST: Record<string, string> = {
  ConnectionRefused: 'ECONNREFUSED',
  ConnectionReset: 'ECONNRESET',
  ConnectionAborted: 'ECONNABORTED',
  BrokenPipe: 'EPIPE',
  TimedOut: 'ETIMEDOUT',
  HostUnreachable: 'EHOSTUNREACH',
  NetworkUnreachable: 'ENETUNREACH',
  AddrNotAvailable: 'EADDRNOTAVAIL',
  PermissionDenied: 'EACCES',
  NotConnected: 'ENOTCONN',
}
