import type { Editor } from '@tiptap/core'
import { useTranslation } from 'react-i18next'
import { Toolbar, ToolbarButton } from '../menu.tsx'
import { OutlineMenu } from './outline-menu.tsx'
import type { OutlineEntry } from './outline.ts'

export interface ReadingToolbarProps {
  readonly editor: Editor
  readonly outline: readonly OutlineEntry[]
  readonly controls: string
  readonly onFind: () => void
  readonly onRead: () => void
}

/** For a text that cannot be changed here. */
export function ReadingToolbar({ editor, outline, controls, onFind, onRead }: ReadingToolbarProps) {
  const { t } = useTranslation('editor')
  return (
    <Toolbar label={t('toolbar')} controls={controls}>
      <ToolbarButton label={t('find.open-reading')} onPress={onFind} />
      <OutlineMenu editor={editor} outline={outline} readOnly />
      <ToolbarButton label={t('read.open')} onPress={onRead} />
    </Toolbar>
  )
}
