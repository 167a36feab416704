/** The same runs without the application's pages, which take a share of the processors: two bare room sockets in an empty page. */
import { url } from '../../e2e/lib/stack.mjs';
import { PROGRAM } from './running.mjs';

const WARM_UP = 3;

/** Runs in the page: opens two sockets with a room token, for one that runs and one that watches. */
async function openSockets(address) {
  const join = () =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(address);
      socket.binaryType = 'arraybuffer';
      socket.onmessage = () => resolve(socket); // welcome
      socket.onclose = ({ code, reason }) => reject(new Error(`${code} ${reason}`));
    });
  const [runs, watches] = [await join(), await join()];
  window.measureRun = () =>
    new Promise((resolve) => {
      const seen = {};
      const note = (name) => (seen[name] ??= performance.now());
      watches.onmessage = ({ data }) => {
        if (typeof data !== 'string') return note('bytes');
        const message = JSON.parse(data);
        if (message.type === 'run.status') note(message.run.state);
        if (seen.finished && seen.bytes) resolve(seen);
      };
      note('sent');
      runs.send(JSON.stringify({ type: 'run.start', key: crypto.randomUUID(), entry: 'main.py' }));
    });
}

async function roomToken(owner, room) {
  await owner.api('/rooms'); // signs in
  const answer = await fetch(`${url}/api/v1/rooms/${room}/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ label: 'bench', role: 'editor' }),
  });
  if (!answer.ok) throw new Error(`no room token: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).token;
}

/** Of the room that both have open, whose main.py is PROGRAM; they leave it. */
export async function measureProtocol(owner, other, runs, pause) {
  if (!(await owner.text()).includes(PROGRAM)) throw new Error('main.py is not the program');
  const room = new URL(owner.page.url()).pathname.match(/rooms\/([0-9a-v]{20})/)[1];
  const token = await roomToken(owner, room);
  const page = await owner.context.newPage();
  for (const person of [owner, other]) await person.page.goto('about:blank');
  const times = [];
  try {
    await page.goto(`${url}/healthz`);
    await page.evaluate(openSockets, `${url.replace('http', 'ws')}/ws/v1/room/${room}?token=${token}`);
    for (let i = 0; i < WARM_UP + runs; i++) {
      await pause();
      const seen = await page.evaluate(() => window.measureRun());
      if (i >= WARM_UP) times.push(seen);
    }
  } finally {
    await page.close();
  }
  return times;
}
