// Random edits of a Yjs document: what people and editor plugins do, and what they rarely do.
import * as Y from 'yjs'

export const roots = { text: 'text', code: 'text', map: 'map', array: 'array', xml: 'xml' }

const words = ['a', 'b', 'xyz', 'hello ', '\n', '\r\n', 'ä', 'ß€', '漢字', '😀', '👩‍👩‍👧', '🇪🇺', 'e\u0301', '\u0000', '\ufffd', '\ufeff']

// Halves of a pair: UTF-8 has none, so others get U+FFFD.  The author's own copy keeps them, and Yjs spoils what stands
// next to them there: only in schedules marked `halves`, where the authors' copies don't count.  Not in embeds: whether
// their halves live on depends in Yjs on whether the update had to wait.
const halves = ['\ud83d', '\ude00', 'x\ud83d', '\ude00y']

export const randomText = (r, mayHalve = true) => {
  let s = ''
  for (let n = 1 + r.below(4); n > 0; n--) s += mayHalve && r.halves && r.chance(20) ? r.pick(halves) : r.pick(words)
  return r.chance(3) ? s.repeat(40) : s
}

const value = (r, depth = 0) => {
  switch (r.below(depth > 2 ? 9 : 12)) {
    case 0: return null
    case 1: return undefined
    case 2: return r.chance(50)
    case 3: return r.below(1000) - 500
    case 4: return r.below(1000000) * 1000003 - 7
    case 5: return r.below(1000) / 8
    case 6: return r.below(1000) / 7
    case 7: return BigInt(r.below(2000) - 1000) * 1234567890123456n
    case 8: return randomText(r)
    case 9: return new Uint8Array([r.below(256), 255, 0])
    case 10: return Array.from({ length: r.below(4) }, () => value(r, depth + 1))
    default: return Object.fromEntries(
      Array.from({ length: r.below(4) }, () => [randomText(r), value(r, depth + 1)]))
  }
}

// Yjs takes undefined and big integers inside other values only.
const content = (r) => {
  const v = value(r)
  return v === undefined || typeof v === 'bigint' ? [v] : v
}

const shared = (r) => {
  switch (r.below(6)) {
    case 0: return new Y.Map([['k', r.below(9)]])
    case 1: return Y.Array.from([1, 'two'])
    case 2: return new Y.Text(randomText(r))
    case 3: return new Y.XmlElement(r.pick(['p', 'div', 'ü']))
    case 4: return new Y.XmlText(randomText(r))
    default: return new Y.Doc({ guid: `sub-${r.below(1000)}`, meta: { n: r.below(5) } })
  }
}

const cutsPair = (s, i) => {
  const code = s.charCodeAt(i - 1)
  return i > 0 && code >= 0xd800 && code <= 0xdbff
}

// The text with one character for each embed, so that indexes are those of the list.
const plain = (text) =>
  text.toDelta().map((d) => (typeof d.insert === 'string' ? d.insert : '*')).join('')

// Yjs spoils its own copy when a format that changes nothing cuts a surrogate pair: formats keep off pairs.
const offPair = (s, i) => (cutsPair(s, i) ? i - 1 : i)

const editText = (r, text) => {
  const len = text.length
  const at = r.below(len + 1)
  switch (r.below(9)) {
    case 0: case 1: case 2:
      return text.insert(at, randomText(r))
    case 3: case 4:
      if (len > 0) {
        const from = r.below(len)
        text.delete(from, 1 + r.below(Math.min(len - from, r.chance(10) ? len : 6)))
      }
      return undefined
    case 5: {
      const s = plain(text)
      const from = offPair(s, at)
      const to = offPair(s, from + r.below(len - from + 1))
      if (to > from) text.format(from, to - from, r.pick([{ bold: true }, { bold: null }, { em: { x: 'ö' } }]))
      return undefined
    }
    case 6:
      // XML writes an attribute of text as an element with its value's keys: of a string Yjs takes the characters.
      return text.insert(offPair(plain(text), at), randomText(r),
        r.pick([{ bold: true }, { em: text instanceof Y.XmlText ? { y: 1 } : 'y' }, {}]))
    case 7:
      return text.insertEmbed(offPair(plain(text), at), { image: randomText(r, false) })
    default: // type at one place, so that runs grow and merge
      for (let i = 0, p = at; i < 5; i++, p++) text.insert(p, r.pick(['q', 'w', 'e']))
      return undefined
  }
}

const editArray = (r, array) => {
  const at = r.below(array.length + 1)
  if (r.chance(35) && array.length > 0) {
    const from = r.below(array.length)
    array.delete(from, 1 + r.below(Math.min(array.length - from, 3)))
  } else if (r.chance(25)) {
    array.insert(at, [shared(r)])
  } else {
    array.insert(at, Array.from({ length: 1 + r.below(4) }, () => content(r)))
  }
}

const editMap = (r, map) => {
  const key = r.pick(['a', 'b', 'ключ', ''])
  if (r.chance(20)) map.delete(key)
  else map.set(key, r.chance(30) ? shared(r) : content(r))
}

const editXml = (r, xml) => {
  const at = r.below(xml.length + 1)
  if (r.chance(30) && xml.length > 0) xml.delete(r.below(xml.length), 1)
  else xml.insert(at, [r.chance(50) ? new Y.XmlText(randomText(r)) : new Y.XmlElement('p')])
  if (xml instanceof Y.XmlElement && r.chance(50)) xml.setAttribute('class', randomText(r))
}

const edit = (r, type) => {
  if (type instanceof Y.Text) editText(r, type)
  else if (type instanceof Y.Array) editArray(r, type)
  else if (type instanceof Y.Map) editMap(r, type)
  else editXml(r, type)
}

const isShared = (v) => v instanceof Y.AbstractType

// Go down from a root into nested types, sometimes.
const target = (r, type, depth = 0) => {
  let children = []
  if (type instanceof Y.Map) children = [...type.values()].filter(isShared)
  else if (!(type instanceof Y.Text)) children = type.toArray().filter(isShared)
  if (children.length === 0 || depth > 4 || r.chance(40)) return type
  return target(r, r.pick(children), depth + 1)
}

export const openRoots = (doc) => ({
  text: doc.getText('text'),
  code: doc.getText('code'),
  map: doc.getMap('map'),
  array: doc.getArray('array'),
  xml: doc.getXmlFragment('xml'),
})

export const randomEdit = (r, types, bias) => {
  const name = r.chance(60) ? bias : r.pick(Object.keys(roots))
  edit(r, target(r, types[name]))
}
