/** The one place where the words of a document become those of another: whatever words come with must be taken along here. Pictures are, after the words, by copyPictures(). */
import * as Y from 'yjs'

/** Blocks, marks, tables and ticks as they are, also those that this version does not know. Comments and versions stay. */
export function copyWords(from: Y.XmlFragment, to: Y.XmlFragment): void {
  const blocks: (Y.XmlElement | Y.XmlText)[] = []
  for (const block of from.toArray())
    if (block instanceof Y.XmlElement || block instanceof Y.XmlText) blocks.push(block.clone())
  to.insert(0, blocks)
}

/** A tick says that something is done; in words to begin with, nothing is. */
export function takeTicksOff(parent: Y.XmlFragment): void {
  for (const child of parent.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue
    if (child.nodeName === 'taskItem' && child.getAttribute('checked') !== undefined)
      (child as Y.XmlElement<{ checked: boolean }>).setAttribute('checked', false)
    takeTicksOff(child)
  }
}
