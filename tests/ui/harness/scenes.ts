import { utf8 } from '../../../shared/base/bytes.ts'
import type { InvitationId } from '../../../shared/base/ids.ts'
import type {
  AppState,
  InvitingState,
  JoiningState,
  Person,
  PersonSync,
  SyncStatus,
} from '../../../shared/model/contexts.ts'
import {
  asha,
  bob,
  createFakeSession,
  fakeGroup,
  fakeVault,
  person,
  quietSync,
} from '../../../renderer/app/testing/fake-session.ts'

type Fake = ReturnType<typeof createFakeSession>
export type Scene = () => { readonly fake: Fake; readonly path?: string }

const DAY = 86_400_000
const words = ['anchor', 'butter', 'candle', 'desert', 'engine', 'forest']

const stage =
  (state: AppState): Scene =>
  () => ({ fake: createFakeSession(state) })

const noGroup =
  (path?: string): Scene =>
  () => ({
    fake: createFakeSession({ stage: 'no-group', name: 'Asha', vault: fakeVault() }),
    ...(path === undefined ? {} : { path }),
  })

const joining =
  (state: JoiningState): Scene =>
  () => {
    const fake = createFakeSession({ stage: 'no-group', name: 'Bob', vault: fakeVault() })
    fake.startJoining(state)
    return { fake, path: '/join' }
  }

const cerys = person('c3', 'Cerys', { role: 'member' })
const sync = (of: Person, more: Partial<PersonSync> = {}): PersonSync => ({
  person: of,
  connected: false,
  lastMatchedAt: Date.now() - 2 * DAY,
  theyLack: 0,
  weLack: 0,
  ...more,
})

const busySync: SyncStatus = {
  ...quietSync,
  people: [sync(asha), sync(bob, { connected: true }), sync(cerys, { theyLack: 3, weLack: 1 })],
  refusals: [
    { at: Date.now() - 3_600_000, reason: 'malformed' },
    { at: Date.now() - 60_000, reason: 'bad-signature', from: 'Cerys' },
  ],
}

const group =
  (path: string, people: readonly Person[], change?: (made: ReturnType<typeof fakeGroup>) => void): Scene =>
  () => {
    const made = fakeGroup(people, people.length === 1 ? quietSync : busySync)
    change?.(made)
    return { fake: createFakeSession({ stage: 'group', name: 'Asha', vault: fakeVault(), group: made.group }), path }
  }

const inviting = (state: InvitingState): Scene => group('/people/invite', [asha], (made) => void made.begin(state))

const invitation = (id: string, more: object) => ({
  id: id as InvitationId,
  createdAt: Date.now() - DAY,
  expiresAt: Date.now() + 6 * DAY,
  state: 'open' as const,
  invitedBy: 'Asha',
  ...more,
})

const three = [asha, bob, cerys]

export const scenes: Readonly<Record<string, Scene>> = {
  starting: stage({ stage: 'starting' }),
  'blocked-window': stage({ stage: 'blocked', reason: 'other-window' }),
  'blocked-storage': stage({ stage: 'blocked', reason: 'storage-failed', detail: 'QuotaExceededError' }),
  'blocked-newer': stage({ stage: 'blocked', reason: 'newer-version' }),
  'blocked-host': stage({ stage: 'blocked', reason: 'host-gone' }),
  'first-run': stage({ stage: 'first-run' }),
  locked: stage({ stage: 'locked', name: 'Asha' }),
  'no-group': noGroup(),
  'create-group': noGroup('/start/new'),
  'no-group-safety': noGroup('/safety'),
  'join-code': noGroup('/join'),
  'join-looking': joining({ step: 'looking', looking: { lan: 'looking', internet: 'off' } }),
  'join-words': joining({ step: 'compare-words', words, inviterName: 'Asha', groupName: 'Riverside Pain Group' }),
  'join-waiting': joining({ step: 'waiting-for-them', inviterName: 'Asha', groupName: 'Riverside Pain Group' }),
  'join-receiving': joining({ step: 'receiving', received: 12, expected: 40 }),
  'join-stopped': joining({ step: 'stopped', reason: 'code-used' }),
  'join-done': () => {
    const made = fakeGroup([asha, bob], busySync)
    const fake = createFakeSession({ stage: 'group', name: 'Bob', vault: fakeVault(), group: made.group })
    fake.startJoining({ step: 'done' })
    return { fake, path: '/join' }
  },
  welcome: group('/welcome', [asha]),
  'today-alone': group('/today', [asha]),
  'today-three': group('/today', three),
  'people-alone': group('/people', [asha]),
  'people-three': group('/people', three, ({ invitations }) =>
    invitations.set([
      invitation('1', {}),
      invitation('2', { state: 'used', usedBy: 'Bob' }),
      invitation('3', { state: 'cancelled' }),
      invitation('4', { state: 'expired', expiresAt: Date.now() - DAY }),
    ]),
  ),
  'people-member': group('/people', [{ ...asha, role: 'member' }, bob]),
  'invite-explain': group('/people/invite', [asha]),
  'invite-code': inviting({ step: 'waiting', looking: { lan: 'looking', internet: 'off' } }),
  'invite-words': inviting({ step: 'compare-words', words, name: 'Bob' }),
  'invite-admitting': inviting({ step: 'admitting', name: 'Bob' }),
  'today-somebody-waits': group(
    '/today',
    [asha],
    (made) => void made.begin({ step: 'compare-words', words, name: 'Bob' }),
  ),
  'locked-plain': stage({ stage: 'locked', name: '' }),
  resumed: () => {
    const made = fakeGroup([asha])
    const last = { path: '/people/invite', title: 'Invite someone', at: Date.now() - DAY }
    void made.group.circle.local.set('last-route', utf8(JSON.stringify({ ...last, work: last })))
    return { fake: createFakeSession({ stage: 'group', name: 'Asha', vault: fakeVault(), group: made.group }) }
  },
  safety: group('/safety', three),
  'writing-stopped': group('/today', three, ({ status }) =>
    status.set({ ...busySync, save: { state: 'stopped', reason: 'disk-low' } }),
  ),
  lost: group('/nowhere', [asha]),
}
