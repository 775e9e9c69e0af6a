import { expect, it } from 'vitest'
import { simulate } from './simulate.ts'

it('runs one seed the same way each time', async () => {
  const options = { seed: 8, actors: 3, steps: 40 }
  expect(await simulate(options)).toEqual(await simulate(options))
})
