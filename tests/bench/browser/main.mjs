/** Measures an installation: see tests/bench/run. */
import { writeFileSync } from 'node:fs';
import { loadavg, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { closeBrowser, Person } from '../../e2e/lib/person.mjs';
import { dockerRuns } from './docker.mjs';
import { measureProtocol } from './protocol.mjs';
import { measureRuns, PROGRAM } from './running.mjs';
import { takePictures } from './pictures.mjs';
import { percentile, summary, table } from './stats.mjs';
import { measureTyping } from './typing.mjs';

const { values: options } = parseArgs({
  options: {
    keys: { type: 'string', default: '220' },
    runs: { type: 'string', default: '36' },
    pause: { type: 'string', default: '2.5' }, // by default an account may start 30 runs a minute
    image: { type: 'string', default: 'coderoom/lang-python' },
    json: { type: 'string' },
    shots: { type: 'string' },
  },
});
const load = () => loadavg()[0].toFixed(1);
const pause = () => new Promise((resolve) => setTimeout(resolve, Number(options.pause) * 1000));

/** What to add to a time of ben's page to have it on ada's clock. */
async function clockDifference(ada, ben) {
  const clock = (person) => person.page.evaluate(() => window.bench.clock());
  return (await clock(ben)) - (await clock(ada));
}

async function twoPeople(work) {
  const script = { path: fileURLToPath(new URL('inpage.js', import.meta.url)) };
  const people = [await Person.arrive('Ada'), await Person.arrive('Ben')];
  const [ada, ben] = people;
  try {
    for (const person of people) await person.context.addInitScript(script);
    await ada.signUp();
    await ada.createRoom('Measured');
    await ben.signUpAndJoin(await ada.invitation('editor'));
    return await work(ada, ben);
  } finally {
    for (const person of people) await person.leave();
    await closeBrowser();
  }
}

async function measure(ada, ben) {
  const result = { load: { begin: load() } };
  const late = await clockDifference(ada, ben);
  const keys = await measureTyping(ada, ben, Number(options.keys));
  result.load.keys = load();
  const runs = await measureRuns(ada, ben, Number(options.runs), pause);
  result.load.runs = load();
  const drift = (await clockDifference(ada, ben)) - late;
  const bare = await measureProtocol(ada, ben, Number(options.runs), pause);
  result.load.bare = load();
  const docker = await dockerRuns(options.image, PROGRAM, Number(options.runs), pause);
  result.load.docker = load();
  result.clockDrift = drift;
  const span = (list, from, to) => list.map((time) => time[to] - time[from]);
  const across = (list, from, to) => span(list, from, to).map((time) => time + late);
  result.rows = [
    ['key pressed → frame with it at the other person', across(keys, 'key', 'frame')],
    ['key pressed → in the other page', across(keys, 'key', 'dom')],
    ['click on Run → frame with the first output at the other person', across(runs, 'click', 'frame')],
    ['click on Run → first output bytes in the other browser', across(runs, 'click', 'bytes')],
    ['bare sockets, no pages: `run.start` → first output bytes at another socket', span(bare, 'sent', 'bytes')],
    ['`docker run` of the same program → first output byte', docker],
    ['bare: `run.start` → queued', span(bare, 'sent', 'queued')],
    ['bare: queued → running', span(bare, 'queued', 'running')],
    ['bare: running → first output bytes', span(bare, 'running', 'bytes')],
    ['of a run: click → `run.start` sent', span(runs, 'click', 'sent')],
    ['of a run: `run.start` → queued, told to the room', across(runs, 'sent', 'queued')],
    ['of a run: queued → running, told to the room', span(runs, 'queued', 'running')],
    ['of a run: running → first output bytes', span(runs, 'running', 'bytes')],
    ['of a run: first output bytes → in the page', span(runs, 'bytes', 'dom')],
    ['of a run: in the page → frame', span(runs, 'dom', 'frame')],
  ];
  return result;
}

function report({ rows, load: loads, clockDrift }) {
  const [shown, docker] = [rows[2][1], rows[5][1]];
  const ratio = percentile(docker, 0.5) / percentile(shown, 0.5);
  console.log(`${cpus().length} × ${cpus()[0].model.trim()}; load while measuring: ${Object.values(loads).join(' → ')}`);
  console.log(`clocks of the two pages: ${clockDrift.toFixed(2)} ms apart at the end\n`);
  console.log(table(rows));
  console.log(`\n\`docker run\` takes ${ratio.toFixed(1)} times as long as Run does until the other person sees it (p50).`);
  if (!options.json) return;
  const measured = rows.map(([name, times]) => ({ name, ...summary(times), times }));
  writeFileSync(options.json, `${JSON.stringify({ load: loads, clockDrift, ratio, measured }, null, 1)}\n`);
}

if (options.shots) await takePictures(options.shots);
else report(await twoPeople(measure));
