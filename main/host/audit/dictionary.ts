import { sortKey } from '../text.ts';

/** Plain letters, as nearly all texts of a log are, need no rules of any language. */
// oxlint-disable-next-line no-control-regex -- the range is ASCII
const folded = (text: string): string => (/^[\u0000-\u007f]*$/.test(text) ? text.toLowerCase() : sortKey(text));

/** The texts of the log, each once, by number; 0 stands for nothing. */
export class Dictionary {
  readonly #texts: string[] = [''];
  readonly #codeOf = new Map<string, number>();
  /** All texts as they are searched, one behind the other with line feeds between: one search of the platform's goes over them all. */
  #haystack = '\n';
  /** Where each text begins in it; filled with the first search. */
  readonly #starts: number[] = [];

  get size(): number {
    return this.#texts.length;
  }

  /** Makes a text known under its stored number. */
  learn(code: number, text: string): void {
    this.#texts[code] = text;
    this.#codeOf.set(text, code);
  }

  codeOf(text: string): number | undefined {
    return this.#codeOf.get(text);
  }

  text(code: number): string {
    return this.#texts[code] ?? '';
  }

  /** Calls for every text that a word occurs in, ascending. @param word folded like the texts, without white space */
  each(word: string, found: (code: number) => void): void {
    this.#fill();
    let code = 0;
    for (let at = this.#haystack.indexOf(word); at >= 0; at = this.#haystack.indexOf(word, at)) {
      while (code + 1 < this.#starts.length && (this.#starts[code + 1] as number) <= at) code += 1;
      found(code);
      at = this.#starts[code + 1] ?? this.#haystack.length;
    }
  }

  #fill(): void {
    if (this.#starts.length >= this.#texts.length) return;
    let at = this.#haystack.length;
    const parts: string[] = [];
    for (let code = this.#starts.length; code < this.#texts.length; code++) {
      // A line feed inside would only make two words of one.
      const text = folded(this.#texts[code] ?? '');
      this.#starts.push(at);
      parts.push(text);
      at += text.length + 1;
    }
    this.#haystack += `${parts.join('\n')}\n`;
  }
}
