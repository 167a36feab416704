/**
 * Runs in each page before the application: notes when things happen, in milliseconds since 1970 on the
 * page's own clock (main.mjs brings the two clocks together). Notes only what `bench.watch…` asked for.
 */
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const bench = { keys: [], seen: [], click: 0, run: null, room: [] };
  window.bench = bench;

  /** How far this page's clock is from the system's: the largest difference is nearest to the truth. */
  bench.clock = () => {
    let best = -Infinity;
    for (const end = performance.now() + 30; performance.now() < end; )
      best = Math.max(best, Date.now() - now());
    return best;
  };

  addEventListener(
    'keydown',
    (event) => event.key === 'x' && bench.keys.push(performance.timeOrigin + event.timeStamp),
    true,
  );
  addEventListener('click', (event) => (bench.click = performance.timeOrigin + event.timeStamp), true);

  /** Every x that appears in the editor: when it was in the DOM, and the frame that shows it. */
  bench.watchEditor = () => {
    const editor = document.querySelector('.cm-content');
    const count = () => editor.textContent.split('x').length - 1;
    let last = count();
    new MutationObserver(() => {
      const found = count();
      if (found <= last) return;
      const times = Array.from({ length: found - last }, () => ({ dom: now(), frame: 0 }));
      last = found;
      bench.seen.push(...times);
      requestAnimationFrame(() => times.forEach((time) => (time.frame = now())));
    }).observe(editor, { childList: true, characterData: true, subtree: true });
  };

  const printed = () => {
    const rows = document.querySelector('.xterm-rows');
    return rows ? (/run (\d+)/.exec(rows.textContent)?.[1] ?? '') : '';
  };

  /** The next run: its output differs from what is on the screen, since it prints a time. */
  bench.watchRun = () => {
    const before = printed();
    const run = (bench.run = { sent: 0, queued: 0, running: 0, bytes: 0, dom: 0, frame: 0, finished: 0 });
    bench.click = 0;
    const observer = new MutationObserver(() => {
      const text = printed();
      if (run.dom || text === '' || text === before) return;
      run.dom = now();
      observer.disconnect();
      requestAnimationFrame(() => (run.frame = now()));
    });
    observer.observe(document.body, { childList: true, characterData: true, subtree: true });
  };

  const first = (name) => {
    if (bench.run && !bench.run[name]) bench.run[name] = now();
  };
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url, protocols) {
      super(url, protocols);
      if (!String(url).includes('/ws/v1/room/')) return;
      // Binary frames to a client are program output (docs/PROTOCOL.md).
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') return first('bytes');
        const message = JSON.parse(data);
        if (message.type === 'run.status') first(message.run.state);
      });
    }
    send(data) {
      if (typeof data === 'string' && data.includes('"run.start"')) first('sent');
      super.send(data);
    }
  };
})();
