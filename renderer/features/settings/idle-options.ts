const usual: readonly (number | null)[] = [1, 5, 15, 30, 60, null];

/** The minutes to choose from; one that the administration decided is among them, whatever it is. */
export function idleOptions(current: number | null): (number | null)[] {
  if (usual.includes(current)) return [...usual];
  return [...usual, current].toSorted((a, b) => (a ?? Infinity) - (b ?? Infinity));
}
