import type { Editor } from '@tiptap/core'
import { TextSelection } from '@tiptap/pm/state'
import { useTranslation } from 'react-i18next'
import { announce } from '../live-region.tsx'
import { Menu, type MenuEntry } from '../menu.tsx'
import { findAgain, type OutlineEntry } from './outline.ts'
import { scrollTo } from './place.ts'

export interface OutlineMenuProps {
  readonly editor: Editor
  readonly outline: readonly OutlineEntry[]
  readonly readOnly: boolean
}

function goTo(editor: Editor, entry: OutlineEntry): boolean {
  const { doc, tr } = editor.state
  const position = findAgain(doc, entry)
  if (position === undefined) return false
  editor.view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(position))).setMeta('addToHistory', false))
  scrollTo(editor.view, position, 'center')
  return true
}

/** The headings; choosing one goes there, and writing goes on there. */
export function OutlineMenu({ editor, outline, readOnly }: OutlineMenuProps) {
  const { t } = useTranslation('editor')
  const go = (entry: OutlineEntry): void => {
    if (!goTo(editor, entry)) return announce(t('outline.gone', { heading: entry.text }))
    announce(t('outline.here', { heading: entry.text }))
    // After the menu has given the focus back to its button; a text that cannot be changed takes none.
    if (readOnly) setTimeout(() => goTo(editor, entry), 60)
    else setTimeout(() => editor.view.focus(), 60)
  }
  const entries: MenuEntry[] = outline.map((entry, index) => ({
    id: String(index),
    label: entry.text,
    depth: entry.level - 1,
    onAction: () => go(entry),
  }))
  const none: MenuEntry = { id: 'none', label: t('outline.none'), disabled: true, onAction: () => undefined }
  return <Menu label={t('outline.menu')} entries={entries.length === 0 ? [none] : entries} />
}
