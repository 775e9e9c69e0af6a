import { useTranslation } from 'react-i18next'
import { Toolbar, ToolbarButton } from '../menu.tsx'

export interface ReadingToolbarProps {
  readonly controls: string
  readonly onFind: () => void
}

/** For a text that cannot be changed here. */
export function ReadingToolbar({ controls, onFind }: ReadingToolbarProps) {
  const { t } = useTranslation('editor')
  return (
    <Toolbar label={t('toolbar')} controls={controls}>
      <ToolbarButton label={t('find.open-reading')} onPress={onFind} />
    </Toolbar>
  )
}
