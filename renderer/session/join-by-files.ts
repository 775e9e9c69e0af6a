/** The newcomer's side of joining by files: from an invitation file to a group that is stored and open, over any number of days. */
import { equalBytes } from '../../shared/base/bytes.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { readJoiningFile } from '../../shared/joining/by-files/envelope.ts'
import { openInvitationFile } from '../../shared/joining/by-files/invitation-file.ts'
import { askToJoin, newcomerIn, sealRequestFile } from '../../shared/joining/by-files/request-file.ts'
import { bindFiles } from '../../shared/joining/by-files/transcript.ts'
import { checkWelcomeFile } from '../../shared/joining/by-files/welcome-file.ts'
import { readCode, stretchCode } from '../../shared/joining/code.ts'
import type { OpenedUpdateFile } from '../../shared/model/contexts.ts'
import type { JoiningByFiles, JoiningByFilesState } from '../../shared/model/joining-by-files.ts'
import { writeCertificate, type DeviceCertificate } from '../../shared/wire/record.ts'
import { createWriter } from '../../shared/wire/codec.ts'
import type { Store } from '../store/store.ts'
import { argon2idForCodes } from './code-stretching.ts'
import { isIn, othersOf, type JoinedGroup } from './join-group.ts'
import { decodeKeptJoining, encodeKeptJoining, type KeptJoining } from './kept-joining.ts'
import type { Me } from './me.ts'
import { storeCircle } from './store-circle.ts'
import type { StoredCircles } from './stored-circles.ts'

const JOINING_VALUE = 'joining by files'

/** What is open between unlocking and locking; another object after each unlocking. */
export interface Newcomer {
  readonly me: Me
  readonly store: Store
  readonly groups: readonly JoinedGroup[]
}

interface Request {
  /** Undefined while locked. */
  readonly newcomer: () => Newcomer | undefined
  /** The group is stored and this computer is in it: opens it, and takes in what else the file holds. */
  readonly onJoined: (stored: StoredCircles, welcome: Uint8Array) => Promise<OpenedUpdateFile | undefined>
  /** A request file of so many bytes was handed out. */
  readonly onFile: (bytes: number) => void
  readonly signer: Signer
  readonly log: (line: string) => void
}

const NOTHING: JoiningByFilesState = { step: 'none' }

const isSameCertificate = (a: DeviceCertificate, b: DeviceCertificate): boolean =>
  equalBytes(writeCertificate(createWriter(), a).done(), writeCertificate(createWriter(), b).done())

export interface JoiningByFilesDesk extends JoiningByFiles {
  /** After unlocking: what was kept. */
  open(): Promise<void>
  /** Before locking: forgets what is in memory. */
  close(): void
}

export function createJoiningByFiles({ newcomer, onJoined, onFile, signer, log }: Request): JoiningByFilesDesk {
  const state = createLive<JoiningByFilesState>(NOTHING)
  let kept: KeptJoining | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <Value>(run: () => Promise<Value>): Promise<Value> => {
    const next = turn.then(run)
    turn = next.catch(() => undefined)
    return next
  }

  const show = (): void => {
    if (kept === undefined) return state.set(NOTHING)
    const { offer, newcomer: shown, agreed } = kept
    const { inviterName, groupName, expiresAt } = offer
    const { words } = bindFiles(offer, shown)
    state.set({ step: 'asked', inviterName, groupName, name: shown.name, expiresAt, words, agreed })
  }

  const keep = async (next: KeptJoining | undefined): Promise<Result<void, 'storage-failed'>> => {
    const current = newcomer()
    if (current === undefined) return fail('storage-failed', 'locked')
    try {
      await current.store.setValue(JOINING_VALUE, encodeKeptJoining(next))
    } catch (thrown) {
      return fail('storage-failed', describeThrown(thrown))
    }
    kept = next
    show()
    return ok(undefined)
  }

  const groupHere = ({ groups }: Newcomer, circle: CircleId): JoinedGroup | undefined =>
    groups.find(({ stored }) => stored.group === circle)

  const isInAlready = (current: Newcomer, circle: CircleId): boolean => {
    const known = groupHere(current, circle)
    return known !== undefined && isIn(known.standing)
  }

  const ask: JoiningByFiles['ask'] = async ({ file, code: typed }) => {
    const current = newcomer()
    if (current === undefined) return fail('storage-failed', 'locked')
    // Before the slow stretching: what is wrong with the file is wrong with any code.
    const whole = readJoiningFile('invitation', file)
    if (!whole.ok) return whole
    const read = readCode(typed)
    if (!read.ok) return read
    const code = await stretchCode(read.value, argon2idForCodes)
    const offer = await openInvitationFile(file, code, signer)
    if (!offer.ok) return offer
    if (isInAlready(current, offer.value.circle)) return fail('already-in-this-group')
    const { secrets, name } = current.me
    const { asking } = await askToJoin({ secrets, name, code, offer: offer.value, signer })
    return keep({
      invitation: code.id,
      offer: offer.value,
      newcomer: newcomerIn(asking),
      file: sealRequestFile(code, asking),
      agreed: false,
    })
  }

  const answer: JoiningByFiles['answer'] = async (same) => {
    if (kept === undefined) return ok(undefined)
    if (same) return keep({ ...kept, agreed: true })
    const { inviterName } = kept.offer
    const forgotten = await keep(undefined)
    if (forgotten.ok) state.set({ step: 'words-differ', inviterName })
    return forgotten
  }

  const openWelcome: JoiningByFiles['openWelcome'] = async (bytes) => {
    const current = newcomer()
    if (current === undefined || kept === undefined) return fail('no-request')
    if (!kept.agreed) return fail('words-first')
    const { offer, invitation } = kept
    const { secrets } = current.me
    const checked = await checkWelcomeFile(bytes, { secrets, offer, invitation, signer })
    if (!checked.ok) return checked
    const group = offer.circle
    state.set({ step: 'opening', groupName: offer.groupName })
    try {
      const others = othersOf(current.groups, group)
      await storeCircle(current.store, group, { kind: 'group' }, checked.value)
      // One that this person had left is opened anew, with the circles that are stored of it.
      const stored = groupHere(current, group)?.stored ?? { group, circles: [], ...others }
      const opened = await onJoined(stored, bytes)
      const forgotten = await keep(undefined)
      if (!forgotten.ok) log(`a joining that is done was not forgotten: ${forgotten.detail ?? ''}`)
      state.set({ step: 'done', group, opened })
      return ok(undefined)
    } catch (thrown) {
      show()
      return fail('storage-failed', describeThrown(thrown))
    }
  }

  /** As another person than the one who asked, or in the group by now, there is nothing to go on with. */
  const isOver = (current: Newcomer, { newcomer: shown, offer }: KeptJoining): boolean =>
    !isSameCertificate(shown.certificate, current.me.secrets.certificate) || isInAlready(current, offer.circle)

  return {
    state,
    ask: (request) => inTurn(() => ask(request)),
    requestFile() {
      if (kept !== undefined) onFile(kept.file.length)
      return kept?.file
    },
    answer: (same) => inTurn(() => answer(same)),
    openWelcome: (bytes) => inTurn(() => openWelcome(bytes)),
    putAway: () =>
      inTurn(async () => {
        if (kept !== undefined) return keep(undefined)
        show()
        return ok(undefined)
      }),
    async open() {
      const current = newcomer()
      const stored = await current?.store.value(JOINING_VALUE)
      if (current === undefined || stored === undefined) return
      const decoded = decodeKeptJoining(stored)
      // Another request can be made from the same invitation.
      if (!decoded.ok) return log(`joining by files: ${decoded.error}`)
      if (decoded.value === undefined) return
      if (isOver(current, decoded.value)) return void (await keep(undefined))
      kept = decoded.value
      show()
    },
    close() {
      kept = undefined
      state.set(NOTHING)
    },
  }
}
