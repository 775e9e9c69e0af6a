/**
 * Invitation and request files, byte for byte: what they say, the words and the challenge over both, whole ones that open with their
 * code for ever, and what must be refused, by name. As in wire.test.ts, the data file is never regenerated to make a test pass.
 *   TEATRAY_WRITE_VECTORS=1 npx vitest run --project unit tests/vectors/joining-files.test.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, toHex, utf8, type Bytes } from '../../shared/base/bytes.ts'
import { kindOfFile } from '../../shared/base/file-kinds.ts'
import { derive } from '../../shared/crypto/derive.ts'
import { hash } from '../../shared/crypto/hash.ts'
import { seal } from '../../shared/crypto/seal.ts'
import { signingKeyPair } from '../../shared/crypto/sign.ts'
import { readJoiningFile, type FileCode, type JoiningFileKind } from '../../shared/joining/by-files/envelope.ts'
import {
  decodeOffer,
  encodeOffer,
  openInvitationFile,
  sealInvitationFile,
} from '../../shared/joining/by-files/invitation-file.ts'
import {
  decodeAsking,
  encodeAsking,
  openRequestFile,
  sealRequestFile,
} from '../../shared/joining/by-files/request-file.ts'
import { bindFiles } from '../../shared/joining/by-files/transcript.ts'
import { invitationIdOf } from '../../shared/membership/names.ts'
import { verifyJoinProof } from '../../shared/membership/proof.ts'
import { syncSigner } from '../fixtures/sync-ed25519.ts'
import { asking, circle, invitation, offer, padded } from './samples-by-files.ts'

const path = resolve(import.meta.dirname, 'data/joining-files.json')
const otherKeys = signingKeyPair(new Uint8Array(32).fill(9))
const otherCode: FileCode = { id: invitationIdOf(otherKeys.publicKey), keys: otherKeys }
const newcomer = { nonce: asking.nonce, certificate: asking.join.certificate, name: asking.join.name }
const bound = bindFiles(offer, newcomer)

interface Vectors {
  readonly offer: string
  readonly asking: string
  readonly words: readonly string[]
  readonly challenge: string
  /** Both open with the code whose signing seed is hash("vectors", "invitation") (samples.ts). */
  readonly invitationFile: string
  readonly requestFile: string
}

const said = {
  offer: toHex(encodeOffer(offer)),
  asking: toHex(encodeAsking(asking)),
  words: bound.words,
  challenge: toHex(bound.challenge),
}

if (process.env['TEATRAY_WRITE_VECTORS'] === '1') {
  const vectors: Vectors = {
    ...said,
    invitationFile: toHex(sealInvitationFile(invitation, offer)),
    requestFile: toHex(sealRequestFile(invitation, asking)),
  }
  writeFileSync(path, `${JSON.stringify(vectors, null, 2)}\n`)
}
const data = JSON.parse(readFileSync(path, 'utf8')) as Vectors
const files = { invitation: fromHex(data.invitationFile), request: fromHex(data.requestFile) }

test('what both say, and the words and the challenge over it, are what they were', () => {
  const { invitationFile: _, requestFile: __, ...stored } = data
  expect(said).toEqual(stored)
  expect(data.words).toHaveLength(8)
})

test('both are read as ever, and the proof is for this circle, this invitation and these files', async () => {
  expect(decodeOffer(padded(fromHex(data.offer)))).toEqual({ ok: true, value: offer })
  expect(decodeAsking(padded(fromHex(data.asking)))).toEqual({ ok: true, value: asking })
  expect(toHex(asking.join.challenge)).toBe(data.challenge)
  expect(await verifyJoinProof(syncSigner, circle, invitation.keys.publicKey, asking.join)).toBe(true)
})

test('other words come of another inviter, group, nonce, name or date', () => {
  const others = [
    bindFiles({ ...offer, inviter: asking.join.certificate }, newcomer),
    bindFiles({ ...offer, groupName: `${offer.groupName}.` }, newcomer),
    bindFiles({ ...offer, expiresAt: offer.expiresAt + 1 }, newcomer),
    bindFiles({ ...offer, nonce: hash('another') }, newcomer),
    bindFiles(offer, { ...newcomer, nonce: hash('another') }),
    bindFiles(offer, { ...newcomer, name: 'Ben' }),
    bindFiles(offer, { ...newcomer, certificate: offer.inviter }),
  ]
  expect(new Set([bound, ...others].map(({ words }) => words.join(' '))).size).toBe(others.length + 1)
})

test('whole ones open with their code for ever, and with no other', async () => {
  expect([kindOfFile(files.invitation), kindOfFile(files.request)]).toEqual(['invitation', 'request'])
  expect(await openInvitationFile(files.invitation, invitation, syncSigner)).toEqual({ ok: true, value: offer })
  expect(openRequestFile(files.request, invitation)).toEqual({ ok: true, value: asking })
  expect(await openInvitationFile(files.invitation, otherCode, syncSigner)).toMatchObject({ error: 'other-code' })
  expect(openRequestFile(files.request, otherCode)).toMatchObject({ error: 'other-code' })
})

const patched = (bytes: Bytes, at: number, value: number): Bytes => {
  const changed = new Uint8Array(bytes)
  changed[at < 0 ? bytes.length + at : at] = value
  return changed
}

describe.each(['invitation', 'request'] as const)('%s', (kind) => {
  const file = files[kind]
  const versionAt = `Teatray ${kind}`.length
  const refused: readonly (readonly [string, Bytes, string])[] = [
    ['nothing', new Uint8Array(), 'cut-off'],
    ['another file', utf8('PK\u0003\u0004 a document'), 'not-this-kind'],
    ['the other of the two', files[kind === 'request' ? 'invitation' : 'request'], 'not-this-kind'],
    ['its first words alone', file.slice(0, versionAt), 'cut-off'],
    ['all but its last byte', file.slice(0, -1), 'cut-off'],
    ['a byte more', concat(file, Uint8Array.of(10)), 'damaged'],
    ['version 0', patched(file, versionAt, 0), 'damaged'],
    ['version 2', patched(file, versionAt, 2), 'newer-version'],
    ['a changed box', patched(file, 400, (file[400] ?? 0) ^ 1), 'damaged'],
    ['a changed checksum', patched(file, -1, (file.at(-1) ?? 0) ^ 1), 'damaged'],
  ]
  test.each(refused)('%s: refused by name', (_name, bytes, problem) => {
    expect(readJoiningFile(kind, bytes)).toMatchObject({ ok: false, error: problem })
  })
})

/** As somebody who has the code would make a file of any content. */
function forged(kind: JoiningFileKind, plain: Uint8Array): Bytes {
  const sealed = seal(derive(invitation.keys.seed, `${kind} file`), plain)
  const body = concat(utf8(`Teatray ${kind}`), Uint8Array.of(1), sealed)
  return concat(body, hash(`${kind} file`, body))
}

describe('by somebody who has the code', () => {
  const plain = padded(encodeOffer(offer))
  const otherInviter = { ...offer.inviter, boxKey: new Uint8Array(32).fill(7) }
  const invitations: readonly (readonly [string, Bytes])[] = [
    ['padding that is not zeros', patched(plain, -1, 1)],
    ['a certificate that nobody signed', padded(encodeOffer({ ...offer, inviter: otherInviter }))],
    ['a name over 200 bytes', padded(encodeOffer({ ...offer, groupName: 'x'.repeat(201) }))],
  ]
  test('a whole file is taken', async () => {
    expect(await openInvitationFile(forged('invitation', plain), invitation, syncSigner)).toMatchObject({ ok: true })
  })
  test.each(invitations)('an invitation of %s: damaged', async (_name, content) => {
    const opened = await openInvitationFile(forged('invitation', content), invitation, syncSigner)
    expect(opened).toMatchObject({ ok: false, error: 'damaged' })
  })
  test.each([1023, 1025])('an invitation of %i bytes inside is not the one form', (length) => {
    const content = new Uint8Array(length)
    content.set(plain.subarray(0, length))
    expect(decodeOffer(content)).toMatchObject({ ok: false, error: 'malformed' })
  })
  test('a request of padding that is not zeros: damaged', () => {
    const content = patched(padded(encodeAsking(asking)), -1, 1)
    expect(openRequestFile(forged('request', content), invitation)).toMatchObject({ ok: false, error: 'damaged' })
  })
  test('an invitation in the place of a request does not open', () => {
    const sealed = files.invitation.slice('Teatray invitation'.length + 1, -32)
    const body = concat(utf8('Teatray request'), Uint8Array.of(1), sealed)
    const swapped = concat(body, hash('request file', body))
    expect(openRequestFile(swapped, invitation)).toMatchObject({ ok: false, error: 'other-code' })
  })
})
