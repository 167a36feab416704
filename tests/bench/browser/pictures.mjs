/** The README's pictures: two people at work in one room, light, dark and on a phone. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { closeBrowser, Person } from '../../e2e/lib/person.mjs';

const SIZE = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 360, height: 720 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
const MAIN = `from words import count, words

TEXT = """
She sells sea shells by the sea shore.
The shells she sells are sea shells, for sure.
"""


def bar(n: int) -> str:
    return "\\x1b[36m" + "█" * n + "\\x1b[0m"


def main() -> None:
    counted = count(words(TEXT))
    for word, n in counted.most_common(6):
        print(f"{word:>8} {bar(n * 4)} {n}")

    print(f"{len(counted)} different words")


main()
`;
const WORDS = `import re
from collections import Counter


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def count(found: list[str]) -> Counter[str]:
    return Counter(found)
`;
const TALK = [
  [1, 'Shall we show a bar for each word?'],
  [0, 'Yes! I count them in words.py, you draw.'],
  [1, 'Drawn. Press Run?'],
  [0, '“sea” and “shells” share the first place.'],
];

async function say(person, text) {
  const box = person.page.getByLabel('Write a message');
  await box.fill(text);
  await box.press('Enter');
}

/** The caret to a place that is named by words on its line; Shift+End selects from there. */
async function caretTo(person, words, { selected = false } = {}) {
  await person.page.locator('.cm-line', { hasText: words }).first().click();
  await person.page.keyboard.press('Home');
  await person.page.keyboard.press(selected ? 'Shift+End' : 'End');
}

export async function takePictures(folder) {
  mkdirSync(folder, { recursive: true });
  const ada = await Person.arrive('Ada', { ...SIZE, colorScheme: 'light' });
  let ben = await Person.arrive('Ben', { ...SIZE, colorScheme: 'dark' });
  try {
    await ada.signUp();
    await ada.createRoom('Words by the sea');
    await ben.signUpAndJoin(await ada.invitation('editor'));
    await ada.newFile('words.py', WORDS);
    await ada.page.getByRole('tab', { name: 'main.py' }).click();
    await ada.sees('print(');
    await ada.write(MAIN);
    await ben.sees('different words');
    for (const [who, text] of TALK) await say([ada, ben][who], text);
    await ada.seesText(TALK[3][1]);
    await ben.run();
    await ada.seesOutput('different words');
    await ada.seesText(/Finished in/);
    await caretTo(ada, 'for word, n in counted');
    await caretTo(ben, 'counted = count', { selected: true });
    await caretTo(ada, 'def main');
    await caretTo(ben, 'print(f"{word', { selected: true });
    await ada.page.locator('.cm-content .cr-selected').first().waitFor();
    await ben.page.locator('.cm-content .cr-flag', { hasText: 'Ada' }).waitFor({ state: 'attached' });
    await ada.saved();
    const take = async (person, name) => {
      await person.page.getByRole('button', { name: 'Dismiss' }).waitFor({ state: 'detached' });
      await person.page.screenshot({ path: join(folder, `${name}.png`) });
    };
    await take(ada, 'room-light');
    await take(ben, 'room-dark');
    // Ben goes on, on a phone.
    const address = await ben.closePage();
    const phone = await ben.elsewhere(address, { ...PHONE, colorScheme: 'light' });
    await ben.leave();
    ben = phone;
    await ben.inRoom();
    await caretTo(ada, 'def main');
    await ben.page.locator('.cm-content .cr-flag', { hasText: 'Ada' }).waitFor({ state: 'attached' });
    await take(ben, 'room-phone');
  } finally {
    for (const person of [ada, ben]) await person.leave();
    await closeBrowser();
  }
}
