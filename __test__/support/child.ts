/**
 * Programs that run in a process of their own: to see that it exits, what it prints, and how much memory it
 * takes.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { type DriverName, entry, root } from './drivers.js'

export interface Finished {
  /** The exit code; null if it had to be killed. */
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  /** Both, in the order in which they came. */
  output: string
  /** From start to exit. */
  milliseconds: number
}

export interface ChildOptions {
  driver?: DriverName
  /** What the program sees as `input`. */
  input?: unknown
  /** Flags of Node. */
  flags?: string[]
  /** Environment variables; undefined removes a variable. */
  env?: Record<string, string | undefined>
  timeout?: number
  /** How many files, sockets and so on it may have open at a time. */
  descriptors?: number
  /** Called with each line of the standard output, as it comes. */
  onLine?: (line: string) => void
}

/**
 * Runs the text of an async function's body, with `neo4j` (the driver) and `input` in scope. The process is
 * not ended by force when the body is done, since tests check that it exits by itself. If it is still running
 * after the timeout, it is killed, and its code is null.
 */
export function runChild(body: string, options: ChildOptions = {}): Promise<Finished> {
  const program = `
    const neo4j = require(${JSON.stringify(entry(options.driver ?? 'neobolt'))});
    const input = JSON.parse(process.env.NEOBOLT_TEST_INPUT ?? 'null');
    (async () => { ${body} })().catch((error) => { console.error(error); process.exitCode = 1 });`
  const node = [process.execPath, ...(options.flags ?? []), '-e', program]
  const [command = '', ...args] =
    options.descriptors === undefined
      ? node
      : ['sh', '-c', 'ulimit -n "$0" && exec "$@"', String(options.descriptors), ...node]
  const child = spawn(command, args, {
    cwd: root,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NEOBOLT_TEST_INPUT: JSON.stringify(options.input ?? null),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return finished(child, options)
}

/** Runs a program of bench/, and kills it after six minutes. */
export function runBench(program: string, args: string[]): Promise<Finished> {
  const child = spawn(process.execPath, [join(root, 'bench', program), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return finished(child, { timeout: 360_000 })
}

/**
 * Waits for the end of a process that was just started. If it is still running after the timeout, in
 * milliseconds, it is killed. Default: a minute.
 */
export function finished(
  child: ChildProcessByStdio<null, Readable, Readable>,
  { timeout = 60_000, onLine }: Pick<ChildOptions, 'timeout' | 'onLine'> = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    let stdout = ''
    let stderr = ''
    let output = ''
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      output += text
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine?.(line)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      output += text
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr, output, milliseconds: performance.now() - started })
    })
  })
}
