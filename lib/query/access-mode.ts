/** The access modes of sessions. */

/** Whether the work of a session reads or writes. */
export type SessionMode = 'READ' | 'WRITE'
