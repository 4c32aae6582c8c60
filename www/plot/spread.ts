/**
 * Moves places apart, as little as possible: the result keeps the order of the wishes, neighbours are at least `gap`
 * apart, all lie between `min` and `max`, and the sum of squared shifts is the least there is. If there is no room for
 * all gaps, they shrink alike. All in one unit, say CSS pixels.
 */
export function spread(wishes: readonly number[], gap: number, min: number, max: number): number[] {
  const count = wishes.length;
  if (count === 0) return [];
  const step = Math.min(gap, Math.max(0, max - min) / Math.max(1, count - 1));
  const order = wishes
    .map((_, i) => i)
    .sort((a, b) => (wishes[a] as number) - (wishes[b] as number) || a - b);

  // Less their gaps the places need only not descend: isotonic regression, by pooling neighbours that violate it.
  const pools: { sum: number; size: number }[] = [];
  order.forEach((index, rank) => {
    pools.push({ sum: (wishes[index] as number) - rank * step, size: 1 });
    for (;;) {
      const last = pools.at(-1);
      const before = pools.at(-2);
      if (last === undefined || before === undefined) break;
      if (before.sum / before.size <= last.sum / last.size) break;
      before.sum += last.sum;
      before.size += last.size;
      pools.pop();
    }
  });

  const places = new Array<number>(count).fill(0);
  const highest = max - (count - 1) * step;
  let rank = 0;
  for (const { sum, size } of pools) {
    const level = Math.max(min, Math.min(highest, sum / size));
    for (let i = 0; i < size; i++, rank++) places[order[rank] as number] = level + rank * step;
  }
  return places;
}
