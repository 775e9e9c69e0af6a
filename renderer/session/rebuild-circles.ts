/**
 * A circle's row says no more than which group it belongs to, and its signed records say that, too. So where the row is gone or does not
 * open it is made anew from them; the one that does not open is moved aside. Only of circles that this computer is in by their own
 * records: what a joining left behind that was cut off before its last step is not made into one.
 */
import { describeThrown } from '../../shared/base/errors.ts'
import type { DeviceId } from '../../shared/base/ids.ts'
import { deviceIdOf } from '../../shared/membership/names.ts'
import { decodeRecord, type DeviceCertificate, type RecordBody } from '../../shared/wire/record.ts'
import type { LostCircle, Store, StoredCircle } from '../store/store.ts'
import { encodeCircleNote, type CircleNote } from './circle-note.ts'

function certificatesIn(body: RecordBody): readonly DeviceCertificate[] {
  switch (body.type) {
    case 'create':
      return [body.founder]
    case 'admit':
      return [body.join.certificate]
    case 'device':
      return [body.certificate]
    case 'add':
      return body.certificates
    default:
      return []
  }
}

function noteOf(bodies: readonly RecordBody[]): CircleNote | undefined {
  const created = bodies.find((body) => body.type === 'create')
  if (created === undefined) return undefined
  if (created.kind === 'group') return { kind: 'group' }
  return created.group === undefined ? undefined : { kind: 'circle', group: created.group }
}

function rowOf({ circle, records }: LostCircle, me: DeviceId): StoredCircle | undefined {
  const bodies = records.flatMap((bytes) => {
    const record = decodeRecord(bytes)
    return record.ok && record.value.circle === circle ? [record.value.body] : []
  })
  const note = noteOf(bodies)
  const isIn = bodies.some((body) => certificatesIn(body).some((certificate) => deviceIdOf(certificate) === me))
  return note === undefined || !isIn ? undefined : { circle, bytes: encodeCircleNote(note) }
}

export interface Rebuilt {
  readonly rows: readonly StoredCircle[]
  /** How many rows that do not open they stand for. */
  readonly damaged: number
}

export async function rebuildCircles(store: Store, me: DeviceId, log: (line: string) => void): Promise<Rebuilt> {
  const rows: StoredCircle[] = []
  let damaged = 0
  for (const lost of await store.lostCircles()) {
    const row = rowOf(lost, me)
    if (row === undefined) continue
    rows.push(row)
    if (lost.isDamaged) damaged += 1
    log(`the row of a circle was made anew: ${lost.isDamaged ? 'it did not open' : 'it was gone'}`)
    // Where nothing can be written it is made anew at each start.
    await store.putCircle(row).catch((thrown: unknown) => log(`it was not kept: ${describeThrown(thrown)}`))
  }
  return { rows, damaged }
}
