/**
 * Client-side encryption through a real server: either driver reads and decrypts what one of them has
 * encrypted and stored.
 */
import { differential } from '../support/differential.js'
import { load } from '../support/drivers.js'
import { LTS, useServer } from '../support/servers.js'
import { snapshot } from '../support/snapshot.js'

const server = useServer(LTS)

differential(
  'an encrypted property is a list of bytes to the server, and what it was to both drivers',
  server,
  async ({ neo4j, driver, label, connect }) => {
    const master = new Uint8Array(32).fill(5)
    const records = new Map<string, never>()
    const keyRepository = {
      findById: async (id: string) => records.get(id) as never,
      findByAlias: async () => undefined as never,
      create: async (alias: string, bytes: Int8Array, metadata: object) => {
        const record = { id: () => alias, alias: () => alias, encapsulation: () => bytes, metadata: () => metadata }
        records.set(alias, record as never)
        return record as never
      },
      setAliasById: async () => {},
      deleteById: async () => {},
    }
    const profileOf = ({ EnvelopeEncryptionProfile, localKeyEncapsulationService }: typeof neo4j) =>
      new EnvelopeEncryptionProfile({
        name: 'people',
        encapsulationService: localKeyEncapsulationService(master),
        keyRepository,
      })
    const { encryption } = connect({ encryptionProfiles: [profileOf(neo4j)] })
    await encryption.keyManager('people').create('main')
    const secret = await encryption.encrypt({ value: ['Alice', 'Bob'], keyOptions: 'main', aad: 'names' })
    await driver.executeQuery(`CREATE (:${label} {secret: $secret})`, { secret })
    const query = `MATCH (n:${label}) RETURN n.secret AS secret, valueType(n.secret) AS type`
    const [record] = (await driver.executeQuery(query)).records
    const seen = []
    for (const name of ['neo4j-driver', 'neobolt'] as const) {
      const reader = load(name)
      const other = reader.driver('bolt://localhost', undefined, { encryptionProfiles: [profileOf(reader)] })
      // The bytes that this driver has read, in the form that the other one takes.
      const ciphertext = Int8Array.from(record?.get('secret') as Int8Array)
      seen.push(snapshot(await other.encryption.decrypt({ ciphertext, aad: 'names' })))
      await other.close()
    }
    const itself = await encryption.decrypt({ ciphertext: record?.get('secret'), usePersistedAad: true })
    return [record?.get('type'), ...seen, itself]
  },
  ['LIST<INTEGER NOT NULL> NOT NULL', ['Alice', 'Bob'], ['Alice', 'Bob'], ['Alice', 'Bob']],
)
