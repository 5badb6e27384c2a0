/** Parses the URL of a server or a cluster. */

import type { TrustStrategy } from '../auth/trust.js'
import { integerOr } from './numbers.js'

/** A parsed URL. */
export interface Url {
  /** As written; null if there is none. */
  readonly scheme: string | null
  /** Without the brackets of IPv6. */
  readonly host: string
  readonly port: number
  /** With the brackets of IPv6. */
  readonly hostAndPort: string
  /** The routing context. */
  readonly query: { readonly [key: string]: string }
}

/**
 * Parses a URL: `scheme://user@host:port/path?key=value#fragment`. User, path and fragment do not matter.
 *
 * @throws Error if it has no host, or its query is not a list of different keys with values
 * @internal
 */
export function parseUrl(url: string): Url {
  const text = url.trim()
  const hasScheme = text.includes('://')
  const colon = text.indexOf(':')
  const scheme = hasScheme ? decodeURIComponent(text.slice(0, colon)).trim() : null
  const rest = hasScheme ? text.slice(colon + 1) : `//${text}`

  const [beforeFragment] = cut(rest, '#')
  const [beforeQuery, query] = cut(beforeFragment, '?')
  if (!beforeQuery.startsWith('//')) throw new Error('Unable to extract host from null or undefined URL')
  const [authority] = cut(beforeQuery.slice(2), '/')
  const place = authority.slice(authority.lastIndexOf('@') + 1)

  const bracketed = /^[^[]*\[([^\]]+)\]?(.*)/s.exec(place)
  const host = (bracketed !== null ? bracketed[1] : cut(place, ':')[0]).trim()
  if (host === '') throw new Error('Illegal host ')
  const [, portText] = cut(bracketed !== null ? bracketed[2] : place, ':')
  const port = integerOr(DEFAULT_PORT, portText)
  return { scheme, host, port, hostAndPort: `${bracketedIfIpv6(host)}:${port}`, query: parseQuery(query, url) }
}

/** The part before the first delimiter, and the part after it, if there is one. */
function cut(text: string, delimiter: string): [before: string, after: string | undefined] {
  const at = text.indexOf(delimiter)
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

function bracketedIfIpv6(host: string): string {
  if (!host.includes(':')) return host
  const opens = host.startsWith('[')
  const closes = host.endsWith(']')
  if (opens !== closes) throw new Error(`Illegal IPv6 address ${host}`)
  return opens ? host : `[${host}]`
}

function parseQuery(query: string | undefined, url: string): { [key: string]: string } {
  const context: { [key: string]: string } = {}
  if (query === undefined) return context
  for (const pair of query.trim().replace(/^\?/, '').split('&')) {
    const parts = pair.split('=')
    if (parts.length !== 2) throw new Error(`Invalid parameters: '${parts}' in URL '${url}'.`)
    const [key, value] = parts.map((part) => part.trim())
    if (key === '') throw new Error(`Illegal empty key in URL query '${url}'`)
    if (value === '') throw new Error(`Illegal empty value in URL query '${url}'`)
    if (Object.hasOwn(context, key)) throw new Error(`Duplicated query parameters with key '${key}' in URL '${url}'`)
    context[key] = value
  }
  return context
}

/** What a scheme says about encryption and routing; the trust is undefined without encryption. */
export function schemeOf(scheme: string | null): { routing: boolean; trust: TrustStrategy | undefined } {
  switch (scheme) {
    case 'bolt':
    case 'neo4j':
      return { routing: scheme === 'neo4j', trust: undefined }
    case 'bolt+s':
    case 'neo4j+s':
      return { routing: scheme === 'neo4j+s', trust: 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES' }
    case 'bolt+ssc':
    case 'neo4j+ssc':
      return { routing: scheme === 'neo4j+ssc', trust: 'TRUST_ALL_CERTIFICATES' }
    default:
      throw new Error(`Unknown scheme: ${scheme}`)
  }
}

const DEFAULT_PORT = 7687
