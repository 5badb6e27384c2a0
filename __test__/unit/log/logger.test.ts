import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { Logger, type LoggerFunction, type LoggingConfig, type LogLevel, logging } from '../../../lib/log/logger.js'
import { official, thrown } from '../official.js'

const levels: LogLevel[] = ['error', 'warn', 'info', 'debug']

/** The lines that a log passes on when it gets one of every level. */
function linesOf(config: Omit<LoggingConfig, 'logger'>): string[] {
  const lines: string[] = []
  const log = Logger.create({ logging: { ...config, logger: (level, message) => lines.push(`${level} ${message}`) } })
  for (const level of levels) log[level]('x')
  return lines
}

describe('Logger', () => {
  it('passes on its own level and the less talkative ones', () => {
    assert.deepEqual(linesOf({ level: 'error' }), ['error x'])
    assert.deepEqual(linesOf({ level: 'warn' }), ['error x', 'warn x'])
    assert.deepEqual(linesOf({ level: 'debug' }), ['error x', 'warn x', 'info x', 'debug x'])
  })

  it('is at info unless told otherwise', () => {
    assert.deepEqual(linesOf({}), ['error x', 'warn x', 'info x'])
  })

  it('tells which levels it would pass on', () => {
    const log = Logger.create({ logging: { level: 'warn', logger: () => undefined } })
    assert.deepEqual(
      levels.map((level) => log.isEnabled(level)),
      [true, true, false, false],
    )
    assert.deepEqual(
      [log.isErrorEnabled(), log.isWarnEnabled(), log.isInfoEnabled(), log.isDebugEnabled()],
      [true, true, false, false],
    )
  })

  it('drops everything when nothing is configured', () => {
    for (const log of [Logger.create({}), Logger.noOp()]) {
      assert.deepEqual(
        levels.map((level) => log.isEnabled(level)),
        [false, false, false, false],
      )
      assert.doesNotThrow(() => log.error('x'))
    }
  })

  it('hides parameters and records unless told otherwise', () => {
    const logger: LoggerFunction = () => undefined
    assert.equal(Logger.create({ logging: { logger } }).unredactDebugLogs, false)
    assert.equal(Logger.create({ logging: { logger, unredactDebugLogs: true } }).unredactDebugLogs, true)
  })

  const wrong: unknown[] = [
    { level: 'trace', logger: () => undefined },
    { level: 'toString', logger: () => undefined },
    { level: 'info' },
    { logger: 'console' },
    { logger: null },
  ]
  for (const config of wrong) {
    it(`refuses ${JSON.stringify(config)} with the official text`, () => {
      const mine = thrown(() => Logger.create({ logging: config as LoggingConfig }))
      if ((config as LoggingConfig).level === ('toString' as LogLevel)) {
        // The official driver finds Object.prototype.toString among its levels.
        assert.ok(JSON.stringify(mine).includes('Illegal logging level: toString. Supported levels are: error,warn'))
      } else {
        assert.deepEqual(
          mine,
          thrown(() => official.driver('bolt://localhost', undefined, { logging: config as LoggingConfig })),
        )
      }
    })
  }
})

describe('logging.console', () => {
  it('writes the lines of the official one', () => {
    const write = mock.method(console, 'log', () => undefined)
    mock.timers.enable({ apis: ['Date'], now: 1234567890 })
    try {
      logging.console('debug').logger('warn', 'watch out')
      official.logging.console('debug').logger('warn', 'watch out')
    } finally {
      write.mock.restore()
      mock.timers.reset()
    }
    assert.deepEqual(
      write.mock.calls.map((call) => call.arguments),
      [['1234567890 WARN watch out'], ['1234567890 WARN watch out']],
    )
  })

  it('has the keys of the official one', () => {
    for (const unredact of [undefined, true]) {
      const mine = logging.console('debug', unredact)
      const theirs = official.logging.console('debug', unredact)
      assert.deepEqual({ ...mine, logger: null }, { ...theirs, logger: null })
      assert.deepEqual(Object.keys(mine), Object.keys(theirs))
    }
  })
})
