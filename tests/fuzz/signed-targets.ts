/** What is signed or sealed: no change of a byte may verify or open, whoever made it. */
import { concat, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { open, seal } from '../../shared/crypto/seal.ts'
import { SIGNATURE_LENGTH } from '../../shared/crypto/sign.ts'
import { unwrap, wrap } from '../../shared/crypto/wrap.ts'
import { openSealed, readJoiningFile } from '../../shared/joining/by-files/envelope.ts'
import { sealInvitationFile } from '../../shared/joining/by-files/invitation-file.ts'
import { openRequestFile, sealRequestFile } from '../../shared/joining/by-files/request-file.ts'
import { verifyCertificate } from '../../shared/membership/identity.ts'
import { certificatesIn } from '../../shared/membership/ledger.ts'
import { decodeExact, learnKeys, noKeys, verifyRecord, type KnownKeys } from '../../shared/membership/verify.ts'
import { createWriter, decodeAll } from '../../shared/wire/codec.ts'
import { decodeEntry } from '../../shared/wire/entry.ts'
import {
  encodeUnsignedRecord,
  readCertificate,
  writeCertificate,
  type MembershipRecord,
} from '../../shared/wire/record.ts'
import { createRowKeys } from '../../renderer/at-rest/sealed-row.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { ada, ben, circle, records } from '../vectors/samples.ts'
import { asking, invitation, offer } from '../vectors/samples-by-files.ts'
import { isSample, must, type Target } from './target.ts'
import { ENTRIES, RECORDS } from './wire-targets.ts'

const KEY = hash('fuzz sample', utf8('key'))

function keysOfAll(): KnownKeys {
  const known = noKeys()
  for (const record of records.values()) learnKeys(known, record)
  known.devices.set(ada.device, ada.certificate)
  known.devices.set(ben.device, ben.certificate)
  return known
}

const KNOWN = keysOfAll()
const OF_CIRCLE = [...records.values()].flatMap((record, index) =>
  record.circle === circle ? [{ record, bytes: RECORDS[index] ?? new Uint8Array(0) }] : [],
)

const sameJoin = (record: MembershipRecord): boolean =>
  OF_CIRCLE.some(
    ({ record: { body } }) =>
      body.type === 'admit' &&
      record.body.type === 'admit' &&
      JSON.stringify(body.join) === JSON.stringify(record.body.join),
  )

const CERTIFICATES = new Set(
  OF_CIRCLE.flatMap(({ record }) => certificatesIn(record.body).map((each) => JSON.stringify(each))),
)

/** Signed again by a member after the change: what a dishonest member could send. Only what others signed in it is checked. */
async function offerSignedAgain(bytes: Bytes): Promise<string> {
  const signature = await syncSigner.sign('record', ada.signing, bytes.subarray(0, bytes.length - SIGNATURE_LENGTH))
  const read = decodeExact(concat(bytes.subarray(0, Math.max(0, bytes.length - SIGNATURE_LENGTH)), signature), circle)
  if (!read.ok) return read.error
  const { record } = read.value
  const problem = await verifyRecord(syncSigner, KNOWN, record)
  if (problem !== undefined) return problem
  must(record.author === ada.device, 'a record by somebody else verified')
  if (record.body.type === 'admit') must(sameJoin(record), 'a changed proof of joining verified')
  for (const each of certificatesIn(record.body)) {
    must(CERTIFICATES.has(JSON.stringify(each)), 'a changed certificate verified')
  }
  return 'accepted'
}

const certificates = [ada, ben].map(({ certificate }) => writeCertificate(createWriter(), certificate).done())
const sealedSamples = ['', 'a word', 'x'.repeat(200)].map((text) => seal(KEY, utf8(text)))
const wrappedSamples = [wrap(ada.box.publicKey, KEY)]
const rows = createRowKeys(KEY)
const PLACE = 'entries/a/1'
const rowSamples = [rows.seal(PLACE, utf8('a row')), rows.seal('entries/a/2', utf8('another'))]

const neverOpens = (
  name: string,
  share: number,
  samples: readonly Bytes[],
  opens: (bytes: Bytes) => boolean,
): Target => ({
  name,
  share,
  samples,
  counted: false,
  offer(bytes) {
    if (isSample(samples, bytes)) return 'a sample again'
    must(!opens(bytes), `${name}: opened after a change`)
    return 'does not open'
  },
})

export const signedTargets: readonly Target[] = [
  {
    name: 'record, verified',
    share: 6,
    samples: OF_CIRCLE.map(({ bytes }) => bytes),
    async offer(bytes) {
      if (isSample(RECORDS, bytes)) return 'a sample again'
      const read = decodeExact(bytes, circle)
      if (!read.ok) return read.error
      const problem = await verifyRecord(syncSigner, KNOWN, read.value.record)
      must(problem !== undefined, `a changed record verified: ${toHex(encodeUnsignedRecord(read.value.record))}`)
      return problem
    },
  },
  {
    name: 'record, changed by a member and signed again',
    share: 4,
    samples: OF_CIRCLE.filter(({ record }) => ['admit', 'device', 'create', 'add'].includes(record.body.type)).map(
      ({ bytes }) => bytes,
    ),
    offer: offerSignedAgain,
  },
  {
    name: 'entry, verified',
    share: 6,
    samples: ENTRIES,
    async offer(bytes) {
      if (isSample(ENTRIES, bytes)) return 'a sample again'
      const read = decodeEntry(bytes)
      if (!read.ok) return read.error
      const signed = bytes.subarray(0, bytes.length - SIGNATURE_LENGTH)
      const verified = await syncSigner.verify('entry', ada.certificate.signingKey, signed, read.value.signature)
      must(!verified, 'a changed entry verified')
      return 'bad-signature'
    },
  },
  {
    name: 'certificate, verified',
    share: 1,
    samples: certificates,
    counted: false,
    async offer(bytes) {
      if (isSample(certificates, bytes)) return 'a sample again'
      const read = decodeAll(bytes, readCertificate)
      if (!read.ok) return read.error
      must(!(await verifyCertificate(syncSigner, read.value)), 'a changed certificate verified')
      return 'certificate-invalid'
    },
  },
  neverOpens('sealed box', 3, sealedSamples, (bytes) => open(KEY, bytes) !== undefined),
  neverOpens('wrapped key', 0.4, wrappedSamples, (bytes) => unwrap(ada.box, bytes) !== undefined),
  neverOpens('invitation file', 1, [sealInvitationFile(invitation, offer)], (bytes) => {
    const sealed = readJoiningFile('invitation', bytes)
    return sealed.ok && openSealed('invitation', invitation, sealed.value) !== undefined
  }),
  neverOpens(
    'request file',
    1,
    [sealRequestFile(invitation, asking)],
    (bytes) => openRequestFile(bytes, invitation).ok,
  ),
  neverOpens('sealed row', 2, rowSamples, (bytes) => rows.open(PLACE, bytes).ok),
]
