/** Short notices at the edge of the page, and words for screen readers alone. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  action?: { label: string; run: () => void };
}

let toasts: readonly Toast[] = [];
let spoken = '';
let nextId = 1;
const listeners = new Set<() => void>();
const SHOWN_MS = 6000;
const ANNOUNCE_MS = 200;

type Options = Partial<Omit<Toast, 'id' | 'text'>> & { ms?: number };

export function toast(text: string, { ms = SHOWN_MS, ...options }: Options = {}): void {
  if (toasts.some((other) => other.text === text)) return;
  const id = nextId++;
  toasts = [...toasts.slice(-2), { id, text, tone: 'plain', ...options }];
  tell();
  setTimeout(() => dismiss(id), ms);
}

export function dismiss(id: number): void {
  toasts = toasts.filter((other) => other.id !== id);
  tell();
}

let toSay: string[] = [];
let saying: ReturnType<typeof setTimeout> | undefined;

/** Read aloud politely, not shown. What is said within a moment is said in one go. */
export function announce(text: string): void {
  toSay.push(text);
  saying ??= setTimeout(() => {
    const together = toSay.join('. ');
    spoken = spoken === together ? `${together}\u00a0` : together;
    toSay = [];
    saying = undefined;
    tell();
  }, ANNOUNCE_MS);
}

export function getToasts(): readonly Toast[] {
  return toasts;
}

export function getSpoken(): string {
  return spoken;
}

export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}
