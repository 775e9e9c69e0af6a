/**
 * A session made of values in memory, for tests of screens and the dev page. Never part of the product. What happens is
 * decided by the test: it sets the Live values, and reads what the screens asked for in `asked`.
 */
import * as Y from 'yjs'
import type { CircleId, InvitationId, MemberId } from '../../../shared/base/ids.ts'
import { newDocumentId } from '../../../shared/base/ids.ts'
import { fail, ok } from '../../../shared/base/errors.ts'
import type {
  AppSession,
  AppSettings,
  AppState,
  CircleContext,
  CodeProblem,
  GroupContext,
  InvitationSummary,
  Inviting,
  InvitingState,
  Joining,
  JoiningState,
  LocalValues,
  OpenDocument,
  Person,
  Presence,
  SaveState,
  SignalingView,
  SyncStatus,
  VaultContext,
} from '../../../shared/model/contexts.ts'
import { createLive } from '../../../shared/base/live.ts'

export const person = (id: string, name: string, more: Partial<Person> = {}): Person => ({
  id: id as MemberId,
  name,
  isMe: false,
  role: 'organiser',
  ...more,
})

export const asha = person('a1', 'Asha', { isMe: true })
export const bob = person('b2', 'Bob')

export const quietSync: SyncStatus = {
  save: { state: 'saved' },
  people: [],
  lan: 'looking',
  internet: 'off',
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

export function fakeGroup(people: readonly Person[] = [asha], sync: SyncStatus = quietSync) {
  const circle: CircleContext = {
    id: 'c1' as CircleId,
    scope: 'group',
    name: createLive('Riverside Pain Group'),
    people: createLive(people),
    me: asha.id,
    records: new Y.Doc(),
    save: createLive<SaveState>({ state: 'saved' }),
    open: async (id) => fakeDocument(id),
    local: fakeLocal(),
  }
  const invitations = createLive<readonly InvitationSummary[]>([])
  const inviting = createLive<Inviting | undefined>(undefined)
  const status = createLive(sync)
  const begin = (state: InvitingState, daysValid = 7): Inviting => {
    const live = createLive(state)
    const started: Inviting = {
      id: newDocumentId() as unknown as InvitationId,
      code: codeWords.join(' '),
      expiresAt: Date.now() + daysValid * 86_400_000,
      state: live,
      confirmWords: async (same) => {
        const name = 'Bob'
        live.set(same ? { step: 'done', name } : { step: 'stopped', reason: 'words-differ', name })
      },
      stopWaiting: () => inviting.set(undefined),
    }
    inviting.set(started)
    return started
  }
  const group: GroupContext = {
    circle,
    invitations,
    inviting,
    invite: async ({ daysValid }) =>
      ok(begin({ step: 'waiting', looking: { lan: 'looking', internet: 'off' } }, daysValid)),
    resumeInvitation: async () => ok(begin({ step: 'waiting', looking: { lan: 'looking', internet: 'looking' } })),
    cancelInvitation: async (id) => {
      invitations.set(invitations.get().map((one) => (one.id === id ? { ...one, state: 'cancelled' } : one)))
      return ok(undefined)
    },
    sync: status,
  }
  return { group, invitations, inviting, status, begin }
}

export const defaultSettings: AppSettings = {
  lockAfterMinutes: 15,
  sync: { lan: true, internet: false, signalingAddresses: [], iceServers: [] },
}

export function createFakeSession(initial: AppState) {
  const state = createLive(initial)
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
  const session: AppSession = {
    state,
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
    checkCode: checkFakeCode,
    join: () => startJoining({ step: 'looking', looking: { lan: 'looking', internet: 'off' } }),
    joining,
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
  return { session, state, settings, signaling, asked, vault, startJoining }
}
