/** One's account and one's rooms, through the pages: out and in again, the list, what can be done there. */
import assert from 'node:assert/strict';
import { holding } from './lib/holding.mjs';
import { closeBrowser, Person } from './lib/person.mjs';
import { until, url } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

describe('an account and its rooms', { concurrency: false }, () => {
  let ada, address;
  const row = (name) => ada.page.getByRole('listitem').filter({ hasText: name });
  const menu = async (room, what) => {
    await ada.button(`More about ${room}`).click();
    await ada.page.getByRole('menuitem', { name: what }).click();
    return ada.page.getByRole('dialog');
  };
  const copies = () =>
    ada.page.evaluate(async () => (await indexedDB.databases()).filter((d) => d.name.startsWith('coderoom')).length);

  before(async () => {
    ada = await Person.arrive('Ada');
    await ada.signUp();
    await ada.seesText('No rooms yet');
    await ada.createRoom('First');
    address = ada.page.url();
    await until('a copy for working offline', 5, copies);
    await ada.page.getByRole('link', { name: 'Your rooms' }).click();
  });

  after(async () => {
    await ada?.leave();
    await closeBrowser();
  });

  test('sign out: nothing of the rooms stays in this browser, and their addresses ask for the sign-in', async () => {
    await row('First').waitFor();
    await ada.button('Sign out').click();
    await ada.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    await until('the copies are gone', 5, async () => (await copies()) === 0);
    await ada.page.goto(address);
    await ada.page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    assert.equal(await ada.editor.count(), 0);
  });

  test('a wrong password is said, and what was typed stays', async () => {
    await ada.signIn('not the password');
    await ada.page.getByRole('alert').getByText('E-mail or password is wrong.').waitFor();
    assert.equal(await ada.page.getByLabel('E-mail').inputValue(), ada.email);
  });

  test('the right one leads to where one wanted to go', async () => {
    await ada.signIn();
    await ada.inRoom();
    assert.equal(ada.page.url(), address);
  });

  // The old cookie has been used up by then.
  test('a page that is closed while it asks for its session leaves the new one all the same', async () => {
    const slow = await holding('/auth/refresh');
    const page = await ada.context.newPage();
    try {
      await page.goto(slow.url, { waitUntil: 'commit' });
      const answer = await slow.held;
      await page.close();
      await new Promise((resolve) => setTimeout(resolve, 500)); // a request that ends with its page has ended
      answer.give();
      const [given] = answer.headers['set-cookie'][0].split(';');
      await until('the new cookie', 5, async () =>
        (await ada.context.cookies()).some(({ name, value }) => `${name}=${value}` === given));
    } finally {
      slow.end();
    }
    await ada.page.goto(url);
    await row('First').waitFor();
  });

  test('the list has the room and opens it', async () => {
    await ada.page.goto(url);
    await row('First').getByText('Owner · changed just now').waitFor();
    await row('First').getByRole('link').click();
    await ada.inRoom();
    assert.ok(ada.page.url().startsWith(address.split('/').slice(0, 5).join('/')));
    await ada.page.getByRole('link', { name: 'Your rooms' }).click();
  });

  test('rename a room in the list', async () => {
    const dialog = await menu('First', 'Rename');
    await dialog.getByLabel('Name').fill('Second');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await row('Second').waitFor();
    assert.equal(await row('First').count(), 0);
  });

  test('delete it: first it is said what is lost', async () => {
    const dialog = await menu('Second', 'Delete room');
    await dialog.getByText('Its files, chat and run results are deleted for every member.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await row('Second').waitFor();
    await (await menu('Second', 'Delete room')).getByRole('button', { name: 'Delete room' }).click();
    await ada.seesText('No rooms yet');
    await ada.page.goto(address);
    await ada.seesText('There is no such room');
    assert.deepEqual(ada.errors, []);
  });
});
