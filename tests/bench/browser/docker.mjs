/** `docker run --rm` of the same program with the same image: from the command to its first output byte. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function firstByte(image, folder) {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    let took;
    const child = spawn(
      'docker',
      ['run', '--rm', '--network', 'none', '-e', 'PYTHONUNBUFFERED=1', '-v', `${folder}:/work:ro`, '-w', '/work',
        '--user', '10000:10000', '--entrypoint', '/usr/bin/python3', image, 'main.py'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    child.stdout.on('data', () => (took ??= performance.now() - begin));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 && took ? resolve(took) : reject(new Error(`docker run: ${code}`))));
  });
}

export async function dockerRuns(image, program, runs, pause) {
  execFileSync('docker', ['image', 'inspect', image], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = mkdtempSync(join(tmpdir(), 'coderoom-bench-'));
  const times = [];
  try {
    writeFileSync(join(folder, 'main.py'), program, { mode: 0o644 });
    execFileSync('chmod', ['755', folder]);
    await firstByte(image, folder);
    for (let i = 0; i < runs; i++) {
      await pause();
      times.push(await firstByte(image, folder));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return times;
}
