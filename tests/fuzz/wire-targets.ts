/** Everything that shared/wire's codec reads: from the network, from the store, from this computer's own sealed values. */
import * as Y from 'yjs'
import { concat, equalBytes, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import type { DocumentId, HashId, MemberId } from '../../shared/base/ids.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { decodeOffer, encodeOffer } from '../../shared/joining/by-files/invitation-file.ts'
import { decodeAsking, encodeAsking, newcomerIn, sealRequestFile } from '../../shared/joining/by-files/request-file.ts'
import { decodeJoining, encodeJoining } from '../../shared/joining/messages.ts'
import { decodeDeviceSecrets, encodeDeviceSecrets } from '../../shared/membership/identity.ts'
import { createDeletions } from '../../shared/sync/deletions.ts'
import { createForks } from '../../shared/sync/forks.ts'
import {
  decodeHello,
  decodeMessage,
  decodePresence,
  encodeHello,
  encodeMessage,
  encodePresence,
  type Message,
} from '../../shared/sync/messages.ts'
import { decodeSnapshot, encodeSnapshot } from '../../shared/sync/snapshot.ts'
import { inspectUpdate, MAX_STRUCTS } from '../../shared/sync/yjs-update.ts'
import { createWriter } from '../../shared/wire/codec.ts'
import { decodeEntry, decodeEntryBody, encodeEntry, encodeEntryBody } from '../../shared/wire/entry.ts'
import { decodeRecord, encodeRecord } from '../../shared/wire/record.ts'
import { decodeKeptOffers, encodeKeptOffers } from '../../renderer/session/kept-file-requests.ts'
import { decodeKept, encodeKept } from '../../renderer/session/kept-invitations.ts'
import { decodeKeptJoining, encodeKeptJoining } from '../../renderer/session/kept-joining.ts'
import { decodeMe, encodeMe } from '../../renderer/session/me.ts'
import {
  decodeCircleRow,
  decodeEntryRow,
  decodeRecordRow,
  encodeCircleRow,
  encodeEntryRow,
  encodeRecordRow,
} from '../../renderer/store/row-codec.ts'
import { pad, unpad } from '../../renderer/vault/padding.ts'
import { ada, ben, bodies, circle, entries, invitation, messages, records } from '../vectors/samples.ts'
import { asking, offer as offered, padded } from '../vectors/samples-by-files.ts'
import { coding, must, type Target } from './target.ts'

const fixed = (name: string, length = 32): Bytes => hash('fuzz sample', utf8(name)).slice(0, length)
const hashId = (name: string): HashId => toHex(fixed(name)) as HashId
const document = toHex(fixed('document', 16)) as DocumentId
const tag = toHex(fixed('tag', 16))
const head = { device: ada.device, incarnation: 1, seq: 300, prefix: toHex(fixed('prefix', 8)) }
const offer = { tag, epochHint: toHex(fixed('hint', 16)), sealed: fixed('sealed') }
const want = { device: ben.device, incarnation: 0, from: 12, limit: 0 }

export const ENTRIES = [...entries.values()].map(encodeEntry)
export const RECORDS = [...records.values()].map(encodeRecord)

const SESSION: readonly Message[] = [
  { type: 'hello', offers: [offer, { ...offer, tag: toHex(fixed('other tag', 16)) }] },
  { type: 'refused', tag, reason: 'removed' },
  { type: 'record-hashes', tag, hashes: [hashId('one'), hashId('two')] },
  { type: 'records', tag, records: RECORDS.slice(0, 3) },
  { type: 'have', tag, heads: [head, { ...head, device: ben.device }], forks: [hashId('fork')] },
  { type: 'want', tag, wants: [want, { ...want, limit: 300 }], forks: [hashId('fork')] },
  { type: 'entries', tag, part: 'answer', entries: ENTRIES },
  { type: 'presence', tag, sealed: fixed('presence') },
]

const hello = {
  device: ada.device,
  incarnation: 300,
  signature: concat(fixed('one'), fixed('two')),
  recordsDigest: fixed('digest'),
  heads: [head, { ...head, device: ben.device, incarnation: 0 }],
}

function snapshotSample(): Bytes {
  const deletions = createDeletions()
  deletions.add([{ client: 2 ** 50, clock: 4, length: 7 }], ada.member)
  deletions.add([{ client: 17, clock: 400, length: 1 }], 'a'.repeat(32) as MemberId)
  return encodeSnapshot({ covered: [head], deletions, state: fixed('state') })
}

const storedEntry = { device: ada.device, incarnation: 0, seq: 300, from: 1, document, hash: hashId('entry') }
const kept = { secrets: invitation, code: 'seven words', expiresAt: 1_790_000_000_000, paused: true }

const keptOffers = [
  { invitation: invitation.id, offer: offered, differed: false, request: { asking, openedAt: 300, instead: 'Ben' } },
  { invitation: invitation.id, offer: offered, differed: true, request: undefined },
]
const keptJoining = {
  invitation: invitation.id,
  offer: offered,
  newcomer: newcomerIn(asking),
  file: sealRequestFile(invitation, asking),
  agreed: true,
}

export const wireTargets: readonly Target[] = [
  coding('record', 12, RECORDS, decodeRecord, encodeRecord),
  coding('entry', 10, ENTRIES, decodeEntry, encodeEntry),
  coding('entry body', 12, [...bodies.values()].map(encodeEntryBody), decodeEntryBody, encodeEntryBody),
  coding('session message', 14, SESSION.map(encodeMessage), decodeMessage, encodeMessage),
  coding('session hello', 6, [encodeHello(hello)], decodeHello, encodeHello),
  coding('presence body', 2, [encodePresence({ document, update: fixed('cursor') })], decodePresence, encodePresence),
  coding('joining message', 12, [...messages.values()].map(encodeJoining), decodeJoining, encodeJoining),
  {
    // Ranges are joined on reading, so it is what is written again that must stay the same; nothing of it is hashed or sent.
    name: 'snapshot',
    share: 5,
    samples: [snapshotSample()],
    offer(bytes) {
      const read = decodeSnapshot(bytes)
      if (!read.ok) return read.error
      const again = encodeSnapshot(read.value)
      const twice = decodeSnapshot(again)
      must(twice.ok && equalBytes(encodeSnapshot(twice.value), again), 'a snapshot that does not read back')
      return 'accepted'
    },
  },
  coding('row of an entry', 2, [encodeEntryRow({ ...storedEntry, bytes: fixed('e') })], decodeEntryRow, encodeEntryRow),
  coding(
    'row of a record',
    2,
    [encodeRecordRow({ hash: hashId('r'), bytes: fixed('r') })],
    decodeRecordRow,
    encodeRecordRow,
  ),
  coding('row of a circle', 2, [encodeCircleRow({ circle, bytes: fixed('c') })], decodeCircleRow, encodeCircleRow),
  {
    ...coding('kept invitations', 0.2, [encodeKept([kept, { ...kept, paused: false }])], decodeKept, encodeKept),
    counted: false,
  },
  { ...coding('me', 0.2, [encodeMe({ name: 'Ada', secrets: ada })], decodeMe, encodeMe), counted: false },
  {
    ...coding('device secrets', 0.2, [encodeDeviceSecrets(ada)], decodeDeviceSecrets, encodeDeviceSecrets),
    counted: false,
  },
  coding('invitation file, opened', 2, [padded(encodeOffer(offered))], decodeOffer, (value) =>
    padded(encodeOffer(value)),
  ),
  coding('request file, opened', 2, [padded(encodeAsking(asking))], decodeAsking, (value) =>
    padded(encodeAsking(value)),
  ),
  coding('kept offers', 1, [encodeKeptOffers(keptOffers)], decodeKeptOffers, encodeKeptOffers),
  coding(
    'kept joining',
    1,
    [encodeKeptJoining(undefined), encodeKeptJoining(keptJoining)],
    decodeKeptJoining,
    encodeKeptJoining,
  ),
  {
    name: 'padding of a note',
    share: 2,
    samples: [pad(fixed('note')), pad(new Uint8Array(0)), pad(concat(...Array.from({ length: 20 }, () => fixed('n'))))],
    offer(bytes) {
      const payload = unpad(bytes)
      if (payload === undefined) return 'not padded'
      must(Buffer.from(pad(payload)).equals(bytes), 'padding: taken, but padded again it differs')
      return 'accepted'
    },
  },
  {
    name: 'kept forks',
    share: 2,
    samples: [
      createWriter()
        .list(ENTRIES, (to, entry) => to.bytes(entry))
        .done(),
    ],
    async offer(bytes) {
      const forks = await createForks({ value: () => Promise.resolve(bytes), setValue: () => Promise.resolve() })
      for (const each of forks.entries()) must(decodeEntry(each.bytes).ok, 'forks: kept what is no entry')
      return forks.entries().length === 0 ? 'nothing to read' : 'accepted'
    },
  },
]

// ---------------------------------------------------------------------------------------------------------- Yjs updates

const CLIENT = 4_503_599_627_370_497

function updateSamples(): readonly Bytes[] {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = CLIENT
  const updates: Uint8Array[] = []
  doc.on('updateV2', (update: Uint8Array) => updates.push(update))
  const text = doc.getText('t')
  text.insert(0, 'Everybody may speak.')
  text.insert(9, ' who wants to')
  text.delete(3, 8)
  text.format(0, 4, { bold: true })
  doc.getMap('marks').set('a', { deep: [1, 2.5, null, 'x', Uint8Array.of(1, 2)] })
  const paragraph = new Y.XmlElement('paragraph')
  doc.getXmlFragment('paper').insert(0, [paragraph, new Y.XmlText('words')])
  paragraph.setAttribute('align', 'left')
  doc.getArray('list').push([1, true, 'three', new Y.Map()])
  return [...updates, Y.mergeUpdatesV2(updates), Y.encodeStateAsUpdateV2(doc)].map((update) => new Uint8Array(update))
}

export const yjsTarget: Target = {
  name: 'Yjs update',
  share: 4,
  samples: updateSamples(),
  // Run lengths let few bytes stand for many structs; their number is what is bounded, by MAX_STRUCTS.
  counted: false,
  offer(bytes) {
    const summary = inspectUpdate(bytes, CLIENT)
    if (!summary.ok) return summary.error
    must(summary.value.structs <= MAX_STRUCTS, 'more structs than may be')
    return 'accepted'
  },
}
