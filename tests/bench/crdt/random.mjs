// Small seeded random numbers, so that every engine and every run gets the same inputs.
import { makeRandom } from '../../differential/random.mjs'

export const random = (seed) => {
  const { below } = makeRandom(seed)
  const word = (n) => Array.from({ length: n }, () => String.fromCharCode(97 + below(26))).join('')
  return { below, word }
}
