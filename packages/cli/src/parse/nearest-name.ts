/** Edit distance (insert, delete, replace, swap of neighbours) between two short words. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}

/** The known name that a mistyped one most likely meant: at most a third of its letters differ. */
export function nearestName(typed: string, known: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(Math.max(3, word.length) / 3)) + 1;
  for (const name of known) {
    const d = distance(word, name.toLowerCase());
    if (d < least) {
      least = d;
      nearest = name;
    }
  }
  return nearest ?? known.find((name) => word.length >= 3 && name.toLowerCase().includes(word));
}

/** What to tell a user who typed an unknown name: the nearest one, else all of them. */
export function knownNamesHint(typed: string, known: readonly string[]): string {
  const nearest = nearestName(typed, known);
  const all = `known: ${known.join(", ")}`;
  return nearest === undefined ? all : `did you mean ${nearest}? (${all})`;
}
