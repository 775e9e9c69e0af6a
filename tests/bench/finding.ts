/** What finding costs in a group with many papers. In Node: nothing here asks for a browser. */
import * as Y from 'yjs'
import { createFinder, type Finder } from '../../renderer/features/find/model/finder.ts'
import { resultsOf } from '../../renderer/features/find/model/results.ts'
import type { Whose } from '../../renderer/features/find/model/sources.ts'
import { toText } from '../../renderer/ui/editor/to-text.ts'
import type { DocumentId } from '../../shared/base/ids.ts'
import type { FeatureText } from '../../shared/model/feature.ts'
import { median } from './carrying.ts'
import { createWriter } from './words.ts'

const PARAGRAPH = 60

function writePaper(bytes: number, word: () => string): Uint8Array {
  const doc = new Y.Doc()
  const paragraphs: Y.XmlElement[] = []
  for (let written = 0; written < bytes;) {
    const sentence = `${Array.from({ length: PARAGRAPH }, word).join(' ')}.`
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(sentence)])
    paragraphs.push(paragraph)
    written += sentence.length
  }
  doc.getXmlFragment('content').insert(0, paragraphs)
  return Y.encodeStateAsUpdateV2(doc)
}

const open = (update: Uint8Array): Y.XmlFragment => {
  const doc = new Y.Doc({ gc: false })
  Y.applyUpdateV2(doc, update)
  return doc.getXmlFragment('content')
}

const textOf = (update: Uint8Array, index: number): FeatureText => ({
  id: String(index).padStart(32, '0') as DocumentId,
  path: `/papers/${index}`,
  title: `Paper ${index}`,
  isTitled: true,
  state: 'in-use',
  changed: '',
  facts: {},
  read: async (use) => use(open(update)),
})

const timed = (work: () => unknown): number => {
  const before = performance.now()
  work()
  return performance.now() - before
}

export interface FindingTimes {
  readonly bytes: number
  readonly build: number
  /** The longest that the window had to wait between two papers. */
  readonly longest: number
  /** Opening the same papers and taking out their words, and nothing else. */
  readonly read: number
  readonly search: number
  /** A search for the same words, letter by letter, through all texts. */
  readonly scan: number
}

async function build(finder: Finder<Whose>): Promise<number> {
  const before = performance.now()
  const done = new Promise<void>((resolve) => {
    finder.looking.subscribe(() => {
      if (finder.looking.get().now === undefined) resolve()
    })
  })
  finder.look('')
  await done
  return performance.now() - before
}

export async function findingTimes(papers: number, bytes: number): Promise<FindingTimes> {
  const word = createWriter()
  const updates = Array.from({ length: papers }, () => writePaper(bytes / papers, word))
  const texts = updates.map(textOf)
  const words: string[] = []
  const read = timed(() => {
    for (const update of updates) words.push(toText(open(update)))
  })
  let longest = 0
  let since = performance.now()
  const pause = async (): Promise<void> => {
    longest = Math.max(longest, performance.now() - since)
    await new Promise((resolve) => setTimeout(resolve))
    since = performance.now()
  }
  const finder = createFinder<Whose>({ sources: () => [{ id: 'g', place: 'computer', list: () => texts }], pause })
  const took = await build(finder)
  // A common word, a rare one, the beginning of one, one with a slip, and two together.
  const rare = words[0]?.match(/[a-z]{9,}/)?.[0] ?? ''
  const queries = [word(), rare, rare.slice(0, 4), `${rare.slice(0, 6)}x${rare.slice(7)}`, `${word()} ${rare}`]
  const most = 15
  for (const typed of [rare, rare.slice(0, 4)])
    if (resultsOf({ finder, destinations: [], typed, most }).count === 0) throw new Error(`${typed} was not found`)
  const searches: number[] = []
  const scans: number[] = []
  for (let turn = 0; turn < 5; turn++)
    for (const typed of queries) {
      searches.push(timed(() => resultsOf({ finder, destinations: [], typed, most })))
      scans.push(
        timed(() => words.filter((text) => typed.split(' ').every((one) => text.toLowerCase().includes(one))).length),
      )
    }
  return {
    bytes: words.reduce((sum, text) => sum + text.length, 0),
    build: took,
    longest,
    read,
    search: median(searches),
    scan: median(scans),
  }
}
