/** node:test, with a picture of every open page when a test fails. */
import * as node from 'node:test';
import { basename } from 'node:path';
import { present } from './person.mjs';

export const { describe, after } = node;

const slug = (text) => text.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60);
const file = basename(process.argv[1], '.test.mjs');

/** The pictures must not hide what failed: a page may be gone by then. */
async function pictures(of) {
  const shots = [...present].map((person) => person.shot(`${file}-${slug(of)}-${person.name}`));
  for (const shot of await Promise.allSettled(shots))
    if (shot.reason) console.error(`no picture: ${shot.reason.message.split('\n')[0]}`);
}

const watched = (of, work) => async () => {
  try {
    await work();
  } catch (error) {
    await pictures(of);
    throw error;
  }
};

export const test = (name, work) => node.test(name, watched(name, work));
export const before = (work) => node.before(watched('before', work));
