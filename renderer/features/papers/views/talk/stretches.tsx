import { useTranslation } from 'react-i18next'
import { VisuallyHidden } from '../../../../ui/index.ts'
import type { Stretch } from '../../model/talk/proposal.ts'

/** A paragraph with what is to go and what is to come; said in words for those who listen, and never by colour alone. */
export function Stretches({ stretches }: { readonly stretches: readonly Stretch[] }) {
  const { t } = useTranslation('talk')
  if (stretches.length === 0) return null
  return (
    <p className="t-talk-text">
      {stretches.map(({ kind, text, at }) => {
        if (kind === 'kept') return <span key={`${kind} ${at}`}>{text}</span>
        const Tag = kind === 'out' ? 'del' : 'ins'
        return (
          <Tag key={`${kind} ${at}`}>
            <VisuallyHidden>{t(`proposal.${kind}`)} </VisuallyHidden>
            {text}
            <VisuallyHidden> {t('proposal.end')} </VisuallyHidden>
          </Tag>
        )
      })}
    </p>
  )
}
