/** What run.mjs was asked for; a run with the same seed draws the same moments. */
import { seededRandom } from '../contracts/faulty-link.ts'

export const SEED = Number(process.env['TEATRAY_FAULTS_SEED'] ?? 1)
export const KILLS = Number(process.env['TEATRAY_FAULTS_KILLS'] ?? 50)
/** Where rows go, one line of JSON each. */
export const OUT = process.env['TEATRAY_FAULTS_OUT'] ?? ''

/** Each fault draws from its own, so that one can be run without the others. */
export const randomFor = (fault: string): (() => number) =>
  seededRandom(fault.split('').reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), SEED))

/** Milliseconds, whole. */
export const between = (random: () => number, from: number, to: number): number =>
  Math.floor(from + random() * (to - from))
