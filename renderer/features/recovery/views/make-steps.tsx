import { useTranslation } from 'react-i18next'
import { Steps } from '../../../ui/index.ts'

const steps = ['passphrase', 'sheet', 'check'] as const

export function MakeSteps({ current }: { readonly current: number }) {
  const { t } = useTranslation('recovery')
  return <Steps steps={steps.map((step) => t(`make.steps.${step}`))} current={current} />
}
