import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { Rules } from '../../../lib/index.js'
import { checkedQuery } from '../../../lib/query/query.js'
import { bothGive, bothThrow, type Driver, ours, same, theirs } from '../both-drivers.js'
import { core } from '../official.js'

class Person {
  name = 'nobody'
  born?: number
  greet(): string {
    return `I am ${this.name}`
  }
}

class Actor extends Person {
  roles: string[] = []
}

const person = (d: Driver): Rules => ({ name: d.rule.asString(), born: d.rule.asNumber({ optional: true }) })
const alice = (d: Driver) => new d.Record(['name', 'born', 'more'], ['Alice', 1985, true])

afterEach(() => {
  for (const { RecordObjectMapping } of [ours, theirs]) {
    RecordObjectMapping.clearMappingRegistry()
    RecordObjectMapping.translateIdentifiers((name) => name)
  }
})

describe('as() of a record', () => {
  it('makes a plain object of what the rules name, in their order', () => {
    bothGive(
      (d) => Object.entries(alice(d).as({ born: {}, name: {} })),
      [
        ['born', 1985],
        ['name', 'Alice'],
      ],
    )
    bothGive((d) => alice(d).as({}), {})
  })

  it('makes an instance of a class, by its own properties where there are no rules', () => {
    bothGive((d) => alice(d).as(Person).greet(), 'I am Alice')
    bothGive((d) => Object.keys(alice(d).as(Person)), ['name', 'born'])
    bothThrow(
      (d) => new d.Record(['name'], ['Alice']).as(Person),
      'Neo4jError',
      "This record has no field with key 'born', available keys are: [name].",
    )
  })

  it('goes by the rules first, then by the other properties', () => {
    class Thing {
      c = 0
      b = 0
    }
    same((d) => new d.Record(['a', 'b', 'c'], [1, 2, 3]).as(Thing, { a: {}, b: { convert: (value) => -value } }))
    bothGive((d) => ({ ...new d.Record(['a', 'b', 'c'], [1, 2, 3]).as(Thing, { a: {}, b: { from: 'a' } }) }), {
      a: 1,
      b: 1,
      c: 3,
    })
  })

  it('leaves out what is optional and absent, and keeps null without a look at it', () => {
    const rules = (d: Driver): Rules => ({
      name: d.rule.asString({ optional: true, convert: () => assert.fail('called for null') }),
      born: d.rule.asNumber({ optional: true }),
    })
    bothGive((d) => Object.entries(new d.Record(['name'], [null]).as(rules(d))), [['name', null]])
    bothGive((d) => new d.Record(['name'], [null]).as(Actor, { ...rules(d), roles: { optional: true } }).roles, [])
    bothThrow(
      (d) => new d.Record(['name'], [null]).as(person(d)),
      'TypeError',
      'Object#name should be a string but received object',
    )
  })

  it('has what is optional fail like everything else where it is there and wrong', () => {
    bothThrow(
      (d) => new d.Record(['name', 'born'], ['Alice', '1985']).as(Person, person(d)),
      'TypeError',
      'Person#born should be a number but received string',
    )
    const throwing: Rules = {
      name: {
        optional: true,
        validate() {
          throw new RangeError('mine')
        },
      },
    }
    bothThrow((d) => alice(d).as(throwing), 'RangeError', 'mine')
  })

  it('takes a value from another key', () => {
    bothGive((d) => alice(d).as({ title: { from: 'name' } }), { title: 'Alice' })
    bothThrow(
      (d) => alice(d).as({ title: { from: 'title' } }),
      'Neo4jError',
      "This record has no field with key 'title', available keys are: [name,born,more].",
    )
  })

  it('works with classes that extend others, and calls constructors without arguments', () => {
    class Counted extends Actor {
      readonly count: number
      constructor(...args: unknown[]) {
        super()
        this.count = args.length
      }
    }
    same((d) => new d.Record(['name', 'born', 'roles', 'count'], ['A', 1, ['x'], 9]).as(Counted))
    bothGive(
      (d) =>
        new d.Record(['name', 'born', 'roles', 'count'], ['A', 1, ['x'], 9]).as(Counted, {
          count: { optional: true, from: 'no' },
        }).count,
      0,
    )
    class Strict {
      constructor(options: { a: number }) {
        this.a = options.a
      }
      a: number
    }
    bothThrow(
      (d) => new d.Record(['a'], [1]).as(Strict),
      'TypeError',
      "Cannot read properties of undefined (reading 'a')",
    )
  })

  it('has setters called, and cannot set what is read-only', () => {
    class WithSetter {
      #name = ''
      set name(value: string) {
        this.#name = value.toUpperCase()
      }
      get name(): string {
        return this.#name
      }
    }
    bothGive((d) => alice(d).as<WithSetter>(WithSetter, { name: d.rule.asString() }).name, 'ALICE')
    class Fixed {
      constructor() {
        Object.defineProperty(this, 'name', { value: 'fixed', enumerable: true })
      }
    }
    assert.throws(() => alice(ours).as(Fixed), TypeError)
  })

  it('fails as the official one for what is neither rules nor a class', () => {
    for (const wrong of [null, undefined, 1, 'text']) same((d) => alice(d).as(wrong as unknown as Rules), String(wrong))
    same((d) => alice(d).as(null as unknown as typeof Person, person(d)))
    same((d) => alice(d).as(undefined as unknown as typeof Person, person(d)))
  })

  it('is no own property of a record', () => {
    assert.ok(!Object.hasOwn(alice(ours), 'as'))
  })
})

describe('as() of nodes and relationships', () => {
  const properties = { name: 'Alice', born: 1985 }
  const values = {
    Node: (d: Driver) => new d.Node(d.int(1), ['Person'], properties),
    Relationship: (d: Driver) => new d.Relationship(d.int(1), d.int(2), d.int(3), 'KNOWS', properties),
    UnboundRelationship: (d: Driver) => new d.UnboundRelationship(d.int(1), 'KNOWS', properties),
  }
  for (const [name, make] of Object.entries(values)) {
    it(`makes objects of the properties of a ${name}`, () => {
      bothGive((d) => make(d).as(person(d)), properties)
      bothGive((d) => make(d).as(Person).greet(), 'I am Alice')
      bothGive((d) => make(d).as<Person>(Person, { name: { from: 'born' } }).name, 1985)
      bothThrow(
        (d) => make(d).as({ name: d.rule.asBoolean() }),
        'TypeError',
        'Object#name should be a boolean but received string',
      )
    })

    it(`knows nothing to be absent from a ${name}: it is undefined`, () => {
      bothThrow(
        (d) => make(d).as({ age: d.rule.asString() }),
        'TypeError',
        'Object#age should be a string but received undefined',
      )
      bothGive((d) => Object.entries(make(d).as({ age: d.rule.asString({ optional: true }) })), [['age', undefined]])
    })
  }

  it('can be called from a rule', () => {
    bothGive((d) => {
      const record = new d.Record(['p'], [values.Node(d)])
      return record.as<{ p: Person }>({ p: d.rule.asNode({ convert: (node) => node.as(Person) }) }).p.greet()
    }, 'I am Alice')
  })
})

describe('RecordObjectMapping', () => {
  it('has the functions of the official one', () => {
    assert.deepEqual(Object.keys(ours.RecordObjectMapping), Object.keys(theirs.RecordObjectMapping))
    assert.ok(Object.isFrozen(ours.RecordObjectMapping))
  })

  it('registers rules for a class, which those given in a call replace as a whole', () => {
    bothGive(
      (d) => {
        d.RecordObjectMapping.register(Person, { name: { convert: (name) => name.length }, born: { optional: true } })
        const record = new d.Record(['name'], ['Alice'])
        return [record.as(Person).name, record.as(Person, { name: {}, born: { optional: true } }).name]
      },
      [5, 'Alice'],
    )
    same((d) => new d.Record(['name'], ['Alice']).as(Person, {}))
  })

  it('forgets all that is registered', () => {
    bothGive((d) => {
      d.RecordObjectMapping.register(Person, { name: { convert: () => 'changed' } })
      d.RecordObjectMapping.clearMappingRegistry()
      return alice(d).as(Person).name
    }, 'Alice')
  })

  it('cannot tell classes of one name apart; the last one counts', () => {
    const other = { Person: class Person {} }
    bothGive((d) => {
      d.RecordObjectMapping.register(Person, { name: { convert: () => 'first' } })
      d.RecordObjectMapping.register(other.Person, { name: { convert: () => 'second' } })
      return alice(d).as(Person).name
    }, 'second')
  })

  it('does not hand on rules to classes which extend that one', () => {
    bothGive((d) => {
      d.RecordObjectMapping.register(Person, { name: { convert: () => 'changed' } })
      return new d.Record(['name', 'born', 'roles'], ['Alice', 1, []]).as(Actor).name
    }, 'Alice')
  })

  it('finds the rules which rules inherit', () => {
    bothGive(
      (d) => {
        const inherited = Object.assign(Object.create({ name: { convert: () => 'inherited' } }), { born: {} })
        return [alice(d).as(Person, inherited).name, Object.keys(alice(d).as(inherited))]
      },
      ['inherited', ['born']],
    )
  })

  it('translates names where a rule does not say from where', () => {
    bothGive(
      (d) => {
        d.RecordObjectMapping.translateIdentifiers((name) => name.toUpperCase())
        return new d.Record(['NAME', 'born', 'ROLES'], ['Alice', 1, []]).as(Actor, { born: { from: 'born' } })
      },
      Object.assign(new Actor(), { name: 'Alice', born: 1, roles: [] }),
    )
  })
})

describe('getCaseTranslator', () => {
  const NAMES = [
    'name',
    'firstName',
    'FirstName',
    'first_name',
    'first-name',
    'FIRST_NAME',
    'aBC',
    'x2Y',
    '',
    '_a',
    'ÄpfelÖl',
  ]

  it('translates between all spellings as the official one', () => {
    const spellings = Object.values(ours.StandardCase)
    assert.equal(spellings.length, 5)
    for (const database of spellings) {
      for (const code of spellings) {
        const translated = (d: Driver) => NAMES.map(d.RecordObjectMapping.getCaseTranslator(database, code))
        assert.deepEqual(translated(ours), translated(theirs), `${database} from ${code}`)
      }
    }
  })

  it('goes from the code to the database', () => {
    const translate = ours.RecordObjectMapping.getCaseTranslator('SCREAMING_SNAKE_CASE', 'camelCase')
    assert.equal(translate('bornInYear'), 'BORN_IN_YEAR')
  })

  it('refuses other spellings', () => {
    const wrong = 'toString' as 'camelCase'
    same((d) => d.RecordObjectMapping.getCaseTranslator(wrong, 'camelCase'))
    same((d) => d.RecordObjectMapping.getCaseTranslator('camelCase', wrong))
    same((d) => d.RecordObjectMapping.getCaseTranslator(wrong, 'other' as 'camelCase'))
    assert.throws(() => ours.RecordObjectMapping.getCaseTranslator(wrong, 'camelCase'), {
      name: 'Neo4jError',
      message: /^Naming convention toString is not recognized, \n {6}please provide/,
    })
  })

  it('knows the spellings by name', () => {
    assert.deepEqual(ours.StandardCase, { ...theirs.StandardCase })
  })
})

/** The parameters that a query runs with. */
function parametersOf(d: Driver, query: unknown, parameters?: unknown, rules?: Rules): unknown {
  if (d === ours) return checkedQuery(query, parameters, rules).parameters
  const { params } = core.internal.util.validateQueryAndParameters(query as string, parameters, {
    parameterRules: rules,
  } as object)
  return params
}

describe('rules for parameters', () => {
  it('convert, then check, and name the parameters', () => {
    bothGive(
      (d) => {
        const rules = {
          name: { from: 'n', parameterConversion: (name: string) => name.trim(), validate: d.rule.asString().validate },
        }
        return parametersOf(d, 'Q', { name: ' Alice ' }, rules)
      },
      { n: 'Alice' },
    )
    bothThrow(
      (d) => parametersOf(d, 'Q', { name: 'Alice' }, { name: d.rule.asString({ parameterConversion: Number }) }),
      'TypeError',
      'name should be a string but received number',
    )
  })

  it('leave out what has no rule, and make undefined of what is optional and absent', () => {
    bothGive(
      (d) => Object.entries(parametersOf(d, 'Q', { name: 'A', more: 1 }, person(d)) as object),
      [
        ['name', 'A'],
        ['born', undefined],
      ],
    )
  })

  it('refuse what is absent, or made null', () => {
    for (const parameters of [{}, undefined, null, { name: null }, 5, 'text', true]) {
      same((d) => parametersOf(d, 'Q', parameters, person(d)), String(parameters))
    }
    same((d) => parametersOf(d, 'Q', { name: 'A' }, { name: { parameterConversion: () => null } }))
    assert.throws(() => parametersOf(ours, 'Q', {}, person(ours)), {
      name: 'Neo4jError',
      message:
        'Mapped Parameter object did not include required parameter with key name, \n            check provided parameters and parameter rules.',
    })
  })

  it('fail before the text of the query is looked at', () => {
    same((d) => parametersOf(d, '', {}, person(d)))
    same((d) => parametersOf(d, '', { name: 'A' }, person(d)))
  })

  it('belong into the query where that is an object', () => {
    bothGive(
      (d) => parametersOf(d, { text: 'Q', parameters: { name: 'A' }, parameterRules: { name: { from: 'n' } } }),
      { n: 'A' },
    )
    bothGive((d) => parametersOf(d, new String('Q'), { name: 'A' }, { name: { from: 'n' } }), { n: 'A' })
    bothThrow(
      (d) => parametersOf(d, { text: 'Q', parameters: {} }, undefined, person(d)),
      'Neo4jError',
      'When using a Query object, parameterRules should be present in the object and not in a separate argument.',
    )
  })

  it('are those registered for the class of the parameters', () => {
    bothGive(
      (d) => {
        d.RecordObjectMapping.register(Person, { name: { from: 'n' } })
        const other = new (class Person {
          name = 'other'
        })()
        return [new Person(), other, { name: 'plain' }, new Actor()].map(
          (given) => Object.entries(parametersOf(d, 'Q', given) as object)[0],
        )
      },
      [
        ['n', 'nobody'],
        ['n', 'other'],
        ['name', 'plain'],
        ['name', 'nobody'],
      ],
    )
    same((d) => {
      d.RecordObjectMapping.register(Person, person(d))
      return parametersOf(d, 'Q', Object.assign(new Person(), { name: 1 }))
    })
    bothGive(
      (d) => {
        d.RecordObjectMapping.register(Person, { name: { from: 'n' } })
        return parametersOf(d, 'Q', new Person(), { name: { from: 'm' } })
      },
      { m: 'nobody' },
    )
  })

  it('include inherited rules', () => {
    bothGive((d) => parametersOf(d, 'Q', { a: 1, b: 2 }, Object.assign(Object.create({ a: {} }), { b: {} })), {
      b: 2,
      a: 1,
    })
  })

  it('translate names', () => {
    bothGive(
      (d) => {
        d.RecordObjectMapping.translateIdentifiers(d.RecordObjectMapping.getCaseTranslator('snake_case', 'camelCase'))
        return parametersOf(d, 'Q', { firstName: 'A', bornIn: 1 }, { firstName: {}, bornIn: { from: 'bornIn' } })
      },
      { first_name: 'A', bornIn: 1 },
    )
  })

  it('are not looked for when there are none: the parameters are passed on as they are', () => {
    const given = { a: 1 }
    assert.equal(parametersOf(ours, 'Q', given), given)
    ours.RecordObjectMapping.register(Person, {})
    assert.equal(parametersOf(ours, 'Q', given), given)
    // 6.3.0 cannot read the constructor of undefined or null.
    const bare = Object.assign(Object.create(null), { a: 1 })
    assert.equal(parametersOf(ours, 'Q', bare), bare)
    assert.throws(() => parametersOf(theirs, 'Q', bare), TypeError)
  })
})
