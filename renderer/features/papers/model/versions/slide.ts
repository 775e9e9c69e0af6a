/**
 * The editor's binding compares two texts, so a letter typed before an equal one is noted as typed after it: "We l|a|ugh.a|nother". What was
 * only added, or only removed, is told where it meets the change before it, else where it begins with a word.
 */
import type { Node } from '@tiptap/pm/model'
import { Change } from '@tiptap/pm/changeset'

/** What stands behind a position: a letter, or the beginning or end of a block. */
function tokenAt(doc: Node, position: number): string {
  const { nodeAfter, parent } = doc.resolve(position)
  if (nodeAfter === null) return `/${parent.type.name}`
  return nodeAfter.isText ? (nodeAfter.text?.[0] ?? '') : `<${nodeAfter.type.name}`
}

const moved = ({ fromA, toA, fromB, toB }: Change, left: number): Change =>
  Change.fromJSON({
    fromA: fromA - left,
    toA: toA - left,
    fromB: fromB - left,
    toB: toB - left,
    deleted: [{ length: toA - fromA, data: null }],
    inserted: [{ length: toB - fromB, data: null }],
  })

const joined = (a: Change, b: Change): Change =>
  Change.fromJSON({
    fromA: a.fromA,
    toA: b.toA,
    fromB: a.fromB,
    toB: b.toB,
    deleted: [{ length: b.toA - a.fromA, data: null }],
    inserted: [{ length: b.toB - a.fromB, data: null }],
  })

interface Stretch {
  readonly doc: Node
  readonly from: number
  readonly to: number
}

/** How far to the left it can be told, letters only, without becoming another change. */
function slack({ doc, from, to }: Stretch, gap: number): number {
  let count = 0
  while (count < gap) {
    const token = tokenAt(doc, from - 1 - count)
    if (token.length !== 1 || token !== tokenAt(doc, to - 1 - count)) return count
    count++
  }
  return count
}

function chooseSlide(stretch: Stretch, gap: number, meets: boolean): number {
  const most = slack(stretch, gap)
  if (meets && most === gap) return most
  const beginsWord = (slide: number): boolean =>
    stretch.from - slide === 0 || !/^[\p{L}\p{N}]$/u.test(tokenAt(stretch.doc, stretch.from - slide - 1))
  return Array.from({ length: most + 1 }, (_, slide) => slide).find(beginsWord) ?? 0
}

export function slideToWords(changes: readonly Change[], older: Node, newer: Node): readonly Change[] {
  const slid: Change[] = []
  for (const change of changes) {
    const { fromA, toA, fromB, toB } = change
    const isRemoval = fromB === toB
    const previous = slid.at(-1)
    if (isRemoval === (fromA === toA)) {
      slid.push(change)
      continue
    }
    const gap = isRemoval ? fromA - (previous?.toA ?? 0) : fromB - (previous?.toB ?? 0)
    const stretch = isRemoval ? { doc: older, from: fromA, to: toA } : { doc: newer, from: fromB, to: toB }
    const left = chooseSlide(stretch, gap, previous !== undefined)
    if (previous !== undefined && left === gap) slid[slid.length - 1] = joined(previous, moved(change, left))
    else slid.push(left === 0 ? change : moved(change, left))
  }
  return slid
}
