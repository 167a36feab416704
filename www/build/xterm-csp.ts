import type { Plugin } from 'vite';

/**
 * xterm.js writes <style> elements and style attributes, which `style-src 'self'` forbids. The same
 * rules through the CSSOM are allowed, so its two ways of writing are turned into that at build time.
 * The counts are asserted: a new version of xterm.js that writes otherwise fails the build.
 */
export function xtermWithoutInlineStyles(): Plugin {
  return {
    name: 'xterm-without-inline-styles',
    enforce: 'pre',
    transform(code, id) {
      if (!/@xterm\/xterm\/lib\/xterm\.mjs/.test(id)) return null;
      const styles = replaceAll(code, /[\w.]+\.createElement\("style"\)/g, '__sheetElement()', 3);
      const attributes = replaceAll(
        styles,
        /(\w)\.setAttribute\("style",`\$\{\1\.getAttribute\("style"\)\|\|""\}\$\{(\w)\};`\)/g,
        '$1.style.cssText+=$2+";"',
        1,
      );
      return { code: `${SHEET_ELEMENT}\n${attributes}`, map: null };
    },
  };
}

function replaceAll(code: string, what: RegExp, by: string, expected: number): string {
  const found = code.match(what)?.length ?? 0;
  if (found !== expected) throw new Error(`xterm.js has changed: ${what} matches ${found} times`);
  return code.replace(what, by);
}

/** An element that looks like <style> to xterm.js and keeps its rules in an adopted style sheet. */
const SHEET_ELEMENT = `function __sheetElement() {
  const sheet = new CSSStyleSheet(), el = document.createElement('span');
  el.hidden = true;
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(el, 'textContent', { get: () => '', set: (v) => sheet.replaceSync(v) });
  const remove = el.remove.bind(el);
  el.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet);
    remove();
  };
  return el;
}`;
