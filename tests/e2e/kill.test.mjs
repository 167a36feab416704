/** kill -9 of each process in turn while two people type and run. */
import assert from 'node:assert/strict';
import { closeBrowser, Person } from './lib/person.mjs';
import { databasePid, killAndRecover, servicePid, until } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

/** Types numbered words until told to stop; afterwards each must be in the text exactly once. */
async function typing(person, mark, state) {
  for (let i = 0; !state.over; i++) {
    const word = `${mark}${String(i).padStart(4, '0')}`;
    await person.page.keyboard.type(`${word} `, { delay: 8 });
    state.words.push(word);
  }
}

const PROGRAM = `import time
for i in range(12):
    print("tick", i, flush=True)
    time.sleep(0.25)
print("all ticks done")
`;

const VICTIMS = {
  'coderoom-ws': () => servicePid('ws'),
  'coderoom-api': () => servicePid('api'),
  'coderoom-runner': () => servicePid('runner'),
  nginx: () => servicePid('nginx'),
  ferretdb: () => databasePid('ferretdb'),
  postgres: () => databasePid('postgres'),
};

describe('kill -9 while two people type and run', { concurrency: false }, () => {
  let ada, ben;

  before(async () => {
    ada = await Person.arrive('Ada');
    ben = await Person.arrive('Ben');
    await ada.signUp();
    await ada.createRoom('Storm');
    await ben.signUpAndJoin(await ada.invitation('editor'));
    await ada.write(PROGRAM);
    await ben.sees('all ticks done');
    await ada.newFile('words.txt');
    await ben.open('words.txt');
    await until('an empty editor', 10, async () => (await ben.text()) === '');
    await ada.saved();
  });

  after(async () => {
    await ada?.leave();
    await ben?.leave();
    await closeBrowser();
  });

  for (const [name, pidOf] of Object.entries(VICTIMS)) {
    test(`${name}: no character lost or doubled, the job ends once`, async () => {
      await ada.write('start\n');
      await ben.sees('start');
      await ben.page.getByLabel('File to run').first().selectOption('main.py');
      const runs = await ended(ben);
      await ben.run();
      await until('the run has begun', 20, async () => (await ada.output()).includes('tick 1'));
      const state = { over: false, words: [] };
      const more = (count, then = state.words.length) =>
        until('they type', 60, () => state.words.length >= then + count);
      await ada.editor.focus();
      await ada.page.keyboard.press('Control+End');
      await ben.editor.focus();
      await ben.page.keyboard.press('Control+Home');
      const typed = Promise.all([typing(ada, 'a', state), typing(ben, 'b', state)]);
      try {
        await more(4);
        await killAndRecover(name, pidOf);
        await more(20);
      } finally {
        state.over = true;
      }
      await typed;
      await ada.saved(60);
      await ben.saved(60);
      await until('both have the same text', 20, async () => (await ada.text()) === (await ben.text()));
      const text = await ada.text();
      const wrong = state.words.filter((word) => text.split(word).length !== 2);
      assert.deepEqual(wrong, [], 'words lost or doubled');
      await ada.seesOutput('all ticks done', 60);
      await ben.seesOutput('all ticks done', 60);
      await until('one run more has ended', 30, async () => (await ended(ben)) === runs + 1);
      assert.equal((await ben.output()).split('all ticks done').length, 2);

      // Is that what is stored? Nobody has it open any more, the daemon's memory is gone, and the
      // browser that asks has no copy: what it finds, it has from the database.
      const address = await ada.closePage();
      await ben.closePage();
      await killAndRecover('coderoom-ws', VICTIMS['coderoom-ws']);
      const there = await ada.elsewhere(address);
      await ada.leave();
      ada = there;
      await ada.inRoom();
      await until('the stored text', 15, async () => (await ada.text()) === text);
      await ada.seesOutput('all ticks done');
      assert.equal(await ended(ada), runs + 1);
      await ben.page.goto(address);
      await ben.inRoom();
      await until('the same at both', 15, async () => (await ben.text()) === text);
    });
  }
});

/** How many runs the room holds, all of them ended. */
async function ended(person) {
  const room = person.page.url().split('/rooms/')[1].split('/')[0];
  const { runs } = await person.api(`/rooms/${room}/runs`);
  return runs.every((run) => run.state === 'finished') ? runs.length : -1;
}
