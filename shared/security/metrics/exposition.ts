/** One value of the text format: its name, its labels and its value. */
export type Sample = { /** Name and labels as they were written. */ id: string; name: string; labels: Readonly<Record<string, string>>; value: number };

export type ExpositionLimits = { maxChars: number; maxLines: number; maxLineChars: number; maxLabels: number; maxSamples: number };

/** A busy server with a thousand routes writes about 3 MB. */
export const expositionLimits: ExpositionLimits = { maxChars: 4 * 1024 * 1024, maxLines: 100_000, maxLineChars: 8192, maxLabels: 32, maxSamples: 20_000 };

/** What was read of a text. */
export type Exposition = { samples: Sample[]; declared: ReadonlySet<string>; unreadable: number };

/** The text is longer than anything that a server writes by itself, or holds nothing that could be read. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}

/** Characters between two pauses: about a millisecond. */
const sliceChars = 32 * 1024;

const name = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y;
const unescape = (text: string): string => (text.includes('\\') ? text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)) : text);

function valueOf(text: string): number | null {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (text === 'NaN') return Number.NaN;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

/** One line of the text format 0.0.4; null when it is none. */
export function parseSample(line: string, maxLabels: number = expositionLimits.maxLabels): Sample | null {
  name.lastIndex = 0;
  const found = name.exec(line)?.[0];
  if (found === undefined) return null;
  let at = found.length;
  const labels: Record<string, string> = {};
  if (line[at] === '{') {
    at += 1;
    for (let count = 0; ; count++) {
      while (line[at] === ' ') at += 1;
      if (line[at] === '}') break;
      label.lastIndex = at;
      const match = label.exec(line);
      if (match === null || count >= maxLabels) return null;
      // Not by assignment: a label may be called __proto__.
      Object.defineProperty(labels, match[1] ?? '', { value: unescape(match[2] ?? ''), enumerable: true, configurable: true });
      at = label.lastIndex;
    }
    at += 1;
  }
  const parts = line.slice(at).trim().split(/\s+/);
  const value = valueOf(parts[0] ?? '');
  return value === null || parts.length > 2 ? null : { id: line.slice(0, at), name: found, labels, value };
}

/**
 * Reads Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/) of a server that nobody has
 * to trust. It pauses between slices, so that whoever drives it can do something else meanwhile.
 * @param wanted names of the series to keep; all others are passed over unread
 * @returns the samples, the names that were announced (`# TYPE`) with or without samples, and how many lines could not be read
 * @throws ExpositionError when a limit is passed
 */
export function* readExposition(text: string, wanted: (name: string) => boolean, limits: ExpositionLimits = expositionLimits): Generator<void, Exposition> {
  if (text.length > limits.maxChars) throw new ExpositionError(`${text.length} characters`);
  const samples: Sample[] = [];
  const declared = new Set<string>();
  let unreadable = 0;
  let lines = 0;
  let pauseAt = sliceChars;
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const stop = end === -1 ? text.length : end;
    lines += 1;
    if (lines > limits.maxLines) throw new ExpositionError(`more than ${limits.maxLines} lines`);
    if (stop - at > limits.maxLineChars) unreadable += 1;
    else if (text.startsWith('# TYPE ', at)) {
      name.lastIndex = at + 7;
      const found = name.exec(text)?.[0];
      if (found !== undefined && wanted(found)) declared.add(found);
    } else if (text[at] !== '#' && stop > at) {
      name.lastIndex = at;
      const found = name.exec(text)?.[0];
      if (found === undefined) unreadable += text.slice(at, stop).trim() === '' ? 0 : 1;
      else if (wanted(found)) {
        const sample = parseSample(text.slice(at, stop).trim(), limits.maxLabels);
        if (sample === null) unreadable += 1;
        else if (samples.push(sample) > limits.maxSamples) throw new ExpositionError(`more than ${limits.maxSamples} samples`);
      }
    }
    at = stop + 1;
    if (at >= pauseAt) {
      pauseAt = at + sliceChars;
      yield;
    }
  }
  return { samples, declared, unreadable };
}
