import type { Template } from './build.ts'
import { plan } from './plan.ts'
import { planningMinutes } from './planning-minutes.ts'
import { termsOfReference } from './terms-of-reference.ts'

export type { Audience, Template } from './build.ts'
export const templates: readonly Template[] = [termsOfReference, planningMinutes, plan]
