/**
 * The messages that go over the wire while a result is read: PULL by fetch size and by need, DISCARD on
 * cancel.
 */
import { lastValueFrom, take, toArray } from 'rxjs'
import { peerDifferential } from '../support/differential.js'
import { client, record, records, type Step, success } from '../support/stub-server.js'

/** 35 rows at fetch size 10: four PULLs. */
const rows35 = (): Step[] => [
  client('RUN'),
  success({ fields: ['i'] }),
  client('PULL', ({ n }: { n: number }) => n === 10),
  ...records(1, 10),
  success({ has_more: true }),
  client('PULL', ({ n }: { n: number }) => n === 10),
  ...records(11, 20),
  success({ has_more: true }),
  client('PULL', ({ n }: { n: number }) => n === 10),
  ...records(21, 30),
  success({ has_more: true }),
  client('PULL', ({ n }: { n: number }) => n === 10),
  ...records(31, 35),
  success({ type: 'r' }),
]

/** The first batch, and then the rest is discarded. */
const discarded = (): Step[] => [
  client('RUN'),
  success({ fields: ['i'] }),
  client('PULL', ({ n }: { n: number }) => n === 10),
  ...records(1, 10),
  success({ has_more: true }),
  client('DISCARD', ({ n }: { n: number }) => n === -1),
  success({ type: 'r', bookmark: 'after discard' }),
]

peerDifferential(
  'A4: at fetch size 10 a slow reader of 35 rows has caused 2 PULLs after 12 records, and 4 in all',
  { dialogues: () => [rows35()] },
  async ({ driver, peer }) => {
    const session = driver.session({ fetchSize: 10 })
    const pulls: number[] = []
    let count = 0
    for await (const _ of session.run('UNWIND range(1, 35) AS i RETURN i')) {
      count++
      // As long as the peer would need to get one more PULL and to answer it.
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (count === 7) await peer.seen('PULL', 2)
      if (count === 7 || count === 12 || count === 35) pulls.push(peer.count('PULL'))
    }
    await session.close()
    return [count, pulls, peer.count('PULL'), peer.count('DISCARD')]
  },
  [35, [2, 2, 4], 4, 0],
)

peerDifferential(
  'A4: a reader that stops to read causes no more than the first PULL',
  { dialogues: () => [discarded()] },
  async ({ driver, peer }) => {
    const session = driver.session({ fetchSize: 10 })
    const iterator = session.run('UNWIND range(1, 35) AS i RETURN i')[Symbol.asyncIterator]()
    const first = await iterator.next()
    // Time for a PULL that must not come.
    await new Promise((resolve) => setTimeout(resolve, 100))
    const pulls = peer.count('PULL')
    await iterator.return?.(undefined as never)
    await session.close()
    return [first.done ? 0 : first.value.get('i').toNumber(), pulls, peer.count('PULL')]
  },
  [1, 1, 1],
)

peerDifferential(
  'A5: break sends DISCARD of all, and the loop is left when that is answered',
  {
    dialogues: () => [
      [...discarded(), client('RUN'), success({ fields: ['n'] }), client('PULL'), record(1), success({})],
    ],
  },
  async ({ driver, peer }) => {
    const session = driver.session({ fetchSize: 10 })
    const result = session.run('UNWIND range(1, 35) AS i RETURN i')
    for await (const _ of result) break
    const bookmarks = session.lastBookmarks()
    const summary = await result.summary()
    const next = await session.run('RETURN 1 AS n')
    await session.close()
    return [
      bookmarks,
      summary.queryType,
      next.records.length,
      peer.names().filter((name) => /RUN|PULL|DISCARD|RESET/.test(name)),
    ]
  },
  [['after discard'], 'r', 1, ['RUN', 'PULL', 'DISCARD', 'RUN', 'PULL']],
)

peerDifferential(
  'A13: summary() discards what was not fetched',
  { dialogues: () => [discarded()] },
  async ({ driver, peer }) => {
    const session = driver.session({ fetchSize: 10 })
    const result = session.run('UNWIND range(1, 35) AS i RETURN i')
    const { queryType } = await result.summary()
    await session.close()
    return [queryType, peer.count('PULL'), peer.count('DISCARD')]
  },
  ['r', 1, 1],
)

peerDifferential(
  'S3: subscribe pulls until all is there, whatever its handlers do',
  { dialogues: () => [rows35()] },
  async ({ driver, peer }) => {
    const session = driver.session({ fetchSize: 10 })
    const seen: number[] = []
    await new Promise<void>((resolve, reject) => {
      session.run('UNWIND range(1, 35) AS i RETURN i').subscribe({
        onNext: (record) => seen.push(record.get('i').toNumber()),
        onCompleted: () => resolve(),
        onError: reject,
      })
    })
    await session.close()
    return [seen.length, seen.at(-1), peer.count('PULL')]
  },
  [35, 35, 4],
)

peerDifferential(
  'P4: awaiting pulls batch after batch',
  { dialogues: () => [rows35()] },
  async ({ driver, peer }) => {
    const session = driver.session({ fetchSize: 10 })
    const { records } = await session.run('UNWIND range(1, 35) AS i RETURN i')
    await session.close()
    return [records.length, peer.count('PULL')]
  },
  [35, 4],
)

peerDifferential(
  'fetch size -1 pulls everything at once',
  {
    dialogues: () => [
      [
        client('RUN'),
        success({ fields: ['i'] }),
        client('PULL', ({ n }: { n: number }) => n === -1),
        ...records(1, 35),
        success({ type: 'r' }),
      ],
    ],
  },
  async ({ driver, peer }) => {
    const session = driver.session({ fetchSize: -1 })
    let count = 0
    for await (const _ of session.run('UNWIND range(1, 35) AS i RETURN i')) count++
    await session.close()
    return [count, peer.count('PULL')]
  },
  [35, 1],
)

peerDifferential(
  'R9: take(2) of a stream discards the rest of it',
  { dialogues: () => [discarded()] },
  async ({ driver, peer }) => {
    const session = driver.rxSession({ fetchSize: 10 })
    const two = await lastValueFrom(session.run('UNWIND range(1, 35) AS i RETURN i').records().pipe(take(2), toArray()))
    await peer.seen('DISCARD')
    await lastValueFrom(session.close(), { defaultValue: undefined })
    return [two.map((item) => item.get('i').toNumber()), peer.count('PULL')]
  },
  [[1, 2], 1],
)
