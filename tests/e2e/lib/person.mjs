/** A person at a browser of her own: what she can do and see in Coderoom, in the words of the interface. */
import { chromium } from 'playwright-core';
import { fileURLToPath } from 'node:url';
import { until, url } from './stack.mjs';

const SHOTS = fileURLToPath(new URL('../shots/', import.meta.url));
let browser;
let people = 0;
/** Who is at a browser now. */
export const present = new Set();

async function startBrowser() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

export class Person {
  static async arrive(name, options = {}) {
    const context = await (await startBrowser()).newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    });
    return new Person(name, context, await context.newPage());
  }

  constructor(name, context, page) {
    this.name = name;
    this.context = context;
    this.page = page;
    this.email = `${name.split(' ')[0].toLowerCase()}-${process.pid}-${Date.now()}-${++people}@example.org`;
    this.password = 'correct horse battery';
    this.errors = [];
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text()))
        this.errors.push(message.text());
    });
    page.setDefaultTimeout(15_000);
    present.add(this);
  }

  async leave() {
    present.delete(this);
    await this.context.close();
  }

  /** The same person at another computer: a browser without a copy of anything, signed in by the page. */
  async elsewhere(address, options = {}) {
    const other = await Person.arrive(this.name, options);
    Object.assign(other, { email: this.email, errors: this.errors, token: this.token });
    await other.page.goto(address);
    await other.signIn();
    return other;
  }

  button(name, exact = true) {
    return this.page.getByRole('button', { name, exact });
  }

  async fillSignUp() {
    await this.page.getByLabel('E-mail').fill(this.email);
    await this.page.getByLabel('Name', { exact: true }).fill(this.name);
    await this.page.getByLabel('Password').fill(this.password);
  }

  async signUp() {
    await this.page.goto(`${url}/sign-up`);
    await this.fillSignUp();
    await this.button('Create account').click();
    await this.page.getByRole('heading', { name: 'Rooms', exact: true }).waitFor();
  }

  /** Fills in the page that is shown to who is not signed in. */
  async signIn(password = this.password) {
    await this.page.getByLabel('E-mail').fill(this.email);
    await this.page.getByLabel('Password').fill(password);
    await this.button('Sign in').click();
  }

  /** Makes a room from the list of rooms and waits until its editor can be typed in. */
  async createRoom(name, language = 'python') {
    await this.button('Create room').first().click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel(/Starts with/).selectOption({ value: language });
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await this.inRoom();
  }

  async inRoom() {
    await this.editor.waitFor();
    await this.saved();
  }

  /** A link that lets others in; the dialog's first button makes and copies it. */
  async invitation(role = 'editor') {
    await this.button('Share').click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByLabel('People with the link can').selectOption(role);
    await dialog.getByRole('button', { name: 'Copy link' }).click();
    const link = await until('the link is shown', 10, async () => {
      const values = await dialog.getByRole('textbox').evaluateAll((all) => all.map((e) => e.value));
      return values.find((value) => value.includes('/join/'));
    });
    await this.page.keyboard.press('Escape');
    return link;
  }

  /** Follows a link as somebody who has no account yet. */
  async signUpAndJoin(link) {
    await this.page.goto(link);
    await this.page.getByRole('link', { name: 'Create account and join' }).click();
    await this.fillSignUp();
    await this.button('Create account').click();
    await this.button('Join room').click();
    await this.inRoom();
  }

  /** Follows a link as somebody who is signed in. */
  async join(link) {
    await this.page.goto(link);
    await this.button('Join room').click();
    await this.inRoom();
  }

  /** Closes the room's page; its address leads back. */
  async closePage() {
    const address = this.page.url();
    await this.page.goto('about:blank');
    return address;
  }

  async newFile(path, text = '') {
    const name = path.split('/').pop();
    await this.button('New file').first().click();
    await this.page.keyboard.type(path);
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('tab', { name, selected: true }).waitFor();
    await until(`${path} is open and empty`, 10, async () => (await this.text()) === '');
    if (text) await this.write(text);
  }

  /** Opens a file by its name; the room opens with its main program. */
  async open(name) {
    await this.page.getByRole('treeitem', { name }).click();
    await this.page.getByRole('tab', { name, selected: true }).waitFor();
    await this.editor.waitFor();
  }

  get editor() {
    return this.page.locator('.cm-content');
  }

  async text() {
    return this.editor.evaluate((content) => content.cmTile?.view?.state.doc.toString() ?? content.cmView.view.state.doc.toString());
  }

  /** Line of the caret, from 1; 0 when it is not in the editor. */
  async caretLine() {
    return this.editor.evaluate((content) => {
      const { state, hasFocus } = content.cmTile?.view ?? content.cmView.view;
      return hasFocus ? state.doc.lineAt(state.selection.main.head).number : 0;
    });
  }

  async sees(text, seconds = 10) {
    await until(`${this.name} sees ${JSON.stringify(text)}`, seconds, async () => (await this.text()).includes(text));
  }

  /** Puts the whole text in place, as pasting over everything does. */
  async write(text) {
    await this.editor.focus();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
    await this.sees(text);
  }

  async typeAtEnd(text) {
    await this.editor.focus();
    await this.page.keyboard.press('Control+End');
    await this.page.keyboard.type(text, { delay: 15 });
  }

  async saved(seconds = 20) {
    await this.page.getByText('Saved', { exact: true }).first().waitFor({ timeout: seconds * 1000 });
  }

  async output() {
    const rows = this.page.locator('.xterm-rows').first();
    return (await rows.count()) ? (await rows.innerText()).replaceAll('\u00a0', ' ') : '';
  }

  async seesOutput(text, seconds = 15) {
    await until(`${this.name} sees the output ${JSON.stringify(text)}`, seconds, async () =>
      (await this.output()).includes(text),
    );
  }

  async seesText(text, seconds = 15) {
    await this.page.getByText(text).first().waitFor({ timeout: seconds * 1000 });
  }

  /** What the choice of the file to run says, beside Run or in a dialog. */
  async fileToRun(place = this.page) {
    return place.getByLabel('File to run').evaluate((choice) => choice.selectedOptions[0].text);
  }

  /** What a screen reader says without being asked. */
  async hears(text, seconds = 5) {
    const said = this.page.locator('.sr-only[role=status]');
    await until(`${this.name} hears ${text}`, seconds, async () => {
      const now = await said.innerText();
      if (now.match(text)) return true;
      throw new Error(now);
    });
  }

  async run() {
    await this.button('Run').click();
  }

  /** In the panel below the code: how the run that is shown there ended, or what its line says. */
  async seesEnd(sentence, seconds = 15) {
    const panel = this.page.getByRole('region', { name: 'Output' });
    await panel.getByText(sentence).first().waitFor({ timeout: seconds * 1000 });
  }

  async settings({ args, seconds }) {
    await this.button('Run settings').click();
    const dialog = this.page.getByRole('dialog');
    if (args !== undefined) await dialog.getByLabel('Arguments').fill(args);
    if (seconds !== undefined) await dialog.getByLabel('Time limit in seconds').fill(seconds);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** Asks the API in this person's name, by a sign-in of its own. */
  async api(path) {
    if (!this.token) {
      const answer = await fetch(`${url}/api/v1/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: this.email, password: this.password }),
      });
      this.token = (await answer.json()).access_token;
    }
    const answer = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }

  /** A picture for who looks why a test failed. */
  async shot(name) {
    await this.page.screenshot({ path: `${SHOTS}${name}.png`, timeout: 5000 });
  }
}
