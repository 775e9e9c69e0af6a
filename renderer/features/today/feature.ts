import { defineFeature } from '../../../shared/model/feature.ts'
import { Today } from './views/today.tsx'

export const todayFeature = defineFeature({ id: 'today', area: 'today', path: '/today', scope: 'circle', view: Today })
