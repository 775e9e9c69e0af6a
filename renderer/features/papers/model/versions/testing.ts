/** People with a computer each, who write in one paper as the editor does and meet when told to. For tests only. */
import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap'
import { Transform } from '@tiptap/pm/transform'
import * as Y from 'yjs'
import type { MemberId } from '../../../../../shared/base/ids.ts'
import type { Attribution } from '../../../../../shared/model/contexts.ts'
import { editorSchema } from '../../../../ui/editor/schema.ts'
import { toText } from '../../../../ui/editor/to-text.ts'
import { CONTENT } from '../commands.ts'

export const schema = editorSchema()

export interface Writer {
  readonly name: MemberId
  readonly doc: Y.Doc
  readonly words: Y.XmlFragment
  edit(change: (transform: Transform) => void): void
  /** All of it, one paragraph each. */
  write(...lines: readonly string[]): void
  text(): string
}

export const paragraph = (text: string) => schema.node('paragraph', null, text === '' ? [] : schema.text(text))

export function positionOf(transform: Transform, text: string): number {
  let found = -1
  transform.doc.descendants((node, position) => {
    const index = node.isText ? (node.text?.indexOf(text) ?? -1) : -1
    if (index >= 0 && found < 0) found = position + index
  })
  if (found < 0) throw new Error(`no ${JSON.stringify(text)}`)
  return found
}

export const remove = (text: string) => (transform: Transform) => {
  const from = positionOf(transform, text)
  transform.delete(from, from + text.length)
}

export const addAfter = (after: string, text: string) => (transform: Transform) =>
  transform.insert(positionOf(transform, after) + after.length, schema.text(text))

export function writers(...names: readonly string[]) {
  const deletions: { client: number; clock: number; length: number; by: MemberId }[] = []
  const people = names.map((name, index): Writer => {
    const doc = new Y.Doc({ gc: false })
    doc.clientID = index + 1
    doc.on('afterTransaction', (transaction: Y.Transaction) => {
      if (!transaction.local) return
      for (const [client, items] of transaction.deleteSet.clients)
        for (const { clock, len } of items) deletions.push({ client, clock, length: len, by: name as MemberId })
    })
    const words = doc.getXmlFragment(CONTENT)
    const edit: Writer['edit'] = (change) => {
      const { doc: now, meta } = initProseMirrorDoc(words, schema)
      const transform = new Transform(now)
      change(transform)
      doc.transact(() => updateYFragment(doc, words, transform.doc, meta))
    }
    return {
      name: name as MemberId,
      doc,
      words,
      edit,
      write: (...lines) =>
        edit((transform) => transform.replaceWith(0, transform.doc.content.size, lines.map(paragraph))),
      text: () => toText(words),
    }
  })
  const attribution: Attribution = {
    insertedBy: (client) => people[client - 1]?.name,
    deletedBy: (client, clock) =>
      deletions.find((one) => one.client === client && clock >= one.clock && clock < one.clock + one.length)?.by,
  }
  const meet = (): void => {
    for (const from of people)
      for (const to of people) if (from !== to) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'others')
  }
  return { people, attribution, meet }
}
