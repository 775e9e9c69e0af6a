import type { i18n } from 'i18next'
import type { CircleContext, Standing } from '../../../../shared/model/contexts.ts'

export interface StandingWords {
  readonly title: string
  readonly lines: readonly string[]
}

/** Why nothing can be written there, and what stays; undefined for a member. */
export function standingWords(
  i18n: i18n,
  standing: Standing,
  { scope, name }: { readonly scope: CircleContext['scope']; readonly name: string },
): StandingWords | undefined {
  const t = i18n.getFixedT(i18n.language, 'people')
  const circle = scope === 'group' ? t('standing.group') : name
  const stays = [t('standing.stays'), t('standing.nothing')]
  switch (standing.state) {
    case 'member':
      return undefined
    case 'closed':
      return { title: t('standing.closed', { circle: name }), lines: [t('standing.closed-what')] }
    case 'left':
      return { title: t('standing.left', { circle }), lines: stays }
    case 'removed': {
      const kind = standing.computerOnly ? 'computer' : 'removed'
      const { by } = standing
      const title = by === '' ? t(`standing.${kind}-unknown`, { circle }) : t(`standing.${kind}`, { by, circle })
      return { title, lines: stays }
    }
  }
}
