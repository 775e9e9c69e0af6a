/**
 * The session of a window that is not the only one: it says so and can do nothing else. It has no link to the host, because
 * the host serves one window and would leave the first for it.
 */
import { fail } from '../../shared/base/errors.ts'
import { checkCode } from '../../shared/joining/code.ts'
import type { AppSession, AppState, Joining } from '../../shared/model/contexts.ts'
import type { JoiningByFilesState } from '../../shared/model/joining-by-files.ts'
import { createLive } from '../../shared/base/live.ts'
import { checkSheetWords } from '../keyring/recovery-words.ts'
import { EMPTY_SENT_LOG } from './sent-log.ts'
import { defaultSettings } from './settings.ts'

const refused = () => Promise.resolve(fail('storage-failed', 'another window is open'))

export const otherWindow = (): AppSession => ({
  state: createLive<AppState>({ stage: 'blocked', reason: 'other-window' }),
  settings: createLive(defaultSettings),
  joining: createLive<Joining | undefined>(undefined),
  signaling: createLive(undefined),
  lockWaits: createLive(false),
  onFiles: () => () => undefined,
  noteExport: () => undefined,
  sent: createLive(EMPTY_SENT_LOG),
  backups: createLive(undefined),
  readBackup: () => Promise.resolve(fail('unreadable', 'another window is open')),
  readLatestBackup: () => Promise.resolve(fail('unreadable', 'another window is open')),
  oldCopy: createLive(undefined),
  acknowledgeOldCopy: () => Promise.resolve(),
  setUp: refused,
  unlock: refused,
  createGroup: refused,
  groups: createLive([]),
  unopened: createLive(0),
  openGroups: () => [],
  switchTo: () => undefined,
  removeGroup: refused,
  wipeComputer: refused,
  changeSettings: refused,
  lock: () => Promise.resolve(),
  setSignalingServer: () => Promise.resolve(),
  stayOpen: () => undefined,
  recovery: {
    sheets: createLive([]),
    checkWords: checkSheetWords,
    make: refused,
    revoke: refused,
    tryWords: refused,
    replacePassphrase: refused,
  },
  keychain: { view: createLive(undefined), turnOn: refused, turnOff: refused, open: refused },
  checkCode,
  joiningByFiles: {
    state: createLive<JoiningByFilesState>({ step: 'none' }),
    ask: refused,
    requestFile: () => undefined,
    answer: refused,
    openWelcome: refused,
    putAway: refused,
  },
  join() {
    throw new Error('Another window is open.')
  },
})
