/** Limits that several rooms share. */

/** How deep lists and maps may lie in each other. Keeps the recursion far from the end of the stack. */
export const MAX_DEPTH = 1000
