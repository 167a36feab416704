import { useSyncExternalStore } from 'react';
import { remember, remembered } from './remember';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'coderoom.theme';
const listeners = new Set<() => void>();
let theme: Theme = read();

/** Call once, before the first paint. */
export function applyTheme(): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function isDark(): boolean {
  return (
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  );
}

export function toggleTheme(): void {
  theme = isDark() ? 'light' : 'dark';
  remember(KEY, theme);
  applyTheme();
  for (const listener of listeners) listener();
}

export function useDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

function subscribe(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  listeners.add(listener);
  media.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    media.removeEventListener('change', listener);
  };
}

function read(): Theme {
  const stored = remembered(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}
