// Two machines behind one nginx: network name spaces with an address each, nginx and a daemon, put
// together as docs/OPERATING.md says, with its files. Their clocks began a day apart. Needs root.
import { execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import WebSocket from 'ws'
import { check, connected, member, outage, startAll, stopAll, writers } from './fleet.mjs'
import { dir, newRoom, ok, patience, serviceToken, test, until } from './harness.mjs'

const FRONT = '10.0.0.10'
const MACHINES = [
  { name: 'a', address: '10.0.0.11', other: '10.0.0.12', ahead_s: 0 },
  { name: 'b', address: '10.0.0.12', other: '10.0.0.11', ahead_s: 86400 },
]
const front = `${dir}/machines.sock` // files are seen from every name space

const sample = (name) => fs.readFileSync(new URL(`../../../conf/nginx/${name}.conf.in`, import.meta.url), 'utf8')

// A process that does nothing but keep a name space, for as long as we live; what runs in it begins
// with `within`.
async function space(ahead_s) {
  const offset = ahead_s ? [`--monotonic=${ahead_s}`, `--boottime=${ahead_s}`] : []
  const holder = spawn('unshare', ['--net', '--time', ...offset, '--fork', 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] })
  const pid = await until('a name space (this test needs root)', () => {
    try {
      const child = fs.readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'utf8').trim()
      return fs.readFileSync(`/proc/${child}/comm`, 'utf8') === 'cat\n' && child
    } catch { return false }
  })
  const within = ['nsenter', `--net=/proc/${pid}/ns/net`, `--time=/proc/${pid}/ns/time`]
  const ip = (line) => execFileSync(within[0], [...within.slice(1), 'ip', ...line.split(' ')])
  ip('link set lo up')
  return { pid, within, ip, end: () => holder.stdin.end() }
}

// A switch in the front's name space, and a cable to each machine's.
function connect(f, spaces) {
  f.ip('link add name switch type bridge')
  f.ip(`addr add ${FRONT}/24 dev switch`)
  f.ip('link set switch up')
  MACHINES.forEach(({ name, address }, i) => {
    f.ip(`link add name to-${name} type veth peer name eth0 netns ${spaces[i].pid}`)
    f.ip(`link set to-${name} master switch up`)
    spaces[i].ip(`addr add ${address}/24 dev eth0`)
    spaces[i].ip('link set eth0 up')
  })
}

// One process, so that killing it is killing all of it.
function nginx(name, within, servers) {
  const file = `${dir}/nginx-${name}.conf`
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${dir}/nginx-${name}-${kind};`).join('\n')
  fs.writeFileSync(file, `daemon off;\nmaster_process off;\nuser root;\npid ${dir}/nginx-${name}.pid;\nerror_log stderr crit;
events { worker_connections 1024; }\nhttp {\naccess_log off;\n${temp}\n${servers}\n}\n`)
  const n = {
    start() {
      n.child = spawn(within[0], [...within.slice(1), 'nginx', '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] })
      n.ended = new Promise((resolve) => n.child.on('exit', resolve))
    },
    kill: (signal) => n.child.kill(signal),
  }
  n.start()
  return n
}

// A unix socket has no address for its clients.
const siteOf = () => sample('coderoom-machines').replace('listen 443 ssl http2;', `listen unix:${front};`).replace(/^\s*ssl_.*$/gm, '')
  .replace(/(X-Real-IP|X-Forwarded-For) \$remote_addr/g, '$1 203.0.113.9')
const otherSocket = (name) => `${dir}/other-of-${name}.sock`
const trust = `set_real_ip_from ${FRONT}; real_ip_header X-Real-IP;\n` // as scripts/up --trust-proxy has it
const machineOf = ({ name, address, other }, m) => trust + sample('coderoom-machine')
  .replace('/srv/coderoom/data/run/ws/ws.sock', m.socket).replace('/srv/coderoom/data/run/ws/other.sock', otherSocket(name))
  .replace(/10\.0\.0\.1[12]/g, (found) => (found === '10.0.0.11' ? address : other))

test('two machines: a daemon is killed, a machine is lost; the other serves the rooms, nothing is lost or doubled', async () => {
  const f = await space(0)
  const spaces = await Promise.all(MACHINES.map((m) => space(m.ahead_s)))
  const members = MACHINES.map((m, i) => member(m.name, spaces[i].within, { CODEROOM_WS_ADDRESS: `${m.name}.example.org` }))
  const nginxes = []
  const all = []
  try {
    connect(f, spaces)
    const relays = MACHINES.map((m, i) => nginx(m.name, spaces[i].within, machineOf(m, members[i])))
    nginxes.push(...relays, nginx('front', f.within, siteOf()))
    await startAll(members)
    // The hash decides: until each machine has some.
    for (let spread = [0, 0]; Math.min(...spread) < 2; spread = await Promise.all(members.map((m) => m.rooms()))) {
      ok(all.length < 40, `rooms are on both machines: ${spread}`)
      for (let i = 0; i < 4; i++) all.push(writers(newRoom(), `r${all.length}`, front))
      await until('everybody is in', () => connected(all), 20000)
    }

    // The runner of the first machine, at the daemon of the other.
    const runner = new WebSocket(`ws+unix:${otherSocket('a')}:/ws/v1/service`, { headers: { Authorization: `Bearer ${serviceToken}` } })
    runner.on('error', () => {})
    runner.on('open', () => runner.send(JSON.stringify({ type: 'hello', runner: 'a', languages: ['python'] })))
    await until('the runner is there', async () => /^coderoom_ws_runners 1$/m.test((await members[1].get('/metrics')).text))
    runner.close()

    members[0].child.kill('SIGKILL')
    const killed = await outage(all, 'kill -9', 15000 * patience)
    console.log(`    served again ${killed} ms after kill -9 of a daemon`)
    ok(killed < 3000 * patience, `served again after ${killed} ms`)
    await members[0].start()

    for (const p of [members[1].child, relays[1]]) p.kill('SIGKILL')
    const lost = await outage(all, 'a machine is lost', 15000 * patience)
    console.log(`    served again ${lost} ms after a machine was lost`)
    ok(lost < 3000 * patience, `served again after ${lost} ms`)
    await relays[1].ended
    fs.rmSync(otherSocket('b'))
    relays[1].start()
    await members[1].start()
    await check(members, all)
  } finally {
    for (const w of all) { w.stop(); for (const c of w.clients) c.destroy() }
    await stopAll(members.filter((m) => m.child))
    for (const n of nginxes) n.kill('SIGTERM')
    for (const s of [f, ...spaces]) s.end()
  }
  for (const m of members) ok(!/document cannot be (read|unpacked|decoded)/.test(m.log), m.log)
})
