/** How runs end: each way with its sentence, in both browsers, in the three languages. */
import assert from 'node:assert/strict';
import { closeBrowser, Person } from './lib/person.mjs';
import { killContainerOf, until, url } from './lib/stack.mjs';
import { after, before, describe, test } from './lib/test.mjs';

describe('how a run ends, for both who look at it', { concurrency: false }, () => {
  let ada, ben;
  const address = {};

  /** A room that begins with the language's small program, which is replaced. */
  const room = async (language) => {
    await ada.page.goto(`${url}/rooms`);
    await ada.createRoom(`In ${language}`, language);
    address[language] = ada.page.url();
    await ben.join(await ada.invitation('editor'));
  };
  const bothSee = (sentence, seconds) => Promise.all([ada, ben].map((p) => p.seesEnd(sentence, seconds)));
  const bothRead = (text) => Promise.all([ada, ben].map((p) => p.seesOutput(text)));
  const runs = async (program) => {
    await ada.write(program);
    await ada.run();
  };
  const ends = async ({ program, sentence, reads }) => {
    await runs(program);
    await bothSee(sentence);
    if (reads) await bothRead(reads);
  };

  before(async () => {
    ada = await Person.arrive('Ada');
    ben = await Person.arrive('Ben');
    await Promise.all([ada.signUp(), ben.signUp()]);
  });

  after(async () => {
    for (const person of [ada, ben]) await person?.leave();
    await closeBrowser();
  });

  /** A word of the text has a colour of its own. */
  const isColoured = async (word) => {
    const colour = (of) => of.evaluate((element) => getComputedStyle(element).color);
    const span = ada.page.locator('.cm-line span', { hasText: new RegExp(`^${word}$`) }).first();
    await span.waitFor();
    assert.notEqual(await colour(span), await colour(ada.editor), word);
  };

  test('JavaScript: files that require each other; an error that nobody catches', async () => {
    await room('javascript');
    await ada.newFile('lib/x.js', 'module.exports = (n) => n * 7;\n');
    await ada.open('main.js');
    await ends({
      program: "const seven = require('./lib/x');\nconsole.log('six times', seven(6));\n",
      sentence: /Finished in \d/,
      reads: 'six times 42',
    });
    await isColoured('const');
    await ends({
      program: '\nnull.nowhere;\n',
      sentence: /Ended with exit code 1 after \d/,
      reads: 'Node.js v', // its last line
    });
    await bothSee(/main\.js, line 2: TypeError/);
  });

  test('JavaScript: processor time, which is waited for at the end', async () => {
    await ada.settings({ seconds: '120' });
    await runs('console.log("and on"); for (;;);\n');
    await bothRead('and on');
  });

  test('C: files that are compiled and linked together', async () => {
    await room('c');
    await ada.newFile('lib/x.h', 'int seven(int n);\n');
    await ada.newFile('lib/x.c', '#include "x.h"\nint seven(int n) { return n * 7; }\n');
    await ada.open('main.c');
    await ends({
      program: '#include <stdio.h>\n#include "lib/x.h"\nint main(void) { printf("eight times %d\\n", seven(8)); }\n',
      sentence: /Finished in \d/,
      reads: 'eight times 56',
    });
    await isColoured('int');
  });

  const C = {
    'a signal': {
      program: 'int main(void)\n{\n    *(volatile int *)0 = 1;\n}\n',
      sentence: /^Crashed with SIGSEGV after \d/,
    },
    'a program that does not compile, with what the compiler says': {
      program: 'int main(void)\n{\n    return nowhere;\n}\n',
      sentence: /^Did not compile$/,
      reads: 'undeclared',
    },
  };
  for (const [name, row] of Object.entries(C)) test(`C: ${name}`, () => ends(row));

  test('C: the first error leads to its line', async () => {
    await ada.button(/^main\.c, line 3: .nowhere. undeclared/, false).click();
    await until('the caret is there', 5, async () => (await ada.caretLine()) === 3);
  });

  test('Python: arguments and prepared standard input reach the program', async () => {
    await room('python');
    await ada.settings({ args: 'a "b c"' });
    await ada.page.getByRole('tab', { name: /^Input/ }).click();
    await ada.page.getByRole('textbox', { name: 'Input' }).fill('prepared\n');
    await ends({
      program: 'import sys\nprint(sys.argv[1:], input())\n',
      sentence: /Finished in \d/,
      reads: "['a', 'b c'] prepared",
    });
  });

  test('Python: a time limit of its own', async () => {
    await ada.settings({ seconds: '1' });
    await runs('import time\ntime.sleep(9)\n');
    await bothSee(/^Stopped after 1\.\d+ s: time limit$/, 8);
    await ada.settings({ seconds: '' });
  });

  const PYTHON = {
    'an exit code': {
      program: 'import sys\nprint("three")\nsys.exit(3)\n',
      sentence: /^Ended with exit code 3 after \d/,
      reads: 'three',
    },
    memory: {
      program: 'hoard = []\nwhile True:\n    hoard.append(b"x" * 2**20)\n',
      sentence: /^Stopped: it used more than 2\d\d MB of memory$/,
    },
    output: {
      program: 'while True:\n    print("on and on " * 99)\n',
      sentence: /^Stopped: it printed more than allowed$/,
    },
  };
  for (const [name, row] of Object.entries(PYTHON)) test(`Python: ${name}`, () => ends(row));

  const WAITS = 'import time\nprint("begun", flush=True)\ntime.sleep(9)\n';

  test('stopped by somebody else', async () => {
    await runs(WAITS);
    await bothRead('begun');
    await ben.button(/^Stop/, false).click();
    await bothSee(/^Stopped by hand after \d/);
  });

  test('an error of the server: the container goes away', async () => {
    await runs(WAITS);
    await bothRead('begun');
    await killContainerOf('python', 'main.py');
    await bothSee(/^The server could not run it.*Your files are unchanged\. Try again\.$/);
    await ends({ program: 'print("well again")\n', sentence: /Finished in \d/, reads: 'well again' });
  });

  test('JavaScript: it ended when its processor time was used up', async () => {
    for (const person of [ada, ben]) await person.page.goto(address.javascript);
    await bothSee(/^Stopped after 1\d\.\d s of processor time: limit$/, 90);
  });

  test('nothing was refused by the policy and nothing broke in a page', () => {
    assert.deepEqual([...ada.errors, ...ben.errors], []);
  });
});
