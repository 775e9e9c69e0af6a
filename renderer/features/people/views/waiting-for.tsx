import { useTranslation } from 'react-i18next'
import type { LookingWhere } from '../../../../shared/model/contexts.ts'
import { TextLink } from '../../../ui/index.ts'
import { lookingLines } from '../model/looking.ts'

/** Where is being looked, and the way to change it. */
export function WaitingFor({ looking }: { readonly looking: LookingWhere }) {
  const { t, i18n } = useTranslation('people')
  return (
    <div className="t-stack">
      <output>
        <ul className="t-plain-list">
          {lookingLines(i18n, looking).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </output>
      {looking.lan === 'looking' && looking.internet === 'looking' ? null : (
        <p>
          <TextLink href="/safety">{t('looking.settings')}</TextLink>
        </p>
      )}
    </div>
  )
}
