/** Clicks of one person on Run until the program's output is on the other's screen, and the way between. */
import { until } from '../../e2e/lib/stack.mjs';

export const PROGRAM = 'import time\nprint("run", time.time_ns())\n';
const WARM_UP = 3;

export async function measureRuns(ada, ben, runs, pause) {
  await ada.write(PROGRAM);
  await ben.sees(PROGRAM);
  await ada.saved();
  const times = [];
  for (let i = 0; i < WARM_UP + runs; i++) {
    await pause();
    for (const person of [ada, ben]) await person.page.evaluate(() => window.bench.watchRun());
    await ada.run();
    const seen = await until(`output of run ${i + 1}`, 20, async () => {
      const run = await ben.page.evaluate(() => window.bench.run);
      return run.frame && run.finished && run;
    });
    const own = await ada.page.evaluate(() => ({ click: window.bench.click, sent: window.bench.run.sent }));
    if (i >= WARM_UP) times.push({ ...own, ...seen, sent: own.sent });
  }
  return times;
}
