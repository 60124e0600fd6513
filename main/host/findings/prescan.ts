import type { Refusal } from '../../../shared/security/findings/report.ts';

/** What a report may be at most. A real one with 50,000 findings has some 60 MB and one and a half million values. */
export const reportLimits = { bytes: 160 * 1024 * 1024, depth: 96, nodes: 4_000_000, rows: 200_000 } as const;

const [quote, backslash, comma, openObject, closeObject, openArray, closeArray, lessThan, greaterThan, slash, bang, question, apostrophe, dash, closeBracket] =
  [0x22, 0x5c, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d, 0x3c, 0x3e, 0x2f, 0x21, 0x3f, 0x27, 0x2d, 0x5d];

type XmlState = 'text' | 'open' | 'tag' | 'end' | 'quoted' | 'mark' | 'comment' | 'cdata' | 'instruction';

/**
 * Looks at the bytes of a report as they arrive, before any parser sees them, and counts depth and values: whatever would cost a
 * parser its stack or its memory is refused at the byte that shows it. Knows just enough of JSON and XML for that; whether
 * the text is well-formed is for the parser to say.
 */
export class Prescan {
  refusal: Refusal | null = null;
  #kind: 'json' | 'xml' | null = null;
  #bytes = 0;
  #depth = 0;
  #nodes = 0;
  #inString = false;
  #escaped = false;
  #state: XmlState = 'text';
  #mark = '';
  #delimiter = 0;
  #last = 0;
  #beforeLast = 0;

  /** @returns why the report is refused, as soon as that shows; null so far */
  add(part: Uint8Array): Refusal | null {
    if (this.refusal !== null) return this.refusal;
    this.#bytes += part.length;
    if (this.#bytes > reportLimits.bytes) return (this.refusal = 'tooLarge');
    let at = 0;
    while (this.#kind === null && at < part.length) {
      const byte = part[at] ?? 0;
      // A byte order mark and blanks may stand in front; UTF-16 and archives may not.
      if (byte === openObject || byte === openArray) this.#kind = 'json';
      else if (byte === lessThan) this.#kind = 'xml';
      else if ([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte)) at++;
      else return (this.refusal = 'notText');
    }
    if (this.#kind === 'json') this.#json(part, at);
    else if (this.#kind === 'xml') this.#xml(part, at);
    return this.refusal;
  }

  /** The report is complete: an empty one is none. */
  end(): Refusal | null {
    return this.refusal ?? (this.#kind === null ? 'notText' : null);
  }

  get isXml(): boolean {
    return this.#kind === 'xml';
  }

  #json(part: Uint8Array, from: number): void {
    let [depth, nodes, inString, escaped] = [this.#depth, this.#nodes, this.#inString, this.#escaped];
    for (let at = from; at < part.length; at++) {
      const byte = part[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inString = false;
      } else if (byte === quote) inString = true;
      else if (byte === comma) nodes++;
      else if (byte === openObject || byte === openArray) {
        nodes++;
        if (++depth > reportLimits.depth) { this.refusal = 'tooDeep'; return; }
      } else if (byte === closeObject || byte === closeArray) depth--;
      if (nodes > reportLimits.nodes) { this.refusal = 'tooMany'; return; }
    }
    [this.#depth, this.#nodes, this.#inString, this.#escaped] = [depth, nodes, inString, escaped];
  }

  #xml(part: Uint8Array, from: number): void {
    for (let at = from; at < part.length; at++) {
      const byte = part[at] ?? 0;
      this.#step(byte);
      this.#beforeLast = this.#last;
      this.#last = byte;
      if (this.#depth > reportLimits.depth) this.refusal = 'tooDeep';
      else if (this.#nodes > reportLimits.nodes) this.refusal = 'tooMany';
      if (this.refusal !== null) return;
    }
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'text':
        if (byte === lessThan) { this.#state = 'open'; this.#nodes++; }
        return;
      case 'open':
        if (byte === slash) { this.#depth--; this.#state = 'end'; }
        else if (byte === question) this.#state = 'instruction';
        else if (byte === bang) [this.#state, this.#mark] = ['mark', ''];
        else { this.#depth++; this.#state = 'tag'; }
        return;
      case 'tag':
        if (byte === quote || byte === apostrophe) [this.#state, this.#delimiter] = ['quoted', byte];
        else if (byte === greaterThan) {
          if (this.#last === slash) this.#depth--;
          this.#state = 'text';
        } else if (byte === 0x3d) this.#nodes++;
        return;
      case 'quoted':
        if (byte === this.#delimiter) this.#state = 'tag';
        return;
      case 'mark':
        this.#mark += String.fromCharCode(byte);
        if (this.#mark === '--') this.#state = 'comment';
        else if (this.#mark === '[CDATA[') this.#state = 'cdata';
        // A document type can define entities, and entities can define each other: no report needs one.
        else if (!'--'.startsWith(this.#mark) && !'[CDATA['.startsWith(this.#mark)) this.refusal = 'entities';
        return;
      case 'comment':
        if (byte === greaterThan && this.#last === dash && this.#beforeLast === dash) this.#state = 'text';
        return;
      case 'cdata':
        if (byte === greaterThan && this.#last === closeBracket && this.#beforeLast === closeBracket) this.#state = 'text';
        return;
      case 'instruction':
        if (byte === greaterThan && this.#last === question) this.#state = 'text';
        return;
      default:
        if (byte === greaterThan) this.#state = 'text';
    }
  }
}
