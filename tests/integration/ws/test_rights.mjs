// What viewers and editors may not.
import * as Y from 'yjs'
import * as decoding from 'lib0/decoding'
import { docSocket, equal, newRoom, ok, provider, roomSocket, seed, sleep, synced, test, ticket, until } from './harness.mjs'
import { main, text, message, update, insert, lastCount, denied } from './yprotocol.mjs'

test('a viewer reads but cannot edit, and is told', async () => {
  const room = newRoom()
  const editor = provider(room.room, main(room), { token: room.token })
  await synced(editor)
  editor.text.insert(0, 'shown')
  const viewer = provider(room.room, main(room), { token: room.viewer_token })
  await until('viewer sees it', () => text(viewer) === 'shown')
  const s = docSocket(room.room, main(room), { token: room.viewer_token, saved: '1' })
  await until('greeted', () => s.binary.length > 0)
  s.send(update(insert('forged')))
  await until('denied', () => denied(s) === 1)
  const reason = decoding.readVarString((() => { const d = decoding.createDecoder(new Uint8Array(s.binary.find((b) => b[0] === 2))); decoding.readVarUint(d); decoding.readVarUint(d); return d })())
  ok(reason.startsWith('read-only: '), `reason: ${reason}`)
  s.send(update(Y.encodeStateAsUpdate(editor.doc))) // nothing new
  await until('counted', () => lastCount(s) === 2)
  equal(denied(s), 1, 'denials')
  editor.text.insert(5, '!')
  await until('viewer sees more', () => text(viewer) === 'shown!')
  equal(text(editor), 'shown!', 'editor unchanged by the forgery')
})

test('a stock client keeps a refused edit to itself; it is taken, once, when its owner may edit again', async () => {
  const room = newRoom()
  const other = provider(room.room, main(room), { token: room.token })
  const p = provider(room.room, main(room), { ticket: ticket(room.room, room.editor) })
  const told = await roomSocket(room.room, room.editor)
  const refused = []
  p.messageHandlers[2] = (_, decoder) => { decoding.readVarUint(decoder); refused.push(decoding.readVarString(decoder)) }
  const become = async (role) => {
    seed('role', room.room, room.editor, role)
    await told.next('role.changed', (m) => m.role === role)
  }
  const comeBack = async () => {
    p.disconnect()
    p.params.ticket = ticket(room.room, room.editor)
    p.connect()
    await synced(p)
  }
  await Promise.all([other, p].map(synced))
  p.text.insert(0, 'before ')
  await until('the other has it', () => text(other) === 'before ')

  await become('viewer')
  p.text.insert(0, 'REFUSED ')
  await until('told', () => refused.length === 1)
  ok(refused[0].startsWith('read-only: '), `reason: ${refused[0]}`)
  other.text.insert(0, 'other ')
  await until('it still hears of others', () => text(p).includes('other '))
  equal(text(other), 'other before ', 'what others have')
  ok(text(p).includes('REFUSED '), 'its own copy has the edit')
  ok(p.wsconnected && p.closes.length === 0, 'its socket stays')

  await comeBack()
  await until('refused again', () => refused.length === 2)
  equal(text(other), 'other before ', 'what others have')
  const late = provider(room.room, main(room), { token: room.token })
  await synced(late)
  equal(text(late), 'other before ', 'what is stored')

  await become('editor')
  await comeBack()
  await until('all have it', () => [other, late].every((q) => text(q) === text(p)))
  for (const word of ['other ', 'before ', 'REFUSED ']) equal(text(other).split(word).length, 2, `${word}is there once`)
  equal(refused.length, 2, 'refusals')
})

test('a protected range stays what it is, whatever stock clients do, and all copies stay the same', async () => {
  const room = newRoom()
  const owner = new Y.Doc()
  const o = provider(room.room, main(room), { ticket: ticket(room.room, room.owner) }, owner)
  const a = provider(room.room, main(room), { token: room.token })
  const b = provider(room.room, main(room), { token: room.token })
  await Promise.all([o, a, b].map(synced))
  const body = 'top\n# keep this 🙂\nbottom\n'
  o.text.insert(0, body)
  const from = body.indexOf('#'), to = body.indexOf('\nbottom')
  const position = (index, assoc) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(o.text, index, assoc))
  owner.getMap('protected').set('line', { start: position(from, 0), end: position(to, -1), why: 'template' })
  await until('all know', () => [a, b].every((p) => p.doc.getMap('protected').has('line') && text(p) === body))
  const kept = () => text(a).includes('# keep this 🙂') && text(a) === text(b) && text(b) === text(o)

  a.text.insert(from + 3, 'EVIL')
  await until('an insert is taken out', () => kept() && text(a) === body)
  a.text.delete(from + 2, 4)
  await until('what was deleted is back', () => kept() && text(a) === body)
  a.text.insertEmbed(from + 3, { image: 'x' })
  await until('what is no text is taken out', () => kept() && [a, b, o].every((p) => p.text.length === body.length))
  a.doc.transact(() => { a.text.delete(0, a.text.length); a.text.insert(0, 'all new') })
  await until('the rest may change', () => kept() && text(a).includes('all new') && !text(a).includes('top'))
  b.text.delete(b.text.toString().indexOf('keep') + 1, 2) // the range's units are others now
  await until('it is still protected', kept)
  a.text.insert(a.text.length, 'tail')
  await until('edits elsewhere pass', () => kept() && text(b).endsWith('tail'))

  // Many at once, also over the borders.
  for (let i = 0; i < 60; i++) {
    for (const p of [a, b]) {
      const at = Math.floor(Math.random() * (p.text.length - 2))
      if (i % 2) p.text.insert(at, `<${i}>`)
      else p.text.delete(at, 1 + Math.floor(Math.random() * 2))
    }
    if (i % 10 === 0) await sleep(2)
  }
  await until('all copies are the same, with the range whole', () => text(a).includes('# keep this 🙂') && text(a) === text(b) && text(b) === text(o))
  const late = provider(room.room, main(room), { token: room.token })
  await synced(late)
  await until('a late one sees the same', () => text(late) === text(a))

  const forger = docSocket(room.room, main(room), { token: room.token, saved: '1' })
  await until('greeted', () => forger.binary.length > 0)
  const forged = new Y.Doc()
  forged.getMap('protected').set('mine', 1)
  forger.send(update(Y.encodeStateAsUpdate(forged)))
  await until('told', () => denied(forger) === 1)
  const said = decoding.createDecoder(new Uint8Array(forger.binary.find((f) => f[0] === 101)))
  decoding.readVarUint(said)
  equal(decoding.readVarUint(said), 1, 'number of the refused message')
  ok(decoding.readVarString(said).startsWith('refused: '), 'reason')
  ok(!owner.getMap('protected').has('mine'), 'nobody got it')

  owner.getMap('protected').delete('line')
  await until('lifted', () => !a.doc.getMap('protected').has('line'))
  a.text.delete(0, a.text.length)
  await until('all may go', () => text(b) === '' && text(o) === '')
})
