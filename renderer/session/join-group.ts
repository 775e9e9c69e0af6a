/** The newcomer's side: from a code to a group that is stored and open. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { CircleId } from '../../shared/base/ids.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { readCode, stretchCode } from '../../shared/joining/code.ts'
import { createJoinerSide, type JoinerSide, type JoinerState } from '../../shared/joining/joiner.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import type { Joining, JoiningState, Live, Standing } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
import type { OpenMeter } from '../../shared/sync/meter.ts'
import type { Timers } from '../../shared/sync/timers.ts'
import type { Store } from '../store/store.ts'
import { becomeComputer } from './become-computer.ts'
import { argon2idForCodes } from './code-stretching.ts'
import type { Me } from './me.ts'
import { meet, type OpenChannel } from './meet.ts'
import { storeCircle } from './store-circle.ts'
import type { StoredCircles } from './stored-circles.ts'
import type { Carriers } from './transports.ts'

interface Request {
  readonly code: string
  readonly name: string
  readonly secrets: DeviceSecrets
  readonly store: Store
  readonly carriers: Pick<Carriers, 'transports' | 'looking'>
  readonly openChannel: OpenChannel
  /** Of links to whoever made the code. */
  readonly meter: OpenMeter
  readonly signer: Signer
  readonly timers?: Timers | undefined
  /**
   * The groups on this computer. Whoever was taken out of one, or left it, may be let into it again; and where there is any, this
   * computer cannot become somebody else's.
   */
  readonly groups: readonly JoinedGroup[]
  readonly log: (line: string) => void
  /** The group is stored and this computer is in it; `me`, where it became another computer of somebody's. */
  readonly onJoined: (stored: StoredCircles, me: Me | undefined) => Promise<void>
}

export interface JoinedGroup {
  readonly stored: StoredCircles
  /** The others may tell it over a connection of the group before the joining is through. */
  readonly standing: Live<Standing>
}

/** Whoever left, or was taken out, is not, and may be let in again. */
export function isIn(standing: Live<Standing>): boolean {
  const { state } = standing.get()
  return state === 'member' || state === 'closed'
}

/** What every group on this computer is told of rows that could be anybody's; none of them may be written over. */
export function othersOf(
  groups: readonly JoinedGroup[],
  arriving: CircleId,
): Pick<StoredCircles, 'notUnderstood' | 'unreadable'> {
  const { notUnderstood = [], unreadable = 0 } = groups[0]?.stored ?? {}
  if (notUnderstood.includes(arriving)) throw new Error('what is stored of this group does not open')
  return { notUnderstood, unreadable }
}

/** `code` has passed checkCode. Goes on until it is done, stopped or cancelled, whatever screen is shown. */
export function startJoining(request: Request): Joining {
  const { carriers, store, groups, timers, log } = request
  const of = (group: CircleId): JoinedGroup | undefined => groups.find(({ stored }) => stored.group === group)
  const isInAlready = (group: CircleId): boolean => {
    const known = of(group)
    return known !== undefined && isIn(known.standing)
  }
  const outOf = groups.filter(({ standing }) => !isIn(standing))
  const state = createLive<JoiningState>({ step: 'preparing' })
  let side: JoinerSide | undefined
  let cancelled = false
  let answers: () => void = () => undefined

  const follow = (joiner: JoinerSide): void => {
    const next: JoinerState = joiner.state.get()
    if (next.step === 'looking') return state.set({ step: 'looking', looking: carriers.looking.get(), lost: next.lost })
    // 'done' is said once the group is open, not before.
    if (next.step === 'done') return
    state.set(next)
  }

  const begin = async (): Promise<void> => {
    const code = readCode(request.code)
    if (!code.ok) return state.set({ step: 'stopped', reason: 'code-unknown' })
    const invitation = await stretchCode(code.value, argon2idForCodes)
    if (cancelled) return
    let joined: StoredCircles | undefined
    let became: Me | undefined
    let newcomer: 'person' | 'computer' = 'person'
    const joiner = createJoinerSide({
      invitation,
      secrets: request.secrets,
      name: request.name,
      signer: request.signer,
      ...(timers === undefined ? {} : { timers }),
      isIn: isInAlready,
      async onRecords(circle, records) {
        const others = othersOf(groups, circle)
        await storeCircle(store, circle, { kind: 'group' }, records)
        joined = of(circle)?.stored ?? { group: circle, circles: [], ...others }
      },
      ...(groups.length === 0 ? {} : { own: request.secrets }),
      async asComputer(received) {
        for (const circle of received.leftOut) log(`a circle did not come with the group: ${circle}`)
        newcomer = 'computer'
        joined = await becomeComputer(store, received)
        if (groups.length === 0) became = { name: received.name, secrets: received.secrets }
      },
    })
    side = joiner
    const meeting = meet({
      transports: carriers.transports,
      room: { key: invitation.roomKey, purpose: 'joining' },
      openChannel: request.openChannel,
      meter: request.meter,
      onChannel: (channel) => joiner.attach(channel),
      log,
    })
    const stopLooking = carriers.looking.subscribe(() => follow(joiner))
    let letInto: CircleId | undefined
    const stopStandings: (() => void)[] = []
    const over = new Promise<void>((resolve) => {
      const onStanding = (): void => {
        letInto = outOf.find(({ standing }) => isIn(standing))?.stored.group
        if (letInto !== undefined) resolve()
      }
      stopStandings.push(...outOf.map(({ standing }) => standing.subscribe(onStanding)))
      answers = joiner.state.subscribe(() => {
        follow(joiner)
        const { step } = joiner.state.get()
        if (step === 'done' || step === 'stopped') resolve()
      })
    })
    follow(joiner)
    await over
    answers()
    for (const stop of stopStandings) stop()
    stopLooking()
    if (joined === undefined && letInto !== undefined) {
      joiner.cancel()
      state.set({ step: 'done', newcomer: 'person', group: letInto })
    }
    // Opening the group must not wait for the last words, nor cut them off.
    void joiner.left().then(() => meeting.leave())
    if (joined === undefined) return
    await request.onJoined(joined, became)
    state.set({ step: 'done', newcomer, group: joined.group })
  }

  begin().catch((thrown: unknown) => {
    log(describeThrown(thrown))
    state.set({ step: 'stopped', reason: 'storage-failed' })
  })

  return {
    state,
    confirmWords: async (same) => side?.confirmWords(same),
    cancel() {
      cancelled = true
      if (side !== undefined) return side.cancel()
      state.set({ step: 'stopped', reason: 'cancelled-here' })
    },
  }
}
