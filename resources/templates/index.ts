import type { Template } from './build.ts'
import { termsOfReference } from './terms-of-reference.ts'

export type { Template } from './build.ts'
export const templates: readonly Template[] = [termsOfReference]
