import { useTranslation } from 'react-i18next'
import { Section } from '../../../../ui/index.ts'

/** The whole way, said before its first step. */
export function ThreeFiles({ for: reader }: { readonly for: 'inviter' | 'newcomer' }) {
  const { t } = useTranslation('by-files')
  return (
    <Section title={t('three.title')}>
      <ol>
        <li>{t(`three.${reader}.invitation`)}</li>
        <li>{t(`three.${reader}.request`)}</li>
        <li>{t(`three.${reader}.words`)}</li>
        <li>{t(`three.${reader}.welcome`)}</li>
      </ol>
      <p>{t('three.time')}</p>
    </Section>
  )
}
