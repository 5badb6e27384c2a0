/**
 * Runs Node in a folder of the programs.
 */
import { spawn } from 'node:child_process'

export interface Ran {
  code: number | null
  /** The standard output, then the standard error. */
  output: string
}

/** Kills it after five minutes. */
export function node(cwd: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 300_000,
    })
    const output = ['', '']
    for (const [n, stream] of [child.stdout, child.stderr].entries()) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output[n] += text
      })
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output: output.join('') }))
  })
}
