/** Takes the lines that say how far a copy is. */
export type Report = (line: string) => void;

/** Rows between two lines about the same table. */
const ROWS_PER_LINE = 5000;

/** How far the copy of one table is. */
export class Progress {
  readonly #table: string;
  readonly #report: Report;
  #rows = 0;
  #told = 0;

  constructor(table: string, report: Report) {
    this.#table = table;
    this.#report = report;
  }

  /** Rows that have been copied, in earlier runs as well. */
  get rows(): number {
    return this.#rows;
  }

  start(rows: number): void {
    this.#rows = rows;
    this.#told = rows;
  }

  add(rows: number): void {
    this.#rows += rows;
    if (this.#rows - this.#told < ROWS_PER_LINE) return;
    this.#told = this.#rows;
    this.#report(`copying   ${this.#table}: ${this.#rows} rows so far`);
  }

  finish(): void {
    if (this.#rows > 0) this.#report(`copied    ${this.#table}: ${this.#rows} rows`);
  }

  skip(): void {
    this.#report(`copied    ${this.#table}: earlier`);
  }
}
