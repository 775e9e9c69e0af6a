/**
 * A code for another computer of one's own. It stands in no log and is kept nowhere: it is good while its screen is open, and for
 * one computer.
 */
import type { Clock } from '../../shared/base/clock.ts'
import type { DeviceId } from '../../shared/base/ids.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { admitComputer } from '../../shared/joining/admit-computer.ts'
import { formatCode, newCode, stretchCode } from '../../shared/joining/code.ts'
import { createInviterSide } from '../../shared/joining/inviter.ts'
import type { Membership } from '../../shared/membership/state.ts'
import type { Inviting, InvitingState } from '../../shared/model/contexts.ts'
import type { OpenMeter } from '../../shared/sync/meter.ts'
import type { Timers } from '../../shared/sync/timers.ts'
import { argon2idForCodes } from './code-stretching.ts'
import { meet, type OpenChannel } from './meet.ts'
import type { Carriers } from './transports.ts'

export interface ComputerDesk {
  readonly view: Inviting
  /** A device was met in the group's own room. */
  arrived(device: DeviceId): void
  close(): void
}

export async function inviteComputer(request: {
  /** Of the group first, then of its circles. */
  readonly memberships: () => readonly [Membership, ...Membership[]]
  readonly name: string
  readonly carriers: Pick<Carriers, 'transports' | 'looking'>
  readonly openChannel: OpenChannel
  readonly meter: OpenMeter
  readonly signer: Signer
  readonly clock: Clock
  readonly timers?: Timers | undefined
  readonly onPutAway: (view: Inviting) => void
  readonly log: (line: string) => void
}): Promise<ComputerDesk> {
  const { memberships, name, carriers, openChannel, meter, signer, clock, timers, onPutAway, log } = request
  const code = newCode()
  const invitation = await stretchCode(code, argon2idForCodes)
  const side = createInviterSide({
    admission: admitComputer({ circles: memberships, invitation, name, signer, log }),
    invitation,
    signer,
    clock,
    ...(timers === undefined ? {} : { timers }),
  })
  const meeting = meet({
    transports: carriers.transports,
    room: { key: invitation.roomKey, purpose: 'joining' },
    openChannel,
    meter,
    onChannel: (channel) => side.attach(channel),
    log,
  })
  const read = (): InvitingState => {
    const state = side.state.get()
    if (state.step === 'waiting') return { step: 'waiting', looking: carriers.looking.get(), lost: state.lost }
    return state.step === 'admitting' ? { step: 'admitting', name: state.name } : state
  }
  const state = createLive<InvitingState>(read())
  const follow = (): void => state.set(read())
  const stops = [side.state.subscribe(follow), carriers.looking.subscribe(follow)]
  let closed = false

  const close = (): void => {
    if (closed) return
    closed = true
    side.stop()
    for (const stop of stops) stop()
    void side.left().then(() => meeting.leave())
  }
  const view: Inviting = {
    id: invitation.id,
    newcomer: 'computer',
    code: formatCode(code),
    expiresAt: 0,
    state,
    confirmWords: (same) => side.confirmWords(same),
    stopWaiting() {
      onPutAway(view)
      close()
    },
  }
  return { view, arrived: (device) => side.arrived(device), close }
}
