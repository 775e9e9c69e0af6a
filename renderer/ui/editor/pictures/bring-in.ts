/**
 * Pictures that come with words (pasted, or from a file): while they are made ready the words hold a mark of each, which no document ever
 * gets to see; then the picture, or nothing.
 */
import { Fragment, type Node, Slice } from '@tiptap/pm/model'
import type { KeptPicture } from './kept.ts'
import { makeSmaller } from './make-smaller.ts'
import { waitingIndex } from './marks.ts'
import { isHash, PICTURE, pictureOf } from './picture.ts'

const isText = (node: globalThis.Node | null): node is Text => node?.nodeType === 3

/**
 * A picture is a block of its own. One that stands in its paragraph alone takes its place; one in the middle of words comes below them, so
 * that no sentence is torn.
 */
export function liftPicture(picture: Element): void {
  const { previousSibling: before, nextSibling: after } = picture
  if (isText(before) && isText(after) && /\s$/.test(before.data)) after.data = after.data.trimStart()
  for (;;) {
    const { parentElement } = picture
    if (parentElement === null || !/^(?:P|H[1-6]|SPAN|A|STRONG|B|EM|I|U|FONT)$/.test(parentElement.tagName)) return
    const isAlone = parentElement.textContent.trim() === '' && parentElement.querySelectorAll('img').length === 1
    if (isAlone) parentElement.replaceWith(picture)
    else parentElement.after(picture)
  }
}

/** One after the other: each takes much memory for a moment. */
export async function makeAllSmaller(
  given: readonly Uint8Array<ArrayBuffer>[],
): Promise<readonly (KeptPicture | undefined)[]> {
  const made: (KeptPicture | undefined)[] = []
  for (const bytes of given) {
    const smaller = await makeSmaller(new Blob([bytes]))
    if (!smaller.ok) console.warn('picture', smaller.error, smaller.detail)
    made.push(smaller.ok ? smaller.value : undefined)
  }
  return made
}

/** `hashes`: by index of the mark; undefined: that one is left out. */
function settleFragment(fragment: Fragment, hashes: readonly (string | undefined)[]): Fragment {
  const settled: Node[] = []
  fragment.forEach((node) => {
    if (node.type.name !== PICTURE) {
      const content = settleFragment(node.content, hashes)
      // A cell or an item that held nothing else.
      settled.push(content.size === 0 && node.content.size > 0 ? emptied(node) : node.copy(content))
      return
    }
    const { hash: mark } = node.attrs
    const hash = isHash(mark) ? mark : hashes[waitingIndex(mark)]
    if (hash !== undefined) settled.push(node.type.create({ ...node.attrs, hash }))
  })
  return Fragment.fromArray(settled)
}

const emptied = (node: Node): Node => node.type.createAndFill(node.attrs) ?? node.copy(Fragment.empty)

export const settleSlice = (slice: Slice, hashes: readonly (string | undefined)[]): Slice =>
  new Slice(settleFragment(slice.content, hashes), slice.openStart, slice.openEnd)

/** Of which nothing says what they show. */
export function countUndescribed(content: Fragment): number {
  let count = 0
  content.descendants(({ type, attrs }) => {
    if (type.name !== PICTURE) return
    const { alt, isDecoration } = pictureOf(attrs)
    if (alt === '' && !isDecoration) count += 1
  })
  return count
}

export function holdsWaiting(fragment: Fragment): boolean {
  let found = false
  fragment.descendants((node) => {
    found ||= node.type.name === PICTURE && waitingIndex(node.attrs['hash']) >= 0
    return !found
  })
  return found
}
