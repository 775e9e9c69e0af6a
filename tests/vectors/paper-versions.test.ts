/**
 * A paper's document with versions, byte for byte: it opens for ever, with every version and every agreement. As in wire.test.ts, the data
 * file is never regenerated to make a test pass. After adding a sample:
 *   TEATRAY_WRITE_VECTORS=1 npx vitest run --project unit tests/vectors/paper-versions.test.ts
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { fromHex, toHex } from '../../shared/base/bytes.ts'
import type { MemberId } from '../../shared/base/ids.ts'
import { agree, agreementsOf } from '../../renderer/features/papers/model/versions/agreement.ts'
import { keepVersion } from '../../renderer/features/papers/model/versions/keep.ts'
import { openVersion } from '../../renderer/features/papers/model/versions/open.ts'
import { restoreVersion } from '../../renderer/features/papers/model/versions/restore.ts'
import { addAfter, remove, writers } from '../../renderer/features/papers/model/versions/testing.ts'
import { entriesOf, type Entry } from '../../renderer/features/papers/model/entries.ts'
import { ENTRIES, versionsOf } from '../../renderer/features/papers/model/versions/version.ts'
import { toText } from '../../renderer/ui/editor/to-text.ts'

const path = resolve(import.meta.dirname, 'data/paper-versions.json')

/** Fixed client ids (1: ann, 2: bob) and times, nothing random. */
function samplePaper(): Y.Doc {
  const { people, meet } = writers('ann', 'bob')
  const [ann, bob] = people as [(typeof people)[0], (typeof people)[0]]
  ann.write('We meet on Tuesdays.', 'Everybody has a voice.')
  const kept = keepVersion(ann.doc, { why: 'kept', at: 1000, name: 'As sent', note: 'To the library' })
  meet()
  bob.edit(addAfter('Tuesdays', ', at seven'))
  keepVersion(bob.doc, { why: 'deleting', at: 2000 })
  bob.edit(remove('Everybody has'))
  meet()
  restoreVersion(ann.doc, versionsOf(ann.doc, nobody).list.at(-1)!, 3000)
  if (!kept.ok) throw new Error('there is room')
  agree(ann.doc, { version: kept.value, at: 4000, day: '2026-11-03', agrees: true, others: ['Dee, by telephone'] })
  meet()
  agree(bob.doc, { version: kept.value, at: 5000, day: '2026-11-04', agrees: true, others: [] })
  meet()
  return ann.doc
}

const nobody = { insertedBy: () => undefined }
const known = { insertedBy: (client: number) => ({ 1: 'ann', 2: 'bob' })[client] as MemberId | undefined }

const bytesOf = (doc: Y.Doc): string => toHex(Y.encodeStateAsUpdateV2(doc))

if (process.env['TEATRAY_WRITE_VECTORS'] === '1')
  writeFileSync(path, `${JSON.stringify({ 'format 1, kept, restored and agreed': bytesOf(samplePaper()) }, null, 2)}\n`)

const data = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>

function open(): Y.Doc {
  const doc = new Y.Doc({ gc: false })
  doc.clientID = 3
  Y.applyUpdateV2(doc, fromHex(data['format 1, kept, restored and agreed']!))
  return doc
}

const wordsOf = (doc: Y.Doc, version: { readonly snapshot: Uint8Array }): string => {
  const opened = openVersion(doc, version)
  return opened.state === 'not-here' ? 'not here' : toText(opened.words)
}

describe('a paper with versions, format 1', () => {
  it('opens with all of them', () => {
    const doc = open()
    const { list, unknown } = versionsOf(doc, known)
    expect(unknown).toBe(0)
    expect(list.map(({ by, at, why, name, note }) => [by, at, why, name, note])).toEqual([
      ['ann', 3000, 'restoring', '', ''],
      ['bob', 2000, 'deleting', '', ''],
      ['ann', 1000, 'kept', 'As sent', 'To the library'],
    ])
    expect(list.map((version) => wordsOf(doc, version))).toEqual([
      'We meet on Tuesdays, at seven.\n\n a voice.\n',
      'We meet on Tuesdays, at seven.\n\nEverybody has a voice.\n',
      'We meet on Tuesdays.\n\nEverybody has a voice.\n',
    ])
    expect(toText(doc.getXmlFragment('content'))).toBe('We meet on Tuesdays.\n\nEverybody has a voice.\n')
    expect(agreementsOf(doc, known)).toEqual([
      {
        version: list[2]!.id,
        day: '2026-11-03',
        at: 4000,
        members: ['ann', 'bob'],
        recorded: [{ name: 'Dee, by telephone', by: 'ann' }],
        uncounted: 0,
      },
    ])
  })

  it('is written in the same bytes today', () => {
    const entries = (doc: Y.Doc) => entriesOf(doc, ENTRIES).toArray()
    expect(entries(samplePaper())).toEqual(entries(open()))
  })
})

const SOUND = {
  format: 1,
  kind: 'version',
  why: 'kept',
  at: 1,
  name: 'x',
  note: '',
  snapshot: Y.encodeSnapshotV2(Y.emptySnapshot),
}

/** Each in a paper with three versions. 'other': read as a version all the same. */
const NOT_READ: Readonly<Record<string, unknown>> = {
  'of a later format': { ...SOUND, format: 2 },
  'with no format': { ...SOUND, format: undefined },
  'of another kind': { ...SOUND, kind: 'poll' },
  'a list': [SOUND],
  'a text': 'version',
  nothing: null,
  'with no time': { ...SOUND, at: 'today' },
  'before all time': { ...SOUND, at: -1 },
  'after all time': { ...SOUND, at: 8.65e15 },
  'with no time that is a number': { ...SOUND, at: Number.NaN },
  'with a snapshot that is no bytes': { ...SOUND, snapshot: 'AAAA' },
  'without a snapshot': { ...SOUND, snapshot: undefined },
}

describe('an entry that is not read', () => {
  it.each(Object.entries(NOT_READ))('%s: counted, and left where it is', (_, value) => {
    const doc = open()
    entriesOf(doc, ENTRIES).push([value as Entry])
    const { list, unknown } = versionsOf(doc, known)
    expect([list.length, unknown]).toEqual([3, 1])
    expect(entriesOf(doc, ENTRIES).length).toBe(6)
  })
})

describe('a version that is read with care', () => {
  const only = (value: Entry) => {
    const doc = open()
    entriesOf(doc, ENTRIES).push([value])
    const found = versionsOf(doc, known).list.find(({ id }) => id.startsWith('3-'))!
    return { doc, found }
  }

  it('is nobody’s where no known member signed it, whatever it says', () =>
    expect(only({ ...SOUND, by: 'ann', author: 'ann' }).found.by).toBeUndefined())

  it('is cut where it is too long, and has no name where that is no text', () => {
    expect(only({ ...SOUND, name: 'n'.repeat(101), note: 'n'.repeat(1001) }).found).toMatchObject({
      name: 'n'.repeat(100),
      note: 'n'.repeat(1000),
    })
    expect(only({ ...SOUND, name: 7, note: { x: 1 } }).found).toMatchObject({ name: '', note: '' })
  })

  it('was kept by a newer Teatray where the reason is not known', () =>
    expect(only({ ...SOUND, why: 'importing' }).found.why).toBe('other'))

  it.each([
    ['no snapshot at all', Uint8Array.of(255, 255, 255)],
    ['an empty one', new Uint8Array()],
    ['half of one', SOUND.snapshot.slice(0, 1)],
    ['letters that have not come', Y.encodeSnapshotV2(Y.createSnapshot(Y.createDeleteSet(), new Map([[9, 5]])))],
  ])('is not here where its snapshot is %s, and nothing changes', (_, snapshot) => {
    const { doc, found } = only({ ...SOUND, snapshot })
    const before = bytesOf(doc)
    expect(wordsOf(doc, found)).toBe('not here')
    expect(restoreVersion(doc, found, 1)).toMatchObject({ ok: false, error: 'not-here' })
    expect(bytesOf(doc)).toBe(before)
  })
})

describe('an agreement', () => {
  const said = { format: 1, kind: 'agreed', version: '9-9', at: 1, day: '2026-11-03', agrees: true, others: [] }
  const withEntry = (value: Entry) => {
    const doc = open()
    entriesOf(doc, ENTRIES).push([value])
    const everybody = {
      insertedBy: (client: number) => (client === 3 ? ('cat' as MemberId) : known.insertedBy(client)),
    }
    return agreementsOf(doc, everybody).find(({ version }) => version === '9-9')
  }

  it.each([
    ['of a later format', { ...said, format: 2 }],
    ['about no version', { ...said, version: 9 }],
    ['on no day', { ...said, day: '2026-02-30' }],
    ['on a day of another kind', { ...said, day: '3 November' }],
    ['at no time', { ...said, at: Infinity }],
  ])('%s says nothing', (_, value) => expect(withEntry(value)).toBeUndefined())

  it('is only of whoever signed it, and only where they say so', () => {
    expect(withEntry({ ...said, by: 'ann', member: 'ann' })?.members).toEqual(['cat'])
    expect(withEntry({ ...said, agrees: 'yes' })?.members).toEqual([])
  })

  it('holds fifty names of a hundred letters, and no other things', () => {
    const others = ['', 7, 'n'.repeat(101), ...Array.from({ length: 60 }, (_, index) => `n${index}`)]
    const recorded = withEntry({ ...said, others })?.recorded ?? []
    expect(recorded).toHaveLength(50)
    expect(recorded[0]).toEqual({ name: 'n'.repeat(100), by: 'cat' })
    expect(withEntry({ ...said, others: 'Dee' })?.recorded).toEqual([])
  })

  it('that nobody known has signed does not count', () => {
    const doc = open()
    const [version] = agreementsOf(doc, known)
    entriesOf(doc, ENTRIES).push([{ ...said, version: version!.version }])
    expect(agreementsOf(doc, known)[0]).toMatchObject({ members: ['ann', 'bob'], uncounted: 1 })
  })
})
