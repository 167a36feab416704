/** A person at a browser of her own: what she can do and see in Coderoom, in the words of the interface. */
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { until, url } from './stack.mjs';

let browser;
let people = 0;

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
    this.email = `${name.toLowerCase()}-${process.pid}-${Date.now()}-${++people}@example.org`;
    this.password = 'correct horse battery';
    this.errors = [];
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text()))
        this.errors.push(message.text());
    });
    page.setDefaultTimeout(15_000);
  }

  async leave() {
    await this.context.close();
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

  async run() {
    await this.button('Run').click();
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

  async shot(name) {
    mkdirSync('shots', { recursive: true });
    await this.page.screenshot({ path: `shots/${name}.png` });
  }
}
