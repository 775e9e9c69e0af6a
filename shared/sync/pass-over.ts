/**
 * In a document, what stands in logs that this device may never follow counts as gone: somebody who came in from now on sees what is
 * written since, and not for ever nothing because a word of it stands on words from before. Yjs takes whatever stands on a piece that
 * was collected for collected itself, so that is what such logs are given for.
 */
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { CircleState, DeviceState } from '../membership/state.ts'
import { mayFollow } from '../membership/may-follow.ts'
import { yjsClientIdOf } from '../membership/names.ts'
import { REMOTE, type Core, type Live } from './replica-core.ts'

/** More than anybody ever writes: such a log is given for gone once and for all. */
const WHOLE_LOG = 2 ** 48
/** Of a device that was taken out, incarnations beyond the declared ones: their records may have been struck out. */
const BEYOND_DECLARED = 32

type Closed = ReadonlySet<number>
const closedIn = new WeakMap<CircleState, Closed>()

const incarnationsOf = ({ present, incarnations }: DeviceState): readonly number[] =>
  present
    ? incarnations
    : Array.from({ length: Math.max(0, ...incarnations) + BEYOND_DECLARED }, (_, incarnation) => incarnation)

/** Yjs clients of logs that are known, and that this device may not follow. Of any other it may still learn more. */
function closedClients({ membership }: Pick<Core, 'membership'>): Closed {
  const state = membership.state()
  const known = closedIn.get(state)
  if (known !== undefined) return known
  const closed = new Set<number>()
  for (const device of [...state.devices.values(), ...state.fallen.values()]) {
    for (const incarnation of incarnationsOf(device)) {
      if (mayFollow(state, membership.secrets.member, { device: device.id, incarnation })) continue
      closed.add(yjsClientIdOf(state.circle, device.id, incarnation))
    }
  }
  closedIn.set(state, closed)
  return closed
}

/** An update that collects all that each of these clients has not written yet in this document. */
function collected(doc: Y.Doc, clients: readonly number[]): Uint8Array {
  const encoder = new Y.UpdateEncoderV2()
  encoding.writeVarUint(encoder.restEncoder, clients.length)
  for (const client of clients) {
    const clock = Y.getState(doc.store, client)
    encoding.writeVarUint(encoder.restEncoder, 1)
    encoder.writeClient(client)
    encoding.writeVarUint(encoder.restEncoder, clock)
    new Y.GC(Y.createID(client, clock), WHOLE_LOG - clock).write(encoder, 0)
  }
  // Deletes nothing.
  encoding.writeVarUint(encoder.restEncoder, 0)
  return encoder.toUint8Array()
}

/** To be called after entries were applied. */
export function passOverClosed(core: Pick<Core, 'membership'>, live: Pick<Live, 'doc' | 'passedOver'>): void {
  const { doc } = live
  for (;;) {
    const missing = doc.store.pendingStructs?.missing
    if (missing === undefined) return
    const closed = closedClients(core)
    const clients = [...missing.keys()].filter(
      (client) => closed.has(client) && Y.getState(doc.store, client) < WHOLE_LOG,
    )
    if (clients.length === 0) return
    live.passedOver = true
    Y.applyUpdateV2(doc, collected(doc, clients), REMOTE)
  }
}
