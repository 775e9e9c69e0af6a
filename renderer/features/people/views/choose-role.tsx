import { useTranslation } from 'react-i18next'
import type { Role } from '../../../../shared/model/contexts.ts'
import { ChoiceList } from '../../../ui/index.ts'

interface ChooseRoleProps {
  readonly label: string
  readonly value: Role
  readonly onChange: (role: Role) => void
}

const ROLES = ['member', 'organiser'] as const

export function ChooseRole({ label, value, onChange }: ChooseRoleProps) {
  const { t } = useTranslation('people')
  return (
    <ChoiceList
      id="role"
      label={label}
      value={value}
      onChange={onChange}
      options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`), hint: t(`role-means.${role}`) }))}
    />
  )
}
