import { describe, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { DocumentId } from '../../../../shared/base/ids.ts'
import type { CircleContext, OpenDocument, VaultContext } from '../../../../shared/model/contexts.ts'
import { asha, bob, fakeCircle, fakeGroup, fakeVault } from '../../../app/testing/fake-session.ts'
import { features } from '../../index.ts'
import { binNote, createNote, destroyNote, noteChanged } from '../../notes/model/commands.ts'
import { changeLabels } from '../../papers/model/labels.ts'
import { paperById } from '../../papers/model/selectors.ts'
import { binPaper, createPaper, noteChange, restorePaper } from '../../papers/model/commands.ts'
import { createFinder, type Finder } from './finder.ts'
import { type Results, resultsOf } from './results.ts'
import { groupElsewhere, landmarksOf, onListed, sourcesOf, type Whose } from './sources.ts'

const now = new Date(2026, 10, 27, 9, 5).getTime()

/** The fakes forget a document as soon as it is closed; here it stays, and is counted while it is open. */
function keeping<Context extends { readonly open: (id: DocumentId) => Promise<unknown> }>(context: Context) {
  const docs = new Map<DocumentId, Y.Doc>()
  const counts = { open: 0, most: 0, opened: 0 }
  const open = async (id: DocumentId): Promise<OpenDocument> => {
    const doc = docs.get(id) ?? new Y.Doc({ gc: false })
    docs.set(id, doc)
    counts.open += 1
    counts.opened += 1
    counts.most = Math.max(counts.most, counts.open)
    const opened = (await context.open(id)) as OpenDocument
    return { ...opened, doc, release: () => void (counts.open -= 1) }
  }
  return { context: { ...context, open }, docs, counts }
}

const doc = (...paragraphs: readonly string[]) => ({
  type: 'doc',
  content: paragraphs.map((text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })),
})
const write = (circle: CircleContext, title: string, ...paragraphs: readonly string[]): Promise<DocumentId> =>
  createPaper(circle, { title, template: 'empty', content: doc(...paragraphs) }, now)

async function writeNote(vault: VaultContext, text: string): Promise<DocumentId> {
  const id = createNote(vault, now)
  const opened = await vault.open(id)
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(text)])
  const content = opened.doc.getXmlFragment('content')
  content.insert(0, [paragraph])
  noteChanged(vault, id, content, now)
  opened.release()
  return id
}

interface World {
  readonly circle: CircleContext
  readonly counts: { open: number; most: number; opened: number }
  readonly docs: Map<DocumentId, Y.Doc>
  readonly vault: VaultContext
  readonly planning: CircleContext
  readonly finder: Finder<Whose>
}

function world(change: (circle: CircleContext) => CircleContext = (circle) => circle): World {
  const kept = keeping(fakeCircle({ people: [asha, bob] }).circle)
  const circle = change(kept.context)
  const planning = keeping(fakeCircle({ id: 'p1', name: 'Planning', scope: 'circle' }).circle).context
  const vault = keeping(fakeVault()).context
  const group = {
    ...fakeGroup().group,
    circle,
    circles: { get: () => [planning], subscribe: () => () => undefined },
  }
  const finder = createFinder({
    sources: () => sourcesOf({ features, group, vault }),
    pause: () => Promise.resolve(),
  })
  return { ...kept, circle, planning, vault, finder }
}

async function looked(finder: Finder<Whose>, here = '/today'): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    const stop = finder.looking.subscribe(() => {
      if (finder.looking.get().now !== undefined) return
      stop()
      resolve()
    })
  })
  finder.look(here)
  await stopped
}

const find = ({ finder }: World, typed: string): Results => resultsOf({ finder, destinations: [], typed, most: 50 })
const text = (pieces: readonly { readonly text: string }[]): string => pieces.map((piece) => piece.text).join('')
const titles = (results: Results): readonly string[] => results.texts.map(({ title }) => text(title))
const marked = (pieces: readonly { readonly text: string; readonly isFound: boolean }[]): readonly string[] =>
  pieces.filter(({ isFound }) => isFound).map((piece) => piece.text)

describe('looking for words', () => {
  test('a paper is found by its label, also by one it has only just been given', async () => {
    const here = world()
    const { circle, finder } = here
    const id = await write(circle, 'Rota', 'Who makes the tea.')
    await write(circle, 'Other', 'Something else.')
    await looked(finder)
    expect(find(here, 'welcome team').texts).toEqual([])
    changeLabels(circle, paperById(circle.records, id)!, { on: ['Welcome team'], off: [] })
    await looked(finder)
    const { texts, isPartial } = find(here, 'welcome team')
    expect(isPartial).toBe(false)
    expect(texts.map(({ path }) => path)).toEqual([`/papers/${id}`])
    expect(marked(texts[0]?.labels ?? [])).toEqual(['Welcome', 'team'])
  })

  test('in this person’s other groups too, after those of the one on the screen, each with its group', async () => {
    const here = world()
    const circle = keeping(fakeCircle({ id: 'c9', name: 'Tuesday choir' }).circle).context
    const ofChoir = keeping(fakeCircle({ id: 'c8', name: 'Tenors', scope: 'circle' }).circle).context
    const choir = { circle, circles: { get: () => [ofChoir], subscribe: () => () => undefined } }
    const searched = {
      features,
      group: { circle: here.circle, circles: { get: () => [here.planning], subscribe: () => () => undefined } },
      vault: here.vault,
      others: () => [choir],
    }
    const finder = createFinder({ sources: () => sourcesOf(searched), pause: () => Promise.resolve() })
    await write(circle, 'River river', 'A song of the river, the river.')
    await write(ofChoir, 'River tenors', 'Low.')
    await write(here.circle, 'Terms', 'We meet by the river.')
    await writeNote(here.vault, 'The river note')
    await looked(finder)
    const elsewhere = (whose: Whose) => groupElsewhere(searched, whose)
    const { texts } = resultsOf({ finder, destinations: [], typed: 'river', most: 50, elsewhere })
    expect(texts.slice(0, 2).map((found) => found.elsewhere)).toEqual([undefined, undefined])
    expect(texts.slice(2).map((found) => found.elsewhere)).toEqual([choir, choir])
    // Few are shown at once: those of this group are among them.
    expect(
      resultsOf({ finder, destinations: [], typed: 'river', most: 1, elsewhere }).texts[0]?.elsewhere,
    ).toBeUndefined()
    let changes = 0
    const stop = onListed(searched, () => changes++)
    await write(circle, 'One more', 'words')
    expect(changes).toBeGreaterThan(0)
    stop()
  })

  test('in papers of the group and of its circles, and in notes; each says whose it is', async () => {
    const here = world()
    await write(here.circle, 'Terms of reference', 'We meet by the river.')
    await write(here.planning, 'Soup', 'The river path is closed.')
    await writeNote(here.vault, 'Ring Bob about the river')
    await looked(here.finder)
    const { texts, count, isPartial } = find(here, 'river')
    expect({ count, isPartial }).toEqual({ count: 3, isPartial: false })
    const whose = new Map(texts.map((found) => [text(found.title), found.whose]))
    expect(whose.get('Terms of reference')).toBe(here.circle)
    expect(whose.get('Soup')).toBe(here.planning)
    expect(whose.get('Ring Bob about the river')).toBe('computer')
    expect(texts.map(({ path }) => path.replace(/[0-9a-f]{32}/, 'ID')).toSorted()).toEqual([
      '/notes/ID',
      '/papers/ID',
      '/papers/ID',
    ])
  })

  test('the sentence is shown with its words, and only that', async () => {
    const here = world()
    await write(here.circle, 'Terms', 'First of all. We share what has helped us! Nobody has to speak.', 'The end.')
    await looked(here.finder)
    const [found] = find(here, 'shar helped').texts
    expect(text(found?.sentence ?? [])).toBe('We share what has helped us!')
    expect(marked(found?.sentence ?? [])).toEqual(['share', 'helped'])
  })

  test('a word in the title counts for more, the whole word for more than its beginning, that for more than a slip', async () => {
    const here = world()
    await write(here.circle, 'Slip', 'Bring a ladder, planting and the plannimg.')
    await write(here.circle, 'Beginning', 'This is about plannings of old.')
    await write(here.circle, 'Whole', 'This is about planning of old.')
    await write(here.circle, 'Planning', 'Nothing else here.')
    await looked(here.finder)
    expect(titles(find(here, 'planning'))).toEqual(['Planning', 'Whole', 'Beginning', 'Slip'])
  })

  test('capitals, accents and apostrophes make no difference, either way', async () => {
    const here = world()
    await write(here.circle, 'Visit', 'Zoë’s CAFÉ in Llanbêr isn’t open.')
    await looked(here.finder)
    for (const typed of ['zoe', 'ZOËS', 'cafe', 'Café', 'llanber', "isn't", 'isnt'])
      expect({ typed, found: titles(find(here, typed)) }).toEqual({ typed, found: ['Visit'] })
    expect(marked(find(here, 'cafe').texts[0]?.sentence ?? [])).toEqual(['CAFÉ'])
  })

  test('small slips in longer words are forgiven, in short ones not', async () => {
    const here = world()
    await write(here.circle, 'Agreement', 'Confidentiality first, then tea.')
    await looked(here.finder)
    expect(titles(find(here, 'confidentialty'))).toEqual(['Agreement'])
    expect(titles(find(here, 'agrement'))).toEqual(['Agreement'])
    expect(titles(find(here, 'tae'))).toEqual([])
  })

  test('all words must be there; only where nothing has them all, some will do, and that is known', async () => {
    const here = world()
    await write(here.circle, 'Both', 'Soup and bread.')
    await write(here.circle, 'One', 'Soup alone.')
    await looked(here.finder)
    expect(find(here, 'soup bread')).toMatchObject({ isPartial: false, count: 1 })
    const some = find(here, 'bread soup marmalade')
    expect(some.isPartial).toBe(true)
    expect(titles(some)).toEqual(['Both', 'One'])
    expect(find(here, 'marmalade')).toMatchObject({ isPartial: false, count: 0 })
  })

  test('signs alone, and more words than anybody types', async () => {
    const here = world()
    await write(here.circle, 'Soup', 'Soup and bread.')
    await looked(here.finder)
    for (const typed of ['', '   ', '?!*', '"', '\\', '[', '👩‍🍳'.repeat(40)]) expect(find(here, typed).count).toBe(0)
    expect(titles(find(here, 'soup '.repeat(5000)))).toEqual(['Soup'])
  })
})

describe('what may be found', () => {
  test('not what is in the bin, was taken off, or does not open', async () => {
    const kept = world()
    const binned = await write(kept.circle, 'Binned', 'canary')
    binPaper(kept.circle, binned, now)
    binNote(kept.vault, await writeNote(kept.vault, 'canary in the bin'), now)
    await destroyNote(kept.vault, await writeNote(kept.vault, 'canary destroyed'))
    const closed = await write(kept.circle, 'Closed canary', 'canary')
    const open = kept.circle.open
    Object.assign(kept.circle, {
      open: (id: DocumentId) => (id === closed ? Promise.reject(new Error('damaged')) : open(id)),
    })
    await looked(kept.finder)
    expect(titles(find(kept, 'canary'))).toEqual([])
    expect(kept.finder.looking.get().unread).toBe(1)
  })

  test('what goes to the bin later is gone at the next look, and back when it is taken out', async () => {
    const here = world()
    const id = await write(here.circle, 'Rota', 'canary')
    const note = await writeNote(here.vault, 'canary')
    await looked(here.finder)
    expect(find(here, 'canary').count).toBe(2)
    binPaper(here.circle, id, now)
    await destroyNote(here.vault, note)
    await looked(here.finder)
    expect(find(here, 'canary').count).toBe(0)
    restorePaper(here.circle, id)
    await looked(here.finder)
    expect(titles(find(here, 'canary'))).toEqual(['Rota'])
  })

  test('nothing once Teatray is locked, not even of what was being read', async () => {
    const here = world()
    await writeNote(here.vault, 'canary note')
    await write(here.circle, 'Paper', 'canary')
    await looked(here.finder)
    expect(find(here, 'canary').count).toBe(2)
    here.finder.forget()
    expect(find(here, 'canary').count).toBe(0)
    const other = world()
    await write(other.circle, 'Paper', 'canary')
    other.finder.look('/today')
    other.finder.forget()
    await vi.waitFor(() => expect(other.counts.open).toBe(0))
    expect(other.finder.looking.get()).toMatchObject({ now: undefined })
    expect(find(other, 'canary').count).toBe(0)
  })

  test('people and circles by name', () => {
    const { circle, planning } = world()
    const group = { ...fakeGroup().group, circle, circles: { get: () => [planning], subscribe: () => () => undefined } }
    expect(landmarksOf({ features, group, vault: fakeVault() })).toEqual([
      { kind: 'person', name: 'Asha', path: '/people/group/person/a1' },
      { kind: 'person', name: 'Bob', path: '/people/group/person/b2' },
      { kind: 'circle', name: 'Planning', path: '/people/circle/p1' },
    ])
    expect(landmarksOf({ features, group: undefined, vault: fakeVault() })).toEqual([])
  })
})

describe('looking through', () => {
  test('nothing is opened before somebody looks; papers one at a time, and it says how far it is', async () => {
    const here = world()
    for (let index = 0; index < 60; index++) await write(here.circle, `Minutes ${index}`, `Meeting ${index}`)
    Object.assign(here.counts, { most: 0, opened: 0 })
    const steps: number[] = []
    here.finder.looking.subscribe(() => {
      const { now } = here.finder.looking.get()
      if (now?.all === 60) steps.push(now.done)
    })
    expect(here.counts.opened).toBe(0)
    await looked(here.finder)
    expect(here.counts).toEqual({ open: 0, most: 1, opened: 60 })
    expect(steps.length).toBeGreaterThanOrEqual(60)
    await looked(here.finder)
    expect(here.counts.opened).toBe(60)
  })

  test('only what changed is opened again, and once more at the next look: words can come after the note of them', async () => {
    const here = world()
    const id = await write(here.circle, 'Rota', 'Old words.')
    await write(here.circle, 'Other', 'Other words.')
    await looked(here.finder)
    noteChange({ ...here.circle, me: bob.id }, id, now + 1)
    here.counts.opened = 0
    await looked(here.finder)
    expect(here.counts.opened).toBe(1)
    here.docs
      .get(id)
      ?.getXmlFragment('content')
      .insert(0, [paragraphOf('Late canary.')])
    await looked(here.finder)
    expect(titles(find(here, 'canary'))).toEqual(['Rota'])
    here.counts.opened = 0
    await looked(here.finder)
    expect(here.counts.opened).toBe(0)
    here.docs
      .get(id)
      ?.getXmlFragment('content')
      .insert(0, [paragraphOf('Typed a moment ago.')])
    await looked(here.finder, `/papers/${id}`)
    expect(titles(find(here, 'moment'))).toEqual(['Rota'])
  })

  test('what changes while it is looking is looked at, too', async () => {
    const here = world()
    await write(here.circle, 'First', 'one')
    const group = { ...fakeGroup().group, circle: here.circle }
    const stop = onListed({ features, group, vault: here.vault }, () => here.finder.look())
    here.finder.look('/today')
    await write(here.circle, 'Second', 'canary')
    await vi.waitFor(() => expect(titles(find(here, 'canary'))).toEqual(['Second']))
    stop()
  })
})

function paragraphOf(line: string): Y.XmlElement {
  const paragraph = new Y.XmlElement('paragraph')
  paragraph.insert(0, [new Y.XmlText(line)])
  return paragraph
}

describe('hostile text', () => {
  test('tags are words like others', async () => {
    const here = world()
    const hostile = 'See <img src=x onerror=alert(1)> and <b>bold</b>.'
    await write(here.circle, '<script>title</script>', hostile)
    await looked(here.finder)
    const [found] = find(here, 'onerror').texts
    expect(text(found?.sentence ?? [])).toBe(hostile)
    expect(text(found?.title ?? [])).toBe('<script>title</script>')
  })

  test('a word of a million letters, and a paragraph of 1 MB without a full stop', async () => {
    const here = world()
    await write(here.circle, 'Word', `needle ${'x'.repeat(1_000_000)} end`)
    await write(here.circle, 'Paragraph', `${'lorem ipsum dolor '.repeat(60_000)}haystack ${'sit amet '.repeat(9000)}`)
    await looked(here.finder)
    for (const [typed, title] of [
      ['haystack', 'Paragraph'],
      ['needle', 'Word'],
      ['x'.repeat(200), 'Word'],
    ] as const) {
      const [found] = find(here, typed).texts
      expect(text(found?.title ?? [])).toBe(title)
      expect(text(found?.sentence ?? []).length).toBeLessThan(500)
      expect(marked(found?.sentence ?? [])).toHaveLength(1)
    }
  })

  test('names of properties that every object has', async () => {
    const here = world()
    await write(here.circle, '__proto__', 'constructor toString hasOwnProperty')
    await looked(here.finder)
    expect(titles(find(here, 'proto constructor'))).toEqual(['__proto__'])
    expect(find(here, 'valueOf').count).toBe(0)
  })

  test('halves of signs stay whole where a sentence is cut', async () => {
    const here = world()
    await write(here.circle, 'Signs', `${'😀'.repeat(300)}needle${'😀'.repeat(300)}`)
    await looked(here.finder)
    const [found] = find(here, 'needle').texts
    expect(text(found?.sentence ?? [])).toMatch(/^…😀+needle😀+…$/u)
  })
})
