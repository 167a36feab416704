/** On a phone, 360 px wide, and on a small notebook everything can be reached; dark and light are two choices that stay. */
import assert from 'node:assert/strict';
import { fits } from './lib/fits.mjs';
import { closeBrowser, Person } from './lib/person.mjs';
import { until, url } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

const PHONE = { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true };
const LONG = 'A long name of a room for the second group of the first year';
const OTHER = 'a_file_with_a_long_name_of_its_own.py';

describe('on a phone', { concurrency: false }, () => {
  let ada, ben, room;
  const panel = (name) => ada.page.getByRole('navigation', { name: 'Panels' }).getByText(name, { exact: true }).click();
  const dialog = () => ada.page.getByRole('dialog');
  const closeDialog = async () => {
    await dialog().getByRole('button', { name: /^(Close|Cancel)$/ }).first().click();
    await dialog().waitFor({ state: 'detached' });
  };
  const menu = async (of, item) => {
    await ada.button(`More about ${of}`).click();
    await ada.page.getByRole('menuitem').first().waitFor();
    await fits(ada, `menu of ${of}`);
    await ada.page.getByRole('menuitem', { name: item, exact: true }).click();
  };

  before(async () => {
    ada = await Person.arrive('Ada', PHONE);
    ben = await Person.arrive('Benedict of the second group');
  });

  after(async () => {
    for (const person of [ada, ben]) await person?.leave();
    await closeBrowser();
  });

  test('the pages before the room', async () => {
    await ada.page.goto(`${url}/sign-in`);
    await ada.button('Sign in').click();
    await fits(ada, 'sign in, with errors');
    await ada.page.getByRole('link', { name: /Create an account/ }).click();
    await ada.button('Create account').click();
    await fits(ada, 'sign up, with errors');
    await ada.signUp();
    await ada.seesText('No rooms yet');
    await fits(ada, 'no rooms');
    await ada.button('Create room').click();
    await dialog().waitFor();
    await fits(ada, 'create a room');
    await closeDialog();
    await ada.createRoom(LONG);
    room = ada.page.url();
    await ada.page.goto(`${url}/rooms`);
    await ada.seesText(LONG);
    await fits(ada, 'the list of rooms');
    await menu(LONG, 'Rename');
    await fits(ada, 'rename a room');
    await closeDialog();
    await menu(LONG, 'Delete room');
    await fits(ada, 'delete a room');
    await closeDialog();
    await ada.page.goto(`${url}/nowhere`);
    await ada.seesText('There is no such page');
    await fits(ada, 'no such page');
  });

  test('the share dialog, with links, members and tokens', async () => {
    await ada.page.goto(room);
    await ada.inRoom();
    const link = await ada.invitation('editor');
    await ada.button('Share').click();
    await dialog().getByRole('button', { name: /Withdraw this link/ }).waitFor();
    await dialog().getByText('Scripts and editor plugins').click();
    await dialog().getByLabel('Label').fill('a vim on the machine in the laboratory');
    await dialog().getByRole('button', { name: 'Create token' }).click();
    await dialog().getByLabel('Address for the script').waitFor();
    await fits(ada, 'share');
    const address = new URL(await dialog().getByLabel('Address for the script').inputValue());
    address.pathname = address.pathname.replace(/\/doc\/([^/]*)\/.*/, '/room/$1');
    await closeDialog();
    await ada.page.goto(link);
    await ada.button('Join room').waitFor();
    await fits(ada, 'an invitation');
    await ben.signUpAndJoin(link);
    await ben.page.evaluate((to) => (window.others = Array.from({ length: 5 }, () => new WebSocket(to))).length, address.href);
  });

  test('the panels of a room with many people', async () => {
    await ada.page.goto(room);
    await ada.inRoom();
    await ada.page.getByRole('group', { name: '6 other people here' }).waitFor();
    await fits(ada, 'code');
    await panel('Files');
    await ada.button('New file').click();
    await fits(ada, 'a new file');
    await ada.page.keyboard.type(OTHER);
    await ada.page.keyboard.press('Enter');
    await ada.page.getByRole('tab', { name: 'a_file_with', selected: true }).waitFor();
    await ada.inRoom();
    await fits(ada, 'code with two files');
    await panel('Files');
    await fits(ada, 'files');
    for (const what of ['Move…', 'Delete']) {
      await menu('main.py', what);
      await fits(ada, `${what} a file`);
      await closeDialog();
    }
    await menu('main.py', 'Rename');
    await fits(ada, 'rename a file');
    await ada.page.keyboard.press('Escape');
    await panel('Chat');
    await ada.page.getByLabel('Write a message').fill('w'.repeat(99));
    await ada.button('Send message').click();
    await ada.seesText('www');
    await fits(ada, 'chat');
    await ada.page.getByRole('tab', { name: 'People' }).click();
    await ada.seesText('Benedict');
    await fits(ada, 'people');
    await ada.page.getByRole('list', { name: 'People' }).getByRole('button', { name: /^Benedict/ }).click();
    await panel('Code');
    await ada.seesText('Following Benedict');
    await fits(ada, 'following');
    await ada.button('Stop following').click();
  });

  test('a run, from asking for input to the list of runs', async () => {
    await panel('Code');
    await ada.page.getByRole('tab', { name: 'main.py' }).click();
    await ada.write('print("x" * 200, input())\n');
    await ada.page.getByRole('toolbar', { name: 'Run' }).getByRole('button', { name: 'Run', exact: true }).click();
    await ada.page.getByPlaceholder(/Type input/).waitFor();
    await fits(ada, 'a run that waits for input');
    await panel('Code');
    await fits(ada, 'code while something runs');
    await panel('Run');
    await ada.page.getByPlaceholder(/Type input/).fill('here');
    await ada.button('Send').click();
    await ada.seesEnd(/Finished in/);
    await fits(ada, 'a run that has ended');
    await ada.page.getByRole('tab', { name: 'Input' }).click();
    await fits(ada, 'prepared input');
    await ada.button('Run settings').last().click();
    await dialog().waitFor();
    await fits(ada, 'run settings');
    await closeDialog();
    await panel('Chat');
    await ada.page.getByRole('tab', { name: 'Runs' }).click();
    await fits(ada, 'runs');
  });

  test('1024 px: the room with its side panel, and without', async () => {
    const side = ben.page.getByRole('complementary');
    await ben.page.setViewportSize({ width: 1024, height: 768 });
    await side.waitFor();
    await fits(ben, 'room with all panels', 1024);
    await ben.button('Show or hide the side panel').click();
    await side.waitFor({ state: 'detached' });
    await fits(ben, 'room without side panel', 1024);
    await ben.button('History of this file').click();
    await ben.page.locator('.cr-preview .cm-content').waitFor();
    await fits(ben, 'history', 1024);
    await ben.button('Show or hide the side panel').click();
    await side.waitFor();
    await fits(ben, 'history with all panels', 1024);
    await ben.button('Back to the code').click();
  });

  test('Run beside the code says when it runs another file than the open one', async () => {
    const run = ada.page.getByRole('toolbar', { name: 'Run' }).getByRole('button');
    const isCalled = (name, hint) => async () =>
      (await run.last().innerText()).replace(/\s+/g, ' ').trim() === name && (await run.last().getAttribute('title')) === hint;
    await panel('Code');
    await until('main.py is meant', 5, isCalled('Run', 'Run main.py (Ctrl+Enter)'));
    await panel('Run');
    assert.equal(await ada.fileToRun(), 'main.py (open file)');
    await ada.page.getByLabel('File to run').selectOption(OTHER);
    await panel('Code');
    await until('the other is meant', 5, isCalled(`Run ${OTHER}`, `Run ${OTHER} (Ctrl+Enter)`));
    await fits(ada, 'Run of another file');
    await panel('Run');
    await ada.page.getByLabel('File to run').selectOption({ index: 0 });
    await panel('Code');
    await until('the open file again', 5, isCalled('Run', 'Run main.py (Ctrl+Enter)'));
  });

  test("a file's history", async () => {
    await panel('Code');
    await ada.button('History of this file').click();
    await ada.page.locator('.cr-preview .cm-content').waitFor();
    await fits(ada, 'history');
    await ada.button('Back to the code').click();
  });

  test('dark and light: chosen here, and kept', async () => {
    const look = () =>
      ada.page.evaluate(() => [document.documentElement.dataset.theme ?? 'system', getComputedStyle(document.body).backgroundColor]);
    const light = 'rgb(246, 246, 248)';
    const dark = 'rgb(15, 17, 21)';
    assert.deepEqual(await look(), ['system', light]);
    await ada.page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await look(), ['system', dark]);
    await ada.page.emulateMedia({ colorScheme: 'light' });
    await ada.button('Use dark colours').click();
    assert.deepEqual(await look(), ['dark', dark]);
    await ada.page.reload();
    await ada.inRoom();
    assert.deepEqual(await look(), ['dark', dark]);
    await ada.button('Use light colours').click();
    assert.deepEqual(await look(), ['light', light]);
    await ada.page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await look(), ['light', light]);
    assert.deepEqual([...ada.errors, ...ben.errors], []);
  });

  test('without a line the header still fits', async () => {
    await ada.context.setOffline(true);
    await ada.typeAtEnd('kept here');
    await ada.seesText(/Offline \d+ edit/);
    await fits(ada, 'offline');
    await ada.context.setOffline(false);
    await ada.saved(30);
  });
});
