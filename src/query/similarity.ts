/** Whether one text becomes the other by changing, adding or removing at most so many characters. */
export function isWithinEdits(from: string, to: string, edits: number): boolean {
  const a = [...from];
  const b = [...to];
  if (Math.abs(a.length - b.length) > edits) return false;
  let above = b.map((_, i) => i + 1);
  for (let i = 0; i < a.length; i++) {
    const row: number[] = [];
    let left = i + 1;
    let diagonal = i;
    let best = left;
    for (let j = 0; j < b.length; j++) {
      const up = above[j]!;
      left = Math.min(left + 1, up + 1, diagonal + (a[i] === b[j] ? 0 : 1));
      diagonal = up;
      row.push(left);
      if (left < best) best = left;
    }
    if (best > edits) return false;
    above = row;
  }
  return (above.at(-1) ?? a.length) <= edits;
}
