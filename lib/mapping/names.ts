/**
 * Spellings of names, and the translation from one to another.
 */

import { newError } from '../error/neo4j-error.js'

/** The spellings known to `RecordObjectMapping.getCaseTranslator`. */
export const StandardCase: {
  /** `first_name` */
  SnakeCase: 'snake_case'
  /** `first-name` */
  KebabCase: 'kebab-case'
  /** `FIRST_NAME` */
  ScreamingSnakeCase: 'SCREAMING_SNAKE_CASE'
  /** `FirstName` */
  PascalCase: 'PascalCase'
  /** `firstName` */
  CamelCase: 'camelCase'
} = {
  SnakeCase: 'snake_case',
  KebabCase: 'kebab-case',
  ScreamingSnakeCase: 'SCREAMING_SNAKE_CASE',
  PascalCase: 'PascalCase',
  CamelCase: 'camelCase',
}

/** One of the values of {@link StandardCase}. */
export type StandardCase = (typeof StandardCase)[keyof typeof StandardCase]

/**
 * Makes a function that translates property names to the spelling of the database.
 *
 * @param databaseConvention how the keys of records are spelled
 * @param codeConvention how the properties of objects are spelled
 * @throws Neo4jError for a spelling that is not one of {@link StandardCase}
 */
export function getCaseTranslator(
  databaseConvention: StandardCase,
  codeConvention: StandardCase,
): (name: string) => string {
  const { join } = spellingOf(databaseConvention)
  const { split } = spellingOf(codeConvention)
  return (name) => join(split(name))
}

/** How words make a name, and a name falls into words. */
interface Spelling {
  split(name: string): string[]
  join(words: string[]): string
}

const SPELLINGS: { readonly [convention in StandardCase]: Spelling } = {
  snake_case: { split: (name) => name.split('_'), join: (words) => words.join('_') },
  'kebab-case': { split: (name) => name.split('-'), join: (words) => words.join('-') },
  SCREAMING_SNAKE_CASE: {
    split: (name) => name.split('_').map(lower),
    join: (words) => words.join('_').toUpperCase(),
  },
  PascalCase: { split: atCapitals, join: (words) => words.map(capital).join('') },
  camelCase: {
    split: atCapitals,
    join: (words) => words.map((word, index) => (index === 0 ? word : capital(word))).join(''),
  },
}

function spellingOf(convention: StandardCase): Spelling {
  if (!Object.hasOwn(SPELLINGS, convention)) throw newError(`Naming convention ${convention} is not ${NOT_RECOGNIZED}`)
  return SPELLINGS[convention]
}

function atCapitals(name: string): string[] {
  return name.split(/(?=[A-Z])/).map(lower)
}

function lower(word: string): string {
  return word.toLowerCase()
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

// With the line break of the official text.
const NOT_RECOGNIZED =
  'recognized, \n      please provide a recognized name convention or manually provide a translation function.'
