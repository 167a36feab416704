/** Waiting times between attempts: doubling from `firstMs` to `mostMs`, each spread over 50–100 %. */
export class Backoff {
  #attempt = 0;

  constructor(
    private readonly firstMs = 250,
    private readonly mostMs = 10_000,
    private readonly random: () => number = Math.random,
  ) {}

  next(): number {
    const full = Math.min(this.mostMs, this.firstMs * 2 ** this.#attempt);
    this.#attempt += 1;
    return Math.round(full * (0.5 + this.random() / 2));
  }

  reset(): void {
    this.#attempt = 0;
  }
}
