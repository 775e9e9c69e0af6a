import { useId, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { MadeRecoverySheet } from '../../../../shared/model/recovery.ts'
import { qrOf } from '../model/qr.ts'
import { sheetName } from '../model/sheet-name.ts'
import './paper.css'

const SAID = ['opens', 'use', 'keep', 'lost'] as const

/** The sheet itself, black on white; when printing, there is nothing else on the page. */
export function Paper({ sheet }: { readonly sheet: MadeRecoverySheet }) {
  const { t, i18n } = useTranslation('recovery')
  const title = useId()
  const qr = useMemo(() => qrOf(sheet.words.join(' ')), [sheet])
  return (
    <section className="recovery-paper t-printed-alone" aria-labelledby={title}>
      <h2 id={title}>{t('paper.title')}</h2>
      <p className="recovery-paper-name">{sheetName(i18n, sheet)}</p>
      <p className="recovery-paper-line">{t('paper.computer')}</p>
      <div className="recovery-paper-secret">
        <ol className="recovery-paper-words" aria-label={t('paper.words')}>
          {sheet.words.map((word, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- a word may stand in two places
            <li key={`${index} ${word}`}>{word}</li>
          ))}
        </ol>
        <figure>
          <svg viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={t('paper.qr')} shapeRendering="crispEdges">
            <rect width={qr.size} height={qr.size} fill="#fff" />
            <path d={qr.path} fill="#000" />
          </svg>
          <figcaption>{t('paper.qr-what')}</figcaption>
        </figure>
      </div>
      <div className="recovery-paper-said">
        {SAID.map((name) => (
          <div key={name}>
            <h3>{t(`paper.${name}`)}</h3>
            <p>{t(`paper.${name}-what`)}</p>
          </div>
        ))}
      </div>
    </section>
  )
}
