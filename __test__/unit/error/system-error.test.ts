import assert from 'node:assert/strict'
import { constants } from 'node:os'
import { describe, it } from 'node:test'
import { systemErrorName } from '../../../lib/error/system-error.js'
import { int } from '../../../lib/types/index.js'

const NAMES = [
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'EPERM',
  'EACCES',
  'EAFNOSUPPORT',
  'EINVAL',
  'ENETDOWN',
  'ECONNREFUSED',
  'EADDRNOTAVAIL',
  'EAGAIN',
] as const

/** From errno.h, and from Microsoft's documentation of Winsock. */
const NUMBERS: { [platform: string]: { [name: string]: number } } = {
  linux: { EMFILE: 24, EAGAIN: 11, EPIPE: 32, ECONNRESET: 104, ECONNREFUSED: 111, EOPNOTSUPP: 95, ENONET: 64 },
  darwin: { EMFILE: 24, EAGAIN: 35, EPIPE: 32, ECONNRESET: 54, ECONNREFUSED: 61, EOPNOTSUPP: 102, ENOTSUP: 45 },
  win32: { EMFILE: 10024, EAGAIN: 10035, EPIPE: 10058, ECONNRESET: 10054, ECONNREFUSED: 10061, ENOTSUP: 10045 },
}

describe('an error of the system', () => {
  it('is shown by its name', () => {
    for (const name of NAMES) assert.equal(systemErrorName(int(constants.errno[name]), 'linux'), name)
  })

  it('has the number of its system', () => {
    const numbers = NUMBERS[process.platform]
    assert.ok(numbers, `the numbers of ${process.platform} are to be added here`)
    for (const [name, number] of Object.entries(numbers)) assert.equal(systemErrorName(int(number)), name)
  })

  it('is shown by its number where it has no name', () => {
    for (const platform of ['linux', 'win32']) {
      assert.equal(systemErrorName(int(99_999), platform), 'Unknown system error 99999')
      assert.equal(systemErrorName(int(-111), platform), 'Unknown system error -111')
      assert.equal(systemErrorName(int(0), platform), 'Unknown system error 0')
    }
  })

  it('is one of Winsock on Windows, or of Windows itself', () => {
    for (const [number, name] of [
      [10061, 'ECONNREFUSED'],
      [1225, 'ECONNREFUSED'],
      [10054, 'ECONNRESET'],
      [64, 'ECONNRESET'],
      [109, 'EPIPE'],
      [10060, 'ETIMEDOUT'],
      [10037, 'EALREADY'],
      [10055, 'ENOBUFS'],
      [4, 'EMFILE'],
      [14, 'ENOMEM'],
    ] as const) {
      assert.equal(systemErrorName(int(number), 'win32'), name)
    }
    assert.equal(systemErrorName(int(111), 'win32'), 'Unknown system error 111')
  })

  it('without a number is shown by its kind', () => {
    for (const [kind, name] of [
      ['ConnectionRefused', 'ECONNREFUSED'],
      ['ConnectionReset', 'ECONNRESET'],
      ['BrokenPipe', 'EPIPE'],
      ['TimedOut', 'ETIMEDOUT'],
      ['NotConnected', 'ENOTCONN'],
      ['Other', 'EIO'],
      ['WriteZero', 'EIO'],
    ]) {
      assert.equal(systemErrorName(kind), name)
    }
  })
})
