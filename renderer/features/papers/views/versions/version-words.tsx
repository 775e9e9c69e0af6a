import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Editor, type EditorHandle, type Highlight } from '../../../../ui/editor/index.ts'
import { toText } from '../../../../ui/editor/to-text.ts'
import { Notice } from '../../../../ui/index.ts'
import type { OpenedVersion } from '../../model/versions/open.ts'
import '../papers.css'

export interface VersionWordsProps {
  readonly opened: OpenedVersion
  /** Accessible name of the text. */
  readonly label: string
  readonly highlights?: readonly Highlight[]
}

/** A version's words, to be read; as far as this Teatray can show them. */
export function VersionWords({ opened, label, highlights }: VersionWordsProps) {
  const { t } = useTranslation(['versions', 'papers'])
  const mark = useCallback(
    (handle: EditorHandle | undefined) =>
      handle?.setHighlights(highlights === undefined ? undefined : () => highlights),
    [highlights],
  )
  if (opened.state === 'not-here') return <Notice tone="care" title={t('one.not-here')} safe={t('one.not-here-safe')} />
  if (opened.state === 'whole')
    return (
      <Editor fragment={opened.words} label={label} placeholder={t('papers:nothing-written')} readOnly onReady={mark} />
    )
  return (
    <>
      <Notice tone="care" title={t('one.newer')} safe={t('one.newer-safe')} />
      <div className="t-version-text">{toText(opened.words)}</div>
    </>
  )
}
