/** Everything without a mouse: from the empty form to a program that runs. */
import assert from 'node:assert/strict';
import { closeBrowser, Person } from './lib/person.mjs';
import { until, url } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

/** What has the focus: its name, and whether one sees that it has it. */
function focused() {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const label = at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText ?? '';
  return {
    name: at === document.body ? '' : label.trim(),
    role: at.getAttribute('role') ?? at.tagName.toLowerCase(),
    // The caret is what one sees in text.
    seen: at.isContentEditable || (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0),
  };
}

describe('with the keyboard alone', { concurrency: false }, () => {
  let ada;
  const press = (...keys) => keys.reduce((last, key) => last.then(() => ada.page.keyboard.press(key)), Promise.resolve());
  const type = (text) => ada.page.keyboard.type(text);
  const focus = () => ada.page.evaluate(focused);
  const hasFocus = (name) =>
    until(`the focus is on ${name}`, 5, async () => {
      const { name: now } = await focus();
      if (now.match(name)) return true;
      throw new Error(now);
    });

  /** Goes on until what is called so has the focus; each thing on the way shows that it has it. */
  const tabTo = async (name, key = 'Tab', role = '') => {
    const way = [];
    for (let i = 0; i < 40; i++) {
      await press(key);
      const now = await focus();
      if (now.name) assert.ok(now.seen, `${now.role} ${now.name} does not show that it has the focus`);
      if (now.name.match(name) && now.role.includes(role)) return;
      way.push(`${now.role} ${now.name}`);
    }
    assert.fail(`${key} does not lead to ${name}, but to: ${way.join(', ')}`);
  };
  const item = (name) => ada.page.getByRole('treeitem', { name });

  before(async () => {
    ada = await Person.arrive('Ada');
  });

  after(async () => {
    await ada?.leave();
    await closeBrowser();
  });

  test('create an account', async () => {
    await ada.page.goto(`${url}/sign-up`);
    await hasFocus(/^Name/);
    await type('Ada');
    await tabTo(/^E-mail/);
    await type(ada.email);
    await tabTo(/^Password/);
    await type(ada.password);
    await tabTo(/^Create account/);
    await press('Enter');
    await ada.page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor();
  });

  test('create a room: the caret is in its program', async () => {
    await tabTo(/^Create room/);
    await press('Enter');
    await hasFocus(/^Name/);
    await type('No mouse');
    await tabTo(/^Starts with/);
    await type('Python');
    await tabTo(/^Create room/);
    await press('Enter');
    await ada.inRoom();
    await hasFocus(/main\.py\. Escape, then Tab/);
    await press('Control+Home');
    await type('# typed at once\n');
    await ada.sees('# typed at once\n');
  });

  test('Tab indents; Escape, then Tab leaves the editor, either way', async () => {
    await press('Control+Home', 'Tab');
    await ada.sees('    # typed at once');
    await press('Shift+Tab');
    await until('no longer indented', 5, async () => (await ada.text()).startsWith('# typed'));
    await press('Escape', 'Tab');
    assert.doesNotMatch((await focus()).name, /main\.py/);
    await tabTo(/^main\.py\./, 'Shift+Tab');
    await press('Escape', 'Shift+Tab');
    assert.doesNotMatch((await focus()).name, /^main\.py\./);
    assert.ok((await ada.text()).startsWith('# typed at once\n'));
  });

  test('Control and Enter run it from wherever one is', async () => {
    await press('Control+Enter');
    await ada.seesEnd(/Finished in/);
    await tabTo(/^main\.py\./);
    await press('Control+A', 'Backspace');
    await type('print("by key")');
    await press('Control+Enter');
    await ada.seesOutput('by key');
    assert.equal(await ada.text(), 'print("by key")');
  });

  test('make a file, go along the tree, rename it, delete it', async () => {
    await press('Escape');
    await tabTo(/^New file/, 'Shift+Tab');
    await press('Enter');
    await hasFocus(/^New file/);
    await type('notes.txt');
    await press('Enter');
    await hasFocus(/notes\.txt\. Escape/);
    await type('by hand');
    assert.equal(await ada.fileToRun(), 'main.py (main file)');
    await press('Escape');
    await tabTo(/^(main\.py|notes\.txt)$/, 'Shift+Tab', 'treeitem');
    await press('Home');
    await hasFocus(/^main\.py$/);
    await press('ArrowDown');
    await hasFocus(/^notes\.txt$/);
    await press('F2');
    await hasFocus(/^Rename/);
    await type('words');
    await press('Enter');
    await item('words.txt').waitFor();
    await hasFocus(/^words\.txt$/);
    await press('Enter');
    await until('its text is open', 5, async () => (await ada.text()) === 'by hand');
    await item('words.txt').focus();
    await press('Delete');
    await hasFocus(/^Cancel/);
    await tabTo(/^Delete/);
    await press('Enter');
    await item('words.txt').waitFor({ state: 'detached' });
    await hasFocus(/^main\.py/); // in the tree, or in its text when that is shown now
  });

  test('go along the tabs, close them', async () => {
    const tabs = ada.page.getByRole('tablist', { name: 'Open files' }).getByRole('tab');
    const selected = (name) => ada.page.getByRole('tab', { name, selected: true }).waitFor();
    await ada.newFile('other.py', 'other = 1');
    await tabs.filter({ hasText: 'other.py' }).focus();
    await press('ArrowLeft');
    await selected('main.py');
    await until('its text', 5, async () => (await ada.text()) === 'print("by key")');
    await hasFocus(/^main\.py$/);
    await press('ArrowLeft'); // and round
    await selected('other.py');
    await hasFocus(/^other\.py$/);
    await press('Delete');
    await selected('main.py');
    assert.equal(await tabs.count(), 1);
    await tabs.getByTitle('Close main.py').click();
    await ada.page.getByRole('heading', { name: 'No file is open' }).waitFor();
    assert.equal(await tabs.count(), 0);
    await ada.open('main.py');
  });

  test('move the lines between panels, hide the output: a reload leaves all as it was', async () => {
    const line = (name) => ada.page.getByRole('separator', { name });
    const sizes = async () => ({
      files: Number(await line('Width of the files panel').getAttribute('aria-valuenow')),
      side: Number(await line('Width of the side panel').getAttribute('aria-valuenow')),
      drawn: Math.round((await ada.page.getByRole('tree').boundingBox()).width),
    });
    const before = await sizes();
    await line('Width of the files panel').focus();
    await press('ArrowRight', 'ArrowRight');
    await line('Width of the side panel').focus();
    await press('ArrowRight');
    await until('the files are wider, the side is narrower', 5, async () => {
      const now = await sizes();
      return now.files > before.files && now.drawn - before.drawn === now.files - before.files && now.side < before.side;
    });
    const height = async () => (await ada.editor.locator('xpath=ancestor::section').boundingBox()).height;
    const low = await height();
    await line('Height of the output').focus();
    await press('ArrowUp');
    await until('the output is higher', 5, async () => (await height()) < low);
    await ada.button('Hide output').click();
    await ada.button('Output').waitFor();
    await until('its place is the code’s', 5, async () => (await height()) > low + 100);
    const [left, tall] = [await sizes(), await height()];
    await ada.page.reload();
    await ada.inRoom();
    assert.deepEqual(await sizes(), left);
    assert.equal(await height(), tall);
    assert.equal(await ada.page.getByRole('region', { name: 'Output' }).count(), 0);
    await ada.button('Output').click();
    await ada.page.getByRole('region', { name: 'Output' }).waitFor();
    await ada.button('Show or hide files').click();
    await ada.page.getByRole('tree').waitFor({ state: 'detached' });
    await ada.page.reload();
    await ada.inRoom();
    assert.equal(await ada.page.getByRole('tree').count(), 0);
    await ada.button('Show or hide files').click();
    await ada.page.getByRole('tree').waitFor();
    await ada.editor.focus();
  });

  test('the share dialog keeps the focus inside, and gives it back', async () => {
    await press('Escape');
    await tabTo(/^Share$/, 'Shift+Tab');
    await press('Enter');
    await ada.page.getByRole('dialog', { name: 'Share this room' }).waitFor();
    for (let i = 0; i < 15; i++) {
      await press('Tab');
      assert.ok(await ada.page.evaluate(() => document.activeElement.closest('[role=dialog]') !== null));
    }
    await press('Escape');
    await ada.page.getByRole('dialog').waitFor({ state: 'detached' });
    await hasFocus(/^Share$/);
    assert.deepEqual(ada.errors, []);
  });
});
