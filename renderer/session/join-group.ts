/** The newcomer's side: from a code to a group that is stored and open. */
import { describeThrown } from '../../shared/base/errors.ts'
import type { Signer } from '../../shared/crypto/sign.ts'
import { readCode, stretchCode } from '../../shared/joining/code.ts'
import { createJoinerSide, type JoinerSide, type JoinerState } from '../../shared/joining/joiner.ts'
import type { DeviceSecrets } from '../../shared/membership/state.ts'
import type { Joining, JoiningProblem, JoiningState, Live, Standing } from '../../shared/model/contexts.ts'
import { createLive } from '../../shared/base/live.ts'
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
  readonly signer: Signer
  readonly timers?: Timers | undefined
  /**
   * The group on this computer, where there is one: this person was taken out of it or left, and may be let into it again, but into
   * no other; nor can this computer become somebody else's.
   */
  readonly stored: StoredCircles | undefined
  /** How this person stands to that group. The others may tell it over a connection of the group before the joining is through. */
  readonly standing?: Live<Standing> | undefined
  readonly log: (line: string) => void
  /** The group is stored and this computer is in it; `me`, where it became another computer of somebody's. */
  readonly onJoined: (stored: StoredCircles, me: Me | undefined) => Promise<void>
}

/** Whoever left, or was taken out, is not, and may be let in again. */
export function isIn(standing: Live<Standing> | undefined): boolean {
  const state = standing?.get().state
  return state === 'member' || state === 'closed'
}

/** One that is over before anybody is looked for. */
export const refuseJoining = (reason: JoiningProblem): Joining => ({
  state: createLive<JoiningState>({ step: 'stopped', reason }),
  confirmWords: () => Promise.resolve(),
  cancel: () => undefined,
})

/** `code` has passed checkCode. Goes on until it is done, stopped or cancelled, whatever screen is shown. */
export function startJoining(request: Request): Joining {
  const { carriers, store, stored, timers, log } = request
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
    const joiner = createJoinerSide({
      invitation,
      secrets: request.secrets,
      name: request.name,
      signer: request.signer,
      ...(timers === undefined ? {} : { timers }),
      async onRecords(circle, records) {
        if (stored !== undefined && stored.group !== circle) throw new Error('there is another group here already')
        await storeCircle(store, circle, { kind: 'group' }, records)
        joined = stored ?? { group: circle, circles: [], notUnderstood: [], unreadable: 0 }
      },
      ...(stored !== undefined
        ? {}
        : {
            async asComputer(received) {
              joined = await becomeComputer(store, received)
              became = { name: received.name, secrets: received.secrets }
              for (const circle of received.leftOut) log(`a circle did not come with the group: ${circle}`)
            },
          }),
    })
    side = joiner
    const meeting = meet({
      transports: carriers.transports,
      room: { key: invitation.roomKey, purpose: 'joining' },
      openChannel: request.openChannel,
      onChannel: (channel) => joiner.attach(channel),
      log,
    })
    const stopLooking = carriers.looking.subscribe(() => follow(joiner))
    let isLetIn = false
    let stopStanding: () => void = () => undefined
    const over = new Promise<void>((resolve) => {
      const onStanding = (): void => {
        isLetIn = isIn(request.standing)
        if (isLetIn) resolve()
      }
      stopStanding = request.standing?.subscribe(onStanding) ?? stopStanding
      answers = joiner.state.subscribe(() => {
        follow(joiner)
        const { step } = joiner.state.get()
        if (step === 'done' || step === 'stopped') resolve()
      })
    })
    follow(joiner)
    await over
    answers()
    stopStanding()
    stopLooking()
    if (joined === undefined && isLetIn) {
      joiner.cancel()
      state.set({ step: 'done', newcomer: 'person' })
    }
    // Opening the group must not wait for the last words, nor cut them off.
    void joiner.left().then(() => meeting.leave())
    if (joined === undefined) return
    await request.onJoined(joined, became)
    state.set({ step: 'done', newcomer: became === undefined ? 'person' : 'computer' })
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
