/**
 * Fuzzing of JavaScript that is guided by coverage: inputs are mutated, and those that reach something new
 * are mutated further. V8's counters of blocks say what has been reached, and so does the target with what it
 * says of its results.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type InspectorNotification, type Profiler, Session } from 'node:inspector'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import vm from 'node:vm'

/** What is fuzzed. */
export interface Target<Prepared> {
  name: string
  /** Inputs to begin with. */
  seeds: Buffer[]
  /** Bytes that are worth to be put in anywhere. */
  dictionary: Buffer[]
  /** Makes of inputs what is to be run; outside of what is measured. */
  prepare(inputs: Buffer[]): Promise<Prepared[]>
  /** Runs one. Throws where something is wrong; says in a few words what came out. */
  run(prepared: Prepared): string
}

export interface Hunt {
  executions: number
  /** Characters of lib/ that have been run. */
  reached: number
  kept: Buffer[]
}

/** What was found: the input is in the folder of findings. */
export class Finding extends Error {
  override name = 'Finding'
}

/** One input after the other may take this long, in milliseconds. */
const SLOW = 1000
const ROUND = 512
const NEWS = 2
const LONGEST = 2048
/** More words than these are no news. */
const MOST_WORDS = 20_000

/**
 * Runs a target for so many executions, `1000`, or seconds, `60s`.
 * @param seed of the mutations: the same gives the same
 */
export async function hunt<Prepared>(target: Target<Prepared>, bound: string, seed: number): Promise<Hunt> {
  const until = bound.endsWith('s') ? performance.now() + Number.parseFloat(bound) * 1000 : Number.POSITIVE_INFINITY
  const executions = bound.endsWith('s') ? Number.POSITIVE_INFINITY : Number(bound)
  const chance = new Chance(seed)
  const coverage = new Coverage()
  const corpus: Buffer[] = []
  const words = new Set<string>()
  const keep = (input: Buffer): void => {
    if (!corpus.includes(input)) corpus.push(input)
  }
  let done = 0
  for (let waiting = target.seeds; done < executions && performance.now() < until; waiting = waiting.slice(ROUND)) {
    const inputs = waiting.slice(0, ROUND)
    while (inputs.length < ROUND)
      inputs.push(mutated(corpus.length > 0 ? corpus : target.seeds, target.dictionary, chance))
    const prepared = await target.prepare(inputs)
    const said = runAll(target, inputs, prepared)
    done += inputs.length
    for (const [i, word] of said.entries()) {
      if (words.has(word) || words.size === MOST_WORDS) continue
      words.add(word)
      keep(inputs[i])
    }
    if (coverage.take() > 0) blame(0, inputs.length)

    /** One of these inputs has reached something that none had before: which? */
    function blame(from: number, to: number): void {
      if (to - from === 1) {
        keep(inputs[from])
        coverage.settle(true)
        return
      }
      coverage.settle(false)
      const middle = (from + to) >> 1
      for (const [begin, end] of [
        [from, middle],
        [middle, to],
      ]) {
        for (const each of prepared.slice(begin, end)) target.run(each)
        if (coverage.take() > 0) blame(begin, end)
      }
    }
  }
  coverage.stop()
  return { executions: done, reached: coverage.reached, kept: corpus }
}

/** The inputs of a corpus of the targets in Rust. */
export function inputsOf(folder: string): Buffer[] {
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name)))
}

/** Runs them, bounded in time together. */
function runAll<Prepared>(target: Target<Prepared>, inputs: Buffer[], prepared: Prepared[]): string[] {
  const said: string[] = []
  const limit = Error.stackTraceLimit
  try {
    // Most inputs end in an error that no test looks at.
    Error.stackTraceLimit = 0
    bounded(() => {
      for (const each of prepared) {
        const began = performance.now()
        said.push(target.run(each))
        if (performance.now() - began > SLOW) throw new Error(`took ${Math.round(performance.now() - began)} ms`)
      }
    })
  } catch (error) {
    const folder = join(__dirname, 'findings')
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${target.name}-${Date.now()}`)
    const input = inputs[said.length]
    Error.stackTraceLimit = limit
    writeFileSync(file, input)
    throw new Finding(`${target.name}: ${file}: ${input.toString('hex')}`, {
      cause: again(target, prepared[said.length], error),
    })
  } finally {
    Error.stackTraceLimit = limit
  }
  return said
}

/** The error of an input that has failed, this time with its stack; the first one where it was only slow. */
function again<Prepared>(target: Target<Prepared>, prepared: Prepared, first: unknown): unknown {
  try {
    bounded(() => void target.run(prepared))
    return first
  } catch (error) {
    return error
  }
}

const CALL = new vm.Script('globalThis.__neoboltFuzz()')

/** Runs a function; it is ended by force, with an error, where it does not come to its end. */
function bounded(run: () => void): void {
  Object.assign(globalThis, { __neoboltFuzz: run })
  CALL.runInThisContext({ timeout: 5 * SLOW })
}

/** Which characters of lib/ have been run. */
class Coverage {
  readonly #session = new Session()
  /** For each script, its characters: 1 where they have been run, 2 where that is news. */
  readonly #scripts = new Map<string, Uint8Array>()
  #news = 0

  constructor() {
    this.#session.connect()
    this.#post('Profiler.enable')
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  }

  get reached(): number {
    let sum = 0
    for (const characters of this.#scripts.values()) for (const state of characters) sum += state & 1
    return sum
  }

  /** How much has been run since the last call that is news. */
  take(): number {
    const { result } = this.#post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType
    for (const { url, functions } of result) {
      if (!url.includes('/lib/')) continue
      for (const { ranges } of functions) this.#add(url, ranges)
    }
    return this.#news
  }

  /** What is news becomes unknown again, or known. */
  settle(known: boolean): void {
    this.#news = 0
    for (const characters of this.#scripts.values()) {
      for (let at = characters.indexOf(NEWS); at >= 0; at = characters.indexOf(NEWS, at)) characters[at] = known ? 1 : 0
    }
  }

  /**
   * The ranges of a function: the first is the whole, and those inside of it are only named where they were
   * run more or less often.
   */
  #add(url: string, ranges: Profiler.CoverageRange[]): void {
    const [{ startOffset: start, endOffset: end }] = ranges
    const run = new Uint8Array(end - start)
    for (const { startOffset, endOffset, count } of ranges) {
      run.fill(count > 0 ? 1 : 0, startOffset - start, endOffset - start)
    }
    let characters = this.#scripts.get(url)
    if (characters === undefined || characters.length < end) {
      const longer = new Uint8Array(2 * end)
      longer.set(characters ?? [])
      characters = longer
      this.#scripts.set(url, characters)
    }
    for (let at = run.indexOf(1); at >= 0; at = run.indexOf(1, at + 1)) {
      if (characters[start + at] !== 0) continue
      characters[start + at] = NEWS
      this.#news++
    }
  }

  stop(): void {
    this.#session.disconnect()
  }

  #post(method: string, params?: object): unknown {
    let outcome: unknown
    // Within one process it is synchronous.
    this.#session.post(method, params, (error: Error | null, result?: InspectorNotification<unknown> | object) => {
      if (error !== null) throw error
      outcome = result
    })
    return outcome
  }
}

function mutated(corpus: Buffer[], dictionary: Buffer[], chance: Chance): Buffer {
  let input = chance.of(corpus)
  for (let left = 1 + chance.below(5); left > 0; left--) input = mutation(input, corpus, dictionary, chance)
  return input.subarray(0, LONGEST)
}

function mutation(input: Buffer, corpus: Buffer[], dictionary: Buffer[], chance: Chance): Buffer {
  const at = chance.below(input.length + 1)
  const rest = input.subarray(at)
  const put = (bytes: Buffer, instead = 0) => Buffer.concat([input.subarray(0, at), bytes, rest.subarray(instead)])
  switch (chance.below(8)) {
    case 0:
      return put(Buffer.of(chance.below(256)), 1)
    case 1:
      return put(Buffer.of((rest[0] ?? 0) ^ (1 << chance.below(8))), 1)
    case 2:
      return put(Buffer.from(Array.from({ length: 1 + chance.below(8) }, () => chance.below(256))))
    case 3:
      return put(Buffer.alloc(0), 1 + chance.below(16))
    case 4:
      return put(chance.of(dictionary))
    case 5: {
      const token = chance.of(dictionary)
      return put(token, token.length)
    }
    case 6: {
      const other = chance.of(corpus)
      return put(other.subarray(chance.below(other.length)))
    }
    default: {
      // A piece of another, or of itself.
      const other = chance.below(2) === 0 ? input : chance.of(corpus)
      const from = chance.below(other.length)
      return put(other.subarray(from, from + 1 + chance.below(32)))
    }
  }
}

/** Numbers that are the same for a seed everywhere. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1
  }

  /** Less than the limit, which has 32 bits. */
  below(limit: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return limit === 0 ? 0 : (this.#state >>> 0) % limit
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]
  }
}
