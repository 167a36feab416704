/** Two people and a viewer in one room: writing, running, talking, coming back. */
import assert from 'node:assert/strict';
import { fits } from './lib/fits.mjs';
import { closeBrowser, Person } from './lib/person.mjs';
import { until, url } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

const LINES = `import time
for i in range(4):
    print("line", i, flush=True)
    time.sleep(0.7)
`;

describe('a room', { concurrency: false }, () => {
  let ada, ben, vera;

  before(async () => {
    ada = await Person.arrive('Ada');
    ben = await Person.arrive('Ben');
    vera = await Person.arrive('Vera');
  });

  after(async () => {
    for (const person of [ada, ben, vera]) await person?.leave();
    await closeBrowser();
  });

  test('sign up, and create a room with a program that runs', async () => {
    await ada.signUp();
    await ada.createRoom('Lab one');
    assert.ok((await ada.text()).includes('print('));
    await ada.run();
    await ada.seesText(/Finished in/);
    assert.notEqual((await ada.output()).trim(), '');
  });

  test('share it by a link: another person signs up and joins', async () => {
    await ben.signUpAndJoin(await ada.invitation('editor'));
    await ada.seesText('Ben joined');
    assert.equal(await ben.text(), await ada.text());
  });

  test('each sees who is here, and at what they look', async () => {
    const here = ada.page.getByRole('group', { name: '1 other person here' });
    await here.getByRole('button', { name: 'Follow Ben' }).waitFor();
    await ada.page.getByRole('tab', { name: 'People' }).click();
    const people = ada.page.getByRole('list', { name: 'People' }).getByRole('listitem');
    const said = async () => (await people.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ')).sort();
    await until('both are named', 5, async () => (await said()).length === 2);
    assert.deepEqual(await said(), ['A Ada (you) Owner · main.py', 'B Ben Editor · main.py']);
    await ada.page.getByRole('tab', { name: 'Chat' }).click();
  });

  test('keywords have a colour of their own', async () => {
    await ada.write('import os\nname = "text"\n');
    const colour = (locator) => locator.evaluate((e) => getComputedStyle(e).color);
    const keyword = ada.page.locator('.cm-line span', { hasText: /^import$/ });
    const string = ada.page.locator('.cm-line span', { hasText: /^"text"$/ });
    const colours = [await colour(ada.editor), await colour(keyword), await colour(string)];
    assert.equal(new Set(colours).size, 3, colours.join(' · '));
  });

  test('type at the same time: both see the same text, nothing lost or doubled', async () => {
    await ada.write('# top\n\n# end\n');
    await ben.sees('# end');
    await ada.editor.focus();
    await ada.page.keyboard.press('Control+Home');
    await ada.page.keyboard.press('End');
    await Promise.all([
      ada.page.keyboard.type(' ada-one ada-two ada-three', { delay: 20 }),
      ben.typeAtEnd('ben-one ben-two ben-three'),
    ]);
    await ada.sees('ben-one ben-two ben-three');
    await ben.sees('# top ada-one ada-two ada-three');
    assert.equal(await ada.text(), await ben.text());
    assert.equal((await ada.text()).split('ben-two').length, 2);
    await ada.saved();
    await ben.saved();
  });

  test("see each other's cursors with names, and selections", async () => {
    await ada.editor.focus();
    await ada.page.keyboard.press('Control+Home');
    await ada.page.keyboard.press('Shift+End');
    await ben.page.locator('.cm-content .cr-flag', { hasText: 'Ada' }).waitFor({ state: 'attached' });
    await ben.page.locator('.cm-content .cr-selected').first().waitFor();
    await ben.editor.focus();
    await ben.page.keyboard.press('Control+End');
    await ada.page.locator('.cm-content .cr-flag', { hasText: 'Ben' }).waitFor({ state: 'attached' });
  });

  test('run Python that prints over seconds: the lines arrive one by one in both browsers', async () => {
    await ada.write(LINES);
    await ben.sees('time.sleep');
    const seen = { ada: [], ben: [] };
    await ben.run();
    await until('the first line, before the run has ended', 10, async () => {
      const [a, b] = [await ada.output(), await ben.output()];
      return a.includes('line 0') && b.includes('line 0') && (seen.ada = a) && (seen.ben = b);
    });
    assert.ok(!seen.ada.includes('line 3') && !seen.ben.includes('line 3'), 'lines came all at once');
    await ada.seesOutput('line 3');
    await ben.seesOutput('line 3');
    await ada.seesText(/Finished in/);
    await ben.seesText(/Finished in/);
    await ada.hears(/main\.py: Finished in \d/);
    await ben.hears(/main\.py: Finished in \d/);
  });

  test('stop an endless loop that somebody else started, in a page opened meanwhile', async () => {
    await ada.write('print("on and on", flush=True)\nwhile True:\n    pass\n');
    await ben.sees('while True');
    await ada.run();
    await ben.seesOutput('on and on');
    const stop = ben.button(/^Stop \d/, false);
    const seconds = async () => Number((await stop.innerText()).match(/(\d+\.\d) s/)[1]);
    const before = await seconds();
    await ben.page.reload();
    await ben.seesOutput('on and on');
    await ben.seesEnd(/^Running, \d/);
    assert.equal((await ben.output()).split('on and on').length, 2, 'it is shown once');
    const after = await seconds();
    assert.ok(after > before, `${after} s after ${before} s: counted from the start of the run`);
    await until('the seconds go on', 5, async () => (await seconds()) > after);
    await stop.click();
    await ben.seesText(/Stopped by hand/);
    await ada.seesText(/Stopped by hand/);
  });

  test('give standard input while the program runs', async () => {
    await ada.write('name = input("Who? ")\nprint("Hello,", name[::-1])\n');
    await ben.sees('name[::-1]');
    await ada.run();
    await ada.seesOutput('Who?');
    const input = ben.page.getByPlaceholder(/Type input for the program/);
    await input.fill('ecila');
    await input.press('Enter');
    await ada.seesOutput('Hello, alice');
    await ben.seesOutput('Hello, alice');
  });

  test('an error names its line, and the line is a link into the editor', async () => {
    await ada.write('a = 1\nb = 2\nprint(nowhere)\n');
    await ada.run();
    await ada.seesOutput('NameError');
    await ada.page.keyboard.press('Control+Home');
    await ada.button(/^main\.py, line 3: NameError/, false).click();
    await until('the caret is on that line', 5, async () => (await ada.caretLine()) === 3);
  });

  test('colours of the output', async () => {
    await ada.write('print("\\x1b[31mred\\x1b[0m plain")\n');
    await ada.run();
    await ada.seesOutput('red plain');
    await ada.page.locator('.xterm-rows .xterm-fg-1', { hasText: /^red$/ }).waitFor();
  });

  test('chat', async () => {
    for (const [person, text] of [[ada, 'Shall we?'], [ben, 'Yes — <b>now</b> 🎉']]) {
      const box = person.page.getByLabel('Write a message');
      await box.fill(text);
      await box.press('Enter');
    }
    await ben.seesText('Shall we?');
    await ada.seesText('Yes — <b>now</b> 🎉');
  });

  test('several files and folders run together', async () => {
    for (const [path, text] of [['lib/greet.py', 'def hi():\n    return "from a module"\n'], ['two.py', 'from lib.greet import hi\nprint(hi())\n']]) {
      await ada.newFile(path, text);
    }
    await ada.saved();
    assert.equal(await ada.fileToRun(), 'two.py (open file)');
    await ada.button('Run settings').click();
    assert.equal(await ada.fileToRun(ada.page.getByRole('dialog')), 'two.py (open file)');
    await ada.page.keyboard.press('Escape');
    await ada.run();
    await ada.seesOutput('from a module');
    await ben.seesOutput('from a module');
    await ben.page.getByText('greet.py').first().waitFor();
    await ben.open('two.py');
  });

  test('follow somebody: what they open opens here, until Escape', async () => {
    const openTab = (name) => ada.page.getByRole('tab', { name, selected: true });
    const following = ada.page.getByText('Following Ben. Esc leaves.');
    await ada.page.getByRole('tab', { name: 'People' }).click();
    const bensPlace = (path) => ada.page.getByRole('listitem').getByText(`Editor · ${path}`).waitFor();
    await ada.button('Follow Ben').click();
    await following.waitFor();
    await ben.open('main.py');
    await openTab('main.py').waitFor();
    await until('its text', 5, async () => (await ada.text()) === (await ben.text()));
    await ada.page.keyboard.press('Escape');
    await following.waitFor({ state: 'detached' });
    await ben.open('greet.py');
    await bensPlace('lib/greet.py');
    assert.equal(await openTab('main.py').count(), 1, 'Ada stays where she was');
    await ben.open('two.py');
    await ada.open('two.py');
    await ada.page.getByRole('tab', { name: 'Chat' }).click();
  });

  test('reload, and find everything', async () => {
    const text = await ada.text();
    await ada.page.reload();
    await ada.inRoom();
    await until('the text is back', 10, async () => (await ada.text()) === text);
    // The page has a copy of its own and Ben's page has everything: the server has it without them, too.
    const address = await ada.closePage();
    await ben.closePage();
    const there = await ada.elsewhere(address);
    await ada.leave();
    ada = there;
    await ada.inRoom();
    await until('the text is stored', 10, async () => (await ada.text()) === text);
    await ada.seesText('Shall we?');
    await ada.seesOutput('from a module');
    assert.equal(ada.page.url(), address);
    await ben.page.goto(address);
    await ben.inRoom();
  });

  test("an earlier run's output and end are still there", async () => {
    await ada.page.getByRole('tab', { name: 'Runs' }).click();
    const runs = ada.page.getByRole('tabpanel', { name: 'Runs' }).getByRole('button');
    const failed = runs.filter({ hasText: 'exit code 1' });
    assert.ok((await runs.count()) > 5 && (await failed.count()) === 1);
    await failed.click();
    await ada.seesOutput('NameError');
    await ada.seesEnd(/^Ended with exit code 1 after \d/);
    await ada.seesEnd('main.py · Ada');
    assert.ok(!(await ada.output()).includes('from a module'));
    await runs.first().click();
    await ada.seesOutput('from a module');
    await ada.page.getByRole('tab', { name: 'Chat' }).click();
  });

  test('a viewer sees all of it and cannot edit or run', async () => {
    await vera.signUpAndJoin(await ada.invitation('viewer'));
    await vera.open('two.py');
    await vera.sees('from lib.greet');
    const before = await ada.text();
    await vera.editor.click();
    await vera.page.keyboard.type('I was here');
    assert.equal(await vera.button('Run').count(), 0);
    assert.equal(await vera.button('New file').count(), 0);
    await ada.typeAtEnd('# seen by all\n');
    await vera.sees('# seen by all');
    assert.ok(!(await vera.text()).includes('I was here'));
    assert.equal(await ada.text(), before + '# seen by all\n');
  });

  test('edits made offline arrive when the network is back', async () => {
    await ben.context.setOffline(true);
    await ben.typeAtEnd('# written offline\n');
    await ada.typeAtEnd('# written meanwhile\n');
    await ben.context.setOffline(false);
    await ada.sees('# written offline', 30);
    await ben.sees('# written meanwhile', 30);
    await ben.saved(30);
    assert.equal(await ada.text(), await ben.text());
  });

  test('a large paste arrives whole', async () => {
    const line = 'x = "äöü 🎈 0123456789"  # pasted\n';
    const large = line.repeat(6000);
    await ada.write(large);
    await until('all of it at the other side', 20, async () => (await ben.text()) === large);
    await ada.saved(30);
  });

  test('works at 360 px width: one panel at a time', async () => {
    await ben.page.setViewportSize({ width: 360, height: 720 });
    for (const panel of ['Chat', 'Files', 'Run', 'Code']) {
      await ben.page.getByRole('navigation').getByText(panel, { exact: true }).click();
      await fits(ben, panel);
    }
    await ben.editor.waitFor();
  });

  test('nothing was refused by the policy and nothing broke in a page', () => {
    assert.deepEqual([...ada.errors, ...ben.errors, ...vera.errors], []);
  });
});

test('the pages are served under a strict policy, to the last word', async () => {
  const answer = await fetch(`${url}/`);
  const policy = (answer.headers.get('content-security-policy') ?? '').split('; ');
  const sockets = new URL(url).origin.replace('http', 'ws');
  assert.deepEqual(policy.sort(), [
    "base-uri 'self'",
    `connect-src 'self' ${sockets}`,
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
  ]);
});

test('no secret is kept where scripts of another day find it', async () => {
  const person = await Person.arrive('Zoe');
  const secrets = new Map();
  const note = (kind, value) => value && secrets.set(value, kind);
  person.page.on('request', (request) => note('access token', request.headers().authorization?.replace('Bearer ', '')));
  person.page.on('websocket', (socket) => note('ticket', new URL(socket.url()).searchParams.get('ticket')));
  try {
    await person.signUp();
    await person.createRoom('Quiet');
    note('invitation', (await person.invitation('editor')).split('/join/')[1]);
    await person.button('Share').click();
    await person.page.getByText('Scripts and editor plugins').click();
    await person.page.getByLabel('Label').fill('my vim');
    await person.button('Create token').click();
    const script = await person.page.getByLabel('Address for the script').inputValue();
    note('room token', new URL(script).searchParams.get('token'));
    await person.page.reload();
    await person.inRoom();
    const cookie = (await person.context.cookies()).find((c) => c.name.includes('coderoom'));
    assert.ok(cookie?.httpOnly && cookie.secure && cookie.sameSite === 'Strict');
    note('refresh token', cookie.value);
    const kinds = new Set(secrets.values());
    assert.deepEqual([...kinds].sort(), ['access token', 'invitation', 'refresh token', 'room token', 'ticket']);
    const kept = await person.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    for (const [secret, kind] of secrets) assert.ok(!kept.includes(secret), `the ${kind} is in ${kept}`);
    assert.doesNotMatch(kept, /eyJ|token|secret/i);
  } finally {
    await person.leave();
    await closeBrowser();
  }
});
