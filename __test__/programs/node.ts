/**
 * Runs Node in a folder of the programs.
 */
import { spawn } from 'node:child_process'
import { finished } from '../support/child.js'

export interface Ran {
  code: number | null
  /** The standard output, then the standard error. */
  output: string
}

/** Kills it after five minutes. */
export async function node(cwd: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { code, stdout, stderr } = await finished(child, { timeout: 300_000 })
  return { code, output: stdout + stderr }
}
