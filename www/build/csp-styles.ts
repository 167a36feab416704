import type { Plugin } from 'vite';

/**
 * Strict `style-src 'self'` forbids <style> elements and style attributes; the same rules through
 * the CSSOM are allowed. Two libraries write the forbidden way and are turned to the other at build
 * time. The matches are counted: a new version that writes otherwise fails the build.
 */
export function stylesThroughCssom(): Plugin {
  return {
    name: 'styles-through-cssom',
    enforce: 'pre',
    transform(code, id) {
      if (/@xterm\/xterm\/lib\/xterm\.mjs/.test(id)) return { code: patchXterm(code), map: null };
      if (/style-mod\/src\/style-mod\.js/.test(id)) return { code: patchStyleMod(code), map: null };
      return null;
    },
  };
}

function patchXterm(code: string): string {
  const styles = replace(code, /[\w.]+\.createElement\("style"\)/g, '__sheetElement()', 3);
  const attributes = replace(
    styles,
    /(\w)\.setAttribute\("style",`\$\{\1\.getAttribute\("style"\)\|\|""\}\$\{(\w)\};`\)/g,
    '$1.style.cssText+=$2+";"',
    1,
  );
  return `${SHEET_ELEMENT}\n${attributes}`;
}

/** CodeMirror's style-mod adopts sheets in shadow roots only; a document can do that as well. */
function patchStyleMod(code: string): string {
  return replace(code, /!root\.head && root\.adoptedStyleSheets/g, 'root.adoptedStyleSheets', 1);
}

function replace(code: string, what: RegExp, by: string, expected: number): string {
  const found = code.match(what)?.length ?? 0;
  if (found !== expected) throw new Error(`a library has changed: ${what} matches ${found} times`);
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
