import type { Area, Feature } from '../../shared/model/feature.ts'
import type { NavigationItem } from './frame.tsx'

const ORDER: readonly Area[] = ['today', 'meetings', 'papers', 'decisions', 'people', 'letters', 'notes']
const APART: ReadonlySet<Area> = new Set(['letters', 'notes'])

/** The areas that exist, in their fixed order. */
export const navigationItems = (
  features: readonly Pick<Feature<unknown>, 'area' | 'path'>[],
  label: (area: Area) => string,
): readonly NavigationItem[] =>
  ORDER.flatMap((area) => {
    const feature = features.find((candidate) => candidate.area === area)
    return feature === undefined ? [] : [{ href: feature.path, label: label(area), apart: APART.has(area) }]
  })

/** What can be gone to by name: the areas, and what stands in the footer. */
export const appPages = (
  items: readonly Pick<NavigationItem, 'href' | 'label'>[],
  t: (name: 'frame.safety' | 'frame.help') => string,
) =>
  [...items, { href: '/safety', label: t('frame.safety') }, { href: '/help', label: t('frame.help') }].map(
    ({ href, label }) => ({ kind: 'page' as const, name: label, path: href }),
  )
