/** Who may not write any more, and where nobody may: the document comes back to what the server has. */
import assert from 'node:assert/strict';
import { closeBrowser, Person } from './lib/person.mjs';
import { until } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

describe('rights in the editor', { concurrency: false }, () => {
  let ada, ben;

  const menu = async (person, item) => {
    await person.button('More about this file').click();
    await person.page.getByRole('menuitem', { name: item }).click();
  };
  const line = (person, text) => person.page.locator('.cm-line', { hasText: text });
  const setRole = async (role) => {
    await ada.button('Share').click();
    await ada.page.getByLabel('Role of Ben').selectOption(role);
    await ada.page.keyboard.press('Escape');
  };

  before(async () => {
    ada = await Person.arrive('Ada');
    ben = await Person.arrive('Ben');
    await ada.signUp();
    await ada.createRoom('Rights');
    await ben.signUpAndJoin(await ada.invitation('editor'));
    await ada.write('top = 1\nkeep = 2\nbottom = 3\n');
    await ben.sees('bottom = 3');
  });

  after(async () => {
    await ada?.leave();
    await ben?.leave();
    await closeBrowser();
  });

  test('an owner protects a line: everybody sees it and nobody can change it', async () => {
    await line(ada, 'keep').click();
    await menu(ada, 'Protect the selected lines');
    await ben.page.locator('.cm-line.cr-protected', { hasText: 'keep' }).waitFor();
    assert.equal(await ben.page.locator('.cr-protected').count(), 1);
    assert.equal(await ben.page.locator('.cr-lock').count(), 1);
    await line(ben, 'keep').click();
    await ben.page.keyboard.type('EVIL');
    await ben.page.keyboard.press('End');
    await ben.page.keyboard.type('EVIL');
    await ben.seesText('These lines are protected');
    await line(ben, 'top').click();
    await ben.page.keyboard.press('End');
    await ben.page.keyboard.type('1');
    await ada.sees('top = 11\nkeep = 2\n');
    assert.equal(await ben.text(), await ada.text());
    assert.equal(await ben.button('More about this file').count(), 0);
  });

  test('what the page did not keep from happening the server takes back', async () => {
    // Below the page's own filter: as an edit that was on its way when the line was protected.
    await ben.page.evaluate(() => {
      const content = document.querySelector('.cm-content');
      const view = content.cmTile?.view ?? content.cmView.view;
      const at = view.state.doc.toString().indexOf('keep');
      view.dispatch({ changes: { from: at + 1, insert: 'EVIL' }, filter: false });
    });
    await ben.seesText('what “EVIL” in line 2 changed there was taken back.');
    await ben.button('Copy my text').waitFor();
    await until('the text is as before', 10, async () => (await ben.text()) === (await ada.text()));
    assert.ok(!(await ada.text()).includes('EVIL'));
    await ben.saved();
  });

  test('the owner lifts it', async () => {
    await line(ada, 'keep').click();
    await menu(ada, 'Lift the protection');
    await ben.page.locator('.cr-protected').waitFor({ state: 'detached' });
    await line(ben, 'keep').click();
    await ben.page.keyboard.press('End');
    await ben.page.keyboard.type('2');
    await ada.sees('keep = 22');
  });

  test('an editor who becomes a viewer while typing', async () => {
    await ben.editor.focus();
    await ben.page.keyboard.press('Control+End');
    const state = { over: false };
    const typing = (async () => {
      while (!state.over) await ben.page.keyboard.type('typed ', { delay: 10 });
    })();
    await ada.sees('typed typed');
    await setRole('viewer');
    await ben.seesText('Your role in this room is now: Viewer');
    await new Promise((resolve) => setTimeout(resolve, 500));
    state.over = true;
    await typing;
    await until('both have the same text', 10, async () => (await ben.text()) === (await ada.text()));
    const text = await ada.text();
    await ben.page.keyboard.type('more');
    assert.equal(await ben.text(), text);
    assert.equal(await ben.button('Run').count(), 0);
    await ben.saved();
    await setRole('editor');
    await ben.button('Run').waitFor();
    await ben.typeAtEnd('# again');
    await ada.sees('# again');
  });

  test('a link that is withdrawn lets nobody in', async () => {
    const link = await ada.invitation('viewer');
    const cleo = await Person.arrive('Cleo');
    try {
      await cleo.page.goto(link);
      await cleo.seesText('You will be able to read its files and see what is run, but not edit.');
      await ada.button('Share').click();
      await ada.button('Withdraw this link (Viewer)').click();
      await ada.button('Withdraw this link (Viewer)').waitFor({ state: 'detached' });
      await ada.page.keyboard.press('Escape');
      await cleo.page.reload();
      await cleo.seesText('This invitation does not work');
    } finally {
      await cleo.leave();
    }
  });

  test('a member who is removed is out at once', async () => {
    await ada.button('Share').click();
    await ada.button('Remove Ben').click();
    await ada.seesText('Remove Ben from the room now?');
    await ada.button('Remove').click();
    await ben.seesText('You are no longer in this room');
    assert.equal(await ben.editor.count(), 0);
    await ada.page.getByLabel('Role of Ben').waitFor({ state: 'detached' });
    await ada.page.keyboard.press('Escape');
    await ada.page.getByRole('group', { name: '0 other people here' }).waitFor({ state: 'attached' });
    await ben.page.reload();
    await ben.seesText('There is no such room');
    assert.deepEqual([...ada.errors, ...ben.errors], []);
  });
});
