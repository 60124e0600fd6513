import { createHash, randomUUID } from 'node:crypto';
import { paperStyle } from '../../shared/paper/style.ts';
import { reportStyle } from '../../shared/report/style.ts';
import { appOrigin, paperOrigin } from './csp.ts';

/**
 * The policy of a letter's own page: no script, no picture, no font, no address, no form, and the two style sheets, of
 * letters and of reports, by the hash of their text. Inline styles stay forbidden here as everywhere, so a letter can hold nothing but text and shapes.
 */
export const paperHeaders: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src ${[paperStyle, reportStyle].map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`).join(' ')}`,
    `frame-ancestors ${appOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    'sandbox',
  ].join('; '),
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Letters that are on screen or being laid out, each under an address of its own. */
export class PaperPages {
  readonly #pages = new Map<string, string>();
  readonly #most: number;

  /** @param most older ones are forgotten beyond this */
  constructor(most: number) {
    this.#most = most;
  }

  /** @returns the address under which {@link find} knows it */
  add(html: string): string {
    const address = `${paperOrigin}/${randomUUID()}`;
    this.#pages.set(address, html);
    for (const old of [...this.#pages.keys()].slice(0, Math.max(0, this.#pages.size - this.#most))) this.#pages.delete(old);
    return address;
  }

  find(address: string): string | null {
    return this.#pages.get(address) ?? null;
  }

  remove(address: string): void {
    this.#pages.delete(address);
  }

  clear(): void {
    this.#pages.clear();
  }
}

/** The answer to a request for a letter. */
export function paperResponse(html: string | null): Response {
  return html === null ? new Response('not found', { status: 404, headers: paperHeaders }) : new Response(html, { headers: paperHeaders });
}
