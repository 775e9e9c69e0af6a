/**
 * What a paper can hold. Pure (no view, no Yjs), so that tests and exports can use it in Node.
 *
 * Danger: the binding between editor and paper deletes, for everyone, an element that this schema cannot hold, and with it what a
 * third person may have written into it. So what can be inside what is as loose as possible, a later version may add kinds
 * of elements but never narrow one, and content-guard.ts keeps the editor off a paper that holds what is unknown to it.
 *
 * Two people's edits can meet in one way only that a looser order cannot help: each takes out one of the last two things that an
 * element holds, and it is left empty. Hence no `+` and no fixed order in any content but the paper's own, which the binding fills in the
 * view (tests/simulation/editing shows what happened with `+`); fill-empty.ts keeps what one person makes from being empty.
 */
import { Extension, getSchema, type Extensions } from '@tiptap/core'
import { Link } from '@tiptap/extension-link'
import { BulletList, ListItem, OrderedList, TaskItem, TaskList } from '@tiptap/extension-list'
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table'
import type { Schema } from '@tiptap/pm/model'
import { StarterKit } from '@tiptap/starter-kit'
import { makeFilled, NothingMadeEmpty } from './fill-empty.ts'
import { isSafeLink } from './links.ts'
import { PictureNode } from './pictures/picture.ts'
import { Summary, type SummaryOptions } from './summary.ts'

export const HEADING_LEVELS = [1, 2, 3] as const

/** Tab belongs to the window, not to lists: it must always leave the editor. Mod-] and Mod-[ move an item in and out. */
const withoutTab = <Shortcuts extends Record<string, unknown>>(shortcuts: Shortcuts): Shortcuts => {
  const { Tab: _tab, 'Shift-Tab': _shiftTab, ...rest } = shortcuts
  return rest as Shortcuts
}

const PaperAttributes = Extension.create({
  name: 'paperAttributes',
  addGlobalAttributes() {
    return [
      {
        // An empty paragraph of a template can carry a prompt: shown while it is empty, gone with the first letter.
        types: ['paragraph'],
        attributes: {
          prompt: {
            default: null,
            keepOnSplit: false,
            parseHTML: () => null,
            renderHTML: ({ prompt }) => (typeof prompt === 'string' ? { 'data-prompt': prompt } : {}),
          },
        },
      },
      {
        // The page's own title is its first heading; a paper's headings come below it, also for those who listen.
        types: ['heading'],
        attributes: {
          level: {
            default: 1,
            parseHTML: () => null,
            renderHTML: ({ level }) => ({ 'aria-level': String(Number(level) + 1) }),
          },
        },
      },
    ]
  },
})

const LooseBulletList = BulletList.extend({ content: 'listItem*' })
const LooseOrderedList = OrderedList.extend({ content: 'listItem*' })
const LooseTaskList = TaskList.extend({ content: 'taskItem*' })

const LooseListItem = ListItem.extend({
  content: 'block*',
  addKeyboardShortcuts() {
    return withoutTab(this.parent?.() ?? {})
  },
})

const LooseTaskItem = TaskItem.extend({
  content: 'block*',
  addKeyboardShortcuts() {
    return withoutTab(this.parent?.() ?? {})
  },
  addNodeView() {
    const parent = this.parent?.()
    if (parent === undefined || parent === null) return null as never
    return (props) => {
      const view = parent(props)
      const box = view.dom instanceof HTMLElement ? view.dom.querySelector('input') : null
      // The tick is set by Mod-Enter or a click; as a Tab stop, each item would stand between the reader and the way out.
      if (box !== null) box.tabIndex = -1
      return view
    }
  },
}).configure({
  nested: true,
  // The words beside the box are its name, so that saying them works.
  a11y: { checkboxLabel: (node) => node.firstChild?.textContent.trim() || '…' },
})

const PlainTable = Table.extend({
  content: 'tableRow*',
  addKeyboardShortcuts() {
    return withoutTab(this.parent?.() ?? {})
  },
}).configure({ resizable: false, View: null })

/** As in web pages; a table is laid out in memory, so that a larger number would stop every computer it comes to. */
const WIDEST = 1000

const spanning = (name: 'colspan' | 'rowspan') => ({
  default: 1,
  parseHTML: (element: HTMLElement) =>
    Math.min(Math.max(Math.floor(Number(element.getAttribute(name))) || 1, 1), WIDEST),
  validate: (value: unknown) => {
    if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > WIDEST)
      throw new RangeError(`a cell spans no ${String(value)}`)
  },
})

const LooseTableCell = TableCell.extend({
  content: 'block*',
  addAttributes() {
    return { ...this.parent?.(), colspan: spanning('colspan'), rowspan: spanning('rowspan') }
  },
})

const LooseTableHeader = TableHeader.extend({
  content: 'block*',
  addAttributes() {
    return { ...this.parent?.(), colspan: spanning('colspan'), rowspan: spanning('rowspan') }
  },
})

const SafeLink = Link.extend({
  // Only the address is kept: class, target and rel of somebody else's making have no way in.
  addAttributes() {
    return { href: { default: null } }
  },
  renderHTML({ HTMLAttributes }) {
    const { href } = HTMLAttributes
    if (typeof href !== 'string' || !isSafeLink(href)) return ['span', {}, 0]
    return ['a', { href, rel: 'noopener noreferrer nofollow', target: '_blank' }, 0]
  },
}).configure({
  openOnClick: false,
  defaultProtocol: 'https',
  isAllowedUri: (address) => isSafeLink(address),
  shouldAutoLink: (address) => isSafeLink(address),
})

const either = (run: (name: string) => boolean) => () => run('taskItem') || run('listItem')

/** List shortcuts that do not take Tab. */
const Indenting = Extension.create({
  name: 'indenting',
  addKeyboardShortcuts() {
    return {
      'Mod-]': either((name) => this.editor.commands.sinkListItem(name)),
      'Mod-[': either((name) => this.editor.commands.liftListItem(name)),
      'Mod-Enter': ({ editor }) => {
        const { checked } = editor.getAttributes('taskItem')
        return (
          editor.isActive('taskItem') && editor.commands.updateAttributes('taskItem', { checked: checked !== true })
        )
      },
    }
  },
})

/** What the interface calls a kind of block. */
export interface BlockNames {
  readonly summary: SummaryOptions['label']
}

/** Everything about the content itself; create-editor.ts adds what binds it to a document. */
export const editorExtensions = (names: BlockNames = { summary: '' }): Extensions => [
  StarterKit.configure({
    heading: { levels: [...HEADING_LEVELS] },
    dropcursor: { color: 'currentColor', width: 2 },
    blockquote: false,
    bulletList: false,
    code: false,
    codeBlock: false,
    horizontalRule: false,
    link: false,
    listItem: false,
    orderedList: false,
    strike: false,
    // Adds a paragraph whenever the last block is another kind: merely opening a paper would write to it.
    trailingNode: false,
    underline: false,
    // Yjs undoes; ProseMirror's history would undo others' edits too.
    undoRedo: false,
  }),
  PaperAttributes,
  SafeLink,
  LooseBulletList,
  LooseOrderedList,
  LooseListItem,
  LooseTaskList,
  LooseTaskItem,
  PlainTable,
  TableRow,
  LooseTableHeader,
  LooseTableCell,
  NothingMadeEmpty,
  Summary.configure({ label: names.summary }),
  PictureNode,
  Indenting,
]

let schema: Schema | undefined

export const editorSchema = (): Schema => (schema ??= makeFilled(getSchema(editorExtensions())))
