/** Keys of one person, at a human pace, until they are on the other's screen. */
import { until } from '../../e2e/lib/stack.mjs';

const WARM_UP = 20;
const LINE = 60;

export async function measureTyping(ada, ben, keys) {
  await ada.write('# ');
  await ben.sees('# ');
  await ada.editor.focus();
  await ada.page.keyboard.press('Control+End');
  await ben.page.evaluate(() => window.bench.watchEditor());
  for (let i = 1; i <= WARM_UP + keys; i++) {
    await ada.page.keyboard.press('x');
    await ada.page.waitForTimeout(90 + Math.random() * 120);
    if (i % LINE === 0) await ada.page.keyboard.type('\n# ', { delay: 60 });
  }
  const pressed = await ada.page.evaluate(() => window.bench.keys);
  const seen = await until('the other person sees every key', 10, async () => {
    const all = await ben.page.evaluate(() => window.bench.seen);
    return all.length === pressed.length && all.every((time) => time.frame) && all;
  });
  return pressed.slice(WARM_UP).map((key, i) => ({ key, ...seen[WARM_UP + i] }));
}
