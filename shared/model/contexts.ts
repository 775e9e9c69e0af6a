/**
 * What a screen is handed, and so all it can touch. A feature of a circle gets a CircleContext; a feature of this computer
 * gets only a VaultContext and so never holds an object that could send. renderer/session implements these.
 */
import type { BackupFileProblem, BackupsContext, LostData, PickedFile, ReadableBackup } from './backups.ts'
import type * as Y from 'yjs'
import type { CircleId, DeviceId, DocumentId, InvitationId, MemberId } from '../base/ids.ts'
import type { Result } from '../base/errors.ts'
import type { Live } from '../base/live.ts'
import type { KeychainContext } from './keychain.ts'
import type { InvitingByFiles, JoiningByFiles } from './joining-by-files.ts'
import type { RecoveryContext } from './recovery.ts'
import type { SentLog } from './sent.ts'

export type { Live } from '../base/live.ts'

export type Role = 'organiser' | 'member'
/** Whether somebody new may read what was written before they came. */
export type History = 'all' | 'from-now'

export interface Person {
  readonly id: MemberId
  readonly name: string
  readonly isMe: boolean
  readonly role: Role
  readonly computers: readonly Computer[]
  /** They came in from that day on: what was written before stays closed to them. */
  readonly fromNow?: true
  /** Of a circle: they are out of the group, so nothing new reaches them; an organiser's computer takes them out of the circle too. */
  readonly outOfGroup?: true
}

export interface Computer {
  readonly id: DeviceId
  /** As its owner calls it; empty where nobody gave it a name. */
  readonly name: string
  readonly isThis: boolean
}

/** Somebody, or one computer of somebody, that is in the circle no more. */
export interface Departure {
  readonly person: Pick<Person, 'id' | 'name' | 'isMe'>
  /** Undefined: the person left or was taken out, with all their computers. */
  readonly computer?: Computer
  /** Undefined: they left, or took their own computer out. */
  readonly by?: Pick<Person, 'id' | 'name' | 'isMe'>
  /** Of a circle: the person is out of the group, too. Whoever's computer took them out here may only have followed that. */
  readonly outOfGroup?: true
  /** Changes from there that came after it: kept here, in no paper. takeIn() puts them into the papers after all. */
  readonly setAside: number
  /** The computers that they came from: what takeIn() is to be asked for. Undefined: there are none. */
  readonly setAsideFrom?: readonly DeviceId[]
}

/** How this person stands to a circle. Where it is not 'member', all stays readable here and nothing can be written. */
export type Standing =
  | { readonly state: 'member' }
  /** The circle has ended; an organiser of it can open it again. */
  | { readonly state: 'closed' }
  | { readonly state: 'left' }
  /** Taken out by that person; `computerOnly`: only this computer was. */
  | { readonly state: 'removed'; readonly by: string; readonly computerOnly: boolean }

/** Something about a circle that its people should know; each has its own sentence and what to do. */
export type CircleNotice =
  /** One computer's log says two things at one place: an old copy of its folder was put back, or worse. All is kept. */
  | { readonly notice: 'fork'; readonly person: string; readonly isMe: boolean; readonly computer: string }
  /** Statements about who is in the circle that a rule refused; `rule` is its name (shared/membership/rules.ts, concurrency.ts). */
  | {
      readonly notice: 'refused'
      readonly rule: string
      readonly type: string
      readonly person: string
      readonly isMe: boolean
    }
  /** Only one person may let in, take out and change keys: should that person be away or lost, nobody can. */
  | { readonly notice: 'one-organiser'; readonly person: string }
  /** Nobody can let in, take out or change keys any more. */
  | { readonly notice: 'no-organiser'; readonly scope: 'group' | 'circle' }
  /**
   * Of a circle: its only organisers are in the group no more, and nobody else may take them out of the circle. The others' computers give
   * them nothing, but what is written here stays under a key that they have.
   */
  | { readonly notice: 'organisers-out'; readonly people: readonly string[] }
  /** Somebody present cannot open everything they may; whoever holds the key passes it on by itself when they meet. */
  | { readonly notice: 'waiting-for-key'; readonly person: string }
  /** Of the group: so many circles that are stored on this computer do not open. They are left as they are. */
  | { readonly notice: 'circles-unopened'; readonly count: number }

export type ManageProblem = 'not-allowed' | 'storage-failed'
type Managed = Promise<Result<void, ManageProblem>>

/** What may be done about a circle. Each is refused with 'not-allowed' where the person may not; `mayManage` says what to offer. */
export interface CircleManagement {
  /** As an organiser of this circle; everybody may leave it and take out computers of their own. */
  readonly mayManage: Live<boolean>
  rename(name: string): Managed
  /** People of the group who are not in this circle. Always empty for the group itself: one comes into it by an invitation. */
  readonly candidates: Live<readonly Person[]>
  add(request: { readonly person: MemberId; readonly role: Role; readonly history: History }): Managed
  setRole(person: MemberId, role: Role): Managed
  /** With a change of keys. From the group: also from each of its circles, there by that circle's organisers' computers. */
  remove(person: MemberId): Managed
  /** A lost computer, or one that is given away: of one's own, or as an organiser anybody's. Everywhere, as for remove. */
  removeComputer(computer: DeviceId): Managed
  leave(): Managed
  changeKeys(): Managed
  setClosed(closed: boolean): Managed
  /** Puts into the papers what came from a computer after it was taken out. */
  takeIn(computer: DeviceId): Managed
}

/** Who did what in one document, from the signed entries: nobody can write in another's name. */
export interface Attribution {
  /** The member whose device wrote with this Yjs client id. */
  insertedBy(clientId: number): MemberId | undefined
  /** The member who deleted the item (clientId, clock), if it is deleted. */
  deletedBy(clientId: number, clock: number): MemberId | undefined
}

export interface OpenDocument {
  readonly id: DocumentId
  /** Opened with gc off, so that removed words can still be shown. Edits are sealed and stored within a second. */
  readonly doc: Y.Doc
  readonly attribution: Attribution
  /** Others' cursors, as y-protocols awareness; undefined until the person asks for it. */
  readonly presence: Live<Presence | undefined>
  setPresence(enabled: boolean): void
  /** Resolves once everything typed so far is on disk. */
  flush(): Promise<void>
  release(): void
}

export interface Presence {
  readonly awareness: import('y-protocols/awareness').Awareness
}

/**
 * 'saved': every edit is on disk. 'stopped': writing has stopped, see reason; nothing that was saved is lost. 'not-a-member': this
 * person or computer is in the circle no more, and there is no key to write under.
 */
export type SaveState =
  | { readonly state: 'saved' }
  | { readonly state: 'saving' }
  | { readonly state: 'stopped'; readonly reason: 'disk-low' | 'storage-failed' }
  /** `unsaved`: something was typed before this device could know, and cannot be saved here. */
  | { readonly state: 'stopped'; readonly reason: 'not-a-member'; readonly unsaved?: true }

/** Something that happened to a circle or to who is in it. Names are those of today. */
export interface MembershipEvent {
  readonly what:
    | 'began'
    | 'let-in'
    | 'put-in'
    | 'computer-added'
    | 'computer-taken-out'
    | 'left'
    | 'taken-out'
    | 'name-changed'
    | 'renamed'
    | 'made-organiser'
    | 'made-member'
    | 'closed'
    | 'opened-again'
  /** Whom it was about; of 'began' and 'renamed' the name of the circle; empty where nobody knows. */
  readonly who: string
  /** Who did it; empty where nobody knows. */
  readonly by: string
  /** By the clock of whoever did it. Undefined: nobody wrote it down. */
  readonly at?: number
}

export interface CircleContext {
  readonly id: CircleId
  readonly scope: 'group' | 'circle'
  readonly name: Live<string>
  readonly people: Live<readonly Person[]>
  readonly me: MemberId
  readonly standing: Live<Standing>
  readonly departures: Live<readonly Departure[]>
  readonly notices: Live<readonly CircleNotice[]>
  /** What happened to it so far, from the beginning. */
  history(): readonly MembershipEvent[]
  readonly manage: CircleManagement
  /** The circle's records (papers' titles and the like); open as long as the circle is. See record.ts. */
  readonly records: Y.Doc
  readonly save: Live<SaveState>
  open(id: DocumentId): Promise<OpenDocument>
  /** Those of `people` who came in after this document was begun, from that day on, and cannot read it, or not all of it. */
  closedTo(id: DocumentId): readonly MemberId[]
  /** Small values that stay on this computer, sealed: where I was, what I had seen. Never synced. */
  readonly local: LocalValues
}

export interface LocalValues {
  get(key: string): Promise<Uint8Array | undefined>
  set(key: string, value: Uint8Array): Promise<void>
}

/** Documents that never leave this computer. Implemented by renderer/vault alone; there is nothing here that could send. */
export interface VaultContext {
  readonly records: Y.Doc
  readonly save: Live<SaveState>
  open(id: DocumentId): Promise<Pick<OpenDocument, 'id' | 'doc' | 'flush' | 'release'>>
  /** Removes a document's bytes for good (after its time in the bin). */
  destroy(id: DocumentId): Promise<void>
  readonly local: LocalValues
}

// ---------------------------------------------------------------------------------------------------------------- people

export interface InvitationSummary {
  readonly id: InvitationId
  readonly createdAt: number
  readonly expiresAt: number
  readonly state: 'open' | 'used' | 'cancelled' | 'expired'
  /** Name of the one who used it, where known. */
  readonly usedBy?: string
  readonly invitedBy: string
  readonly role: Role
  readonly history: History
}

/** The inviter's side of one invitation while its screen is open. */
export type InvitingState =
  | { readonly step: 'preparing' }
  /** Waiting for somebody to type the code. `lost`: somebody had, and the connection broke. */
  | { readonly step: 'waiting'; readonly looking: LookingWhere; readonly lost?: boolean }
  /** Somebody has the code: are these the words on their screen? */
  | { readonly step: 'compare-words'; readonly words: readonly string[]; readonly name: string }
  | { readonly step: 'admitting'; readonly name: string }
  | { readonly step: 'done'; readonly name: string }
  | {
      readonly step: 'stopped'
      readonly reason: JoiningProblem
      readonly name?: string
      /** Another computer that was being added: it may be in, and have what it needs, or not. */
      readonly device?: DeviceId
    }

export interface Inviting {
  readonly id: InvitationId
  /** 'computer': for another computer of one's own. */
  readonly newcomer: 'person' | 'computer'
  /** Six or so words to say or send; known from the start. */
  readonly code: string
  /** A code for a computer is good only while it is shown: 0. */
  readonly expiresAt: number
  readonly state: Live<InvitingState>
  /** Answers 'compare-words'. Saying no uses the invitation up, because somebody else may have had the code. */
  confirmWords(same: boolean): Promise<void>
  /** Stops waiting; the code stays good until it expires. */
  stopWaiting(): void
}

export interface LookingWhere {
  readonly lan: 'looking' | 'unavailable' | 'off'
  readonly internet: 'looking' | 'unavailable' | 'off'
}

export type JoiningProblem =
  | 'code-used'
  | 'code-expired'
  | 'code-cancelled'
  | 'code-unknown'
  | 'words-differ'
  | 'cancelled-here'
  | 'cancelled-there'
  | 'connection-lost'
  | 'not-allowed'
  | 'storage-failed'
  | 'other-version'
  /** The code is for another computer of one person, and this computer is in a group under another identity. */
  | 'already-in-a-group'
  /** The code lets a person into a group that this computer is in. */
  | 'already-in-this-group'

/** The newcomer's side. */
export type JoiningState =
  | { readonly step: 'preparing' }
  /** `lost`: the other had been found, and the connection broke; it begins again with new words. */
  | { readonly step: 'looking'; readonly looking: LookingWhere; readonly lost?: boolean }
  | {
      readonly step: 'compare-words'
      readonly words: readonly string[]
      readonly inviterName: string
      readonly groupName: string
      /** 'computer': this computer is to become another one of `inviterName`'s own. */
      readonly newcomer: 'person' | 'computer'
    }
  /** Both have compared; the organiser's computer is letting us in. */
  | { readonly step: 'waiting-for-them'; readonly inviterName: string; readonly groupName: string }
  | { readonly step: 'receiving'; readonly received: number; readonly expected: number }
  /** `group`: where it led, open by now. */
  | { readonly step: 'done'; readonly newcomer: 'person' | 'computer'; readonly group?: CircleId }
  | { readonly step: 'stopped'; readonly reason: JoiningProblem }

export interface Joining {
  readonly state: Live<JoiningState>
  confirmWords(same: boolean): Promise<void>
  cancel(): void
}

/** Found before anything is looked for: a typing slip never waits for the network. */
export type CodeProblem =
  | { readonly problem: 'empty' }
  | {
      readonly problem: 'word-unknown'
      readonly word: string
      readonly position: number
      readonly suggestions: readonly string[]
    }
  | { readonly problem: 'word-count'; readonly expected: number; readonly found: number }
  | { readonly problem: 'checksum' }

// ------------------------------------------------------------------------------------------------------------------ sync

export interface Exchanged {
  /** Connected to at least one of their computers now. */
  readonly connected: boolean
  /** Display time of the last moment when neither side lacked anything; undefined: never. */
  readonly lastMatchedAt?: number
  /** Changes that we have and they, as far as their last signed heads say, lack. Undefined: we have never heard. */
  readonly theyLack?: number
  /** Changes they told us of that we lack. */
  readonly weLack: number
  /** Changes that they say they have, and that did not come when they were asked for; while connected. */
  readonly withheld: number
}

export interface ComputerSync extends Exchanged {
  readonly computer: Computer
}

export interface PersonSync extends Exchanged {
  readonly person: Person
  /** One by one; of this person all but this one. */
  readonly computers: readonly ComputerSync[]
}

/** Somebody signed that they had seen so many changes of somebody's that are not here, and nobody we know of can give them. */
export interface SeenElsewhere {
  readonly by: Pick<Person, 'id' | 'name' | 'isMe'>
  readonly of: Pick<Person, 'id' | 'name' | 'isMe'>
  readonly count: number
}

export interface SyncStatus {
  readonly save: SaveState
  /** This person only where they have more computers than this one. */
  readonly people: readonly PersonSync[]
  readonly seenElsewhere: readonly SeenElsewhere[]
  /** Something that is stored here cannot be read; those who have it too send it again. */
  readonly unreadable: boolean
  /** A computer’s log says two things at one place, so nobody has all that was written there. */
  readonly forked: boolean
  readonly lan: LookingWhere['lan']
  readonly internet: LookingWhere['internet']
  /** What was refused, in this session, newest last. */
  readonly refusals: readonly { readonly at: number; readonly reason: string; readonly from?: string }[]
}

export interface SyncSettings {
  readonly lan: boolean
  readonly internet: boolean
  /** ws:// or wss:// addresses the group uses to find each other over the internet; the app has none built in. */
  readonly signalingAddresses: readonly string[]
  /** stun: or turn: addresses; none unless the group chose some. */
  readonly iceServers: readonly string[]
}

// --------------------------------------------------------------------------------------------------------------- session

/** Somebody put this person into a circle, and they have not looked at it yet. */
export interface Arrival {
  readonly circle: CircleId
  readonly by: string
}

// ---------------------------------------------------------------------------------------------------------------- files

export interface UpdateFileCircle {
  readonly id: CircleId
  readonly name: string
  readonly scope: CircleContext['scope']
  /** Changes: places of signed logs, as everywhere in SyncStatus. */
  readonly changes: number
}

/** What a file would hold if it were made now; the group comes first. */
export interface UpdateFilePlan {
  readonly changes: number
  readonly circles: readonly UpdateFileCircle[]
}

export interface UpdateFile extends UpdateFilePlan {
  /** Sealed; at most 64 MiB. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly madeAt: number
  /** Undefined: for everybody in the group. */
  readonly to: Pick<Person, 'id' | 'name' | 'isMe'> | undefined
  /** False: they lack more than fits into one file. */
  readonly whole: boolean
}

/** Nothing of such a file was kept. */
export type UpdateFileProblem =
  | 'not-an-update-file'
  | 'newer-version'
  | 'cut-off'
  | 'damaged'
  | 'too-large'
  /** Whole, and sealed for other computers than this one. */
  | 'not-for-us'
  | 'other-group'
  | 'unknown-sender'
  | 'bad-signature'

export interface OpenedUpdateFile {
  readonly from: Pick<Person, 'id' | 'name' | 'isMe'>
  readonly madeAt: number
  /** They are in the group no more: what they wrote is set aside, and nothing else was looked at. */
  readonly isRemoved: boolean
  readonly whole: boolean
  readonly circles: readonly (Omit<UpdateFileCircle, 'changes'> & {
    /** This person was put into it, and learnt of it from this file. */
    readonly isNew: boolean
    /** New here, by who wrote them. */
    readonly changes: readonly { readonly name: string; readonly isMe: boolean; readonly count: number }[]
  })[]
  /** Changes that are here and wait for others that are not. */
  readonly waiting: number
  readonly setAside: number
  /** Things that did not pass the checks. */
  readonly refused: number
  /** Circles in the file that were not believed, or do not open here. */
  readonly unopened: number
  /** Changes that they had when they made it and that are not here, also after opening it. */
  readonly weLack: number
  /** Changes that are here and that they did not have when they made it. */
  readonly theyLack: number
  /** A file back, from what they say they have. */
  reply(): Promise<Result<UpdateFile, MakeFileProblem>>
}

export type MakeFileProblem = 'not-a-member' | 'nobody' | 'too-many' | 'storage-failed'

export interface UpdateFileLogEntry {
  readonly kind: 'made' | 'opened'
  readonly at: number
  /** Name of whom it was for or from; empty: for everybody. */
  readonly person: string
  readonly changes: number
  readonly bytes: number
}

/** One that the person opened outside of the window. */
export interface FileFromOutside {
  readonly name: string
  readonly size: number
  read(): Promise<Uint8Array>
}

export interface UpdateFiles {
  /** Undefined where no file is offered: nobody of them is in the group, or this person is not. `to` undefined: for everybody. */
  plan(to: MemberId | undefined, everything: boolean): UpdateFilePlan | undefined
  /** `everything`: also what they had once, for somebody who lost it. */
  make(request: {
    readonly to: MemberId | undefined
    readonly everything: boolean
  }): Promise<Result<UpdateFile, MakeFileProblem>>
  /** Checked as a whole before anything is kept. Twice is harmless. 'storage-failed': some of it may have been kept. */
  open(bytes: Uint8Array): Promise<Result<OpenedUpdateFile, UpdateFileProblem | 'storage-failed'>>
  /** Files made and opened on this computer, newest first; kept sealed. */
  readonly log: Live<readonly UpdateFileLogEntry[]>
}

export interface GroupContext {
  readonly files: UpdateFiles
  /** Over connections; the files that were made are in `files.log`. */
  readonly sent: Live<SentLog>
  /** So many bytes of what is in this group were handed over in the clear, as a file; for `sent`. */
  noteExport(bytes: number): void
  /** Letting in somebody whom one never meets online. */
  readonly byFiles: InvitingByFiles
  /** The group itself: everybody. */
  readonly circle: CircleContext
  /** The group's circles that this person is or was in, by name; those that ended or were left come last. */
  readonly circles: Live<readonly CircleContext[]>
  readonly arrivals: Live<readonly Arrival[]>
  /** The person has seen that they are in it. */
  acknowledgeArrival(circle: CircleId): Promise<void>
  createCircle(request: {
    readonly name: string
    readonly people: readonly { readonly person: MemberId; readonly role: Role }[]
  }): Promise<Result<CircleId, 'storage-failed'>>
  /** Another computer of one's own; shown in `inviting` with newcomer 'computer'. */
  addComputer(): Promise<Result<Inviting, 'not-allowed' | 'storage-failed'>>
  nameThisComputer(name: string): Promise<Result<void, ManageProblem>>
  readonly invitations: Live<readonly InvitationSummary[]>
  readonly inviting: Live<Inviting | undefined>
  /** Starts a new invitation and waits for the newcomer. */
  invite(request: {
    readonly daysValid: number
    readonly role: Role
    readonly history: History
  }): Promise<Result<Inviting, 'not-allowed' | 'storage-failed'>>
  /** Waits again for an invitation made earlier on this computer (the code is kept, sealed, until used or expired). */
  resumeInvitation(
    id: InvitationId,
  ): Promise<Result<Inviting, 'not-allowed' | 'code-not-here' | 'code-used' | 'code-expired' | 'code-cancelled'>>
  cancelInvitation(id: InvitationId): Promise<Result<void, 'not-allowed' | 'code-used' | 'storage-failed'>>
  /** Over the group and all its circles. */
  readonly sync: Live<SyncStatus>
}

export type AppState =
  | { readonly stage: 'starting' }
  /** Cannot go on; nothing was changed, but for 'wipe-unfinished': nothing opens any more, and not all of it is deleted yet. */
  | {
      readonly stage: 'blocked'
      readonly reason:
        | 'other-window'
        | 'storage-failed'
        | 'keyring-missing'
        | 'newer-version'
        | 'host-gone'
        | 'wipe-unfinished'
      readonly detail?: string
    }
  | { readonly stage: 'first-run'; readonly lost?: LostData }
  | { readonly stage: 'locked'; readonly name: string }
  /** Unlocked; no group on this computer yet. */
  | { readonly stage: 'no-group'; readonly name: string; readonly vault: VaultContext }
  | { readonly stage: 'group'; readonly name: string; readonly vault: VaultContext; readonly group: GroupContext }

/** What waits in a group that is not the one on the screen. */
export type GroupAttention = 'somebody-waits' | 'put-in-circle' | 'writing-stopped' | 'new-here'

export interface GroupSummary {
  readonly id: CircleId
  readonly name: string
  /** The one on the screen: exactly one is, where there are any. */
  readonly isShown: boolean
  /** Never of the one on the screen: its own screens say it. */
  readonly attention?: GroupAttention
}

export interface AppSettings {
  /** Minutes without a key or pointer before locking; 0: never. */
  readonly lockAfterMinutes: number
  readonly sync: SyncSettings
  /** Display times; 0: never. When a recovery sheet was tried last, and when the question about it was last put off. */
  readonly recovery: { readonly triedAt: number; readonly putOffAt: number }
}

export interface AppSession {
  readonly state: Live<AppState>
  setUp(request: {
    readonly name: string
    readonly passphrase: string
  }): Promise<Result<void, 'storage-failed' | 'already-set-up'>>
  unlock(passphrase: string): Promise<Result<void, 'wrong-passphrase' | 'storage-failed' | 'newer-version'>>
  /**
   * Saves, closes every document, forgets every key. Where something typed cannot be saved it stays open and `lockWaits`
   * turns true, until the person says what is to happen.
   */
  lock(request?: { readonly loseUnsaved: boolean }): Promise<void>
  readonly lockWaits: Live<boolean>
  /** Update files that the system asks this app to open; those that wait already at once. */
  onFiles(listener: (files: readonly FileFromOutside[]) => void): () => void
  stayOpen(): void
  /** Starts one more and shows it. */
  createGroup(request: { readonly groupName: string }): Promise<Result<void, 'storage-failed'>>
  /** All groups of this computer, by name; each goes on in the background. Empty while locked. */
  readonly groups: Live<readonly GroupSummary[]>
  /** Groups or circles that are stored here and do not open, where no group that does can tell of them. They are left as they are. */
  readonly unopened: Live<number>
  /** Those of `groups`, whichever is on the screen. */
  openGroups(): readonly GroupContext[]
  /** So many bytes of what is here were handed over in the clear, for the log of what left this computer. */
  noteExport(bytes: number): void
  /** Shows another group of this computer. */
  switchTo(group: CircleId): void
  /**
   * Takes everything of a group off this computer, for good; only after leaving it or being taken out. 'not-all-opens': it is the
   * last group, and some rows cannot be read, so that nobody can say whose they are.
   */
  removeGroup(group: CircleId): Promise<Result<void, 'still-in-it' | 'not-all-opens' | 'storage-failed'>>
  /**
   * Takes everything off this computer: the passphrase's keys first, so that nothing opens any more, then all groups, the notes, and
   * what the host keeps. Cut off on the way, it goes on at the next start. Backups stay. Ends at the first run.
   */
  wipeComputer(): Promise<Result<void, 'storage-failed'>>
  /** What left this computer for no group that is on it: backups, and codes typed in that led nowhere. Empty while locked. */
  readonly sent: Live<SentLog>
  /** Undefined while locked. */
  readonly backups: Live<BackupsContext | undefined>
  /** Checks all of the file. What it holds can be brought back at the first run, and nowhere else. */
  readBackup(file: PickedFile): Promise<Result<ReadableBackup, BackupFileProblem>>
  /** The newest backup of what was lost; see LostData. */
  readLatestBackup(): Promise<Result<ReadableBackup, BackupFileProblem>>
  /** The data that was opened is not what was last used here; said until the person has read it. Undefined while locked. */
  readonly oldCopy: Live<'older' | 'elsewhere' | undefined>
  acknowledgeOldCopy(): Promise<void>
  /** Pure and immediate: run at every keystroke of the code field. */
  checkCode(text: string): CodeProblem | undefined
  join(request: { readonly code: string }): Joining
  /** The joining under way, so that leaving its screen loses nothing. */
  readonly joining: Live<Joining | undefined>
  /** Coming into a group without ever being online with it. */
  readonly joiningByFiles: JoiningByFiles
  /** Recovery sheets of this computer. */
  readonly recovery: RecoveryContext
  /** This computer's own store of secrets as one more way in, where the person chose it. */
  readonly keychain: KeychainContext
  readonly settings: Live<AppSettings>
  changeSettings(change: Partial<AppSettings>): Promise<Result<void, 'storage-failed'>>
  /** The host's own signalling server; undefined where the host has none. */
  readonly signaling: Live<SignalingView | undefined>
  setSignalingServer(request: { readonly enabled: boolean; readonly lan: boolean }): Promise<void>
}

export interface SignalingView {
  readonly enabled: boolean
  readonly lan: boolean
  readonly port: number
  readonly addresses: readonly string[]
  readonly problem: string
}
