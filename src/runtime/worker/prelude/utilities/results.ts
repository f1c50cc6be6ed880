/** Makes of a host function's JSON what the module gets. */
export type ResultShaper = (result: unknown) => unknown;

const asGiven: ResultShaper = (result) => result;
const shapers: Readonly<Record<string, ResultShaper>> = { sqlQuery: withDates };

/** What is done to the results of a host function: nearly always nothing. */
export function resultShaperOf(name: string): ResultShaper {
  return shapers[name] ?? asGiven;
}

/**
 * Rows of `sqlQuery`, their points in time as Dates: JSON has none, and no column has another object as its value than
 * `{epochMs}`. Changes the rows in place.
 */
function withDates(rows: unknown): unknown {
  for (const row of rows as Record<string, unknown>[]) {
    for (const column of Object.keys(row)) {
      const value = row[column];
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        row[column] = new Date((value as { epochMs: number }).epochMs);
      }
    }
  }
  return rows;
}
