// Small seeded random numbers, so that every engine and every run gets the same inputs.
export const random = (seed) => {
  let s = seed >>> 0
  const next = () => {
    s = (s + 0x6d2b79f5) >>> 0
    let t = Math.imul(s ^ (s >>> 15), s | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  const below = (n) => next() % n
  const word = (n) => Array.from({ length: n }, () => String.fromCharCode(97 + below(26))).join('')
  return { below, word }
}
