// @ts-check
/**
 * The certificates of a server that takes encrypted connections only.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/**
 * @typedef {object} Tls
 * @property {string} key of the server, in PEM (PKCS #8)
 * @property {string} certificate of the server, in PEM, with those that signed it
 * @property {{ authority: string, key: string, certificate: string }} [clients] demand a certificate that
 *   this authority has signed; the other two are one of them with its key, to see whether the server is there
 */

/**
 * The files of an encrypted server, and the settings that name them.
 * @param {string} folder
 * @param {number} port
 * @param {Tls} secure
 */
export async function writeTls(folder, port, secure) {
  await mkdir(join(folder, 'trusted'), { recursive: true })
  await mkdir(join(folder, 'revoked'))
  await writeFile(join(folder, 'private.key'), secure.key)
  await writeFile(join(folder, 'public.crt'), secure.certificate)
  let clientCertificate
  if (secure.clients !== undefined) {
    await writeFile(join(folder, 'trusted', 'authority.crt'), secure.clients.authority)
    clientCertificate = { certfile: join(folder, 'client.crt'), keyfile: join(folder, 'client.key') }
    await writeFile(clientCertificate.certfile, secure.clients.certificate)
    await writeFile(clientCertificate.keyfile, secure.clients.key)
  }
  const settings = {
    'server.bolt.tls_level': 'REQUIRED',
    // Certificates are for names.
    'server.bolt.advertised_address': `localhost:${port}`,
    'dbms.ssl.policy.bolt.enabled': 'true',
    // From the home folder: Neo4j reads letters beyond ASCII wrongly in its settings.
    'dbms.ssl.policy.bolt.base_directory': basename(folder),
    'dbms.ssl.policy.bolt.private_key': 'private.key',
    'dbms.ssl.policy.bolt.public_certificate': 'public.crt',
    'dbms.ssl.policy.bolt.client_auth': secure.clients === undefined ? 'NONE' : 'REQUIRE',
  }
  return { settings, clientCertificate }
}
