import { utf8 } from '../../../shared/base/bytes.ts'
import { fail, ok } from '../../../shared/base/errors.ts'
import type { CircleId, DeviceId, InvitationId } from '../../../shared/base/ids.ts'
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
  computer,
  createFakeSession,
  fakeBackups,
  fakeCircle,
  fakeFiles,
  fakeGroup,
  fakeVault,
  openedFile,
  person,
  quietSync,
} from '../../../renderer/app/testing/fake-session.ts'
import type { Sent, SentTo } from '../../../shared/model/sent.ts'
import type { KeychainView } from '../../../shared/model/keychain.ts'
import type { FileInvitationState } from '../../../shared/model/joining-by-files.ts'
import type { BackupsView } from '../../../shared/model/backups.ts'
import { addFiles } from '../../../renderer/ui/files/waiting-files.ts'

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
  withheld: 0,
  computers: [],
  ...more,
})

const exchanged = { connected: false, lastMatchedAt: Date.now() - 3 * DAY, theyLack: 0, weLack: 0, withheld: 0 }

const busySync: SyncStatus = {
  ...quietSync,
  people: [
    sync(asha, { computers: [{ computer: computer('a1-old', 'Asha’s old laptop'), ...exchanged, theyLack: 12 }] }),
    sync(bob, {
      connected: true,
      computers: [
        { computer: computer('b2-kitchen', 'Kitchen'), ...exchanged, connected: true },
        { computer: computer('b2-second'), ...exchanged, theyLack: 4 },
      ],
    }),
    sync(cerys, { theyLack: 3, weLack: 1, withheld: 2 }),
  ],
  seenElsewhere: [
    { by: bob, of: cerys, count: 5 },
    { by: cerys, of: asha, count: 1 },
  ],
  refusals: [
    { at: Date.now() - 3_600_000, reason: 'malformed' },
    { at: Date.now() - 60_000, reason: 'bad-signature', from: 'Cerys' },
  ],
}

const bobs: SentTo = { to: 'computer', person: 'Bob', isMe: false, computer: 'Kitchen', number: 1, isRemoved: false }
const MINUTE = 60_000
const NOON = new Date().setHours(12, 0, 0, 0)

/** The same lines on every day but today, newest first. */
const sentOn = (daysAgo: number): readonly Sent[] => {
  const at = NOON - daysAgo * DAY
  const line = (recipient: SentTo, more: Partial<Sent> = {}): Sent => ({
    recipient,
    way: 'network',
    from: at,
    until: at,
    changes: 0,
    bytes: 900,
    ...more,
  })
  return [
    line({ to: 'backup' }, { from: at + 90 * MINUTE, until: at + 90 * MINUTE, way: 'file', bytes: 4_300_000 }),
    line(bobs, { until: at + 80 * MINUTE, changes: 12, bytes: 48_000 }),
    line({ ...bobs, computer: '', number: 2 }, { way: 'internet', until: at + 18 * MINUTE, changes: 1, bytes: 2000 }),
    line({ ...bobs, person: 'Asha', isMe: true, computer: 'Asha’s old laptop' }, { changes: 3 }),
    line({ ...bobs, person: 'Dan', computer: '', number: 0, isRemoved: true }),
    line({ to: 'newcomer' }),
    line({ to: 'unproved' }),
  ]
}
const withSent = (path: string, days: number): Scene =>
  group(path, three, (made) => {
    const lines = Array.from({ length: days }, (_, at) => sentOn(at + 1)).flat()
    made.sent.set({
      lines,
      earlier: { from: NOON - 300 * DAY, until: NOON - 91 * DAY, changes: 4120, bytes: 12_000_000 },
    })
  })

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
  role: 'member' as const,
  history: 'all' as const,
  ...more,
})

const three = [asha, bob, cerys]
const KEPT = '/media/asha/A stick with a rather long name/Teatray backups'

const withBackups =
  (view: Partial<BackupsView>): Scene =>
  () => {
    const scene = group('/safety/backups', three)()
    scene.fake.backups.set(fakeBackups(view).context)
    return scene
  }

const dan = person('d4', 'Dan', { role: 'member' })
const four = [...three, dan]
type Made = ReturnType<typeof fakeGroup>

/** Asha is in the planning group with Bob; the welcome team has ended; she left the choir. */
function withCircles(made: Made): Made {
  made.addCircle({ id: 'planning', name: 'Planning group', people: [asha, bob], candidates: [cerys, dan] })
  made.addCircle({ id: 'welcome', name: 'Welcome team', people: [asha, cerys], standing: { state: 'closed' } })
  made.addCircle({ id: 'choir', name: 'Choir', people: [bob, cerys], standing: { state: 'left' } })
  return made
}

const circles = (path: string, change?: (made: Made) => void): Scene =>
  group(path, four, (made) => {
    withCircles(made)
    change?.(made)
  })

const gone = { id: dan.id, name: 'Dan', isMe: false }

const departures = [
  { person: gone, by: asha, setAside: 3, setAsideFrom: ['d4-computer' as DeviceId] },
  {
    person: { ...bob, isMe: false },
    computer: computer('b2-old'),
    by: bob,
    setAside: 1,
    setAsideFrom: ['b2-old' as DeviceId],
  },
  { person: { ...cerys, isMe: false }, computer: computer('c3-old', 'Old laptop'), setAside: 0 },
  { person: { id: person('e5', 'Ewa').id, name: 'Ewa', isMe: false }, setAside: 0 },
]

const notices = [
  { notice: 'fork', person: 'Bob', isMe: false, computer: 'Kitchen' },
  { notice: 'fork', person: 'Asha', isMe: true, computer: '' },
  { notice: 'refused', rule: 'author-removed-meanwhile', type: 'add', person: 'Dan', isMe: false },
  { notice: 'refused', rule: 'some-new-rule', type: 'unknown', person: '', isMe: false },
  { notice: 'one-organiser', person: 'Asha' },
  { notice: 'no-organiser', scope: 'circle' },
  { notice: 'waiting-for-key', person: 'Cerys' },
  { notice: 'circles-unopened', count: 1 },
] as const

/** A group that this person or computer is in no more. */
const outside = (path: string, standing: Parameters<Made['whole']['standing']['set']>[0]): Scene =>
  circles(path, ({ whole, status }) => {
    whole.standing.set(standing)
    whole.mayManage.set(false)
    whole.people.set([bob, cerys])
    status.set({ ...busySync, save: { state: 'stopped', reason: 'not-a-member' } })
  })

const withSheets =
  (made: Scene, count: number, createdAt = Date.now() - DAY): Scene =>
  () => {
    const scene = made()
    const sheets = Array.from({ length: count }, (_, index) => ({
      id: `${index}`.padStart(32, '0'),
      createdAt: createdAt - (count - 1 - index) * 40 * DAY,
    }))
    scene.fake.sheets.set(sheets)
    return scene
  }

const withKeychain =
  (made: Scene, view: KeychainView): Scene =>
  () => {
    const scene = made()
    scene.fake.keychain.set(view)
    return scene
  }

/** A file that was dropped before the screen opened. */
const openedFiles = (result: Parameters<typeof fakeFiles>[0]): Scene => {
  const scene = group('/safety/files/open', three, ({ group: made }) =>
    Object.assign(made, { files: fakeFiles(result) }),
  )
  return () => {
    addFiles([{ name: 'Teatray update for Asha, 22 November.teatray', size: 9, read: async () => new Uint8Array(9) }])
    return scene()
  }
}

const eightWords = [...words, 'garage', 'harbor']

/** A file that begins so, dropped before the screen opened. */
const dropped =
  (scene: Scene, name: string, magic: string): Scene =>
  () => {
    addFiles([{ name, size: 99, read: async () => utf8(magic.padEnd(99, 'x')) }])
    return scene()
  }

const joinsByFiles =
  (agreed: boolean): Scene =>
  () => {
    const scene = noGroup('/join/files')()
    const { asked, state } = scene.fake.byFiles
    state.set({ ...asked, words: eightWords, agreed })
    return scene
  }

const invitedByFiles = (path: string, state: FileInvitationState): Scene =>
  group(path, [asha], ({ fileInvitations, invitations }) => {
    const code = 'rather ostrich decade wagon slender tobacco umbrella'
    const expiresAt = Date.now() + 6 * DAY
    invitations.set([invitation('1', {})])
    fileInvitations.set([{ id: '1' as InvitationId, code, expiresAt, state }])
  })

const wordsToCompare: JoiningState = {
  step: 'compare-words',
  words,
  inviterName: 'Mina',
  groupName: 'Tuesday choir',
  newcomer: 'person',
}

/** Two more groups, one of which waits for something. */
const severalGroups =
  (path: string, change?: (fake: Fake) => void): Scene =>
  () => {
    const scene = group(path, three)()
    scene.fake.groups.set([
      { id: 'c1' as CircleId, name: 'Riverside Pain Group', isShown: true },
      { id: 'g2' as CircleId, name: 'Tuesday choir', isShown: false, attention: 'somebody-waits' },
      { id: 'g3' as CircleId, name: 'Allotment neighbours by the old canal', isShown: false },
    ])
    change?.(scene.fake)
    return scene
  }

export const scenes: Readonly<Record<string, Scene>> = {
  starting: stage({ stage: 'starting' }),
  'blocked-window': stage({ stage: 'blocked', reason: 'other-window' }),
  'blocked-storage': stage({ stage: 'blocked', reason: 'storage-failed', detail: 'QuotaExceededError' }),
  'blocked-newer': stage({ stage: 'blocked', reason: 'newer-version' }),
  'blocked-host': stage({ stage: 'blocked', reason: 'host-gone' }),
  'first-run': stage({ stage: 'first-run' }),
  'first-run-lost': stage({
    stage: 'first-run',
    lost: { folder: KEPT, latest: { at: Date.now() - 3 * DAY, bytes: 2_300_000 } },
  }),
  'first-run-lost-away': stage({ stage: 'first-run', lost: { folder: KEPT } }),
  'blocked-keyring': stage({ stage: 'blocked', reason: 'keyring-missing' }),
  'today-old-copy': () => {
    const scene = group('/today', three)()
    scene.fake.oldCopy.set('older')
    scene.fake.unopened.set(1)
    return scene
  },
  'no-group-old-copy': () => {
    const scene = noGroup()()
    scene.fake.oldCopy.set('elsewhere')
    scene.fake.unopened.set(2)
    return scene
  },
  locked: stage({ stage: 'locked', name: 'Asha' }),
  'no-group': noGroup(),
  'create-group': noGroup('/start/new'),
  'no-group-safety': noGroup('/safety'),
  'join-code': noGroup('/join'),
  'join-looking': joining({ step: 'looking', looking: { lan: 'looking', internet: 'off' } }),
  'join-words': joining({
    step: 'compare-words',
    words,
    inviterName: 'Asha',
    groupName: 'Riverside Pain Group',
    newcomer: 'person',
  }),
  'join-words-computer': joining({
    step: 'compare-words',
    words,
    inviterName: 'Asha',
    groupName: 'Riverside Pain Group',
    newcomer: 'computer',
  }),
  'join-waiting': joining({ step: 'waiting-for-them', inviterName: 'Asha', groupName: 'Riverside Pain Group' }),
  'join-receiving': joining({ step: 'receiving', received: 12, expected: 40 }),
  'join-stopped': joining({ step: 'stopped', reason: 'code-used' }),
  'join-stopped-in-a-group': joining({ step: 'stopped', reason: 'already-in-a-group' }),
  'join-files': noGroup('/join/files'),
  'join-files-code': dropped(noGroup('/join/files'), 'Teatray invitation from Asha.teatray', 'Teatray invitation'),
  'join-files-asked': joinsByFiles(false),
  'join-files-agreed': dropped(joinsByFiles(true), 'Teatray welcome for Bob.teatray', 'Teatray update'),
  'join-files-differ': () => {
    const scene = noGroup('/join/files')()
    scene.fake.byFiles.state.set({ step: 'words-differ', inviterName: 'Asha' })
    return scene
  },
  'join-files-under-way': () => ({ ...joinsByFiles(false)(), path: '/start' }),
  'join-files-done': () => {
    const scene = severalGroups('/join/files')()
    scene.fake.byFiles.state.set({ step: 'done', group: 'c1' as CircleId, opened: openedFile })
    return scene
  },
  'invite-files': invitedByFiles('/people/invite/files/1', { step: 'open', saved: false }),
  'invite-files-words': invitedByFiles('/people/invite/files/1', {
    step: 'asked',
    name: 'Bob',
    words: eightWords,
    instead: 'Bob',
  }),
  'invite-files-welcome': invitedByFiles('/people/invite/files/1', { step: 'let-in', name: 'Bob' }),
  'invite-files-over': invitedByFiles('/people/invite/files/1', { step: 'over', reason: 'words-differ' }),
  'invite-files-list': invitedByFiles('/people', { step: 'asked', name: 'Bob', words: eightWords }),
  'open-files-request': dropped(
    invitedByFiles('/safety/files/open', { step: 'asked', name: 'Bob', words: eightWords }),
    'Teatray request from Bob.teatray',
    'Teatray request',
  ),
  'open-files-stray-request': dropped(
    group('/safety/files/open', three),
    'Teatray request from Bob.teatray',
    'Teatray request',
  ),
  'open-files-invitation': dropped(
    group('/safety/files/open', three),
    'Teatray invitation from Dan.teatray',
    'Teatray invitation',
  ),
  'join-done': () => {
    const made = fakeGroup([asha, bob], busySync)
    const fake = createFakeSession({ stage: 'group', name: 'Bob', vault: fakeVault(), group: made.group })
    fake.startJoining({ step: 'done', newcomer: 'person' })
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
  'people-circles': circles('/people', ({ whole, arrivals }) => {
    arrivals.set([{ circle: 'planning' as CircleId, by: 'Bob' }])
    whole.departures.set(departures)
    whole.notices.set(notices)
  }),
  'people-removed': outside('/people', { state: 'removed', by: 'Bob', computerOnly: false }),
  'today-computer-removed': outside('/today', { state: 'removed', by: 'Bob', computerOnly: true }),
  'people-left': outside('/people', { state: 'left' }),
  'people-closed': circles('/people', ({ whole }) => whole.standing.set({ state: 'closed' })),
  'person-bob': circles('/people/group/person/b2'),
  'person-me': circles('/people/group/person/a1'),
  'person-in-circle': circles('/people/circle/planning/person/b2'),
  'take-out': circles('/people/group/person/d4/out'),
  'take-out-of-circle': circles('/people/circle/planning/person/b2/out'),
  'take-out-computer': circles('/people/computer/b2-kitchen/out'),
  'my-computers': group('/people/computers', [
    { ...asha, computers: [...asha.computers, computer('a1-old', 'Old laptop'), computer('a1-third')] },
    bob,
  ]),
  'take-out-mine': group('/people/computer/a1-laptop/out', [asha, bob]),
  'add-computer': circles('/people/computers/add'),
  'add-computer-code': group(
    '/people/computers/add',
    three,
    (made) => void made.begin({ step: 'waiting', looking: { lan: 'looking', internet: 'off' } }, 0, 'computer'),
  ),
  'add-computer-words': group(
    '/people/computers/add',
    three,
    (made) => void made.begin({ step: 'compare-words', words, name: 'Asha' }, 0, 'computer'),
  ),
  'make-circle': group('/people/circles/new', four),
  'circle-planning': circles('/people/circle/planning', ({ circles: all }) => {
    const planning = fakeCircle({
      id: 'planning',
      scope: 'circle',
      name: 'Planning group',
      people: [asha, bob],
      candidates: [cerys, dan],
      departures: [{ person: gone, by: bob, setAside: 2, setAsideFrom: ['d4-computer' as DeviceId] }],
      notices: [{ notice: 'waiting-for-key', person: 'Bob' }],
    })
    all.set([planning.circle])
  }),
  'circle-member': group('/people/circle/planning', four, ({ addCircle }) => {
    addCircle({ id: 'planning', name: 'Planning group', people: [{ ...asha, role: 'member' }, bob], candidates: [dan] })
  }),
  'circle-closed': circles('/people/circle/welcome'),
  'circle-removed': group('/people/circle/planning', four, ({ addCircle }) => {
    const standing = { state: 'removed', by: 'Bob', computerOnly: false } as const
    addCircle({ id: 'planning', name: 'Planning group', people: [bob, cerys], standing })
  }),
  'circle-add': circles('/people/circle/planning/add'),
  'circle-rename': circles('/people/circle/planning/rename'),
  'circle-leave': group('/people/circle/planning/leave', four, ({ addCircle }) => {
    addCircle({ id: 'planning', name: 'Planning group', people: [asha, { ...bob, role: 'member' }] })
  }),
  'circle-end': circles('/people/circle/planning/end'),
  'circle-reopen': circles('/people/circle/welcome/reopen'),
  'circle-locks': circles('/people/circle/planning/locks'),
  'circle-not-here': circles('/people/circle/nowhere'),
  'group-leave': circles('/people/group/leave'),
  export: circles('/safety/export'),
  'no-group-export': noGroup('/safety/export'),
  help: group('/help', three),
  'no-group-help': noGroup('/help'),
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
  safety: withSent('/safety', 2),
  'safety-quiet': group('/safety', three),
  sent: withSent('/safety/sent', 2),
  'sent-nothing': group('/safety/sent', three),
  'no-group-sent': noGroup('/safety/sent'),
  'backups-none': group('/safety/backups', three),
  backups: withBackups({ folder: KEPT, last: { at: Date.now() - DAY, bytes: 2_300_000, name: '' } }),
  'backups-first': withBackups({ folder: KEPT, sameDisk: true }),
  'backups-problem': withBackups({
    folder: KEPT,
    last: { at: Date.now() - 4 * DAY, bytes: 120_000, name: '' },
    problem: { at: Date.now() - 3_600_000, reason: 'drive-missing' },
  }),
  'backups-running': withBackups({ folder: KEPT, running: true }),
  restored: group('/safety/restored', three),
  'groups-switcher': severalGroups('/today'),
  'groups-another': severalGroups('/start'),
  'groups-another-new': severalGroups('/start/new'),
  'groups-join': severalGroups('/join'),
  'groups-joining': severalGroups('/today', (fake) => void fake.startJoining(wordsToCompare)),
  'groups-still-in': severalGroups('/groups/remove/c1'),
  'groups-removed': severalGroups('/groups/removed'),
  'groups-wipe': severalGroups('/groups/wipe'),
  'groups-remove': outside('/groups/remove/c1', { state: 'left' }),
  'no-group-wipe': noGroup('/groups/wipe'),
  'no-group-removed': noGroup('/groups/removed'),
  'blocked-wipe': stage({ stage: 'blocked', reason: 'wipe-unfinished', detail: 'the host has gone' }),
  files: group('/safety/files', three),
  'files-give': group('/safety/files/give/b2', three),
  'files-give-all': group('/safety/files/give', three),
  'files-give-gone': group('/safety/files/give/nobody', three, ({ group: made }) =>
    Object.assign(made, { files: { ...made.files, plan: () => undefined } }),
  ),
  'files-choose': group('/safety/files/open', three),
  'files-opened': openedFiles(ok(openedFile)),
  'files-opened-lacking': openedFiles(
    ok({ ...openedFile, whole: false, weLack: 3, waiting: 1, refused: 2, unopened: 1, theyLack: 0 }),
  ),
  'files-opened-removed': openedFiles(ok({ ...openedFile, isRemoved: true, setAside: 2 })),
  'files-cut-off': openedFiles(fail('cut-off')),
  'files-not-for-us': openedFiles(fail('not-for-us')),
  'locked-with-sheet': withSheets(stage({ stage: 'locked', name: '' }), 1),
  'locked-one-press': withKeychain(stage({ stage: 'locked', name: '' }), { on: true, state: 'opens' }),
  'locked-one-press-changed': withKeychain(stage({ stage: 'locked', name: '' }), { on: true, state: 'changed' }),
  'safety-one-press-off': withKeychain(group('/safety', three), { on: false, state: 'strong' }),
  'one-press': withKeychain(group('/safety/one-press', three), { on: false, state: 'strong' }),
  recovery: withSheets(group('/safety/recovery', three), 2),
  'recovery-none': group('/safety/recovery', three),
  'recovery-new': group('/safety/recovery/new', three),
  'recovery-try': withSheets(group('/safety/recovery/try', three), 1),
  'no-group-recovery': withSheets(noGroup('/safety/recovery'), 1),
  'today-rehearsal': withSheets(group('/today', three), 1, Date.now() - 40 * DAY),
  broken: group('/safety/broken', three),
  stolen: group('/safety/stolen', three),
  'no-group-stolen': noGroup('/safety/stolen'),
  'writing-stopped': group('/today', three, ({ status }) =>
    status.set({ ...busySync, save: { state: 'stopped', reason: 'disk-low' } }),
  ),
  lost: group('/nowhere', [asha]),
}
