/** What happens to a room in its life: it is renamed and sorted, lines break and are slow, texts are large. */
import assert from 'node:assert/strict';
import { closeBrowser, Person } from './lib/person.mjs';
import { until, url } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

describe('the life of a room', { concurrency: false }, () => {
  let ada, ben;

  before(async () => {
    ada = await Person.arrive('Ada');
    ben = await Person.arrive('Ben');
    await ada.signUp();
    await ada.createRoom('First name');
    await ben.signUpAndJoin(await ada.invitation('editor'));
  });

  after(async () => {
    await ada?.leave();
    await ben?.leave();
    await closeBrowser();
  });

  test('rename it: everybody sees the new name', async () => {
    await ada.button('First name').click();
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Second name');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await dialog.waitFor({ state: 'detached' });
    for (const person of [ada, ben]) {
      await person.page.getByRole('heading', { name: 'Second name' }).waitFor();
      await until('the title', 5, async () => (await person.page.title()).startsWith('Second name'));
    }
    assert.equal(await ben.button('Second name').count(), 0, 'only owners rename');
  });

  test('drag a file into a folder, and out again', async () => {
    await ada.button('New folder').first().click();
    await ada.page.keyboard.type('lib');
    await ada.page.keyboard.press('Enter');
    const item = (person, name) => person.page.getByRole('treeitem', { name });
    await item(ada, 'lib').waitFor();
    await item(ada, 'main.py').dragTo(item(ada, 'lib'));
    for (const person of [ada, ben])
      await until('main.py is in lib', 10, async () => (await item(person, 'main.py').getAttribute('title')) === 'lib/main.py');
    const tree = ada.page.getByRole('tree');
    const { height } = await tree.boundingBox();
    await item(ada, 'main.py').dragTo(tree, { targetPosition: { x: 60, y: height - 4 } });
    for (const person of [ada, ben])
      await until('main.py is at the top', 10, async () => (await item(person, 'main.py').getAttribute('title')) === 'main.py');
    assert.ok((await ada.text()).includes('print('), 'the open file stays open');
  });

  test('a run that waits says its place', async () => {
    const cleo = await Person.arrive('Cleo');
    try {
      await cleo.signUp();
      await cleo.createRoom('Elsewhere');
      await ada.write('import time\ntime.sleep(8)\n');
      await ada.saved();
      // As many as the runner takes at once and a room may have.
      const room = ada.page.url().split('/rooms/')[1].split('/')[0];
      await startRuns(ada, room, 4);
      await cleo.run();
      await cleo.seesText('Waiting, next in line');
      await cleo.button(/^Stop.*next/, false).waitFor();
      await cleo.seesText(/Finished in/, 40);
    } finally {
      await cleo.leave();
    }
  });

  test('too large a paste names the limit and changes nothing', async () => {
    await ada.write('small\n');
    await ben.sees('small');
    for (const [size, said] of [[1.1, '1.1 MB'], [5, '5.0 MB']]) {
      await ada.editor.focus();
      await ada.page.keyboard.press('Control+End');
      await paste(ada, `${'x'.repeat(99)}\n`.repeat((size * 2 ** 20) / 100));
      await ada.seesText(new RegExp(`at most 1 MB of text.*${said}`));
      assert.equal(await ada.text(), 'small\n');
      await ada.button('Dismiss').click();
    }
  });

  test('a paste of nearly 1 MB arrives, and the limit is named', async () => {
    await paste(ada, `${'y'.repeat(99)}\n`.repeat(10_000));
    await ada.seesText('This file is nearly full');
    await until('all of it at the other side', 30, async () => (await ben.text()).length === 1_000_006);
    await ada.saved(40);
    await ada.write('small again\n');
    await ben.sees('small again', 20);
    await ada.saved(30);
  });

  test('a while without a line: the status says so, and edits merge afterwards', async () => {
    await ben.context.setOffline(true);
    await ben.seesText(/Offline/);
    await ben.hears('Connection lost. You can go on typing.');
    await ben.typeAtEnd('ben-offline\n');
    await ben.seesText(/Offline \d+ edits? kept here/);
    await ada.editor.focus();
    await ada.page.keyboard.press('Control+Home');
    await ada.page.keyboard.type('ada-meanwhile\n', { delay: 10 });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    assert.ok(!(await ada.text()).includes('ben-offline'));
    await ben.context.setOffline(false);
    await ada.sees('ben-offline', 30);
    await ben.sees('ada-meanwhile', 30);
    await ben.saved(30);
    await ben.hears('Connection restored, everything is saved.');
    assert.equal(await ada.text(), await ben.text());
    assert.equal((await ada.text()).split('ben-offline').length, 2);
  });

  test('what others write in the chat is counted on a phone', async () => {
    await ben.page.setViewportSize({ width: 360, height: 720 });
    const box = ada.page.getByLabel('Write a message');
    for (const text of ['one', 'two']) {
      await box.fill(text);
      await box.press('Enter');
    }
    const chat = ben.page.getByRole('navigation').getByRole('button', { name: /Chat/ });
    await until('two unread', 10, async () => /2 unread/.test(await chat.innerText()));
    await chat.click();
    await ben.seesText('two');
    await until('none unread', 5, async () => !/unread/.test(await chat.innerText()));
    await ben.page.setViewportSize({ width: 1280, height: 800 });
  });

  test('a slow line shows a skeleton, then the room', async () => {
    const page = await ada.context.newPage();
    const cdp = await ada.context.newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false, latency: 300, downloadThroughput: 100_000, uploadThroughput: 50_000,
    });
    const address = ada.page.url();
    await page.goto(address, { waitUntil: 'commit' });
    await page.locator('.cr-boot').waitFor({ timeout: 10_000 });
    await page.locator('.cm-content', { hasText: 'ada-meanwhile' }).waitFor({ timeout: 40_000 });
    assert.equal(await page.locator('.cr-boot').count(), 0);
    await page.close();
  });

  test('nothing was refused by the policy and nothing broke in a page', () => {
    assert.deepEqual([...ada.errors, ...ben.errors], []);
  });
});

/** As a paste from the clipboard: Chromium's own would take a real clipboard of that size. */
async function paste(person, text) {
  await person.page.evaluate((data) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', data);
    document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Starts runs by sockets of the person's own. */
async function startRuns(person, room, count) {
  await person.api('/rooms'); // signs in
  const answer = await fetch(`${url}/api/v1/rooms/${room}/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ label: 'runs', role: 'editor' }),
  });
  const { token } = await answer.json();
  await person.page.evaluate(
    ([address, n]) =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(address);
        let welcomed = false;
        const taken = new Set(); // a run that starts at once may never be told as queued
        setTimeout(() => reject(new Error(`${taken.size} of ${n} runs were taken`)), 15_000);
        socket.onmessage = ({ data }) => {
          if (typeof data !== 'string') return;
          const { type, run } = JSON.parse(data);
          if (type === 'welcome' && !welcomed) {
            welcomed = true;
            for (let i = 0; i < n; i++)
              socket.send(JSON.stringify({ type: 'run.start', key: crypto.randomUUID(), entry: 'main.py' }));
          }
          if (type === 'run.status' && taken.add(run.id).size === n) resolve();
          if (type === 'error') reject(new Error(data));
        };
      }),
    [`${url.replace('http', 'ws')}/ws/v1/room/${room}?token=${token}`, count],
  );
}
