// A small seeded generator (mulberry32): the same seed gives the same schedule everywhere.
export const makeRandom = (seed) => {
  let s = seed >>> 0
  const next = () => {
    s = (s + 0x6d2b79f5) >>> 0
    let t = s
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const below = (n) => next() % n
  const drawn = new Set()
  const draw = () => {
    const kind = below(10)
    if (kind === 0) return 1 + below(200)
    return kind < 4 ? (next() % 0x200000) * 0x100000000 + next() : next()
  }
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick: (list) => list[below(list.length)],
    // 32-bit ids as Yjs 13 draws them, sometimes 53-bit ones as Yjs 14 does, sometimes small ones;
    // never one twice
    clientId: () => {
      let id = draw()
      while (drawn.has(id)) id = draw()
      drawn.add(id)
      return id
    },
    shuffled: (list) => {
      const out = [...list]
      for (let i = out.length - 1; i > 0; i--) {
        const j = below(i + 1)
        ;[out[i], out[j]] = [out[j], out[i]]
      }
      return out
    },
  }
}
