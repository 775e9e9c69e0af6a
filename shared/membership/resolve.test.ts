import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8, type Bytes } from '../base/bytes.ts'
import type { CircleId, EpochId, HashId } from '../base/ids.ts'
import { hash } from '../crypto/hash.ts'
import { encodeRecord, type DeviceCertificate, type RecordBody } from '../wire/record.ts'
import { areConcurrent, buildGraph, type Node } from './graph.ts'
import { circleIdOf, deviceIdOf, epochIdOf, hashOfRecord, invitationIdOf, memberIdOf } from './names.ts'
import { resolve } from './resolve.ts'
import type { VerifiedRecord } from './verify.ts'

// The resolver trusts signatures to have been checked, so these people need no real keys.
const filler = (text: string): Bytes => hash('test', utf8(text))
const signature = new Uint8Array(64)

interface Person {
  readonly certificate: DeviceCertificate
  readonly device: ReturnType<typeof deviceIdOf>
  readonly member: ReturnType<typeof memberIdOf>
  readonly name: string
}

function person(name: string, identity = name): Person {
  const certificate = {
    identityKey: filler(`${identity} identity`),
    signingKey: filler(`${name} signing`),
    boxKey: filler(`${name} box`),
    signature,
  }
  return { certificate, device: deviceIdOf(certificate), member: memberIdOf(certificate.identityKey), name }
}

const PEOPLE = ['ann', 'bea', 'cal', 'dov', 'eve', 'fay'].map((name) => person(name))
const [ann, bea, cal, dov, eve] = PEOPLE as [Person, Person, Person, Person, Person]
const nonce = new Uint8Array(16)
const circle: CircleId = circleIdOf(ann.device, nonce, 'group')
const epochKey = (name: string): Bytes => filler(`epoch ${name}`)
const firstEpoch = epochIdOf(epochKey('first'), circle, [])
const invitationKey = (name: string): Bytes => filler(`invitation ${name}`)

function say(author: Person, parents: readonly VerifiedRecord[], body: RecordBody): VerifiedRecord {
  const hashes = [...new Set(parents.map((parent) => parent.hash))].toSorted()
  const record = { circle, author: author.device, parents: hashes, body, signature }
  return { hash: hashOfRecord(encodeRecord(record)), record }
}

const genesis = say(ann, [], {
  type: 'create',
  kind: 'group',
  nonce,
  circleName: 'Group',
  founderName: 'ann',
  founder: ann.certificate,
  createdAt: 1,
  grant: { epoch: firstEpoch, wraps: [] },
})

/** Boxes are not opened by the resolver. */
const boxes = (of: EpochId, ...to: readonly Person[]) => ({
  epoch: of,
  wraps: to.map(({ device }) => ({ device, wrapped: nonce })),
})

const invite = (name: string, role: 'organiser' | 'member' = 'organiser'): RecordBody => ({
  type: 'invite',
  invitationKey: invitationKey(name),
  role,
  history: 'all',
  createdAt: 1,
  expiresAt: 100,
})

const admit = (joiner: Person, invitation: string, admittedAt = 50): RecordBody => ({
  type: 'admit',
  join: {
    invitation: invitationIdOf(invitationKey(invitation)),
    name: joiner.name,
    certificate: joiner.certificate,
    challenge: filler('challenge'),
    proof: signature,
    consent: signature,
  },
  admittedAt,
  grants: [boxes(firstEpoch, joiner)],
})

const cancel = (name: string): RecordBody => ({
  type: 'cancel',
  invitation: invitationIdOf(invitationKey(name)),
  reason: 'cancelled',
})
const removal = ({ member }: Person): RecordBody => ({ type: 'remove', target: { member }, lastAccepted: [] })
const removalOfDevice = ({ device }: Person): RecordBody => ({ type: 'remove', target: { device }, lastAccepted: [] })
const role = ({ member }: Person, to: 'organiser' | 'member'): RecordBody => ({ type: 'role', member, role: to })
const rename = (circleName: string): RecordBody => ({ type: 'rename', circleName })
const profile = (name: string): RecordBody => ({ type: 'profile', name })
const epoch = (name: string, parents: readonly EpochId[]): RecordBody => ({
  type: 'epoch',
  grant: { epoch: epochIdOf(epochKey(name), circle, parents), wraps: [] },
  parents,
  older: [],
})

/** A circle of ann, bea, cal, dov and eve, the first three organisers. */
function populated(): { records: VerifiedRecord[]; tip: VerifiedRecord } {
  const records = [genesis]
  let tip = genesis
  const add = (body: RecordBody) => {
    tip = say(ann, [tip], body)
    records.push(tip)
  }
  for (const joiner of [bea, cal, dov, eve]) {
    add(invite(joiner.name, joiner === dov || joiner === eve ? 'member' : 'organiser'))
    add(admit(joiner, joiner.name))
  }
  return { records, tip }
}

const stateAfter = (...records: readonly VerifiedRecord[]) => {
  const { state } = resolve(circle, records)
  if (state === undefined) throw new Error('no state')
  return state
}
const reasonFor = (record: VerifiedRecord, ...records: readonly VerifiedRecord[]): string | undefined =>
  stateAfter(...records).skipped.find(({ hash }) => hash === record.hash)?.reason

/** Of two beginnings the lower hash would win, so one with a higher; open.ts refuses to store a second one at all. */
function secondBeginning(): RecordBody {
  const { body } = genesis.record
  const bodies = Array.from({ length: 64 }, (_, index) => ({ ...body, circleName: `Again ${index}` }) as RecordBody)
  return bodies.find((other) => say(ann, [], other).hash > genesis.hash)!
}

describe('the rules', () => {
  const { records, tip } = populated()
  const alone: readonly (readonly [string, Person, RecordBody])[] = [
    ['author-not-present', person('stranger'), profile('x')],
    ['not-an-organiser', dov, invite('new')],
    ['not-an-organiser', dov, rename('Dov’s')],
    ['not-an-organiser', dov, role(dov, 'organiser')],
    ['not-an-organiser', dov, removal(eve)],
    ['not-an-organiser', dov, epoch('new', [firstEpoch])],
    ['not-an-organiser', dov, cancel('bea')],
    ['not-an-organiser', dov, admit(person('guest'), 'bea')],
    ['invitation-known', bea, invite('bea')],
    ['invitation-unknown', bea, cancel('never')],
    ['invitation-unknown', bea, admit(person('guest'), 'never')],
    ['invitation-used', bea, cancel('bea')],
    ['invitation-used', bea, admit(person('guest'), 'bea')],
    ['epoch-unknown', bea, epoch('new', [epochIdOf(epochKey('none'), circle, [])])],
    ['epoch-unknown', bea, epoch('new', [])],
    ['epoch-known', bea, { ...epoch('x', [firstEpoch]), grant: { epoch: firstEpoch, wraps: [] } } as RecordBody],
    ['epoch-unknown', dov, { type: 'grant', grants: [{ epoch: epochIdOf(epochKey('no'), circle, []), wraps: [] }] }],
    [
      'key-for-a-stranger',
      dov,
      { type: 'grant', grants: [{ epoch: firstEpoch, wraps: [{ device: person('x').device, wrapped: nonce }] }] },
    ],
    ['target-not-present', bea, removal(person('stranger'))],
    ['target-not-present', bea, role(person('stranger'), 'organiser')],
    ['name-unfit', dov, profile('')],
    ['name-unfit', dov, profile('Ann\u202eaeB')],
    ['name-unfit', dov, profile('two\nlines')],
    ['not-their-device', dov, { type: 'device', certificate: person('laptop', 'eve').certificate, grants: [] }],
    ['incarnation-known', dov, { type: 'incarnation', incarnation: 0 }],
    ['not-the-beginning', ann, secondBeginning()],
  ]
  it.each(alone)('skip what breaks %s', (reason, author, body) => {
    const record = say(author, body.type === 'create' ? [] : [tip], body)
    const before = stateAfter(...records)
    const after = stateAfter(...records, record)
    expect(after.skipped).toMatchObject([{ hash: record.hash, reason }])
    expect({ ...after, skipped: [] }).toEqual(before)
  })

  it('let an invitation be used once, before it expires, by its inviter’s circle', () => {
    const open = say(bea, [tip], invite('open'))
    const late = say(bea, [open], admit(person('guest'), 'open', 101))
    expect(reasonFor(late, ...records, open, late)).toBe('invitation-expired')
    const gone = say(ann, [open], removal(bea))
    const after = say(ann, [gone], admit(person('guest'), 'open'))
    expect(reasonFor(after, ...records, open, gone, after)).toBe('inviter-removed')
    expect(stateAfter(...records, open, gone).invitations.get(invitationIdOf(invitationKey('open')))?.status).toBe(
      'cancelled',
    )
  })

  it('let members leave, add a computer of theirs and retire it', () => {
    const laptop = person('dov’s laptop', 'dov')
    const added = say(dov, [tip], { type: 'device', certificate: laptop.certificate, grants: [] })
    const spoken = say(laptop, [added], profile('David'))
    const retired = say(dov, [spoken], removalOfDevice(laptop))
    const silent = say(laptop, [retired], profile('Dave'))
    const state = stateAfter(...records, added, spoken, retired, silent)
    expect(state.members.get(dov.member)).toMatchObject({ name: 'David', role: 'member', present: true })
    expect(state.devices.get(laptop.device)?.present).toBe(false)
    expect(state.skipped).toMatchObject([{ hash: silent.hash, reason: 'author-not-present' }])
    const left = say(dov, [silent], removal(dov))
    expect(stateAfter(...records, added, spoken, retired, silent, left).members.get(dov.member)?.present).toBe(false)
  })

  it('let somebody who was removed come back only by a later invitation', () => {
    const removed = say(ann, [tip], removal(dov))
    const invited = say(ann, [removed], invite('again'))
    const back = say(ann, [invited], admit(dov, 'again'))
    const state = stateAfter(...records, removed, invited, back)
    expect(state.members.get(dov.member)).toMatchObject({ present: true, role: 'organiser' })
    const unaware = say(bea, [tip], invite('unaware'))
    const early = say(bea, [unaware], admit(dov, 'unaware'))
    expect(stateAfter(...records, removed, unaware, early).members.get(dov.member)?.present).toBe(false)
  })

  it('keep what a newer version wrote, without effect', () => {
    const newer = say(bea, [tip], { type: 'unknown', code: 99, bytes: Uint8Array.of(1) })
    expect(stateAfter(...records, newer).heads).toEqual([newer.hash])
  })
})

describe('two who did not know of each other', () => {
  const { records, tip } = populated()

  it('removing beats acting', () => {
    const removed = say(ann, [tip], removal(bea))
    const acted = say(bea, [tip], rename('Bea’s'))
    const guest = say(bea, [acted], invite('guest'))
    const state = stateAfter(...records, removed, acted, guest)
    expect(state.name).toBe('Group')
    expect(state.skipped.map(({ reason }) => reason)).toEqual(['author-removed-meanwhile', 'author-removed-meanwhile'])
    expect(state.heads).toEqual([removed.hash])
  })

  it('who removes the other: the one who has been in for longer stays, and what the other built falls', () => {
    const byBea = say(bea, [tip], removal(cal))
    const byCal = say(cal, [tip], removal(bea))
    const onCal = say(cal, [byCal], invite('guest'))
    const guest = say(cal, [onCal], admit(person('guest'), 'guest'))
    const state = stateAfter(...records, byCal, byBea, onCal, guest)
    expect(state.members.get(bea.member)?.present).toBe(true)
    expect(state.members.get(cal.member)?.present).toBe(false)
    expect([...state.members.values()].some(({ name }) => name === 'guest')).toBe(false)
  })

  it('the founder cannot be pushed out from behind', () => {
    const byEach = [bea, cal].map((author) => say(author, [genesis, tip], removal(ann)))
    const byAnn = [bea, cal].map((target, index) => say(ann, index === 0 ? [tip] : [tip], removal(target)))
    const state = stateAfter(...records, ...byEach, ...byAnn)
    expect([ann, bea, cal].map(({ member }) => state.members.get(member)?.present)).toEqual([true, false, false])
  })

  it('leaving takes nothing back', () => {
    const left = say(bea, [tip], removal(bea))
    const meanwhile = say(bea, [tip], rename('Bea’s last'))
    expect(stateAfter(...records, left, meanwhile).name).toBe('Bea’s last')
  })

  it('a role taken away beats what it was used for', () => {
    const demoted = say(ann, [tip], role(bea, 'member'))
    const acted = say(bea, [tip], rename('Bea’s'))
    const named = say(bea, [tip], profile('Beatrice'))
    const state = stateAfter(...records, demoted, acted, named)
    expect(state.name).toBe('Group')
    expect(state.members.get(bea.member)).toMatchObject({ name: 'Beatrice', role: 'member' })
    expect(reasonFor(acted, ...records, demoted, acted)).toBe('author-demoted-meanwhile')
  })

  it('of two roles, the lesser', () => {
    const up = say(ann, [tip], role(dov, 'organiser'))
    const down = say(bea, [tip], role(dov, 'member'))
    expect(stateAfter(...records, up, down).members.get(dov.member)?.role).toBe('member')
    const settled = say(ann, [up, down], role(dov, 'organiser'))
    expect(stateAfter(...records, up, down, settled).members.get(dov.member)?.role).toBe('organiser')
  })

  it('cancelling beats admitting', () => {
    const open = say(bea, [tip], invite('open'))
    const admitted = say(bea, [open], admit(person('guest'), 'open'))
    const cancelled = say(ann, [open], cancel('open'))
    const state = stateAfter(...records, open, admitted, cancelled)
    expect(state.members.has(person('guest').member)).toBe(false)
    expect(reasonFor(admitted, ...records, open, admitted, cancelled)).toBe('invitation-cancelled-meanwhile')
  })

  it('one invitation lets in one: of two newcomers the lower hash, and the same one twice is one', () => {
    const open = say(bea, [tip], invite('open'))
    const both = [person('guest one'), person('guest two')].map((guest, index) =>
      say(index === 0 ? ann : bea, [open], admit(guest, 'open')),
    )
    const state = stateAfter(...records, open, ...both)
    const [winner] = both.map((record) => record.hash).toSorted()
    expect(state.skipped).toMatchObject([
      { hash: both.find((record) => record.hash !== winner)!.hash, reason: 'invitation-used-meanwhile' },
    ])
    const twice = [ann, bea].map((author) =>
      say(author, [open], admit(person('guest'), 'open', author === ann ? 50 : 51)),
    )
    expect(stateAfter(...records, open, ...twice).skipped).toEqual([])
  })

  it('a device admitted with its own consent is not another’s, whoever claims it', () => {
    const open = say(bea, [tip], invite('open'))
    const guest = person('guest')
    const stolen = person('guest', 'dov')
    const claimed = say(dov, [tip], { type: 'device', certificate: stolen.certificate, grants: [] })
    const admitted = say(ann, [open], admit(guest, 'open'))
    const state = stateAfter(...records, open, claimed, admitted)
    expect(state.devices.get(guest.device)?.member).toBe(guest.member)
    expect(reasonFor(claimed, ...records, open, claimed, admitted)).toBe('device-taken-meanwhile')
  })

  it('two new keys: both are epochs, and everybody picks the same', () => {
    const one = say(ann, [tip], epoch('one', [firstEpoch]))
    const two = say(bea, [tip], epoch('two', [firstEpoch]))
    const state = stateAfter(...records, one, two)
    expect(state.epochs.size).toBe(3)
    expect(state.currentEpoch).toBe([...state.epochs.keys()].filter((id) => id !== firstEpoch).toSorted()[0])
  })
})

describe('what is not here yet', () => {
  it('waits, and so does all that rests on it', () => {
    const { records, tip } = populated()
    const next = say(bea, [tip], rename('Later'))
    expect(resolve(circle, [next])).toMatchObject({ state: undefined, waiting: [next.hash] })
    const without = records.filter((record) => record !== records[3])
    expect(resolve(circle, [...without, next]).waiting).toContain(next.hash)
    expect(stateAfter(...without, next).name).toBe('Group')
    expect(stateAfter(...records, next).name).toBe('Later')
  })

  it('never makes a parentless record the beginning', () => {
    for (let index = 0; index < 20; index++) {
      const root = say(bea, [], rename(`root ${index}`))
      const state = stateAfter(genesis, root)
      expect(state.members.size).toBe(1)
      expect(state.skipped).toMatchObject([{ hash: root.hash, reason: 'author-not-present' }])
    }
  })
})

// ------------------------------------------------------------------------------------------------------------ properties

const BODIES: readonly ((a: number, b: number) => RecordBody)[] = [
  (a) => invite(`i${a % 5}`, a % 2 === 0 ? 'organiser' : 'member'),
  (a, b) => admit(PEOPLE[b % 6]!, `i${a % 5}`),
  (a, b) => admit(person(`second ${b % 6}`, PEOPLE[b % 6]!.name), `i${a % 5}`),
  (a) => cancel(`i${a % 5}`),
  (a) => removal(PEOPLE[a % 6]!),
  (a) => removal(PEOPLE[a % 6]!),
  (a) => removalOfDevice(PEOPLE[a % 6]!),
  (a, b) => role(PEOPLE[a % 6]!, b % 2 === 0 ? 'organiser' : 'member'),
  (a) => rename(`name ${a}`),
  (a) => profile(`name ${a}`),
  (a) => epoch(`e${a % 4}`, [firstEpoch]),
  (a, b) => ({ type: 'device', certificate: person(`device ${a % 3}`, PEOPLE[b % 6]!.name).certificate, grants: [] }),
  (a) => ({ type: 'incarnation', incarnation: a % 3 }),
  (a) => ({ type: 'unknown', code: 50 + (a % 50), bytes: new Uint8Array(a % 3) }),
]

const step = fc.record({
  author: fc.nat(5),
  kind: fc.nat(BODIES.length - 1),
  a: fc.nat(30),
  b: fc.nat(30),
  // How far back the parents lie: mostly near, so that there is progress as well as quarrel.
  back: fc.array(fc.nat(12), { minLength: 1, maxLength: 3 }),
})

/** Anything that any member could sign, allowed or not, over any parents. */
const history = fc.array(step, { maxLength: 60 }).map((steps) => {
  const { records } = populated()
  for (const { author, kind, a, b, back } of steps) {
    const parents = back.map((distance) => records[Math.max(0, records.length - 1 - distance)]!)
    records.push(say(PEOPLE[author]!, parents, BODIES[kind]!(a, b)))
  }
  return records
})

const validNodes = (records: readonly VerifiedRecord[]): readonly Node[] => {
  const skipped = new Set(stateAfter(...records).skipped.map(({ hash }) => hash))
  return buildGraph(records).nodes.filter(({ hash }) => !skipped.has(hash))
}

const RUNS = 150

describe('any history', () => {
  it('resolves to one state in any order and however often each record comes', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (records, random) => {
        const shuffled = [...records, ...records.filter(() => random.next().value % 3 === 0)]
          .map((record) => ({ record, key: random.next().value }))
          .toSorted((one, two) => one.key - two.key)
          .map(({ record }) => record)
        expect(resolve(circle, shuffled)).toEqual(resolve(circle, records))
      }),
      { numRuns: RUNS },
    )
  })

  it('with holes resolves what it can, the same for everybody', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.boolean()), (records, random) => {
        const some = records.filter(() => random.next().value)
        const one = resolve(circle, some)
        expect(resolve(circle, some.toReversed())).toEqual(one)
        expect(one.waiting.every((hash) => some.some((record) => record.hash === hash))).toBe(true)
      }),
      { numRuns: RUNS },
    )
  })

  it('leaves no effect of anybody who was removed meanwhile', () => {
    fc.assert(
      fc.property(history, (records) => {
        const valid = validNodes(records)
        const { devices } = stateAfter(...records)
        for (const winner of valid) {
          const { body, author } = winner.record
          if (body.type !== 'remove') continue
          const isTarget = (device: Person['device']) =>
            'device' in body.target ? device === body.target.device : devices.get(device)?.member === body.target.member
          const isOwn =
            'member' in body.target
              ? isTarget(author)
              : devices.get(author)?.member === devices.get(body.target.device)?.member
          if (isOwn) continue
          const acted = valid.filter((other) => isTarget(other.record.author) && areConcurrent(winner, other))
          expect(acted.map(({ record }) => record.body.type)).toEqual([])
        }
      }),
      { numRuns: RUNS },
    )
  })

  it('lets each invitation bring in one device', () => {
    fc.assert(
      fc.property(history, (records) => {
        const joiners = new Map<string, Set<string>>()
        for (const { record } of validNodes(records)) {
          if (record.body.type !== 'admit') continue
          const { invitation, certificate } = record.body.join
          const set = joiners.get(invitation) ?? new Set()
          joiners.set(invitation, set.add(deviceIdOf(certificate)))
        }
        expect([...joiners.values()].every((set) => set.size === 1)).toBe(true)
      }),
      { numRuns: RUNS },
    )
  })

  it('keeps every device with one member, and the founder’s first epoch', () => {
    fc.assert(
      fc.property(history, (records) => {
        const state = stateAfter(...records)
        for (const device of state.devices.values()) {
          expect(device.member).toBe(memberIdOf(device.certificate.identityKey))
        }
        expect(state.epochs.has(firstEpoch)).toBe(true)
        expect(state.heads.length).toBeGreaterThan(0)
      }),
      { numRuns: RUNS },
    )
  })
})

describe('the work it takes', () => {
  const time = (run: () => void): number => {
    const start = performance.now()
    run()
    return performance.now() - start
  }

  it('stays small for forty members and years of records', () => {
    const records = [genesis]
    let tip = genesis
    for (let index = 0; index < 40; index++) {
      tip = say(ann, [tip], invite(`m${index}`))
      records.push(tip)
      tip = say(ann, [tip], admit(person(`member ${index}`), `m${index}`))
      records.push(tip)
    }
    for (let index = 0; index < 320; index++) {
      tip = say(person(`member ${index % 40}`), [tip], profile(`name ${index}`))
      records.push(tip)
    }
    expect(time(() => resolve(circle, records))).toBeLessThan(1_000)
  })

  it('does not explode with quarrels: every organiser removes every other, from behind', () => {
    const records = [genesis]
    let tip = genesis
    const people = Array.from({ length: 24 }, (_, index) => person(`organiser ${index}`))
    for (const [index, one] of people.entries()) {
      for (const body of [invite(`o${index}`), admit(one, `o${index}`)]) {
        tip = say(ann, [tip], body)
        records.push(tip)
      }
    }
    for (const one of people)
      for (const other of people) if (one !== other) records.push(say(one, [tip], removal(other)))
    const state = stateAfter(...records)
    expect([...state.members.values()].filter(({ present }) => present).length).toBeGreaterThan(0)
    expect(time(() => resolve(circle, records.toReversed()))).toBeLessThan(10_000)
  })

  it('does not recurse: a chain of ten thousand', () => {
    const records = [genesis]
    let tip: VerifiedRecord = genesis
    for (let index = 0; index < 10_000; index++) {
      tip = say(ann, [tip], profile(`name ${index}`))
      records.push(tip)
    }
    const heads: readonly HashId[] = stateAfter(...records).heads
    expect(heads).toEqual([tip.hash])
  })
})
