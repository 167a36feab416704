/** A file's versions: looked at, linked to, brought back. */
import assert from 'node:assert/strict';
import { fits } from './lib/fits.mjs';
import { closeBrowser, Person } from './lib/person.mjs';
import { until } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

const FIRST = 'print("the first")\n';
const SECOND = 'print("the second")\nprint("and more")\n';

describe("a file's history", { concurrency: false }, () => {
  let ada, vera, address;

  const openHistory = async (person) => {
    await person.button('History of this file').click();
    await person.page.getByRole('heading', { name: 'History' }).waitFor();
  };
  const preview = (person) => person.page.locator('.cr-preview .cm-content');

  before(async () => {
    ada = await Person.arrive('Ada');
    vera = await Person.arrive('Vera');
    await ada.signUp();
    await ada.createRoom('Past');
    await vera.signUpAndJoin(await ada.invitation('viewer'));
    await ada.newFile('story.py');
  });

  after(async () => {
    await ada?.leave();
    await vera?.leave();
    await closeBrowser();
  });

  test('says that there is nothing yet', async () => {
    await openHistory(ada);
    await ada.seesText('No versions yet');
    await ada.button('Back to the code').click();
    await ada.editor.waitFor();
  });

  test('says when, who and how many changes', async () => {
    await ada.write(FIRST);
    await ada.saved();
    await ada.write(SECOND);
    await ada.saved();
    await openHistory(ada);
    const row = ada.page.getByRole('navigation', { name: 'Versions' }).getByRole('button').first();
    await row.waitFor();
    assert.match(await row.innerText(), /\d\d:\d\d\s+You\s+\d+ changes?/);
    await ada.seesText('Today');
    await ada.seesText('The same as now.');
    assert.ok(await ada.button('Restore').isDisabled());
    address = ada.page.url();
  });

  test('a link leads to a moment, with what differs from now', async () => {
    await ada.page.goto(address.replace(/\?.*/, '?history=1'));
    await preview(ada).waitFor();
    await ada.page.locator('.cr-preview .cm-deletedChunk', { hasText: 'the second' }).waitFor();
    await ada.seesText('Compared with now');
    await ada.page.reload();
    await ada.page.locator('.cr-preview .cm-changedLine, .cr-preview .cm-insertedLine').first().waitFor();
    assert.equal(new URL(ada.page.url()).search, '?history=1');
  });

  test('who is not signed in comes to the same moment after signing in', async () => {
    const there = await ada.elsewhere(address.replace(/\?.*/, '?history=1'));
    try {
      await preview(there).waitFor();
      assert.equal(new URL(there.page.url()).search, '?history=1');
    } finally {
      await there.leave();
    }
  });

  test('restore brings it back for everybody, and it can be undone', async () => {
    await vera.open('story.py');
    await vera.sees('the second');
    await ada.button('Restore').click();
    await ada.seesText('Version restored.');
    await until('the first text at both', 10, async () => (await ada.text()) === FIRST && (await vera.text()) === FIRST);
    await ada.button('Undo').click();
    await until('the second text at both', 10, async () => (await ada.text()) === SECOND && (await vera.text()) === SECOND);
    await ada.saved();
  });

  test('a viewer looks and has no Restore', async () => {
    await openHistory(vera);
    await preview(vera).waitFor();
    assert.equal(await vera.button('Restore').count(), 0);
    await vera.page.getByRole('navigation', { name: 'Versions' }).getByRole('button').first().focus();
    await vera.page.keyboard.press('Escape');
    await until('back in the code', 5, async () => (await preview(vera).count()) === 0);
  });

  test('an address of no moment says so', async () => {
    await vera.page.goto(address.replace(/\?.*/, '?history=99999'));
    await vera.seesText('There is no such version');
  });

  test('fits into 360 px', async () => {
    await ada.page.setViewportSize({ width: 360, height: 720 });
    await openHistory(ada);
    await preview(ada).waitFor();
    await fits(ada, 'history');
    await ada.button('Back to the code').click();
    await ada.editor.waitFor();
    assert.deepEqual([...ada.errors, ...vera.errors], []);
  });
});
