/** Which world a seed stands for: mostly a handful of people, every twenty-fifth a crowd. */
import { MAX_ACTORS } from './world.ts'

export const worldOf = (seed: number): { readonly seed: number; readonly actors: number; readonly steps: number } => ({
  seed,
  actors: seed % 25 === 0 ? 8 + (Math.floor(seed / 25) % (MAX_ACTORS - 7)) : 2 + (seed % 5),
  steps: seed % 25 === 0 ? 100 : 60,
})
