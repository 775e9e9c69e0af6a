import { defineFeature } from '../../../shared/model/feature.ts'
import { textsOf } from './model/texts.ts'
import { Notes } from './views/notes.tsx'

export const notesFeature = defineFeature({
  id: 'notes',
  area: 'notes',
  path: '/notes',
  scope: 'device',
  view: Notes,
  texts: textsOf,
})
