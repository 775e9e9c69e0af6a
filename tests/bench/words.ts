/** Made-up words, to fill papers with. */

const VOCABULARY = 20_000

/** The same on every run. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Draws a word. Few words are common and most are rare, as in any text. */
export function createWriter(): () => string {
  const random = createRandom(7)
  const letters = 'etaoinshrdlucmfwygpb'
  const words = Array.from({ length: VOCABULARY }, () =>
    Array.from({ length: 2 + Math.floor(random() * 9) }, () => letters[Math.floor(random() * letters.length)]).join(''),
  )
  return () => words[Math.floor(VOCABULARY ** random()) - 1] ?? 'the'
}
