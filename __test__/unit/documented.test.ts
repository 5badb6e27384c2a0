/**
 * Every public symbol has a doc comment: each declaration of index.d.ts, and each member of its classes,
 * interfaces and object types. The test reads the roll-up as text; that is generated, so its form can be
 * relied upon.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../support/drivers.js'

test('every symbol of index.d.ts has a doc comment', () => {
  const found = undocumented(readFileSync(join(root, 'index.d.ts'), 'utf8'))
  assert.equal(found.join('\n'), '')
})

test('the check sees what is not documented', () => {
  const source = [
    '/** Documented. */',
    'export declare class A {',
    '    /** Documented. */',
    '    documented(): void;',
    '    overloaded(a: string): void;',
    '    /** Of all overloads. */',
    '    several(a: string): void;',
    '    several(a: number): void;',
    '    readonly bare: {',
    '        /** Deeper down it is a matter of taste. */',
    '    };',
    '    #private;',
    '}',
    'export declare const b: number;',
  ]
  assert.deepEqual(undocumented(source.join('\n')), ['A.overloaded', 'A.bare', 'b'])
})

/** The names of the symbols without a doc comment right above them. */
function undocumented(source: string): string[] {
  const names: string[] = []
  let owner = ''
  /** Whether the line before ended a doc comment, and which member it was for. */
  let documented = false
  let last = ''
  let inComment = false
  for (const line of source.split('\n')) {
    if (inComment || /^\s*\/\*\*/.test(line)) {
      inComment = !line.includes('*/')
      if (!inComment) documented = true
      continue
    }
    const declaration = /^(?:export )?declare (?:abstract )?(class|interface|function|const|type|enum) (\w+)/.exec(line)
    const member =
      owner === ''
        ? null
        : /^ {4}(?:static |readonly |get |set |protected |abstract )*(\[[\w.]+\]|\w+)[?(<:]/.exec(line)
    if (declaration !== null) {
      const [, , name = ''] = declaration
      if (!documented && name !== last) names.push(name)
      owner = line.endsWith('{') ? name : ''
      last = name
    } else if (member !== null) {
      const [, name = ''] = member
      // What is defined elsewhere is documented there: `Node: typeof Node`, and the default export as a
      // whole.
      const elsewhere = owner === 'neo4j' || /: typeof \w+;$/.test(line) || /^ {4}private /.test(line)
      if (!documented && name !== last && !elsewhere) names.push(`${owner}.${name}`)
      last = name
    }
    if (line === '}' || line === '};') owner = ''
    documented = false
  }
  return names
}
