/** What went wrong before, each as small as it gets. */
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { insertTable } from '../../../renderer/ui/editor/tables.ts'
import { headlessEditor, type HeadlessEditor } from './headless-editor.ts'

interface Side {
  readonly doc: Y.Doc
  readonly hand: HeadlessEditor
  readonly text: () => string
}

function side(): Side {
  const doc = new Y.Doc({ gc: false })
  const words = doc.getXmlFragment('content')
  return { doc, hand: headlessEditor(words), text: () => words.toJSON() }
}

function meet(...sides: readonly Side[]): void {
  for (const from of sides)
    for (const to of sides) if (from !== to) Y.applyUpdate(to.doc, Y.encodeStateAsUpdate(from.doc), 'others')
}

function caretBehind({ hand: { editor } }: Side, letters: string): void {
  editor.state.doc.descendants((node, position) => {
    const at = node.isText ? (node.text?.indexOf(letters) ?? -1) : -1
    if (at >= 0) editor.commands.setTextSelection(position + at + letters.length)
  })
}

it('two people take out the two items of a list; what a third writes there stays', () => {
  const [ann, bob, cat] = [side(), side(), side()]
  ann.hand.type('- one')
  ann.hand.press('Enter')
  ann.hand.type('two')
  meet(ann, bob, cat)
  for (const [who, line] of [
    [ann, 'one'],
    [bob, 'two'],
  ] as const) {
    const { editor } = who.hand
    editor.state.doc.descendants((node, position) => {
      if (node.type.name !== 'listItem' || node.textContent !== line) return
      editor.view.dispatch(editor.state.tr.delete(position, position + node.nodeSize))
    })
  }
  caretBehind(cat, 'two')
  cat.hand.press('Enter')
  cat.hand.type('three')
  meet(ann, bob)
  expect(ann.text()).toContain('<bulletlist></bulletlist>')
  meet(ann, bob, cat)
  meet(ann, bob, cat)
  expect(ann.text()).toContain('three')
  expect(bob.text()).toBe(ann.text())
  expect(cat.text()).toBe(ann.text())
})

it('undoing takes away no words that somebody else wrote meanwhile', () => {
  const [ann, bob] = [side(), side()]
  ann.hand.press('Mod-Shift-8')
  meet(ann, bob)
  bob.hand.editor.commands.setTextSelection(3)
  bob.hand.type('from bob')
  meet(ann, bob)
  ann.hand.press('Mod-z')
  expect(ann.text()).toContain('from bob')
})

it('undoing takes away no words that cannot come back to where they were: that line is a heading now', () => {
  const [ann, bob] = [side(), side()]
  bob.hand.type('Agenda: who comes?')
  meet(ann, bob)
  caretBehind(ann, 'Agenda: ')
  ann.hand.press('Enter')
  meet(ann, bob)
  caretBehind(bob, 'Agenda')
  bob.hand.press('Mod-Alt-1')
  meet(ann, bob)
  ann.hand.press('Mod-z')
  meet(ann, bob)
  expect(bob.text()).toBe('<heading level="1">Agenda: </heading><paragraph>who comes?</paragraph>')
})

it('undoing and redoing what nobody else has touched goes there and back', () => {
  const [ann, bob] = [side(), side()]
  bob.hand.type('Agenda: who comes?')
  meet(ann, bob)
  const before = ann.text()
  caretBehind(ann, 'Agenda: ')
  ann.hand.press('Enter')
  const after = ann.text()
  meet(ann, bob)
  for (const [shortcut, text] of [
    ['Mod-z', before],
    ['Mod-y', after],
    ['Mod-z', before],
  ] as const) {
    ann.hand.press(shortcut)
    meet(ann, bob)
    expect(bob.text()).toBe(text)
  }
})

it('two people who begin to write in one cell of a table have both their words, once, while a third goes on there', () => {
  const [ann, bob, cat] = [side(), side(), side()]
  insertTable(ann.hand.editor)
  meet(ann, bob, cat)
  for (const { hand } of [ann, bob]) hand.editor.commands.setTextSelection(4)
  ann.hand.type('ann')
  bob.hand.type('bob')
  for (const { doc } of [ann, bob]) Y.applyUpdate(cat.doc, Y.encodeStateAsUpdate(doc), 'others')
  caretBehind(cat, 'ann')
  cat.hand.type('!')
  meet(ann, bob)
  meet(ann, bob, cat)
  meet(ann, bob, cat)
  expect(bob.text()).toBe(ann.text())
  expect(cat.text()).toBe(ann.text())
  for (const words of [/ann/g, /bob/g, /!/g]) expect(ann.text().match(words)).toHaveLength(1)
})

const asShown = ({ hand }: Side): string => hand.editor.state.doc.toString()

it('whoever has chosen all of a text, of which somebody else leaves an empty list, is shown the list and does not write over it', () => {
  const [ann, bob] = [side(), side()]
  ann.hand.type('all')
  meet(ann, bob)
  bob.hand.editor.commands.setTextSelection({ from: 1, to: 4 })
  ann.hand.press('Mod-Shift-8')
  ann.hand.editor.view.dispatch(ann.hand.editor.state.tr.delete(3, 6))
  meet(ann, bob)
  expect(asShown(bob)).toBe(asShown(ann))
  bob.hand.editor.commands.setTextSelection(3)
  bob.hand.type('from bob')
  meet(ann, bob)
  expect(ann.text()).toContain('<listitem><paragraph>from bob')
})

it('what is written while an editor is writing is shown in it before the next letter', async () => {
  const bob = side()
  bob.hand.type('one')
  bob.hand.press('Enter')
  bob.doc.once('afterTransaction', () => {
    const text = (bob.doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText
    text.insert(0, 'number ')
  })
  bob.hand.type('two')
  await Promise.resolve()
  expect(asShown(bob)).toBe('doc(paragraph("number one"), paragraph("two"))')
  expect(bob.hand.editor.state.selection.$from.parent.textContent).toBe('two')
  bob.hand.type('!')
  expect(bob.text()).toContain('number one')
})
