/**
 * What this browser remembers between pages: choices, never secrets. Storage may be forbidden or
 * full: what was chosen then lasts as long as the page.
 */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // not remembered
  }
}

/** null: nothing is remembered. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
