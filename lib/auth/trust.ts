/** Types of the settings for encryption and trust. */

/** Whether connections are encrypted. */
export type EncryptionLevel = 'ENCRYPTION_ON' | 'ENCRYPTION_OFF'

/** Whose certificates are trusted on encrypted connections. */
export type TrustStrategy =
  | 'TRUST_ALL_CERTIFICATES'
  | 'TRUST_CUSTOM_CA_SIGNED_CERTIFICATES'
  | 'TRUST_SYSTEM_CA_SIGNED_CERTIFICATES'
