/** The whole session of one installation with several groups: which is shown, what a restart finds, and wiping. */
import 'fake-indexeddb/auto'
import { beforeEach, expect, test, vi } from 'vitest'
import { startQuietly } from '../../tests/fixtures/quiet-host.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { HostPorts } from '../../shared/host/ports.ts'
import type { AppSession, GroupContext } from '../../shared/model/contexts.ts'
import { deleteDatabase } from '../at-rest/delete-database.ts'
import { beginWipe, isWipeUnfinished } from '../keyring/wipe.ts'
import { unlockKeyring } from '../keyring/keyring.ts'
import { openStore } from '../store/store.ts'
import { encodeCircleNote } from './circle-note.ts'

// Stretched for real, but not for a second each time.
vi.mock(import('../keyring/argon2.ts'), async (original) => ({
  ...(await original()),
  calibrate: () => Promise.resolve({ memoryKiB: 64, passes: 1 }),
}))

const PASSPHRASE = 'tea for two'
const OURS = ['teatray', 'teatray-keyring', 'teatray-notes']

const wipe = vi.fn<() => Promise<void>>()

const start = (): Promise<AppSession> => startQuietly({ profile: { wipe } as unknown as HostPorts['profile'] })

function shown({ state }: AppSession): GroupContext {
  const now = state.get()
  if (now.stage !== 'group') throw new Error(now.stage)
  return now.group
}
const names = ({ groups }: AppSession): readonly string[] =>
  groups.get().map(({ name, isShown }) => `${isShown ? '> ' : ''}${name}`)
const databases = async (): Promise<readonly string[]> =>
  (await indexedDB.databases()).flatMap(({ name }) => name ?? []).toSorted()

async function withTwoGroups(): Promise<AppSession> {
  const session = await start()
  expect(await session.setUp({ name: 'Asha', passphrase: PASSPHRASE })).toMatchObject({ ok: true })
  expect(session.groups.get()).toEqual([])
  for (const groupName of ['Riverside', 'Choir'])
    expect(await session.createGroup({ groupName })).toMatchObject({ ok: true })
  return session
}

beforeEach(async () => {
  wipe.mockReset().mockResolvedValue(undefined)
  for (const name of await databases()) await deleteDatabase(name)
})

test('two groups side by side: switched at once, and the one that was shown is shown again', async () => {
  const session = await withTwoGroups()
  expect(names(session)).toEqual(['> Choir', 'Riverside'])
  const choir = shown(session)
  const riverside = session.groups.get().find(({ name }) => name === 'Riverside')
  session.switchTo(riverside!.id)
  expect(shown(session).circle.name.get()).toBe('Riverside')
  expect(names(session)).toEqual(['Choir', '> Riverside'])
  session.switchTo('9'.repeat(32) as typeof choir.circle.id)
  expect(names(session)).toEqual(['Choir', '> Riverside'])
  // Not on the screen, and yet written to and saved.
  choir.circle.records.getMap('test').set('song', 'low tide')
  await session.lock()
  expect(session.groups.get()).toEqual([])
  expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })
  expect(names(session)).toEqual(['Choir', '> Riverside'])
  session.switchTo(choir.circle.id)
  expect(shown(session).circle.records.getMap('test').get('song')).toBe('low tide')
  await session.lock()
}, 60_000)

test('a group that is left goes from this computer; after the last one there is none, also at the next start', async () => {
  const session = await withTwoGroups()
  const choir = shown(session)
  expect(await session.removeGroup(choir.circle.id)).toMatchObject({ ok: false, error: 'still-in-it' })
  expect(await choir.circle.manage.leave()).toMatchObject({ ok: true })
  expect(await session.removeGroup(choir.circle.id)).toMatchObject({ ok: true })
  expect(names(session)).toEqual(['> Riverside'])
  const riverside = shown(session)
  expect(await riverside.circle.manage.leave()).toMatchObject({ ok: true })
  expect(await session.removeGroup(riverside.circle.id)).toMatchObject({ ok: true })
  expect(session.state.get()).toMatchObject({ stage: 'no-group', name: 'Asha' })
  await session.lock()
  expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })
  expect(session.state.get()).toMatchObject({ stage: 'no-group', name: 'Asha' })
  expect(await session.createGroup({ groupName: 'Allotment' })).toMatchObject({ ok: true })
  expect(names(session)).toEqual(['> Allotment'])
  await session.lock()
}, 60_000)

test('a group that does not open keeps nobody from the others, is told of, and is not left behind as a riddle', async () => {
  const session = await withTwoGroups()
  await session.lock()
  const rootKey = await unlockKeyring({ passphrase: PASSPHRASE })
  const store = rootKey.ok ? await openStore({ rootKey: rootKey.value }) : rootKey
  if (!store.ok) throw new Error(store.error)
  await store.value.putCircle({
    circle: 'a'.repeat(32) as CircleId,
    bytes: encodeCircleNote({ kind: 'group' }),
  })
  await store.value.close()
  expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: true })
  expect(names(session)).toEqual(['> Choir', 'Riverside'])
  const choir = shown(session)
  expect(choir.circle.notices.get()).toContainEqual({ notice: 'circles-unopened', count: 1 })
  await choir.circle.manage.leave()
  expect(await session.removeGroup(choir.circle.id)).toMatchObject({ ok: true })
  const riverside = shown(session)
  await riverside.circle.manage.leave()
  expect(await session.removeGroup(riverside.circle.id)).toMatchObject({ ok: false, error: 'not-all-opens' })
  expect(names(session)).toEqual(['> Riverside'])
  await session.lock()
}, 60_000)

test('wiping leaves nothing, and this computer can be set up anew', async () => {
  const session = await withTwoGroups()
  expect(await databases()).toEqual(OURS)
  expect(await session.wipeComputer()).toMatchObject({ ok: true })
  expect(session.state.get()).toEqual({ stage: 'first-run' })
  expect(wipe).toHaveBeenCalledOnce()
  expect(await databases()).toEqual([])
  expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: false })
  const again = await start()
  expect(again.state.get()).toEqual({ stage: 'first-run' })
  expect(await again.setUp({ name: 'Asha', passphrase: 'another one' })).toMatchObject({ ok: true })
  expect(again.state.get()).toMatchObject({ stage: 'no-group' })
  await again.lock()
}, 60_000)

test('wiping that is cut off opens nothing any more, says so, and goes on at the next start', async () => {
  wipe.mockRejectedValueOnce(new Error('the host has gone'))
  const session = await withTwoGroups()
  expect(await session.wipeComputer()).toMatchObject({ ok: true })
  expect(session.state.get()).toMatchObject({
    stage: 'blocked',
    reason: 'wipe-unfinished',
    detail: expect.stringContaining('host has gone') as string,
  })
  expect(await isWipeUnfinished()).toEqual({ ok: true, value: true })
  expect(await session.unlock(PASSPHRASE)).toMatchObject({ ok: false })

  wipe.mockRejectedValueOnce(new Error('still not there'))
  const second = await start()
  expect(second.state.get()).toMatchObject({ stage: 'blocked', reason: 'wipe-unfinished' })
  const third = await start()
  expect(third.state.get()).toEqual({ stage: 'first-run' })
  expect(await isWipeUnfinished()).toEqual({ ok: true, value: false })
}, 60_000)

test('cut off right after the first step, with all the data still there, the next start takes it off', async () => {
  const session = await withTwoGroups()
  await session.lock()
  expect(await beginWipe()).toMatchObject({ ok: true })
  expect(await databases()).toEqual(OURS)
  const next = await start()
  expect(next.state.get()).toEqual({ stage: 'first-run' })
  expect((await databases()).filter((name) => name !== 'teatray-keyring')).toEqual([])
}, 60_000)
