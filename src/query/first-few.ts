/** Keeps the first few of many by an order, without sorting them all: a heap with the last of the few on top. */
export class FirstFew<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  readonly #heap: T[] = [];

  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(value: T): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(value);
      this.#rise(heap.length - 1);
    } else if (this.#compare(value, heap[0]!) < 0) {
      heap[0] = value;
      this.#sink();
    }
  }

  /** What was kept, in order. */
  sorted(): T[] {
    return this.#heap.toSorted(this.#compare);
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfAfter(at, parent)) return;
      at = parent;
    }
  }

  #sink(): void {
    const { length } = this.#heap;
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child >= length) return;
      if (child + 1 < length && this.#compare(this.#heap[child + 1]!, this.#heap[child]!) > 0) child++;
      if (!this.#swapIfAfter(child, at)) return;
      at = child;
    }
  }

  /** Whether the value below belonged above the other, and now is. */
  #swapIfAfter(below: number, above: number): boolean {
    const heap = this.#heap;
    const lower = heap[below]!;
    if (this.#compare(lower, heap[above]!) <= 0) return false;
    heap[below] = heap[above]!;
    heap[above] = lower;
    return true;
  }
}
