function bigrams(text: string): string[] {
  const padded = `-${text.toLowerCase()}-`;
  return Array.from({ length: padded.length - 1 }, (_, index) => padded.slice(index, index + 2));
}

/** 0 (nothing in common) to 1 (equal but for case): twice the shared pairs of letters over all pairs. */
function similarity(some: string, others: string): number {
  const mine = bigrams(some);
  const theirs = bigrams(others);
  const left = [...theirs];
  let shared = 0;
  for (const pair of mine) {
    const index = left.indexOf(pair);
    if (index < 0) continue;
    left.splice(index, 1);
    shared += 1;
  }
  return (2 * shared) / (mine.length + theirs.length);
}

/** The likeliest thing meant by a misspelt name, for an error's hint. `least`: how alike it must be. */
export function findSimilar(name: string, candidates: Iterable<string>, least = 0.6): string | null {
  let best: string | null = null;
  let bestScore = least;
  for (const candidate of candidates) {
    const score = similarity(name, candidate);
    if (score >= bestScore && score < 1) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}
