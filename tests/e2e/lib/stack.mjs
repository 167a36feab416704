/** The installation that the tests use: its address, and the processes in it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const url = (process.env.CODEROOM_TEST_URL ?? '').replace(/\/$/, '');
if (!url) throw new Error('CODEROOM_TEST_URL is not set: run tests/e2e/run or scripts/test e2e');
const data = process.env.CODEROOM_TEST_DATA ?? '';

const docker = (...args) => execFileSync('docker', args, { encoding: 'utf8' }).trim();

/** Process id of a service's main process, from its supervisor. */
export function servicePid(name) {
  return Number(readFileSync(join(data, 'service', name, 'supervise', 'pid'), 'utf8').trim());
}

function children(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    try {
      const ids = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
      return ids ? ids.split(' ').map(Number) : [];
    } catch {
      return [];
    }
  });
}

function descendants(pid) {
  return children(pid).flatMap((child) => [child, ...descendants(child)]);
}

const commandOf = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
};

/** Process id of a program inside the database container, by its command name. */
export function databasePid(command) {
  const instance = readFileSync(join(data, 'instance'), 'utf8').trim();
  const root = Number(docker('inspect', '-f', '{{.State.Pid}}', `coderoom-db-${instance}`));
  const found = [root, ...descendants(root)].find((pid) => commandOf(pid) === command);
  if (!found) throw new Error(`no process ${command} in the database container`);
  return found;
}

/** Kills the container of this installation in which a program of that language runs with this word in its command. */
export async function killContainerOf(language, word) {
  const instance = readFileSync(join(data, 'instance'), 'utf8').trim();
  const labels = [`coderoom.instance=${instance}`, `coderoom.language=${language}`];
  const cells = () => docker('ps', '-q', ...labels.flatMap((label) => ['--filter', `label=${label}`])).split(/\s+/);
  const found = await until(`a container that runs ${word}`, 5, () =>
    cells().find((id) => id && docker('top', id).includes(word)),
  );
  docker('kill', found);
}

export async function until(what, seconds, check) {
  const end = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      last = await check();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s (${last})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Kill a process without warning and wait until the supervisor has another in its place and all is ready. */
export async function killAndRecover(name, pidOf) {
  const before = pidOf();
  process.kill(before, 'SIGKILL');
  await until(`${name} is started again`, 30, () => {
    const now = pidOf();
    return now && now !== before;
  });
  await until(`ready after ${name} was killed`, 60, async () => (await fetch(`${url}/readyz`)).ok);
}
