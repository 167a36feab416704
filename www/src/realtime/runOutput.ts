/** 1 standard output, 2 standard error, 3 compiler; 0 is what this person typed, shown only here. */
export type Stream = 0 | 1 | 2 | 3;

export interface Piece {
  stream: Stream;
  bytes: Uint8Array;
}

/** The bytes that a run has printed so far, put in order by their offsets. */
export class RunOutput {
  pieces: Piece[] = [];
  /** Bytes of the run's output that are here (what was typed does not count). */
  length = 0;
  /** Grows each time the output starts anew. */
  generation = 0;
  readonly #listeners = new Set<() => void>();

  /** Takes a piece; what is here already is dropped. After a gap the piece is taken as it comes. */
  push(offset: number, stream: Stream, bytes: Uint8Array): void {
    const known = this.length - offset;
    const fresh = known > 0 ? bytes.subarray(known) : bytes;
    if (fresh.length === 0) return;
    this.pieces.push({ stream, bytes: fresh });
    this.length = Math.max(this.length, offset) + fresh.length;
    this.#tell();
  }

  echo(text: string): void {
    this.pieces.push({ stream: 0, bytes: new TextEncoder().encode(text) });
    this.#tell();
  }

  clear(): void {
    this.pieces = [];
    this.length = 0;
    this.generation += 1;
    this.#tell();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
