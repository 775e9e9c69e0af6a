/**
 * What others did to a paper since a moment: read from the paper's own items (who wrote which letter, who removed it), never
 * by comparing two texts, so that two people's edits of one sentence stay two people's. Pure; the document must be opened
 * with gc off, or removed words can no longer be read.
 */
import * as Y from 'yjs'
import type { MemberId } from '../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../shared/model/contexts.ts'
import { PICTURE, type Picture, pictureOf } from '../../../ui/editor/pictures/picture.ts'

export type ChangeKind =
  | 'added'
  | 'removed'
  | 'moved'
  /** Bold, a link, a heading's size, a list made of a paragraph: the same words, set out differently. */
  | 'formatted'
  | 'ticked'
  | 'unticked'
  /**
   * Written by one person and removed by another, both since that moment. It is also what happens to words typed into a
   * paragraph that somebody else removed or set out anew at the same time, so it must be shown, or they would be lost.
   */
  | 'crossed'
  | PictureChange

/** 'picture-described': the same picture, said anew what it shows. */
export type PictureChange = 'picture-added' | 'picture-removed' | 'picture-moved' | 'picture-described'

export interface Change {
  readonly kind: ChangeKind
  /** Undefined where no signed entry says. For 'crossed': who wrote it. */
  readonly by: MemberId | undefined
  /** Only for 'crossed': who removed it. */
  readonly removedBy?: MemberId | undefined
  /** Of a picture: what it shows; empty where nobody has said it. */
  readonly text: string
  /** Only for pictures: which one. */
  readonly picture?: string
  /** The text around it as it is now, or was where it is gone. */
  readonly block: string
  /** The heading it stands under; empty above the first. */
  readonly under: string
  /** Positions in the editor's document; equal where the words are gone. */
  readonly from: number
  readonly to: number
}

/** Elements that stand for one character. */
const LEAVES: ReadonlySet<string> = new Set(['hardBreak', 'horizontalRule'])
/** Shorter texts are too likely to be equal by chance to be called the same words. */
const SAME_WORDS = 12

type SegmentKind = 'kept' | 'added' | 'removed' | 'crossed'

interface Segment {
  readonly kind: SegmentKind
  readonly by: MemberId | undefined
  readonly removedBy: MemberId | undefined
  readonly text: string
  readonly from: number
  readonly to: number
  /** Who changed how these kept words look. */
  readonly reformatted: { readonly by: MemberId | undefined } | undefined
}

interface Draft extends Change {
  /** Counts text blocks, so that two drafts can be told to stand in the same one. */
  readonly place: number
  /** Name of the kind of block: 'bulletList/listItem/paragraph'. */
  readonly setting: string
  /** Index of the segment inside its block. */
  readonly order: number
}

interface Walk {
  readonly since: Y.Snapshot
  readonly attribution: Attribution
  readonly drafts: Draft[]
  position: number
  place: number
  under: string
}

const wasKnown = (then: Y.Snapshot, id: Y.ID): boolean => id.clock < (then.sv.get(id.client) ?? 0)
const wasVisible = (then: Y.Snapshot, id: Y.ID): boolean => wasKnown(then, id) && !Y.isDeleted(then.ds, id)

/** Someone, where a document's own record is silent because the words went with the paragraph that held them. */
function removerOf(attribution: Attribution, item: Y.Item, clock: number): MemberId | undefined {
  const direct = attribution.deletedBy(item.id.client, clock)
  if (direct !== undefined) return direct
  const holder = item.parent instanceof Y.AbstractType ? item.parent._item : null
  return holder?.deleted === true ? removerOf(attribution, holder, holder.id.clock) : undefined
}

function classify(walk: Walk, item: Y.Item, clock: number): Pick<Segment, 'kind' | 'by' | 'removedBy'> | undefined {
  const visibleThen = wasVisible(walk.since, { client: item.id.client, clock })
  const writer = walk.attribution.insertedBy(item.id.client)
  if (!item.deleted) {
    return visibleThen
      ? { kind: 'kept', by: writer, removedBy: undefined }
      : { kind: 'added', by: writer, removedBy: undefined }
  }
  if (!visibleThen && wasKnown(walk.since, { client: item.id.client, clock })) return undefined
  const remover = removerOf(walk.attribution, item, clock)
  if (visibleThen) return { kind: 'removed', by: remover, removedBy: undefined }
  return remover === writer ? undefined : { kind: 'crossed', by: writer, removedBy: remover }
}

const sameOrigin = (a: Segment, b: Segment): boolean =>
  a.kind === b.kind &&
  (a.kind === 'kept' ? a.reformatted === b.reformatted : a.by === b.by && a.removedBy === b.removedBy)

const joined = (a: Segment, b: Segment): Segment => ({ ...a, text: a.text + b.text, to: b.to })

function push(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1)
  if (last !== undefined && sameOrigin(last, segment)) segments[segments.length - 1] = joined(last, segment)
  else segments.push(segment)
}

/** Letters of one item, cut where the answer to "whose, and since when" changes. */
function readLetters(
  walk: Walk,
  item: Y.Item,
  letters: string,
  reformatted: Segment['reformatted'],
  into: Segment[],
): void {
  for (let index = 0; index < item.length; index++) {
    const origin = classify(walk, item, item.id.clock + index)
    if (origin === undefined) continue
    const from = walk.position
    if (!item.deleted) walk.position += 1
    push(into, {
      ...origin,
      text: letters[index] ?? '',
      from,
      to: walk.position,
      reformatted: origin.kind === 'kept' ? reformatted : undefined,
    })
  }
}

interface Looks {
  readonly now: Map<string, string>
  readonly before: Map<string, string>
  readonly touchedBy: Map<string, MemberId | undefined>
  /** One object per stretch of equal answers, so that segments can be joined by identity. */
  current: Segment['reformatted']
}

function readFormat(walk: Walk, item: Y.Item, format: Y.ContentFormat, looks: Looks): void {
  const value = JSON.stringify(format.value)
  const visibleThen = wasVisible(walk.since, item.id)
  if (!item.deleted) looks.now.set(format.key, value)
  if (visibleThen) looks.before.set(format.key, value)
  if (visibleThen === item.deleted) {
    const by = item.deleted
      ? removerOf(walk.attribution, item, item.id.clock)
      : walk.attribution.insertedBy(item.id.client)
    looks.touchedBy.set(format.key, by)
  }
  const differing = [...new Set([...looks.now.keys(), ...looks.before.keys()])].find(
    (key) => (looks.now.get(key) ?? 'null') !== (looks.before.get(key) ?? 'null'),
  )
  if (differing === undefined) looks.current = undefined
  else if (looks.current === undefined || looks.current.by !== looks.touchedBy.get(differing))
    looks.current = { by: looks.touchedBy.get(differing) }
}

function readText(walk: Walk, text: Y.XmlText, into: Segment[]): void {
  const looks: Looks = { now: new Map(), before: new Map(), touchedBy: new Map(), current: undefined }
  for (let item = text._start; item !== null; item = item.right) {
    const { content } = item
    if (content instanceof Y.ContentString) readLetters(walk, item, content.str, looks.current, into)
    else if (content instanceof Y.ContentFormat) readFormat(walk, item, content, looks)
    // Its letters are gone for good (written by a program that does not keep them); that something went is still said.
    else if (content instanceof Y.ContentDeleted) readLetters(walk, item, '', undefined, into)
  }
}

/** The value that `name` had at that moment. */
function attributeThen(then: Y.Snapshot, element: Y.XmlElement, name: string): unknown {
  let item = element._map.get(name) ?? null
  while (item !== null && !wasKnown(then, item.id)) item = item.left
  return item !== null && wasVisible(then, item.id) ? item.content.getContent().at(-1) : undefined
}

function attributeChange(walk: Walk, element: Y.XmlElement, name: string): { by: MemberId | undefined } | undefined {
  const item = element._map.get(name)
  if (item === undefined || item.deleted || wasKnown(walk.since, item.id)) return undefined
  if (attributeThen(walk.since, element, name) === element.getAttribute(name)) return undefined
  return { by: walk.attribution.insertedBy(item.id.client) }
}

const nowText = (segments: readonly Segment[]): string =>
  segments
    .filter(({ kind }) => kind === 'kept' || kind === 'added')
    .map(({ text }) => text)
    .join('')

const thenText = (segments: readonly Segment[]): string => segments.map(({ text }) => text).join('')

/** How many letters `run` can be told further to the left: so many of the letters before it are also its own last ones. */
function slack(before: string, run: string): number {
  const most = Math.min(before.length, run.length - 1)
  let count = 0
  while (count < most && before.at(-1 - count) === run.at(-1 - count)) count++
  return count
}

/** Where the stretch meets another one of the same person, else where it begins with a word; as near as there is. */
function chooseSlide(previous: Segment | undefined, kept: Segment, run: Segment): number {
  const most = slack(kept.text, run.text)
  if (most === kept.text.length && previous !== undefined && sameOrigin(previous, run)) return most
  const beginsWord = (slide: number): boolean => {
    const letter = kept.text.at(-1 - slide)
    return letter === undefined ? previous === undefined : /\s/.test(letter)
  }
  return Array.from({ length: most + 1 }, (_, slide) => slide).find(beginsWord) ?? 0
}

/**
 * The editor's binding compares two texts, so a letter typed before an equal one is noted as typed after it: "T|his is new. T|he
 * rest", or one stretch cut in two, "Bob s|a|ys it. a|nother". Such a stretch is told where a person typed it; the text that
 * the reader sees is the same either way.
 */
function slideToWords(segments: readonly Segment[]): readonly Segment[] {
  const slid: Segment[] = []
  for (const segment of segments) {
    const kept = slid.at(-1)
    const slide = segment.kind === 'added' && kept?.kind === 'kept' ? chooseSlide(slid.at(-2), kept, segment) : 0
    if (kept === undefined || slide === 0) {
      push(slid, segment)
      continue
    }
    slid.pop()
    const moved = kept.text.slice(-slide)
    if (slide < kept.text.length) slid.push({ ...kept, text: kept.text.slice(0, -slide), to: kept.to - slide })
    const text = moved + segment.text.slice(0, -slide)
    push(slid, { ...segment, text, from: segment.from - slide, to: segment.to - slide })
    push(slid, { ...kept, text: moved, from: segment.to - slide, to: segment.to })
  }
  return slid
}

function draftsOfBlock(walk: Walk, read: readonly Segment[], setting: string): void {
  const segments = slideToWords(read)
  const text = nowText(segments).trim()
  const shared = {
    block: text === '' ? thenText(segments).trim() : text,
    under: walk.under,
    place: walk.place,
    setting,
  }
  segments.forEach((segment, order) => {
    const { kind, by, removedBy, reformatted, from, to } = segment
    if (kind === 'kept') {
      if (reformatted !== undefined && segment.text.trim() !== '')
        walk.drafts.push({ ...shared, kind: 'formatted', by: reformatted.by, text: segment.text, from, to, order })
    } else if (kind === 'crossed') {
      walk.drafts.push({ ...shared, kind, by, removedBy, text: segment.text, from, to, order })
    } else walk.drafts.push({ ...shared, kind, by, text: segment.text, from, to, order })
  })
}

function readElement(walk: Walk, element: Y.XmlElement, path: string): void {
  const visible = element._item?.deleted === false
  const setting = path === '' ? element.nodeName : `${path}/${element.nodeName}`
  const start = walk.position
  if (visible) walk.position += 1
  const segments: Segment[] = []
  const placeBefore = walk.place
  walk.place += 1
  readChildren(walk, element, setting, segments)
  if (visible) walk.position += 1
  if (segments.length > 0) {
    // A heading is said to stand under itself: that is where a reader will look for it.
    if (visible && element.nodeName === 'heading') walk.under = nowText(segments).trim()
    const place = walk.place
    walk.place = placeBefore
    draftsOfBlock(walk, segments, setting)
    walk.place = place
  }
  if (visible && element._item !== null && wasVisible(walk.since, element._item.id))
    readAttributes(walk, element, start, setting)
}

function readAttributes(walk: Walk, element: Y.XmlElement, start: number, setting: string): void {
  const text = textOf(element).trim()
  if (text === '') return
  const shared = {
    text,
    block: text,
    under: walk.under,
    from: start + 1,
    to: walk.position - 1,
    place: walk.place,
    setting,
    order: -1,
  }
  const ticked = attributeChange(walk, element, 'checked')
  if (ticked !== undefined) {
    const kind = String(element.getAttribute('checked')) === 'true' ? 'ticked' : 'unticked'
    walk.drafts.push({ ...shared, kind, by: ticked.by })
  }
  const level = attributeChange(walk, element, 'level')
  if (level !== undefined) walk.drafts.push({ ...shared, kind: 'formatted', by: level.by })
}

/** Of an element that may be gone, with its attributes. */
function lastAttributes(element: Y.XmlElement): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...element._map].map(([name, { content }]) => [name, content.getContent().at(-1)]))
}

function readPicture(walk: Walk, item: Y.Item, element: Y.XmlElement): void {
  const from = walk.position
  if (!item.deleted) walk.position += 1
  const now = pictureOf(lastAttributes(element))
  const put = (kind: PictureChange, by: MemberId | undefined, { alt, hash }: Picture = now): void => {
    const { under, place, position: to } = walk
    walk.drafts.push({
      kind,
      by,
      text: alt,
      picture: hash,
      block: '',
      under,
      from,
      to,
      place,
      setting: PICTURE,
      order: 0,
    })
  }
  const visibleThen = wasVisible(walk.since, item.id)
  const writer = walk.attribution.insertedBy(item.id.client)
  if (item.deleted) {
    const remover = removerOf(walk.attribution, item, item.id.clock)
    const isNews = visibleThen || (!wasKnown(walk.since, item.id) && remover !== writer)
    if (isNews) put('picture-removed', remover)
  } else if (!visibleThen) put('picture-added', writer)
  else {
    // The binding puts another picture into the same element.
    const swapped = attributeChange(walk, element, 'hash')
    if (swapped !== undefined) {
      const then = { hash: attributeThen(walk.since, element, 'hash'), alt: attributeThen(walk.since, element, 'alt') }
      put('picture-removed', swapped.by, pictureOf(then))
      put('picture-added', swapped.by)
      return
    }
    const described = attributeChange(walk, element, 'alt') ?? attributeChange(walk, element, 'decoration')
    if (described !== undefined) put('picture-described', described.by)
  }
}

function textOf(element: Y.XmlElement | Y.XmlFragment): string {
  return element
    .toArray()
    .map((child) => {
      if (child instanceof Y.XmlText) {
        return child
          .toDelta()
          .map((part: { insert?: unknown }) => (typeof part.insert === 'string' ? part.insert : ''))
          .join('')
      }
      return child instanceof Y.XmlElement ? textOf(child) : ''
    })
    .join(' ')
    .trim()
}

function readChildren(walk: Walk, parent: Y.XmlFragment, path: string, letters: Segment[]): void {
  for (let item = parent._start; item !== null; item = item.right) {
    if (!(item.content instanceof Y.ContentType)) continue
    const { type } = item.content
    if (type instanceof Y.XmlText) readText(walk, type, letters)
    else if (type instanceof Y.XmlElement) {
      // With words in it, it is one of a later version: they are told of as any.
      if (type.nodeName === PICTURE && type._start === null) readPicture(walk, item, type)
      else if (LEAVES.has(type.nodeName)) readLetters(walk, item, '\n', undefined, letters)
      else readElement(walk, type, path)
    }
  }
}

// --------------------------------------------------------------------------------------------------- the same words again

const plain = (draft: Draft): Change => {
  const { kind, by, text, block, under, from, to, picture } = draft
  if (picture !== undefined) return { kind, by, text, picture, block, under, from, to }
  return draft.kind === 'crossed'
    ? { kind, by, removedBy: draft.removedBy, text, block, under, from, to }
    : { kind, by, text, block, under, from, to }
}

/** `part` taken out of `whole`: what is left on either side, with positions where `whole` still stands in the text. */
function without(whole: Draft, part: string): Draft[] {
  const at = whole.text.indexOf(part)
  const end = at + part.length
  const stands = whole.to > whole.from
  return [
    { ...whole, text: whole.text.slice(0, at), to: stands ? whole.from + at : whole.to },
    { ...whole, text: whole.text.slice(end), from: stands ? whole.from + end : whole.from },
  ].filter(({ text }) => text.trim() !== '')
}

/**
 * The editor writes a split, joined or newly set-out paragraph as "these words gone, the same words there". People did not
 * remove anything, so it is told as a move, or as a new setting, or, put back where it was (undo), not at all.
 */
function pairSameWords(drafts: readonly Draft[]): Draft[] {
  let added = drafts.filter(({ kind }) => kind === 'added')
  let removed = drafts.filter(({ kind }) => kind === 'removed')
  const others = drafts.filter(({ kind }) => kind !== 'added' && kind !== 'removed')
  const pair = (matches: (gone: Draft, there: Draft) => string | undefined): void => {
    for (const gone of removed.slice()) {
      const match = added
        .map((there) => ({ there, words: gone.by === there.by ? matches(gone, there) : undefined }))
        .find(({ words }) => words !== undefined)
      if (match?.words === undefined) continue
      const { there, words } = match
      removed = removed.flatMap((draft) => (draft === gone ? without(gone, words) : [draft]))
      added = added.flatMap((draft) => (draft === there ? without(there, words) : [draft]))
      const putBack = gone.place === there.place && Math.abs(gone.order - there.order) === 1
      if (putBack) continue
      const offset = there.text.indexOf(words)
      const from = there.from + offset
      const kind = gone.setting === there.setting ? 'moved' : 'formatted'
      others.push({ ...there, kind, text: words, from, to: from + words.length })
    }
  }
  const trimmed = ({ text }: Draft): string => text.trim()
  pair((gone, there) => (trimmed(gone) !== '' && trimmed(gone) === trimmed(there) ? trimmed(gone) : undefined))
  pair((gone, there) =>
    trimmed(gone).length >= SAME_WORDS && there.text.includes(trimmed(gone)) ? trimmed(gone) : undefined,
  )
  pair((gone, there) =>
    trimmed(there).length >= SAME_WORDS && gone.text.includes(trimmed(there)) ? trimmed(there) : undefined,
  )
  return [...added, ...removed, ...others]
}

/** A picture that one person took out and put in again: moved, or, where it is back in its place (undo), nothing. */
function pairSamePictures(drafts: readonly Draft[]): readonly Draft[] {
  const gone = drafts.filter(({ kind }) => kind === 'picture-removed')
  const paired = new Set<Draft>()
  const told = drafts.flatMap((draft) => {
    if (draft.kind !== 'picture-added') return [draft]
    const from = gone.find((one) => one.picture === draft.picture && one.by === draft.by && !paired.has(one))
    if (from === undefined) return [draft]
    paired.add(from)
    return from.place === draft.place ? [] : [{ ...draft, kind: 'picture-moved' as const }]
  })
  return told.filter((draft) => !paired.has(draft))
}

/** In reading order. Empty where nothing that a reader would notice has changed. */
export function changesSince(fragment: Y.XmlFragment, since: Y.Snapshot, attribution: Attribution): readonly Change[] {
  const walk: Walk = { since, attribution, drafts: [], position: 0, place: 0, under: '' }
  readChildren(walk, fragment, '', [])
  return pairSamePictures(pairSameWords(walk.drafts))
    .filter(
      ({ text, kind, picture }) => picture !== undefined || text.trim() !== '' || (kind === 'removed' && text === ''),
    )
    .toSorted((a, b) => a.from - b.from || a.place - b.place || a.order - b.order)
    .map(plain)
}

/** What a person need not be told: their own doing. Their own words, removed by somebody else, they must be told. */
export const byOthers = (changes: readonly Change[], me: MemberId): readonly Change[] =>
  changes.filter((change) => change.by !== me || (change.kind === 'crossed' && change.removedBy !== me))
