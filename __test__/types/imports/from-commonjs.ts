/** The ways to import the package where modules become CommonJS, with and without esModuleInterop. */

import * as everything from 'the-driver'
import neo4j, { type Driver, driver as named } from 'the-driver'

import required = require('the-driver')

export function drivers(): Driver[] {
  return [neo4j.driver('x'), named('x'), everything.driver('x'), everything.default.driver('x'), required.driver('x')]
}

export const instance: everything.Integer | required.Integer = neo4j.int(1)
