/** What neo4j-driver has at `neo4j-driver/types/driver`. */
import type { SessionMode } from '../index.js'

export declare const READ: SessionMode
export declare const WRITE: SessionMode
export {
  AuthToken,
  Config,
  Driver,
  Driver as default,
  EncapsulatedKeyRecordRepository,
  EncryptionLevel,
  SessionMode,
  TrustStrategy,
} from '../index.js'
