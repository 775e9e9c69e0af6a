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
