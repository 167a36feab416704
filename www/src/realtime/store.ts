import { useSyncExternalStore } from 'react';

/** A value that can be watched. Values are replaced, never changed in place. */
export class Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();
  #held: ReturnType<typeof setTimeout> | undefined;

  constructor(value: T) {
    this.#value = value;
  }

  get = (): T => this.#value;

  set(value: T): void {
    const held = this.#held !== undefined;
    if (Object.is(value, this.#value) && !held) return;
    this.#value = value;
    this.#tell();
  }

  /** The value is there at once; who watches is told within `ms`, or with the next `set`. */
  setSoon(value: T, ms: number): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.#held ??= setTimeout(() => this.#tell(), ms);
  }

  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    for (const listener of [...this.#listeners]) listener();
  }
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
