/** Whether a session reads or writes. */

/** What a session is going to do. */
export type SessionMode = 'READ' | 'WRITE'
