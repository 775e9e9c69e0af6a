import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import type { OpenedUpdateFile, UpdateFile } from '../../shared/model/contexts.ts'
import { circleOf, createWorld, type Computer, type World } from './testing.ts'
import { decodeFileLog, encodeFileLog } from './update-file-log.ts'

const WAIT = { timeout: 15_000, interval: 20 }
const TEST = 60_000
let world: World

afterEach(async () => world.close())

/** In one group, and from now on never connected. */
async function apart(...names: string[]): Promise<readonly [Computer, Computer, Computer]> {
  world = await createWorld(names)
  for (const one of world.computers) {
    for (const other of world.computers) {
      if (one !== other) world.network.setReachable(one.place, other.place, false)
    }
  }
  const [alice, bob, cara] = world.computers
  return [alice!, bob!, cara!]
}

const idOf = (computer: Computer, name: string) => {
  const person = computer.group.context.circle.people.get().find((each) => each.name === name)
  if (person === undefined) throw new Error(`${name} is not in the group`)
  return person.id
}

async function give(from: Computer, to: string | undefined, everything = false): Promise<UpdateFile> {
  const made = await from.group.context.files.make({ to: to === undefined ? to : idOf(from, to), everything })
  if (!made.ok) throw new Error(made.error)
  return made.value
}

async function open(at: Computer, { bytes }: UpdateFile): Promise<OpenedUpdateFile> {
  const opened = await at.group.context.files.open(bytes)
  if (!opened.ok) throw new Error(`${opened.error} ${opened.detail ?? ''}`)
  return opened.value
}

const write = (at: Computer, text: string): void => void at.group.context.circle.records.getMap('test').set(text, text)
const has = (at: Computer, text: string): boolean => at.group.context.circle.records.getMap('test').has(text)

const syncWith = (at: Computer, name: string) =>
  at.group.context.sync.get().people.find(({ person }) => person.name === name)

test(
  'a file, and a file back in one step: both end equal and know it; twice changes nothing',
  async () => {
    const [alice, bob] = await apart('alice', 'bob')
    write(alice, 'from alice')
    write(bob, 'from bob')
    const file = await give(alice, 'bob')
    expect(file.changes).toBe(1)
    expect(file.to?.name).toBe('bob')
    const opened = await open(bob, file)
    expect(opened).toMatchObject({ from: { name: 'alice' }, isRemoved: false, weLack: 0, theyLack: 1, waiting: 0 })
    expect(opened.circles[0]).toMatchObject({ scope: 'group', changes: [{ name: 'alice', isMe: false, count: 1 }] })
    expect(has(bob, 'from alice')).toBe(true)
    const again = await open(bob, file)
    expect(again.circles[0]?.changes).toEqual([])

    const reply = await opened.reply()
    if (!reply.ok) throw new Error(reply.error)
    expect(reply.value.changes).toBe(1)
    await open(alice, reply.value)
    expect(has(alice, 'from bob')).toBe(true)
    await vi.waitFor(() => expect(syncWith(alice, 'bob')).toMatchObject({ theyLack: 0, weLack: 0 }), WAIT)
    expect(syncWith(alice, 'bob')?.lastMatchedAt).toBeDefined()
    // What Bob cannot know yet is not claimed.
    expect(syncWith(bob, 'alice')).toMatchObject({ theyLack: 1, weLack: 0 })

    const { log } = bob.group.context.files
    expect(log.get().map(({ kind, person }) => `${kind} ${person}`)).toEqual([
      'made alice',
      'opened alice',
      'opened alice',
    ])
    await bob.restart()
    expect(bob.group.context.files.log.get()).toHaveLength(3)
    expect(syncWith(bob, 'alice')).toMatchObject({ theyLack: 1, weLack: 0 })
  },
  TEST,
)

test(
  'somebody put into a circle learns it from a file; the plan says what goes into it, and for whom none is offered',
  async () => {
    const [alice, bob, cara] = await apart('alice', 'bob', 'cara')
    const made = await alice.group.context.createCircle({
      name: 'Planning',
      people: [{ person: idOf(alice, 'bob'), role: 'member' }],
    })
    if (!made.ok) throw new Error(made.error)
    circleOf(alice, made.value).records.getMap('test').set('plan', 'tea at two')
    const { files } = alice.group.context
    await alice.group.flush()
    expect(files.plan(idOf(alice, 'bob'), false)?.circles.map(({ name }) => name)).toEqual([
      'Tuesday group',
      'Planning',
    ])
    expect(files.plan(idOf(alice, 'cara'), false)?.circles.map(({ name }) => name)).toEqual(['Tuesday group'])
    expect(files.plan(undefined, false)?.circles.map(({ name }) => name)).toEqual(['Tuesday group'])

    const opened = await open(bob, await give(alice, 'bob'))
    expect(opened.circles[1]).toMatchObject({ name: 'Planning', isNew: true, scope: 'circle' })
    expect(circleOf(bob, made.value).records.getMap('test').get('plan')).toBe('tea at two')
    expect(bob.group.context.arrivals.get()).toEqual([{ circle: made.value, by: 'alice' }])
    expect(await cara.group.context.files.open((await give(alice, 'bob')).bytes)).toMatchObject({ error: 'not-for-us' })

    const { manage } = alice.group.context.circle
    const bobsId = idOf(alice, 'bob')
    expect(await manage.remove(bobsId)).toMatchObject({ ok: true })
    expect(files.plan(bobsId, false)).toBeUndefined()
    expect(await files.make({ to: bobsId, everything: true })).toMatchObject({ error: 'nobody' })
    write(bob, 'written later')
    await bob.group.flush()
    const late = await open(alice, await give(bob, 'alice'))
    expect(late).toMatchObject({ isRemoved: true, setAside: 1, from: { name: 'bob' } })
    expect(has(alice, 'written later')).toBe(false)
    await vi.waitFor(() => expect(alice.group.context.circle.departures.get()[0]).toMatchObject({ setAside: 1 }), WAIT)
  },
  TEST,
)

test(
  'locking while a file is being opened leaves a store that opens again, and the file can be opened again',
  async () => {
    const [alice, bob] = await apart('alice', 'bob')
    for (let count = 0; count < 30; count++) {
      write(alice, `note ${count}`)
      await alice.group.flush()
    }
    const file = await give(alice, 'bob')
    const opening = bob.group.context.files.open(file.bytes)
    await bob.restart()
    await opening
    await open(bob, file)
    expect(has(bob, 'note 29')).toBe(true)
    expect(await bob.group.context.files.open(file.bytes)).toMatchObject({ ok: true })
  },
  TEST,
)

test('the list of files reads back, and one of another version begins anew', () => {
  const log = [
    { kind: 'made', at: 1_700_000_000_000, person: '', changes: 12, bytes: 3456 },
    { kind: 'opened', at: 1, person: 'Bob', changes: 0, bytes: 700 },
  ] as const
  expect(decodeFileLog(encodeFileLog(log))).toEqual(log)
  expect(decodeFileLog(Uint8Array.of(9))).toEqual([])
})
