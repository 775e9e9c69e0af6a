/**
 * Invitations made here: their rooms are looked after while the group is open, whatever screen is shown. A code for another
 * computer of one's own (invite-computer.ts) is shown in their place, and ends with its screen.
 */
import type { Clock } from '../../shared/base/clock.ts'
import { describeThrown, fail, ok, type Result } from '../../shared/base/errors.ts'
import type { DeviceId, InvitationId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { formatCode, newCode, stretchCode } from '../../shared/joining/code.ts'
import { admitPerson } from '../../shared/joining/admit-person.ts'
import { createInviterSide, type InviterSide, type InviterState } from '../../shared/joining/inviter.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type {
  GroupContext,
  InvitationSummary,
  Inviting,
  InvitingState,
  Live,
  LookingWhere,
} from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import type { OpenMeter } from '../../shared/sync/meter.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import type { Timers } from '../../shared/sync/timers.ts'
import { argon2idForCodes } from './code-stretching.ts'
import { decodeKept, encodeKept, MAX_KEPT, type KeptInvitation } from './kept-invitations.ts'
import { meet, type Meeting, type OpenChannel } from './meet.ts'
import { inviteComputer, type ComputerDesk } from './invite-computer.ts'
import type { Carriers } from './transports.ts'

const KEPT_VALUE = 'kept invitations'
const DAY = 24 * 60 * 60 * 1000

export interface Invitations extends Pick<
  GroupContext,
  'invitations' | 'inviting' | 'invite' | 'resumeInvitation' | 'cancelInvitation' | 'addComputer'
> {
  /** Whose codes are kept here. */
  readonly kept: Live<readonly KeptInvitation[]>
  /** Somebody is let in by it in another way: whatever is shown of it is over. */
  putAway(id: InvitationId): void
  /** A device was met in the group's own room. */
  arrived(device: DeviceId): void
  close(): void
}

interface Request {
  /** Of the group. */
  readonly membership: Membership
  /** Of the group and its circles: another computer of one's own is added to all. */
  readonly memberships: () => readonly [Membership, ...Membership[]]
  readonly store: CircleStore
  readonly name: string
  readonly carriers: Pick<Carriers, 'transports' | 'looking'>
  readonly openChannel: OpenChannel
  /** Of links to whoever has a code of ours. */
  readonly meter: OpenMeter
  readonly signer: Signer
  readonly clock: Clock
  readonly timers?: Timers | undefined
  readonly log: (line: string) => void
}

/** One kept invitation while its room is looked after. */
interface Desk {
  readonly kept: KeptInvitation
  side: InviterSide
  view: View | undefined
  readonly meeting: Meeting
  stopListening: () => void
}

interface View extends Inviting {
  readonly state: Live<InvitingState> & { set(state: InvitingState): void }
}

export async function openInvitations(request: Request): Promise<Invitations> {
  const { membership, store, name, carriers, openChannel, meter, signer, clock, timers, log } = request
  const desks = new Map<InvitationId, Desk>()
  const inviting = createLive<Inviting | undefined>(undefined)
  const invitations = createLive<readonly InvitationSummary[]>(summaries(membership, clock))
  const kept = createLive(await loadKept())
  let computer: ComputerDesk | undefined
  let closed = false

  async function loadKept(): Promise<readonly KeptInvitation[]> {
    const stored = await store.value(KEPT_VALUE)
    if (stored === undefined) return []
    const decoded = decodeKept(stored)
    // Only the comfort of answering is lost; the invitations themselves are in the membership log.
    if (!decoded.ok) log(`kept invitations: ${decoded.error}`)
    return decoded.ok ? decoded.value : []
  }
  const keep = async (next: readonly KeptInvitation[]): Promise<void> => {
    await store.setValue(KEPT_VALUE, encodeKept(next))
    kept.set(next)
  }

  /** What the side says, as the screen understands it. */
  const show = (desk: Desk, state: InviterState): void => {
    if (state.step === 'waiting')
      return desk.view?.state.set({ step: 'waiting', looking: carriers.looking.get(), lost: state.lost })
    desk.view ??= openView(desk)
    desk.view.state.set(state.step === 'admitting' ? { step: 'admitting', name: state.name } : state)
    if (state.step !== 'done' && state.step !== 'stopped') return
    desk.view = undefined
    void renew(desk)
  }
  /** The old side has said its last words; a new one answers whoever comes next with the same code. */
  const renew = async (desk: Desk): Promise<void> => {
    await desk.side.left()
    if (!closed && desks.get(desk.kept.secrets.id) === desk) listen(desk, newSide(desk.kept))
  }
  const newSide = ({ secrets: invitation }: KeptInvitation): InviterSide =>
    createInviterSide({
      admission: admitPerson({ membership, invitation, inviterName: name, signer, clock }),
      invitation,
      signer,
      clock,
      ...(timers === undefined ? {} : { timers }),
    })

  const listen = (desk: Desk, side: InviterSide): void => {
    desk.stopListening()
    desk.side = side
    desk.stopListening = side.state.subscribe(() => {
      const state = side.state.get()
      // A code that was over before anybody came is answered, but is nothing to show.
      if (desk.view === undefined && state.step === 'stopped') return void renew(desk)
      show(desk, state)
    })
  }

  const openDesk = (invitation: KeptInvitation): Desk => {
    const { id, roomKey } = invitation.secrets
    const open = desks.get(id)
    if (open !== undefined) return open
    const desk: Desk = {
      kept: invitation,
      side: newSide(invitation),
      view: undefined,
      stopListening: () => undefined,
      meeting: meet({
        transports: carriers.transports,
        room: { key: roomKey, purpose: 'joining' },
        openChannel,
        meter,
        onChannel: (channel) => desk.side.attach(channel),
        log,
      }),
    }
    desks.set(id, desk)
    listen(desk, desk.side)
    return desk
  }
  const closeDesk = (desk: Desk): void => {
    desks.delete(desk.kept.secrets.id)
    desk.stopListening()
    desk.side.stop()
    void desk.side.left().then(() => desk.meeting.leave())
  }

  function openView(desk: Desk): View {
    const view: View = {
      id: desk.kept.secrets.id,
      newcomer: 'person',
      code: desk.kept.code,
      expiresAt: desk.kept.expiresAt,
      state: createLive<InvitingState>({ step: 'waiting', looking: carriers.looking.get() }),
      confirmWords: (same) => desk.side.confirmWords(same),
      stopWaiting() {
        if (inviting.get() === view) inviting.set(undefined)
        // Over already: only the screen is put away, and whoever comes next is still answered.
        if (desk.view !== view) return
        view.state.set({ step: 'stopped', reason: 'cancelled-here' })
        desk.view = undefined
        closeDesk(desk)
        const paused = kept.get().map((one) => (one.secrets.id === view.id ? { ...one, paused: true } : one))
        keep(paused).catch((thrown: unknown) => log(describeThrown(thrown)))
      },
    }
    desk.view = view
    inviting.set(view)
    return view
  }

  const followLooking = (): void => {
    const looking: LookingWhere = carriers.looking.get()
    for (const { view } of desks.values()) {
      const state = view?.state.get()
      if (state?.step === 'waiting') view?.state.set({ ...state, looking })
    }
  }
  const stopLooking = carriers.looking.subscribe(followLooking)
  const stopMembership = membership.onChange(() => invitations.set(summaries(membership, clock)))
  for (const one of kept.get()) if (!one.paused) openDesk(one)

  const isOrganiser = (): boolean => {
    const me = membership.state().members.get(membership.secrets.member)
    return me?.present === true && me.role === 'organiser'
  }

  return {
    invitations,
    inviting,
    kept,
    putAway(id) {
      const desk = desks.get(id)
      if (desk?.view === undefined) return
      if (inviting.get() === desk.view) inviting.set(undefined)
      desk.view = undefined
    },
    async invite({ daysValid, role, history }) {
      if (!isOrganiser()) return fail('not-allowed')
      const code = newCode()
      const secrets = await stretchCode(code, argon2idForCodes)
      const createdAt = clock.now()
      const expiresAt = createdAt + daysValid * DAY
      const made: KeptInvitation = { secrets, code: formatCode(code), expiresAt, paused: false }
      try {
        // Kept first: an invitation in the log whose code nobody has could only be cancelled.
        await keep([made, ...kept.get()].slice(0, MAX_KEPT))
      } catch (thrown) {
        return fail('storage-failed', describeThrown(thrown))
      }
      const appended = await membership.append({
        type: 'invite',
        invitationKey: secrets.keys.publicKey,
        role,
        history,
        createdAt,
        expiresAt,
      })
      return appended.ok ? ok(openView(openDesk(made))) : appended
    },
    async resumeInvitation(id) {
      if (!isOrganiser()) return fail('not-allowed')
      const status = invitations.get().find((one) => one.id === id)?.state
      if (status === 'used') return fail('code-used')
      if (status === 'cancelled') return fail('code-cancelled')
      if (status === 'expired') return fail('code-expired')
      const one = kept.get().find(({ secrets }) => secrets.id === id)
      if (one === undefined) return fail('code-not-here')
      await keep(kept.get().map((other) => (other === one ? { ...one, paused: false } : other)))
      const desk = openDesk(one)
      const view = desk.view ?? openView(desk)
      inviting.set(view)
      return ok(view)
    },
    async cancelInvitation(id): Promise<Result<void, 'not-allowed' | 'code-used' | 'storage-failed'>> {
      if (membership.state().invitations.get(id)?.status === 'used') return fail('code-used')
      const appended = await membership.append({ type: 'cancel', invitation: id, reason: 'cancelled' })
      if (!appended.ok) return appended
      // Whoever still comes with it shall be told.
      const one = kept.get().find(({ secrets }) => secrets.id === id)
      if (one !== undefined) openDesk(one)
      return ok(undefined)
    },
    async addComputer() {
      const { devices } = membership.state()
      if (closed || devices.get(membership.secrets.device)?.present !== true) return fail('not-allowed')
      computer?.close()
      const desk = await inviteComputer({
        ...request,
        onPutAway(view) {
          if (inviting.get() === view) inviting.set(undefined)
        },
      })
      if (closed) {
        desk.close()
        return fail('not-allowed')
      }
      computer = desk
      inviting.set(desk.view)
      return ok(desk.view)
    },
    arrived(device) {
      computer?.arrived(device)
      for (const { side } of desks.values()) side.arrived(device)
    },
    close() {
      closed = true
      computer?.close()
      stopLooking()
      stopMembership()
      for (const desk of Array.from(desks.values())) closeDesk(desk)
    },
  }
}

function summaries(membership: Membership, clock: Clock): readonly InvitationSummary[] {
  const { invitations, members } = membership.state()
  const now = clock.now()
  const nameOf = (id: Parameters<typeof members.get>[0] | undefined): string | undefined =>
    id === undefined ? undefined : members.get(id)?.name
  return [...invitations.values()]
    .map(({ id, createdAt, expiresAt, status, usedBy, invitedBy, role, history }): InvitationSummary => {
      const user = nameOf(usedBy)
      return {
        id,
        createdAt,
        expiresAt,
        state: status === 'open' && now > expiresAt ? 'expired' : status,
        ...(user === undefined ? {} : { usedBy: user }),
        invitedBy: nameOf(invitedBy) ?? '',
        role,
        history,
      }
    })
    .toSorted((a, b) => b.createdAt - a.createdAt)
}
