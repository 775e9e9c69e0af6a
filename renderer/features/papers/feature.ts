import { defineFeature } from '../../../shared/model/feature.ts'
import { textsOf } from './model/texts.ts'
import { Papers } from './views/papers.tsx'

export const papersFeature = defineFeature({
  id: 'papers',
  area: 'papers',
  path: '/papers',
  scope: 'circle',
  view: Papers,
  texts: textsOf,
})
