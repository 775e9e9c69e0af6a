/** Somebody joins a group that they are never online with: every screenful of it, over restarts, and what is turned away on the way. */
import 'fake-indexeddb/auto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { InvitationId } from '../../shared/base/ids.ts'
import { sealRequestFile, askToJoin } from '../../shared/joining/by-files/request-file.ts'
import { openInvitationFile } from '../../shared/joining/by-files/invitation-file.ts'
import { readCode, stretchCode } from '../../shared/joining/code.ts'
import type { History } from '../../shared/model/contexts.ts'
import type { FileInvitationState, InvitingByFiles } from '../../shared/model/joining-by-files.ts'
import { argon2idForCodes } from './code-stretching.ts'
import { createJoiningByFiles, type JoiningByFilesDesk } from './join-by-files.ts'
import { createWorld, type Computer, type World } from './testing.ts'

vi.mock('./code-stretching.ts', async () => {
  const { quickStretch } = await import('../../shared/joining/testing.ts')
  return { argon2idForCodes: quickStretch }
})

const TEST = 60_000
let world: World
afterEach(async () => world.close())

interface Story {
  readonly alice: Computer
  readonly bob: Computer
  readonly desk: JoiningByFilesDesk
  readonly id: InvitationId
  readonly code: string
  readonly file: Uint8Array<ArrayBuffer>
}

const deskFor = (at: Computer, store = at.store): JoiningByFilesDesk =>
  createJoiningByFiles({
    newcomer: () => ({
      me: { name: at.name, secrets: at.secrets },
      store,
      groups:
        at.opened === undefined
          ? []
          : [
              {
                stored: { group: at.opened.context.circle.id, circles: [], notUnderstood: [], unreadable: 0 },
                standing: at.opened.context.circle.standing,
              },
            ],
    }),
    async onJoined(_stored, welcome) {
      await at.open()
      const opened = await at.group.context.files.open(welcome)
      return opened.ok ? opened.value : undefined
    },
    onFile: (bytes) => at.log.push(`request ${bytes}`),
    signer: world.signer,
    log: (line) => at.log.push(line),
  })

async function apart(at: Computer): Promise<void> {
  for (const other of world.computers) if (other !== at) world.network.setReachable(at.place, other.place, false)
  await Promise.resolve()
}

const byFiles = ({ group }: Computer): InvitingByFiles => group.context.byFiles
const stateOf = (at: Computer, id: InvitationId): FileInvitationState | undefined =>
  byFiles(at)
    .invitations.get()
    .find((one) => one.id === id)?.state

async function invited(names: readonly string[] = ['alice'], history: History = 'all'): Promise<Story> {
  world = await createWorld(names)
  const [alice] = world.computers
  const bob = await world.add('bob')
  for (const one of world.computers) await apart(one)
  const invitation = await alice!.group.context.invite({ daysValid: 1, role: 'member', history })
  if (!invitation.ok) throw new Error(invitation.error)
  const { id, code } = invitation.value
  const made = await byFiles(alice!).makeFile(id)
  if (!made.ok) throw new Error(made.error)
  return { alice: alice!, bob, desk: deskFor(bob), id, code, file: made.value.bytes }
}

async function asked(story: Story): Promise<Uint8Array> {
  const { desk, file, code } = story
  expect(await desk.ask({ file, code })).toEqual({ ok: true, value: undefined })
  const request = desk.requestFile()
  if (request === undefined) throw new Error('no request')
  return request
}

const wordsAt = (desk: JoiningByFilesDesk): readonly string[] => {
  const state = desk.state.get()
  return state.step === 'asked' ? state.words : []
}

async function welcomeFrom({ alice, id }: Story): Promise<Uint8Array> {
  const made = await byFiles(alice).makeWelcome(id)
  if (!made.ok) throw new Error(made.error)
  return made.value.bytes
}

const write = (at: Computer, text: string): void => void at.group.context.circle.records.getMap('test').set(text, text)
const has = (at: Computer, text: string): boolean => at.group.context.circle.records.getMap('test').has(text)

test(
  'three files let somebody in, with the same eight words on both sides, over restarts at every step',
  async () => {
    const story = await invited()
    const { alice, bob, id, code, file } = story
    write(alice, 'from alice')
    expect(stateOf(alice, id)).toEqual({ step: 'open', saved: true })
    const request = await asked(story)
    for (const said of ['Tuesday', 'alice', 'bob']) {
      expect(Buffer.from(file).includes(said)).toBe(false)
      expect(Buffer.from(request).includes(said)).toBe(false)
    }
    expect(bob.log).toEqual([`request ${request.length}`])
    await vi.waitFor(
      () =>
        expect(alice.group.context.sent.get().lines).toMatchObject([
          { recipient: { to: 'invitation' }, way: 'file', bytes: file.length },
        ]),
      { timeout: 15_000, interval: 20 },
    )
    expect(request.length).toBe(file.length - 'Teatray invitation'.length + 'Teatray request'.length)

    await alice.restart()
    expect(await byFiles(alice).openRequest(request)).toEqual({ ok: true, value: id })
    expect(await byFiles(alice).openRequest(request)).toEqual({ ok: true, value: id })
    await alice.restart()
    const desk = deskFor(bob)
    await desk.open()
    const words = wordsAt(desk)
    expect(words).toHaveLength(8)
    expect(stateOf(alice, id)).toEqual({ step: 'asked', name: 'bob', words })
    // Neither is let in before both have spoken: the inviter's yes makes the welcome, the newcomer's takes it.
    expect(alice.group.context.circle.people.get()).toHaveLength(1)
    expect(await byFiles(alice).makeWelcome(id)).toMatchObject({ error: 'nobody' })

    // A change of keys between the files is no matter.
    expect(await alice.group.context.circle.manage.changeKeys()).toMatchObject({ ok: true })
    write(alice, 'under the new key')
    expect(await byFiles(alice).answer(id, true)).toEqual({ ok: true, value: undefined })
    expect(await byFiles(alice).answer(id, true)).toEqual({ ok: true, value: undefined })
    await alice.restart()
    expect(stateOf(alice, id)).toEqual({ step: 'let-in', name: 'bob' })
    expect(alice.group.context.inviting.get()).toBeUndefined()
    expect(await byFiles(alice).openRequest(request)).toEqual({ ok: true, value: id })
    const welcome = await welcomeFrom(story)

    expect(await desk.openWelcome(welcome)).toMatchObject({ error: 'words-first' })
    expect(await desk.answer(true)).toMatchObject({ ok: true })
    const again = deskFor(bob)
    await again.open()
    expect(again.state.get()).toMatchObject({ step: 'asked', agreed: true, words })
    expect(await again.openWelcome(welcome)).toEqual({ ok: true, value: undefined })
    expect(again.state.get()).toMatchObject({ step: 'done', opened: { weLack: 0, waiting: 0 } })
    expect(has(bob, 'from alice') && has(bob, 'under the new key')).toBe(true)
    expect(bob.group.context.circle.people.get().map(({ name }) => name)).toEqual(['alice', 'bob'])
    // Opened once more it is an update file like any, and nothing is under way any more.
    expect(await bob.group.context.files.open(welcome)).toMatchObject({ ok: true })
    const later = deskFor(bob)
    await later.open()
    expect(later.state.get()).toEqual({ step: 'none' })
    expect(await later.ask({ file, code })).toMatchObject({ error: 'already-in-this-group' })

    write(bob, 'from bob')
    await bob.group.flush()
    const alices = bob.group.context.circle.people.get().find(({ name }) => name === 'alice')
    const back = await bob.group.context.files.make({ to: alices!.id, everything: false })
    if (!back.ok) throw new Error(back.error)
    expect(await alice.group.context.files.open(back.value.bytes)).toMatchObject({ ok: true })
    expect(has(alice, 'from bob')).toBe(true)
  },
  TEST,
)

test(
  'somebody who may read from today on gets what is written from then on, and lacks nothing',
  async () => {
    const story = await invited(['alice'], 'from-now')
    const { alice, bob, desk, id } = story
    write(alice, 'before')
    await alice.group.flush()
    const request = await asked(story)
    await byFiles(alice).openRequest(request)
    await byFiles(alice).answer(id, true)
    // By then her computer has begun a log that he can follow.
    await alice.group.flush()
    write(alice, 'from today')
    await desk.answer(true)
    expect(await desk.openWelcome(await welcomeFrom(story))).toMatchObject({ ok: true })
    expect(desk.state.get()).toMatchObject({ step: 'done', opened: { weLack: 0, waiting: 0, refused: 0 } })
    expect([has(bob, 'before'), has(bob, 'from today')]).toEqual([false, true])
  },
  TEST,
)

describe('on the newcomer’s side', () => {
  test(
    'a wrong code, other files, and a welcome that is not theirs are named, and nothing is kept',
    async () => {
      const story = await invited()
      const { alice, desk, file, code, id } = story
      const other = await alice.group.context.invite({ daysValid: 1, role: 'member', history: 'all' })
      if (!other.ok) throw new Error(other.error)
      expect(await desk.ask({ file, code: other.value.code })).toMatchObject({ error: 'other-code' })
      expect(await desk.ask({ file, code: code.replace(/^\S+/, 'nonsenseword') })).toMatchObject({
        error: 'code-mistyped',
      })
      expect(await desk.ask({ file: file.slice(0, -1), code })).toMatchObject({ error: 'cut-off' })
      expect(await desk.ask({ file: file.map((byte, at) => (at === 99 ? byte ^ 1 : byte)), code })).toMatchObject({
        error: 'damaged',
      })
      expect(await desk.openWelcome(file)).toMatchObject({ error: 'no-request' })
      expect(desk.state.get()).toEqual({ step: 'none' })

      const request = await asked(story)
      expect(await desk.ask({ file: request, code })).toMatchObject({ error: 'not-this-kind' })
      await desk.answer(true)
      expect(await desk.openWelcome(file)).toMatchObject({ error: 'not-an-update-file' })
      // Cara comes in too; her welcome is not Bob's, and Bob's own file of an earlier try is not believed either.
      const cara = await world.add('cara')
      const caras = deskFor(cara)
      expect(await caras.ask({ file, code })).toMatchObject({ ok: true })
      expect(await byFiles(alice).openRequest(caras.requestFile()!)).toMatchObject({ ok: true })
      expect(await byFiles(alice).answer(id, true)).toMatchObject({ ok: true })
      expect(await desk.openWelcome(await welcomeFrom(story))).toMatchObject({ error: 'not-for-us' })
      expect(await byFiles(alice).openRequest(request)).toMatchObject({ error: 'code-used' })
      expect(desk.state.get().step).toBe('asked')
      expect(await desk.putAway()).toMatchObject({ ok: true })
      expect(desk.requestFile()).toBeUndefined()
    },
    TEST,
  )

  test(
    'a disk that is full just then loses nothing: the same welcome is opened again',
    async () => {
      const story = await invited()
      const { alice, bob, desk, id } = story
      write(alice, 'from alice')
      const request = await asked(story)
      await byFiles(alice).openRequest(request)
      await byFiles(alice).answer(id, true)
      await desk.answer(true)
      const welcome = await welcomeFrom(story)
      bob.store.stopWrites('disk-low')
      expect(await desk.openWelcome(welcome)).toMatchObject({ error: 'storage-failed' })
      expect(await desk.putAway()).toMatchObject({ error: 'storage-failed' })
      expect(desk.state.get()).toMatchObject({ step: 'asked', agreed: true })
      bob.store.resumeWrites()
      expect(await desk.openWelcome(welcome)).toMatchObject({ ok: true })
      expect(has(bob, 'from alice')).toBe(true)
    },
    TEST,
  )

  test(
    'different words end it: nothing is taken, and it is forgotten',
    async () => {
      const story = await invited()
      const { alice, bob, desk, id } = story
      const request = await asked(story)
      await byFiles(alice).openRequest(request)
      await byFiles(alice).answer(id, true)
      expect(await desk.answer(false)).toMatchObject({ ok: true })
      expect(desk.state.get()).toEqual({ step: 'words-differ', inviterName: 'alice' })
      expect(await desk.openWelcome(await welcomeFrom(story))).toMatchObject({ error: 'no-request' })
      const later = deskFor(bob)
      await later.open()
      expect(later.state.get()).toEqual({ step: 'none' })
      expect(bob.opened).toBeUndefined()
    },
    TEST,
  )

  test(
    'a file from one who came to know of them in another way, and one where the inviter was taken out meanwhile, do not let them in',
    async () => {
      const story = await invited(['alice', 'cara'])
      const { alice, desk } = story
      const cara = world.computers.find(({ person }) => person === 'cara')!
      const request = await asked(story)
      await desk.answer(true)
      // Let in by another invitation than the one whose words were compared.
      const other = await alice.group.context.invite({ daysValid: 1, role: 'member', history: 'all' })
      if (!other.ok) throw new Error(other.error)
      const otherFile = await byFiles(alice).makeFile(other.value.id)
      if (!otherFile.ok) throw new Error(otherFile.error)
      const twin = deskFor(story.bob, (await world.add('twin')).store)
      expect(await twin.ask({ file: otherFile.value.bytes, code: other.value.code })).toMatchObject({ ok: true })
      expect(await byFiles(alice).openRequest(twin.requestFile()!)).toMatchObject({ ok: true })
      expect(await byFiles(alice).answer(other.value.id, true)).toMatchObject({ ok: true })
      const byOther = await welcomeFrom({ ...story, id: other.value.id })
      expect(await desk.openWelcome(byOther)).toMatchObject({ error: 'not-let-in' })
      expect(await desk.openWelcome(byOther.slice(0, -5))).toMatchObject({ error: 'cut-off' })
      // Cara hears of Bob, takes Alice out, and gives Bob what he lacks.
      const personIn = (at: Computer, name: string) =>
        at.group.context.circle.people.get().find((one) => one.name === name)!.id
      const news = await alice.group.context.files.make({ to: personIn(alice, 'cara'), everything: true })
      if (!news.ok) throw new Error(news.error)
      await cara.group.context.files.open(news.value.bytes)
      expect(await cara.group.context.circle.manage.remove(personIn(cara, 'alice'))).toMatchObject({ ok: true })
      const fromCara = await cara.group.context.files.make({ to: personIn(cara, 'bob'), everything: true })
      if (!fromCara.ok) throw new Error(fromCara.error)
      expect(await desk.openWelcome(fromCara.value.bytes)).toMatchObject({ error: 'inviter-gone' })
      expect(await byFiles(alice).openRequest(request)).toMatchObject({ ok: true })
      expect(desk.state.get().step).toBe('asked')
    },
    TEST,
  )
})

describe('on the inviter’s side', () => {
  test(
    'different words burn the invitation; a cancelled one, a stranger’s request and one that was tampered with are named',
    async () => {
      const story = await invited()
      const { alice, bob, desk, id, file, code } = story
      const request = await asked(story)
      const open = (bytes: Uint8Array) => byFiles(alice).openRequest(bytes)
      expect(await open(file)).toMatchObject({ error: 'not-this-kind' })
      expect(await open(request.slice(0, 500))).toMatchObject({ error: 'cut-off' })
      expect(await open(request.map((byte, at) => (at === 300 ? byte ^ 1 : byte)))).toMatchObject({ error: 'damaged' })
      expect(await open(request.map((byte, at) => (at === 15 ? 2 : byte)))).toMatchObject({ error: 'newer-version' })

      // Somebody in the middle, who overheard the code, gives Bob an invitation of their own: the request to it fits no other.
      const read = readCode(code)
      if (!read.ok) throw new Error(read.error)
      const secrets = await stretchCode(read.value, argon2idForCodes)
      const offer = await openInvitationFile(file, secrets, world.signer)
      if (!offer.ok) throw new Error(offer.error)
      const mallory = await world.add('mallory')
      const forged = { ...offer.value, inviter: mallory.secrets.certificate }
      const signer = world.signer
      const toForged = await askToJoin({ secrets: bob.secrets, name: 'bob', code: secrets, offer: forged, signer })
      expect(await open(sealRequestFile(secrets, toForged.asking))).toMatchObject({ error: 'proof-does-not-hold' })
      const theirs = await askToJoin({
        secrets: mallory.secrets,
        name: 'bob',
        code: secrets,
        offer: offer.value,
        signer,
      })
      expect(theirs.bound.words).not.toEqual(wordsAt(desk))

      expect(await open(request)).toMatchObject({ ok: true })
      // A second request takes the first one's place, and says so: the words decide.
      expect(await open(sealRequestFile(secrets, theirs.asking))).toMatchObject({ ok: true })
      expect(stateOf(alice, id)).toMatchObject({ step: 'asked', instead: 'bob', words: theirs.bound.words })
      expect(await byFiles(alice).answer(id, false)).toMatchObject({ ok: true })
      await alice.restart()
      expect(stateOf(alice, id)).toEqual({ step: 'over', reason: 'words-differ' })
      expect(await open(request)).toMatchObject({ error: 'words-differ' })
      expect(await byFiles(alice).answer(id, true)).toMatchObject({ ok: false })
      expect(await byFiles(alice).makeFile(id)).toMatchObject({ error: 'words-differ' })
      expect(alice.group.context.circle.people.get()).toHaveLength(1)
      expect(alice.group.context.invitations.get().find((one) => one.id === id)?.state).toBe('cancelled')

      const next = await alice.group.context.invite({ daysValid: 1, role: 'member', history: 'all' })
      if (!next.ok) throw new Error(next.error)
      const nextFile = await byFiles(alice).makeFile(next.value.id)
      if (!nextFile.ok) throw new Error(nextFile.error)
      expect(await desk.ask({ file: nextFile.value.bytes, code: next.value.code })).toMatchObject({ ok: true })
      const second = desk.requestFile()!
      expect(await open(second)).toMatchObject({ ok: true })
      await alice.group.context.cancelInvitation(next.value.id)
      expect(stateOf(alice, next.value.id)).toEqual({ step: 'over', reason: 'code-cancelled' })
      expect(await byFiles(alice).answer(next.value.id, true)).toMatchObject({ error: 'code-cancelled' })
      expect(await open(second)).toMatchObject({ error: 'code-cancelled' })
      expect(await byFiles(alice).makeFile(next.value.id)).toMatchObject({ error: 'code-cancelled' })
    },
    TEST,
  )

  test(
    'an invitation that has run out; opened in time, the words have all the time they need; not by another, nor by who is out',
    async () => {
      vi.useFakeTimers({ toFake: ['Date'] })
      try {
        const story = await invited(['alice', 'cara'])
        const { alice, id, desk } = story
        const cara = world.computers.find(({ person }) => person === 'cara')!
        const request = await asked(story)
        expect(await byFiles(cara).openRequest(request)).toMatchObject({ error: 'no-such-invitation' })
        vi.setSystemTime(Date.now() + 2 * 86_400_000)
        expect(await byFiles(alice).openRequest(request)).toMatchObject({ error: 'code-expired' })
        vi.setSystemTime(Date.now() - 2 * 86_400_000)
        expect(await byFiles(alice).openRequest(request)).toMatchObject({ ok: true })
        vi.setSystemTime(Date.now() + 9 * 86_400_000)
        expect(stateOf(alice, id)?.step).toBe('asked')
        expect(await byFiles(alice).answer(id, true)).toMatchObject({ ok: true })
        await desk.answer(true)
        expect(await desk.openWelcome(await welcomeFrom(story))).toMatchObject({ ok: true })

        const next = await cara.group.context.invite({ daysValid: 1, role: 'member', history: 'all' })
        if (!next.ok) throw new Error(next.error)
        const file = await byFiles(cara).makeFile(next.value.id)
        if (!file.ok) throw new Error(file.error)
        const dan = deskFor(await world.add('dan'))
        expect(await dan.ask({ file: file.value.bytes, code: next.value.code })).toMatchObject({ ok: true })
        expect(await byFiles(cara).openRequest(dan.requestFile()!)).toMatchObject({ ok: true })
        await cara.group.context.circle.manage.leave()
        expect(await byFiles(cara).answer(next.value.id, true)).toMatchObject({ error: 'not-allowed' })
        expect(await byFiles(cara).openRequest(dan.requestFile()!)).toMatchObject({ error: 'not-allowed' })
      } finally {
        vi.useRealTimers()
      }
    },
    TEST,
  )
})
