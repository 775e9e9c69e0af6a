import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { DocumentId } from '../../../../../shared/base/ids.ts'
import type { CircleContext, GroupContext, OpenDocument, VaultContext } from '../../../../../shared/model/contexts.ts'
import { createI18n } from '../../../../app/i18n.ts'
import { asha, bob, fakeCircle, fakeGroup, fakeVault, person } from '../../../../app/testing/fake-session.ts'
import { pictureFile } from '../../../../../tests/fixtures/pictures/read.ts'
import { hashOf } from '../../../../ui/editor/pictures/kept.ts'
import { features } from '../../../index.ts'
import { binNote, createNote, noteChanged } from '../../../notes/model/commands.ts'
import { binPaper, createPaper, offerAsTemplate, pinPaper, setReview } from '../../../papers/model/commands.ts'
import { changeLabels } from '../../../papers/model/labels.ts'
import { paperById } from '../../../papers/model/selectors.ts'
import { addToTalk } from '../../../papers/model/talk/add.ts'
import { anchorAt } from '../../../papers/model/talk/anchor.ts'
import { paragraphAt, propose } from '../../../papers/model/talk/propose.ts'
import { agree } from '../../../papers/model/versions/agreement.ts'
import { keepVersion } from '../../../papers/model/versions/keep.ts'
import { versionsOf } from '../../../papers/model/versions/version.ts'
import { makeExport } from './make-export.ts'

const i18n = createI18n()
const now = new Date(2026, 10, 27, 9, 5).getTime()
const TOP = 'Teatray export, 27 November 2026'
const CANARY = 'canary-4711'

/** The fakes forget a document as soon as it is closed; here it stays, and is counted while it is open. */
function keeping<Context extends { readonly open: (id: DocumentId) => Promise<unknown> }>(context: Context) {
  const docs = new Map<DocumentId, Y.Doc>()
  const counts = { open: 0, most: 0 }
  const open = async (id: DocumentId): Promise<OpenDocument> => {
    const doc = docs.get(id) ?? new Y.Doc({ gc: false })
    docs.set(id, doc)
    counts.open += 1
    counts.most = Math.max(counts.most, counts.open)
    const opened = (await context.open(id)) as OpenDocument
    return { ...opened, doc, release: () => void (counts.open -= 1) }
  }
  return { context: { ...context, open }, docs, counts }
}

const words = (text: string) => ({ type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] })
const write = (circle: CircleContext, title: string, text: string): Promise<DocumentId> =>
  createPaper(circle, { title, template: 'empty', content: words(text) }, now)

function groupOf(circle: CircleContext, ...circles: readonly CircleContext[]): GroupContext {
  return { ...fakeGroup().group, circle, circles: { get: () => circles, subscribe: () => () => undefined } }
}

async function vaultWith(text: string): Promise<VaultContext> {
  const vault = keeping(fakeVault()).context
  for (const [line, isBinned] of [
    [text, false],
    [`${text} in the bin`, true],
  ] as const) {
    const id = createNote(vault, now)
    const { doc } = await vault.open(id)
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(line)])
    doc.getXmlFragment('content').insert(0, [paragraph])
    noteChanged(vault, id, doc.getXmlFragment('content'), now)
    if (isBinned) binNote(vault, id, now)
  }
  return vault
}

async function exported(groups: readonly GroupContext[], vault?: VaultContext) {
  const made = await makeExport({ groups, vault, features, i18n, now })
  const files = new Map(Object.entries(unzipSync(made.bytes)).map(([path, bytes]) => [path, strFromU8(bytes)]))
  const read = (path: string): string => {
    const found = files.get(`${TOP}/${path}`)
    if (found === undefined) throw new Error(`no ${path} in ${[...files.keys()].join('\n')}`)
    return found
  }
  const paths = [...files.keys()].map((path) => path.slice(TOP.length + 1)).toSorted()
  return { made, files, read, paths }
}

describe('everything as files', () => {
  test('pictures are files that the page and the Markdown lead to', async () => {
    const riverside = keeping(fakeCircle({ people: [asha, bob] }).circle).context
    const lake = pictureFile('lake.jpg')
    const hash = await hashOf(lake)
    const content = { type: 'doc', content: [{ type: 'picture', attrs: { hash, alt: 'The lake' } }] }
    const pictures = new Map([[hash, lake]])
    await createPaper(riverside, { title: 'Outing', template: 'empty', content, pictures }, now)
    const made = await makeExport({ groups: [groupOf(riverside)], vault: undefined, features, i18n, now })
    const files = unzipSync(made.bytes)
    const folder = `${TOP}/Riverside Pain Group`
    const name = `Pictures/${hash.slice(0, 16)}.jpg`
    expect(files[`${folder}/Papers/${name}`]).toEqual(lake)
    expect(strFromU8(files[`${folder}/Papers/Outing.md`]!)).toBe(`# Outing\n\n![The lake](${name})\n`)
    const page = strFromU8(files[`${folder}/Papers/Outing.html`]!)
    expect(page).toContain(`<img src="${name}" alt="The lake">`)
    expect(page).toContain("img-src 'self' file:;")
    expect(JSON.parse(strFromU8(files[`${folder}/group.json`]!))).toMatchObject({
      texts: [{ pictures: { [hash]: `Papers/${name}` } }],
    })
  })

  test('a group and its circle: pages, Markdown, and the rest', async () => {
    const riverside = keeping(fakeCircle({ people: [asha, bob] }).circle).context
    const planning = keeping(
      fakeCircle({ id: 'p1', name: 'Planning', scope: 'circle', standing: { state: 'left' }, people: [bob] }).circle,
    ).context
    await write(riverside, 'Terms of reference', 'We share what has helped us.')
    const old = await write(riverside, 'Old rota', 'Nobody needs it.')
    binPaper(riverside, old, now)
    await write(planning, 'A plan', 'Soup first.')
    const { made, read, paths } = await exported([groupOf(riverside, planning)])
    expect(made).toMatchObject({ name: `${TOP}.zip`, texts: 3, unread: [] })
    expect(paths).toEqual(
      [
        'README.txt',
        'Riverside Pain Group/In the bin/Old rota.html',
        'Riverside Pain Group/In the bin/Old rota.md',
        'Riverside Pain Group/Papers/Terms of reference.html',
        'Riverside Pain Group/Papers/Terms of reference.md',
        'Riverside Pain Group/Planning/Papers/A plan.html',
        'Riverside Pain Group/Planning/Papers/A plan.md',
        'Riverside Pain Group/Planning/circle.json',
        'Riverside Pain Group/group.json',
        'index.html',
      ].toSorted(),
    )
    expect(read('Riverside Pain Group/Papers/Terms of reference.md')).toBe(
      '# Terms of reference\n\nWe share what has helped us.\n',
    )
    const terms = read('Riverside Pain Group/Papers/Terms of reference.html')
    expect(terms).toContain('<h1 dir="auto">Terms of reference</h1>')
    expect(terms).toContain('Who could read it in Teatray: Asha, Bob.')
    expect(JSON.parse(read('Riverside Pain Group/group.json'))).toMatchObject({
      format: 'teatray-export',
      version: 1,
      kind: 'group',
      people: [
        { name: 'Asha', role: 'organiser', isMe: true },
        { name: 'Bob', role: 'organiser', isMe: false },
      ],
      history: [{ what: 'Asha started “Riverside Pain Group”.', at: '2026-11-01T00:00:00.000Z' }],
      texts: expect.arrayContaining([
        expect.objectContaining({
          title: 'Terms of reference',
          state: 'in-use',
          file: 'Papers/Terms of reference',
          made: { by: 'Asha', at: new Date(now).toISOString() },
          content: words('We share what has helped us.'),
        }),
        expect.objectContaining({ title: 'Old rota', state: 'in-bin' }),
      ]),
    })
    expect(JSON.parse(read('Riverside Pain Group/Planning/circle.json'))).toMatchObject({
      kind: 'circle',
      group: 'Riverside Pain Group',
      myStanding: 'left',
    })
    const index = read('index.html')
    expect(index).toContain('<a href="Riverside%20Pain%20Group/Planning/Papers/A%20plan.html" dir="auto">A plan</a>')
    expect(index).toContain('You left it')
    expect(read('README.txt')).toContain('NOT locked')
  })

  test('how a paper was put in order, and its versions, in JSON and as lines on its page', async () => {
    const kept = keeping(fakeCircle({ people: [asha, bob] }).circle).context
    const circle: CircleContext = {
      ...kept,
      open: async (id) => ({
        ...(await kept.open(id)),
        attribution: { insertedBy: () => asha.id, deletedBy: () => undefined },
      }),
    }
    const id = await write(circle, 'Terms of reference', 'We meet by the river.')
    changeLabels(circle, paperById(circle.records, id)!, { on: ['Money', 'First <b>'], off: [] })
    pinPaper(circle, id, true)
    offerAsTemplate(circle, id, true)
    setReview(circle, id, '2027-03-01')
    const { doc } = await circle.open(id)
    keepVersion(doc, { why: 'kept', name: 'As we read it', note: 'At Asha’s', at: now })
    const [version] = versionsOf(doc, { insertedBy: () => asha.id }).list
    agree(doc, { version: version!.id, at: now, day: '2026-11-27', agrees: true, others: ['Cerys'] })
    const { read } = await exported([groupOf(circle)])
    const { texts } = JSON.parse(read('Riverside Pain Group/group.json')) as { texts: unknown[] }
    expect(texts).toMatchObject([
      {
        labels: ['First <b>', 'Money'],
        isUnderStartHere: true,
        isTemplate: true,
        lookAgainOn: '2027-03-01',
        versions: [
          {
            name: 'As we read it',
            note: 'At Asha’s',
            by: 'Asha',
            at: new Date(now).toISOString(),
            agreed: { on: '2026-11-27', by: ['Asha'], alsoThere: [{ name: 'Cerys', writtenDownBy: 'Asha' }] },
          },
        ],
      },
    ])
    const page = read('Riverside Pain Group/Papers/Terms of reference.html')
    for (const line of [
      'Its labels: First &lt;b&gt;, Money.',
      'It stood under “Start here”.',
      'New papers could start from it.',
      'The group wants to look at it again on 1 March 2027.',
      'Version “As we read it”, kept on 27 November 2026 by Asha.',
      'About that version: At Asha’s',
      'That version was agreed on 27 November 2026 by Asha.',
      'Asha wrote down that Cerys agreed to it, too.',
    ])
      expect(page).toContain(line)
  })

  test('what was said about a paper comes with it: comments, answers, proposals and who has read it', async () => {
    const kept = keeping(fakeCircle({ people: [asha, bob] }).circle).context
    // The fakes' documents name nobody, and what nobody signed is taken back by nobody.
    const attribution = { insertedBy: () => asha.id, deletedBy: () => undefined }
    const circle: CircleContext = { ...kept, open: async (of) => ({ ...(await kept.open(of)), attribution }) }
    const { doc } = await circle.open(await write(circle, 'Terms', 'We meet on Tuesdays.'))
    const content = doc.getXmlFragment('content')
    const about = anchorAt(content, { from: 9, to: 20 })
    const comment = addToTalk(doc, { kind: 'comment', text: '# Why not\n<b>Mondays</b>?', about }, now)
    if (comment.ok) addToTalk(doc, { kind: 'reply', to: comment.value, text: 'The hall is taken.' }, now)
    const paragraph = paragraphAt(content, { from: 1, to: 2 })
    if (paragraph !== undefined)
      propose(doc, { paragraph, text: 'We meet on Mondays.', reason: 'It is free.', instead: undefined }, now)
    addToTalk(doc, { kind: 'read' }, now)
    const gone = addToTalk(doc, { kind: 'comment', text: CANARY, about: undefined }, now)
    if (gone.ok) addToTalk(doc, { kind: 'taken-back', to: gone.value }, now)
    const { read, files } = await exported([groupOf(circle)])
    expect([...files].flat().join('\n')).not.toContain(CANARY)
    const markdown = read('Riverside Pain Group/Papers/Terms.md')
    expect(markdown).toContain('## What was said about it')
    expect(markdown).toContain('Asha, 27 November 2026, about “on Tuesdays”:')
    expect(markdown).toContain('> \\# Why not\n> \\<b\\>Mondays\\</b\\>?')
    expect(markdown).toContain('- Asha, 27 November 2026: The hall is taken.')
    expect(markdown).toContain('proposed other words for “We meet on Tuesdays.”:')
    expect(markdown).toContain('Asha has read it, as it was on 27 November 2026.')
    const page = read('Riverside Pain Group/Papers/Terms.html')
    expect(page).toContain('&lt;b&gt;Mondays&lt;/b&gt;?')
    expect(page).toContain('why: It is free.')
    const { texts } = JSON.parse(read('Riverside Pain Group/group.json')) as { texts: { said: unknown[] }[] }
    expect(texts[0]?.said).toHaveLength(4)
    expect(texts[0]?.said).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: 'comment',
          by: 'Asha',
          about: 'on Tuesdays',
          text: expect.stringContaining('#'),
        }),
        expect.objectContaining({ kind: 'comment', text: '', state: 'taken-back' }),
        expect.objectContaining({ kind: 'proposal', text: 'We meet on Mondays.', state: 'open' }),
        expect.objectContaining({ kind: 'read', by: 'Asha' }),
      ]),
    )
  })

  test('every page is complete in itself: no script, nothing fetched, no tag of what people typed', async () => {
    const hostile = '<script>alert(1)</script><img src=https://example.org/x.png>'
    const circle = keeping(fakeCircle({ name: hostile, people: [{ ...asha, name: hostile }] }).circle).context
    await write(circle, hostile, hostile)
    const { files } = await exported([groupOf(circle)], await vaultWith(hostile))
    const pages = [...files].filter(([path]) => path.endsWith('.html'))
    expect(pages).toHaveLength(4)
    for (const [, page] of pages) {
      const tags = page.match(/<[^>]*>/g) ?? []
      const kinds = new Set(tags.map((tag) => /^<[/!]?(\w+)/.exec(tag)?.[1] ?? tag))
      for (const kind of ['script', 'img', 'iframe', 'link', 'object', 'embed', 'svg', 'form', 'base'])
        expect(kinds).not.toContain(kind)
      expect(tags.filter((tag) => /\s(?:src|on\w+|style|srcdoc)=/i.test(tag))).toEqual([])
      expect(page).not.toMatch(/@import|url\(/)
      expect(page).toContain("default-src 'none'")
    }
  })

  test('no private note is in it unless it was asked for', async () => {
    const circle = keeping(fakeCircle().circle).context
    await write(circle, 'Terms', 'For everybody.')
    const vault = await vaultWith(CANARY)
    const without = await exported([groupOf(circle)])
    expect([...without.files].flat().join('\n')).not.toContain(CANARY)
    expect(without.paths.join('\n')).not.toContain('notes')
    const asked = await exported([groupOf(circle)], vault)
    expect(asked.read(`My private notes/Papers/${CANARY}.md`)).toBe(`${CANARY}\n`)
    expect(asked.paths).toContain(`My private notes/In the bin/${CANARY} in the bin.md`)
    expect(asked.read('README.txt')).toContain('PRIVATE NOTES are among them.')
  })

  test('hostile titles make files beside each other, inside the folder', async () => {
    const circle = keeping(fakeCircle({ name: '../../..' }).circle).context
    const titles = [
      '../../../etc/passwd',
      'CON',
      'con',
      '',
      '   ',
      '\u202efdp.exe',
      'x'.repeat(500),
      'a/b',
      'a:b',
      '🏳️‍🌈'.repeat(99),
    ]
    for (const title of titles) await write(circle, title, 'words')
    const { made, paths, read } = await exported([groupOf(circle)])
    expect(made.texts).toBe(titles.length)
    const markdown = paths.filter((path) => path.endsWith('.md'))
    expect(new Set(markdown.map((path) => path.toLowerCase())).size).toBe(titles.length)
    for (const path of paths) {
      // oxlint-disable-next-line no-control-regex -- control characters are among them
      expect(path).not.toMatch(/(?:^|\/)\.\.?(?:\/|$)|\/\/|[\u0000-\u001f\u202a-\u202e\\:*?"<>|]/)
      for (const part of path.split('/')) expect(new TextEncoder().encode(part).length).toBeLessThan(200)
    }
    expect(paths).toContain('A group/Papers/a b (2).md')
    for (const [, href] of read('index.html').matchAll(/href="([^"]+)"/g))
      expect(paths).toContain(decodeURIComponent(href ?? ''))
  })

  test('an empty group, two groups of one name, and none at all', async () => {
    const one = fakeCircle({ people: [asha, person('c3', 'Cerys', { role: 'member' })] }).circle
    const { made, paths, read } = await exported([groupOf(one), groupOf(fakeCircle({ id: 'c2' }).circle)])
    expect(made.texts).toBe(0)
    expect(paths).toContain('Riverside Pain Group (2)/group.json')
    expect(read('index.html')).toContain('Cerys, member')
    expect((await exported([])).paths).toEqual(['README.txt', 'index.html'])
  })

  test('300 papers, one open at a time', async () => {
    const { context, counts } = keeping(fakeCircle().circle)
    for (let index = 0; index < 300; index++) await write(context, 'Minutes', `Meeting ${index}`)
    counts.most = 0
    const { made, files } = await exported([groupOf(context)])
    expect(made.texts).toBe(300)
    expect([...files.keys()].filter((path) => path.endsWith('.md'))).toHaveLength(300)
    expect(counts).toEqual({ open: 0, most: 1 })
  })

  test('a paper that does not open is named, and the rest is there', async () => {
    const kept = keeping(fakeCircle().circle)
    const broken = await write(kept.context, 'Broken', 'words')
    await write(kept.context, 'Whole', 'words')
    const circle: CircleContext = {
      ...kept.context,
      open: (id) => (id === broken ? Promise.reject(new Error('damaged')) : kept.context.open(id)),
    }
    const { made, read, paths } = await exported([groupOf(circle)])
    expect(made).toMatchObject({ texts: 1, unread: ['Broken'] })
    expect(paths).toContain('Riverside Pain Group/Papers/Whole.html')
    expect(read('README.txt')).toContain('could not be read and are missing: Broken')
  })

  test('a clock that is far off, and times that others made up', async () => {
    const circle = keeping(fakeCircle().circle).context
    await createPaper(circle, { title: 'Odd', template: 'empty' }, Number.MAX_SAFE_INTEGER)
    const made = await makeExport({ groups: [groupOf(circle)], vault: undefined, features, i18n, now: 0 })
    expect(made.texts).toBe(1)
  })
})
