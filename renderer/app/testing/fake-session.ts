/**
 * A session made of values in memory, for tests of screens and the dev page. Never part of the product. What happens is
 * decided by the test: it sets the Live values, and reads what the screens asked for in `asked`.
 */
import * as Y from 'yjs'
import type { CircleId, DeviceId, InvitationId, MemberId } from '../../../shared/base/ids.ts'
import { newDocumentId } from '../../../shared/base/ids.ts'
import { fail, ok, type Result } from '../../../shared/base/errors.ts'
import type {
  AppSession,
  AppSettings,
  AppState,
  Arrival,
  CircleContext,
  CircleManagement,
  CircleNotice,
  CodeProblem,
  Computer,
  Departure,
  GroupContext,
  GroupSummary,
  InvitationSummary,
  Inviting,
  InvitingState,
  Joining,
  JoiningState,
  LocalValues,
  OpenDocument,
  OpenedUpdateFile,
  Person,
  Presence,
  SaveState,
  SignalingView,
  Standing,
  SyncStatus,
  UpdateFile,
  UpdateFileLogEntry,
  UpdateFiles,
  VaultContext,
} from '../../../shared/model/contexts.ts'
import type { KeychainContext, KeychainView } from '../../../shared/model/keychain.ts'
import type { RecoveryContext, RecoverySheet } from '../../../shared/model/recovery.ts'
import type { SentLog } from '../../../shared/model/sent.ts'
import { createLive } from '../../../shared/base/live.ts'
import type {
  FileInvitation,
  InvitingByFiles,
  JoiningByFiles,
  JoiningByFilesState,
} from '../../../shared/model/joining-by-files.ts'
import type { BackupsContext, BackupsView, ReadableBackup } from '../../../shared/model/backups.ts'

export const computer = (id: string, name = '', isThis = false): Computer => ({ id: id as DeviceId, name, isThis })

export const person = (id: string, name: string, more: Partial<Person> = {}): Person => ({
  id: id as MemberId,
  name,
  isMe: false,
  role: 'organiser',
  computers: [computer(`${id}-computer`)],
  ...more,
})

export const asha = person('a1', 'Asha', { isMe: true, computers: [computer('a1-laptop', 'Asha’s laptop', true)] })
export const bob = person('b2', 'Bob', { computers: [computer('b2-kitchen', 'Kitchen'), computer('b2-second')] })

export const quietSync: SyncStatus = {
  save: { state: 'saved' },
  people: [],
  seenElsewhere: [],
  lan: 'looking',
  internet: 'off',
  unreadable: false,
  forked: false,
  refusals: [],
}

export const codeWords = ['garden', 'kettle', 'lemon', 'ribbon', 'saddle', 'violin']

/** As the real one answers, over a dictionary of six words. */
export function checkFakeCode(text: string): CodeProblem | undefined {
  const found = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (found.length === 0) return { problem: 'empty' }
  const position = found.findIndex((word) => !codeWords.includes(word))
  const unknown = found[position]
  if (unknown !== undefined)
    return {
      problem: 'word-unknown',
      word: unknown,
      position: position + 1,
      suggestions: codeWords.filter((word) => word[0] === unknown[0]),
    }
  if (found.length !== codeWords.length)
    return { problem: 'word-count', expected: codeWords.length, found: found.length }
  return found.join(' ') === codeWords.join(' ') ? undefined : { problem: 'checksum' }
}

function fakeLocal(): LocalValues {
  const values = new Map<string, Uint8Array>()
  return {
    get: async (name) => values.get(name),
    set: async (name, value) => {
      values.set(name, value)
    },
  }
}

const fakeDocument = (id: OpenDocument['id']): OpenDocument => ({
  id,
  doc: new Y.Doc({ gc: false }),
  attribution: { insertedBy: () => undefined, deletedBy: () => undefined },
  presence: createLive<Presence | undefined>(undefined),
  setPresence: () => undefined,
  flush: async () => undefined,
  release: () => undefined,
})

export function fakeVault(): VaultContext {
  return {
    records: new Y.Doc(),
    save: createLive<SaveState>({ state: 'saved' }),
    open: async (id) => fakeDocument(id),
    destroy: async () => undefined,
    local: fakeLocal(),
  }
}

export interface FakeCircleOptions {
  readonly id?: string
  readonly name?: string
  readonly scope?: CircleContext['scope']
  readonly people?: readonly Person[]
  readonly standing?: Standing
  readonly departures?: readonly Departure[]
  readonly notices?: readonly CircleNotice[]
  readonly candidates?: readonly Person[]
  /** What was asked of it, in words. */
  readonly asked?: string[]
}

/** A circle whose values the test sets; what is asked of it is done to these values at once. */
export function fakeCircle(options: FakeCircleOptions = {}) {
  const { id = 'c1', name = 'Riverside Pain Group', scope = 'group', asked = [] } = options
  const live = {
    name: createLive(name),
    people: createLive(options.people ?? [asha]),
    standing: createLive<Standing>(options.standing ?? { state: 'member' }),
    departures: createLive(options.departures ?? []),
    notices: createLive(options.notices ?? []),
    candidates: createLive(options.candidates ?? []),
    save: createLive<SaveState>({ state: 'saved' }),
  }
  const { people, departures, candidates, standing } = live
  const me = people.get().find(({ isMe }) => isMe)
  const mayManage = createLive(me?.role === 'organiser' && ['member', 'closed'].includes(standing.get().state))
  const by: Pick<Departure, 'by'> = me === undefined ? {} : { by: me }
  const done = (what: string, change: () => void): Promise<Result<void, never>> => {
    asked.push(`${scope === 'group' ? '' : `${live.name.get()}: `}${what}`)
    change()
    return Promise.resolve(ok(undefined))
  }
  const manage: CircleManagement = {
    mayManage,
    rename: (to) => done(`rename ${to}`, () => live.name.set(to)),
    candidates,
    add: (request) =>
      done(`add ${request.person} ${request.role} ${request.history}`, () => {
        const added = candidates.get().filter((one) => one.id === request.person)
        candidates.set(candidates.get().filter((one) => one.id !== request.person))
        people.set([...people.get(), ...added.map((one) => ({ ...one, role: request.role }))])
      }),
    setRole: (member, role) =>
      done(`setRole ${member} ${role}`, () =>
        people.set(people.get().map((one) => (one.id === member ? { ...one, role } : one))),
      ),
    remove: (member) =>
      done(`remove ${member}`, () => {
        const gone = people.get().filter((one) => one.id === member)
        people.set(people.get().filter((one) => one.id !== member))
        departures.set([...departures.get(), ...gone.map((one) => ({ person: one, ...by, setAside: 0 }))])
      }),
    removeComputer: (device) =>
      done(`removeComputer ${device}`, () => {
        const gone = people
          .get()
          .flatMap((one) =>
            one.computers.filter((each) => each.id === device).map((each) => ({ person: one, computer: each })),
          )
        people.set(
          people.get().map((one) => ({ ...one, computers: one.computers.filter((each) => each.id !== device) })),
        )
        departures.set([...departures.get(), ...gone.map((one) => ({ ...one, ...by, setAside: 0 }))])
      }),
    leave: () =>
      done('leave', () => {
        standing.set({ state: 'left' })
        mayManage.set(false)
        people.set(people.get().filter((one) => !one.isMe))
      }),
    changeKeys: () => done('changeKeys', () => undefined),
    setClosed: (closed) =>
      done(closed ? 'close' : 'open again', () => standing.set({ state: closed ? 'closed' : 'member' })),
    takeIn: (device) =>
      done(`takeIn ${device}`, () =>
        departures.set(
          departures.get().map((one) => (one.setAsideFrom?.includes(device) === true ? { ...one, setAside: 0 } : one)),
        ),
      ),
  }
  const circle: CircleContext = {
    ...live,
    id: id as CircleId,
    scope,
    me: me?.id ?? asha.id,
    history: () => [{ what: 'began', who: live.name.get(), by: 'Asha', at: new Date(2026, 10, 1).getTime() }],
    manage,
    records: new Y.Doc(),
    open: async (document) => fakeDocument(document),
    closedTo: () => [],
    local: fakeLocal(),
  }
  return { circle, mayManage, ...live }
}

export type FakeCircle = ReturnType<typeof fakeCircle>

export const riversideFile: UpdateFile = {
  bytes: new Uint8Array(40_000),
  madeAt: new Date(2026, 10, 22, 9, 5).getTime(),
  to: bob,
  whole: true,
  changes: 4,
  circles: [
    { id: 'c1' as CircleId, name: 'Riverside Pain Group', scope: 'group', changes: 3 },
    { id: 'planning' as CircleId, name: 'Planning group', scope: 'circle', changes: 1 },
  ],
}

export const openedFile: OpenedUpdateFile = {
  from: bob,
  madeAt: riversideFile.madeAt,
  isRemoved: false,
  whole: true,
  circles: [
    {
      id: 'c1' as CircleId,
      name: 'Riverside Pain Group',
      scope: 'group',
      isNew: false,
      changes: [{ name: 'Bob', isMe: false, count: 3 }],
    },
  ],
  waiting: 0,
  setAside: 0,
  refused: 0,
  unopened: 0,
  weLack: 0,
  theyLack: 2,
  reply: async () => ok(riversideFile),
}

/** `opens`: what every file that is opened turns out to be. */
export function fakeFiles(opens: Awaited<ReturnType<UpdateFiles['open']>> = ok(openedFile)): UpdateFiles {
  const log = createLive<readonly UpdateFileLogEntry[]>([
    { kind: 'opened', at: riversideFile.madeAt, person: 'Bob', changes: 3, bytes: 12_000 },
    { kind: 'made', at: riversideFile.madeAt, person: '', changes: 1, bytes: 3_000_000 },
  ])
  return {
    plan: () => riversideFile,
    make: async ({ to }) => ok({ ...riversideFile, to: to === undefined ? undefined : bob }),
    open: async () => opens,
    log,
  }
}

/** A yes lets them in; every request that is opened is for the first invitation. */
function fakeInvitingByFiles() {
  const invitations = createLive<readonly FileInvitation[]>([])
  const become = (id: InvitationId, next: FileInvitation['state']): void =>
    invitations.set(invitations.get().map((one) => (one.id === id ? { ...one, state: next } : one)))
  const context: InvitingByFiles = {
    invitations,
    makeFile: async (id) => {
      become(id, { step: 'open', saved: true })
      return ok({ bytes: new Uint8Array(9), by: 'Asha' })
    },
    openRequest: async () => {
      const [first] = invitations.get()
      return first === undefined ? fail('no-such-invitation') : ok(first.id)
    },
    answer: async (id, same) => {
      become(id, same ? { step: 'let-in', name: 'Bob' } : { step: 'over', reason: 'words-differ' })
      return ok(undefined)
    },
    makeWelcome: async () => ok(riversideFile),
  }
  return { context, invitations }
}

/** Any code but a mistyped one fits any file. */
function fakeJoiningByFiles() {
  const state = createLive<JoiningByFilesState>({ step: 'none' })
  const asked: JoiningByFilesState = {
    step: 'asked',
    inviterName: 'Asha',
    groupName: 'Riverside Pain Group',
    name: 'Bob',
    expiresAt: Date.now() + 6 * 86_400_000,
    words: [...codeWords, 'anchor', 'butter'],
    agreed: false,
  }
  const context: JoiningByFiles = {
    state,
    ask: async ({ code }) => {
      if (checkFakeCode(code) !== undefined) return fail('other-code')
      state.set(asked)
      return ok(undefined)
    },
    requestFile: () => new Uint8Array(9),
    answer: async (same) => {
      state.set(same ? { ...asked, agreed: true } : { step: 'words-differ', inviterName: 'Asha' })
      return ok(undefined)
    },
    openWelcome: async () => fail('not-for-us'),
    putAway: async () => {
      state.set({ step: 'none' })
      return ok(undefined)
    },
  }
  return { context, state, asked }
}

export function fakeGroup(people: readonly Person[] = [asha], sync: SyncStatus = quietSync) {
  const asked: string[] = []
  const whole = fakeCircle({ people, asked })
  const { circle } = whole
  const circles = createLive<readonly CircleContext[]>([])
  const arrivals = createLive<readonly Arrival[]>([])
  const invitations = createLive<readonly InvitationSummary[]>([])
  const inviting = createLive<Inviting | undefined>(undefined)
  const status = createLive(sync)
  const sent = createLive<SentLog>({ lines: [] })
  const byFiles = fakeInvitingByFiles()
  const begin = (state: InvitingState, daysValid = 7, newcomer: Inviting['newcomer'] = 'person'): Inviting => {
    const live = createLive(state)
    const started: Inviting = {
      id: newDocumentId() as unknown as InvitationId,
      newcomer,
      code: codeWords.join(' '),
      expiresAt: newcomer === 'computer' ? 0 : Date.now() + daysValid * 86_400_000,
      state: live,
      confirmWords: async (same) => {
        const name = newcomer === 'computer' ? 'Asha' : 'Bob'
        live.set(same ? { step: 'done', name } : { step: 'stopped', reason: 'words-differ', name })
      },
      stopWaiting: () => inviting.set(undefined),
    }
    inviting.set(started)
    return started
  }
  /** A circle of this group, at once in its list. */
  const addCircle = (options: FakeCircleOptions): FakeCircle => {
    const made = fakeCircle({ scope: 'circle', asked, ...options })
    circles.set([...circles.get(), made.circle])
    return made
  }
  const group: GroupContext = {
    circle,
    circles,
    arrivals,
    acknowledgeArrival: async (id) => arrivals.set(arrivals.get().filter((one) => one.circle !== id)),
    createCircle: async (request) => {
      asked.push(`createCircle ${request.name}`)
      const roleOf = ({ id, isMe }: Person) =>
        isMe ? 'organiser' : request.people.find((one) => one.person === id)?.role
      const chosen = people.flatMap((one) => {
        const role = roleOf(one)
        return role === undefined ? [] : [{ ...one, role }]
      })
      const candidates = people.filter((one) => roleOf(one) === undefined)
      return ok(
        addCircle({ id: `c${circles.get().length + 2}`, name: request.name, people: chosen, candidates }).circle.id,
      )
    },
    addComputer: async () =>
      ok(begin({ step: 'waiting', looking: { lan: 'looking', internet: 'off' } }, 0, 'computer')),
    nameThisComputer: async (name) => {
      asked.push(`nameThisComputer ${name}`)
      const named = (one: Person): Person => ({
        ...one,
        computers: one.computers.map((each) => (each.isThis ? { ...each, name } : each)),
      })
      whole.people.set(whole.people.get().map(named))
      return ok(undefined)
    },
    invitations,
    inviting,
    invite: async ({ daysValid, role, history }) => {
      asked.push(`invite ${role} ${history}`)
      return ok(begin({ step: 'waiting', looking: { lan: 'looking', internet: 'off' } }, daysValid))
    },
    resumeInvitation: async () => ok(begin({ step: 'waiting', looking: { lan: 'looking', internet: 'looking' } })),
    cancelInvitation: async (id) => {
      invitations.set(invitations.get().map((one) => (one.id === id ? { ...one, state: 'cancelled' } : one)))
      return ok(undefined)
    },
    sync: status,
    files: fakeFiles(),
    sent,
    noteExport: (bytes) => void asked.push(`${bytes} bytes handed over`),
    byFiles: byFiles.context,
  }
  return {
    group,
    whole,
    fileInvitations: byFiles.invitations,
    circles,
    arrivals,
    addCircle,
    invitations,
    inviting,
    status,
    sent,
    begin,
    asked,
  }
}

export const defaultSettings: AppSettings = {
  lockAfterMinutes: 15,
  sync: { lan: true, internet: false, signalingAddresses: [], iceServers: [] },
  recovery: { triedAt: 0, putOffAt: 0 },
}

/** A word list of its own is not needed here: what the sheet says, and one word that is not of it. */
export const sheetWords = 'ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic'.split(' ')

function checkFakeSheet(text: string): CodeProblem | undefined {
  const found = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  if (found.length === 0) return { problem: 'empty' }
  const position = found.findIndex((word) => !sheetWords.includes(word))
  const word = found[position]
  if (word !== undefined) {
    const suggestions = sheetWords.filter((known) => known[0] === word[0])
    return { problem: 'word-unknown', word, position: position + 1, suggestions }
  }
  if (found.length !== sheetWords.length)
    return { problem: 'word-count', expected: sheetWords.length, found: found.length }
  return new Set(found).size === sheetWords.length ? undefined : { problem: 'checksum' }
}

/** Backups whose view the test sets; a folder of the name 'gone' is not there. */
export function fakeBackups(initial: Partial<BackupsView> = {}) {
  const view = createLive<BackupsView>({ sameDisk: false, running: false, ...initial })
  const asked: string[] = []
  const context: BackupsContext = {
    view,
    suggest: async () => ({ folder: '/home/asha/Documents/Teatray backups', canChoose: false }),
    choose: async () => undefined,
    keepIn: async (folder) => {
      asked.push(`keepIn ${folder}`)
      if (folder.includes('gone')) return fail('folder-missing')
      view.set({ ...view.get(), folder })
      return ok(undefined)
    },
    stopUsing: async () => {
      asked.push('stopUsing')
      const { folder: _, last: __, ...rest } = view.get()
      view.set(rest)
      return ok(undefined)
    },
    backUpNow: async () => {
      asked.push('backUpNow')
      const { problem: _, ...rest } = view.get()
      view.set({ ...rest, last: { at: Date.now(), bytes: 2_300_000, name: 'Teatray backup' } })
      return ok(undefined)
    },
  }
  return { view, asked, context }
}

/** Typed in place of a passphrase, that is what comes of switching on. */
export const KEYCHAIN_TROUBLE = ['weak', 'unavailable', 'changed', 'storage-failed'] as const

export function createFakeSession(initial: AppState) {
  const state = createLive(initial)
  const whole = createLive<readonly GroupSummary[]>([])
  const unopened = createLive(0)
  const oldCopy = createLive<'older' | 'elsewhere' | undefined>(undefined)
  const joining = createLive<Joining | undefined>(undefined)
  const settings = createLive(defaultSettings)
  const signaling = createLive<SignalingView | undefined>({
    enabled: false,
    lan: false,
    port: 24_680,
    addresses: [],
    problem: '',
  })
  const asked: string[] = []
  const vault = fakeVault()
  const byFiles = fakeJoiningByFiles()
  const backups = createLive<BackupsContext | undefined>(fakeBackups().context)
  const sent = createLive<SentLog>({ lines: [] })
  const startJoining = (joiningState: JoiningState): Joining => {
    const live = createLive(joiningState)
    const started: Joining = {
      state: live,
      confirmWords: async (same) => {
        asked.push(`confirmWords ${same}`)
        if (same) live.set({ step: 'waiting-for-them', inviterName: 'Asha', groupName: 'Riverside Pain Group' })
        else live.set({ step: 'stopped', reason: 'words-differ' })
      },
      cancel: () => live.set({ step: 'stopped', reason: 'cancelled-here' }),
    }
    joining.set(started)
    return started
  }
  const sheets = createLive<readonly RecoverySheet[]>([])
  const isOfSheet = (words: string): boolean => words.trim() === sheetWords.join(' ') && sheets.get().length > 0
  const recovery: RecoveryContext = {
    sheets,
    checkWords: checkFakeSheet,
    make: async ({ passphrase }) => {
      if (passphrase !== 'garden kettle lemon ribbon') return fail('wrong-passphrase')
      const sheet = { id: `${sheets.get().length}`.padStart(32, '0'), createdAt: Date.now() }
      sheets.set([...sheets.get(), sheet])
      return ok({ ...sheet, words: sheetWords })
    },
    revoke: async (id) => {
      asked.push(`revoke ${id}`)
      sheets.set(sheets.get().filter((sheet) => sheet.id !== id))
      return ok(undefined)
    },
    tryWords: async (words) => {
      const sheet = sheets.get()[0]
      return isOfSheet(words) && sheet !== undefined ? ok(sheet) : fail('wrong-words')
    },
    replacePassphrase: async ({ words, passphrase }) => {
      asked.push(`replacePassphrase ${passphrase.length}`)
      if (!isOfSheet(words)) return fail('wrong-words')
      state.set({ stage: 'group', name: 'Asha', vault, group: fakeGroup([asha, bob]).group })
      return ok(undefined)
    },
  }
  const readable: ReadableBackup = {
    createdAt: Date.now() - 86_400_000,
    hasSheets: true,
    restore: async (secret) => {
      if (!('passphrase' in secret) || secret.passphrase !== 'garden kettle lemon ribbon')
        return fail('passphrase' in secret ? 'wrong-passphrase' : 'wrong-words')
      state.set({ stage: 'group', name: 'Asha', vault, group: fakeGroup([asha, bob]).group })
      return ok(undefined)
    },
  }
  const keychainFails = { now: false }
  const keychainView = createLive<KeychainView | undefined>(undefined)
  const keychain: KeychainContext = {
    view: keychainView,
    turnOn: async ({ passphrase }) => {
      const trouble = KEYCHAIN_TROUBLE.find((one) => one === passphrase)
      if (trouble !== undefined) return fail(trouble)
      if (passphrase !== 'garden kettle lemon ribbon') return fail('wrong-passphrase')
      keychainView.set({ on: true, state: 'opens' })
      return ok(undefined)
    },
    turnOff: async () => {
      asked.push('turnOff')
      keychainView.set({ on: false, state: 'strong' })
      return ok(undefined)
    },
    open: async () => {
      asked.push('open with one press')
      if (keychainFails.now) {
        keychainView.set({ on: true, state: 'changed' })
        return fail('changed')
      }
      state.set({ stage: 'group', name: 'Asha', vault, group: fakeGroup([asha, bob]).group })
      return ok(undefined)
    },
  }
  const session: AppSession = {
    state,
    recovery,
    keychain,
    setUp: async ({ name, passphrase }) => {
      asked.push(`setUp ${name} ${passphrase.length}`)
      state.set({ stage: 'no-group', name, vault })
      return ok(undefined)
    },
    unlock: async (passphrase) => {
      asked.push('unlock')
      if (passphrase !== 'garden kettle lemon ribbon') return fail('wrong-passphrase')
      state.set({ stage: 'group', name: 'Asha', vault, group: fakeGroup([asha, bob]).group })
      return ok(undefined)
    },
    lockWaits: createLive(false),
    onFiles: () => () => undefined,
    stayOpen: () => undefined,
    lock: async () => {
      asked.push('lock')
      state.set({ stage: 'locked', name: 'Asha' })
    },
    createGroup: async ({ groupName }) => {
      asked.push(`createGroup ${groupName}`)
      state.set({ stage: 'group', name: 'Asha', vault, group: fakeGroup().group })
      return ok(undefined)
    },
    groups: whole,
    unopened,
    noteExport: (bytes) => void asked.push(`${bytes} bytes handed over`),
    openGroups() {
      const now = state.get()
      return now.stage === 'group' ? [now.group] : []
    },
    switchTo: (group) => {
      asked.push(`switchTo ${group}`)
      whole.set(whole.get().map(({ id, name }) => ({ id, name, isShown: id === group })))
    },
    removeGroup: async (group) => {
      asked.push(`removeGroup ${group}`)
      state.set({ stage: 'no-group', name: 'Asha', vault })
      return ok(undefined)
    },
    wipeComputer: async () => {
      asked.push('wipeComputer')
      state.set({ stage: 'first-run' })
      return ok(undefined)
    },
    sent,
    backups,
    readBackup: async (file) => (file.size < 10 ? fail('cut-off') : ok(readable)),
    readLatestBackup: async () => ok(readable),
    oldCopy,
    acknowledgeOldCopy: async () => oldCopy.set(undefined),
    checkCode: checkFakeCode,
    join: () => startJoining({ step: 'looking', looking: { lan: 'looking', internet: 'off' } }),
    joining,
    joiningByFiles: byFiles.context,
    settings,
    changeSettings: async (change) => {
      settings.set({ ...settings.get(), ...change })
      return ok(undefined)
    },
    signaling,
    setSignalingServer: async ({ enabled, lan }) => {
      const addresses = enabled ? [lan ? 'ws://192.168.1.20:24680' : 'ws://127.0.0.1:24680'] : []
      signaling.set({ enabled, lan, port: 24_680, addresses, problem: '' })
    },
  }
  return {
    session,
    state,
    unopened,
    oldCopy,
    backups,
    sent,
    keychain: keychainView,
    keychainFails,
    groups: whole,
    settings,
    sheets,
    signaling,
    asked,
    vault,
    startJoining,
    byFiles,
  }
}
