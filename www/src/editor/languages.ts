import type { Extension } from '@codemirror/state';

/** Syntax colours by a file's name; each language is loaded when it is first used. */
const loaders: Record<string, () => Promise<Extension>> = {
  py: async () => (await import('@codemirror/lang-python')).python(),
  js: async () => (await import('@codemirror/lang-javascript')).javascript(),
  c: async () => (await import('@codemirror/lang-cpp')).cpp(),
};
const aliases: Record<string, string> = { mjs: 'js', cjs: 'js', json: 'js', h: 'c', pyi: 'py' };

/** Indentation that people expect in a language, in spaces. */
export function indentOf(path: string): number {
  return kindOf(path) === 'js' ? 2 : 4;
}

export async function languageFor(path: string): Promise<Extension> {
  const load = loaders[kindOf(path)];
  return load ? load() : [];
}

function kindOf(path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return aliases[extension] ?? extension;
}
