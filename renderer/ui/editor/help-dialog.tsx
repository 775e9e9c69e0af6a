import { useTranslation } from 'react-i18next'
import { Dialog } from '../dialog.tsx'

const KEYS = [
  'leave',
  'toolbar',
  'bold',
  'italic',
  'link',
  'picture',
  'find',
  'comment',
  'tick',
  'in',
  'out',
  'newLine',
  'cells',
  'undo',
  'redo',
] as const

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('editor')
  return (
    <Dialog open title={t('help.title')} onClose={onClose}>
      <p>{t('help.lead')}</p>
      <table className="t-keys">
        <thead>
          <tr>
            <th scope="col">{t('help.keys')}</th>
            <th scope="col">{t('help.does')}</th>
          </tr>
        </thead>
        <tbody>
          {KEYS.map((name) => (
            <tr key={name}>
              <th scope="row">{t(`help.${name}.keys`)}</th>
              <td>{t(`help.${name}.does`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  )
}
