// src/api/schema.d.ts is generated from docs/openapi.yaml; with --check, says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const target = 'src/api/schema.d.ts';
const source = new URL('../../docs/openapi.yaml', import.meta.url);
const text = `/* Generated from docs/openapi.yaml by "npm run gen". */\n${astToString(await openapiTS(source))}`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error(`${target} differs from docs/openapi.yaml: run "npm run gen"`);
    process.exit(1);
  }
} else {
  writeFileSync(target, text);
}
