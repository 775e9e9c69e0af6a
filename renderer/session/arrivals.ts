/** Circles that somebody put this person into and that they have not looked at yet: kept, so that a restart tells of them again. */
import type { Bytes } from '../../shared/base/bytes.ts'
import type { CircleId, MemberId } from '../../shared/base/ids.ts'
import { createLive } from '../../shared/base/live.ts'
import type { Arrival, Live } from '../../shared/model/contexts.ts'
import type { CircleStore } from '../../shared/sync/store.ts'
import { createWriter, decodeAll, refuse } from '../../shared/wire/codec.ts'

const ARRIVAL_VALUE = 'arrival'
const VERSION = 1

/** `undefined`: the person has seen it. */
export const encodeArrival = (by: MemberId | undefined): Bytes => {
  const writer = createWriter().byte(VERSION)
  return by === undefined ? writer.byte(0).done() : writer.byte(1).id(by).done()
}

/** What cannot be read is one sentence on a screen; the circle itself is among the others. */
export function decodeArrival(bytes: Uint8Array): MemberId | undefined {
  const read = decodeAll(bytes, (reader) => {
    if (reader.byte() !== VERSION) refuse('other-version', 'arrival')
    return reader.uint(1) === 1 ? { by: reader.id<MemberId>() } : { by: undefined }
  })
  return read.ok ? read.value.by : undefined
}

/** Before the circle's own row is put: a crash between the two must not swallow it. */
export const keepArrival = (store: Pick<CircleStore, 'setValue'>, by: MemberId): Promise<void> =>
  store.setValue(ARRIVAL_VALUE, encodeArrival(by))

export interface Arrivals {
  readonly live: Live<readonly Arrival[]>
  /** Reads what is kept of a circle that has been opened. */
  take(circle: CircleId): Promise<void>
  acknowledge(circle: CircleId): Promise<void>
}

export function createArrivals(request: {
  readonly storeOf: (circle: CircleId) => Pick<CircleStore, 'value' | 'setValue'>
  readonly nameOf: (circle: CircleId, member: MemberId) => string
}): Arrivals {
  const { storeOf, nameOf } = request
  const live = createLive<readonly Arrival[]>([])
  return {
    live,
    async take(circle) {
      const stored = await storeOf(circle).value(ARRIVAL_VALUE)
      const by = stored === undefined ? undefined : decodeArrival(stored)
      if (by === undefined) return
      const others = live.get().filter((arrival) => arrival.circle !== circle)
      live.set([...others, { circle, by: nameOf(circle, by) }])
    },
    async acknowledge(circle) {
      if (!live.get().some((arrival) => arrival.circle === circle)) return
      await storeOf(circle).setValue(ARRIVAL_VALUE, encodeArrival(undefined))
      live.set(live.get().filter((arrival) => arrival.circle !== circle))
    },
  }
}
