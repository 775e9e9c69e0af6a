import { defineFeature } from '../../../shared/model/feature.ts'
import { landmarksOf } from './model/landmarks.ts'
import { People } from './views/people.tsx'

export const peopleFeature = defineFeature({
  id: 'people',
  area: 'people',
  path: '/people',
  scope: 'circle',
  view: People,
  landmarks: landmarksOf,
})
