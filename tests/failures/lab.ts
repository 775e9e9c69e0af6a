/** People with replicas and sessions over a network in memory, for the list of known failures. */
import { vi } from 'vitest'
import * as Y from 'yjs'
import type { Bytes } from '../../shared/base/bytes.ts'
import type { EpochId } from '../../shared/base/ids.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { open, seal } from '../../shared/crypto/seal.ts'
import { unwrap } from '../../shared/crypto/wrap.ts'
import { grantsIn } from '../../shared/membership/ledger.ts'
import { removeFrom } from '../../shared/membership/remove-from.ts'
import type { DeviceSecrets, Membership } from '../../shared/membership/state.ts'
import { createCarrier, type Carrier } from '../../shared/sync/carry.ts'
import type { Transport } from '../../shared/sync/link.ts'
import { createMemoryNetwork } from '../../shared/sync/memory-transport.ts'
import type { DocumentHandle, Replica } from '../../shared/sync/replica.ts'
import { createManualTime, documentId, setUpReplicas, type ManualTime, type Person } from '../../shared/sync/testing.ts'
import {
  encodeEntry,
  encodeEntryBody,
  encodeUnsignedEntry,
  NO_HASH,
  type UpdateEntry,
} from '../../shared/wire/entry.ts'
import { decodeRecord, type MembershipRecord } from '../../shared/wire/record.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'

// Real signatures and curves, on a machine that does other things too.
vi.setConfig({ testTimeout: 60_000 })

export const PAPER = documentId('a')

export interface Somebody extends Person {
  readonly paper: DocumentHandle
  readonly carrier: Carrier
  readonly transport: Transport
}

export interface Lab {
  readonly time: ManualTime
  readonly people: readonly Somebody[]
  /** Connects all of them, for a while. */
  meet(): Promise<void>
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

/** All are organisers; connected only from the first `meet` on. */
export async function setUpLab(...names: readonly string[]): Promise<Lab> {
  const time = createManualTime(turn)
  const network = createMemoryNetwork({
    defer: (run) => void time.after(1, run),
    retry: (run) => void time.after(500, run),
  })
  const people: Somebody[] = []
  for (const person of await setUpReplicas(names, time, syncSigner)) {
    const carrier = createCarrier({ signer: syncSigner, clock: time, timers: time })
    const paper = await person.replica.openDocument(PAPER)
    await carrier.addCircle(person.replica)
    people.push({ ...person, paper, carrier, transport: network.transport(person.name) })
  }
  return {
    time,
    people,
    meet: async () => {
      for (const { carrier, transport } of people) carrier.setTransports([transport])
      await time.pass(10_000)
      for (const { carrier } of people) carrier.setTransports([])
      await time.pass(100)
    },
  }
}

export const textOf = ({ paper }: Somebody): string => paper.doc.getText('t').toJSON()

export async function write({ paper, replica }: Somebody, text: string): Promise<void> {
  const shared = paper.doc.getText('t')
  shared.insert(shared.length, text)
  await replica.flush()
}

export const takeOut = (by: Somebody, whom: Somebody) =>
  removeFrom(by.membership, { member: whom.secrets.member }, by.replica.lastAccepted([whom.secrets.device]))

export const recordsOf = (membership: Membership): readonly Bytes[] => membership.recordsOf(membership.hashes())

export const readRecords = (membership: Membership): readonly MembershipRecord[] =>
  recordsOf(membership).flatMap((bytes) => {
    const read = decodeRecord(bytes)
    return read.ok ? [read.value] : []
  })

export async function entriesOf(replica: Replica): Promise<readonly Bytes[]> {
  const logs = await Promise.all(replica.heads().map((head) => replica.read(head, 1, 100_000)))
  return logs.flat().map(({ bytes }) => bytes)
}

export const presentNames = ({ membership }: Person): readonly string[] =>
  [...membership.state().members.values()]
    .filter(({ present }) => present)
    .map(({ name }) => name)
    .toSorted()

export const reasons = (refused: readonly { readonly reason: string }[]): readonly string[] =>
  refused.map(({ reason }) => reason)

/** Every key that these secrets get out of every box of every record, whoever it is meant for; and what those keys seal. */
export function keysFrom(secrets: DeviceSecrets, membership: Membership): readonly Bytes[] {
  const records = readRecords(membership)
  const keys = records.flatMap(({ body }) =>
    grantsIn(body).flatMap(({ wraps }) => wraps.flatMap(({ wrapped }) => unwrap(secrets.box, wrapped) ?? [])),
  )
  const sealed = records.flatMap(({ body }) => (body.type === 'epoch' ? body.older : []))
  for (const key of keys) {
    for (const { sealedKey } of sealed) {
      const older = open(derive(key, 'older epoch keys'), sealedKey)
      if (older !== undefined && !keys.some((held) => Buffer.from(held).equals(older))) keys.push(older)
    }
  }
  return keys
}

export const opensAnything = (keys: readonly Bytes[], sealed: Bytes): boolean =>
  keys.some((key) =>
    ['entry', 'hello', 'presence', 'room'].some((label) => open(derive(key, label), sealed) !== undefined),
  )

export interface Forgery {
  readonly circle: UpdateEntry['circle']
  readonly as: UpdateEntry['device']
  readonly signedBy: DeviceSecrets
  readonly epoch: EpochId
  readonly key: Bytes
  readonly seq?: number
  readonly previous?: UpdateEntry['previous']
  readonly update: Uint8Array
  readonly authoredAt?: number
}

/** An entry with whatever stands in it, sealed under a real key. */
export async function forgedEntry(forgery: Forgery): Promise<Bytes> {
  const { circle, as, signedBy, epoch, key, seq = 1, previous = NO_HASH, update, authoredAt = 1 } = forgery
  const body = encodeEntryBody({ document: PAPER, authoredAt, seen: [], update: new Uint8Array(update) })
  const unsigned = {
    kind: 'update' as const,
    circle,
    device: as,
    incarnation: 0,
    seq,
    epoch,
    previous,
    sealedBody: seal(derive(key, 'entry'), body),
  }
  const signature = await syncSigner.sign('entry', signedBy.signing, encodeUnsignedEntry(unsigned))
  return encodeEntry({ ...unsigned, signature })
}

/** A Yjs update that a client with this id would write. */
export function updateBy(client: number, edit: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = client
  edit(doc)
  return Y.encodeStateAsUpdateV2(doc)
}

export function sealingKey({ membership }: Person): { readonly epoch: EpochId; readonly key: Bytes } {
  const epoch = membership.sealingEpoch()
  const key = epoch === undefined ? undefined : membership.epochKey(epoch)
  if (epoch === undefined || key === undefined) throw new Error('nothing to seal under')
  return { epoch, key }
}
