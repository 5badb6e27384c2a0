// @ts-check

/** Its message is one sentence that says what to install. */
export class MissingToolError extends Error {
  /** @override */
  name = 'MissingToolError'
}
