import { escapeHtml } from '../paper/text.ts';

const pageWords = { de: ['Seite', 'von'], en: ['Page', 'of'] } as const;

/**
 * The foot of every page for Chromium's own foot of printed pages: what it is on the left, the page of all pages on the right.
 * It is laid out apart from the report, hence styles of its own; Chromium fills in the two numbers by their class.
 */
export function reportFoot({ language, title, note }: { language: 'de' | 'en'; title: string; /** For example when it was made. */ note: string }): string {
  const [page, of] = pageWords[language];
  const style = 'width:100%;margin:0 18mm 0 20mm;padding-top:1.5mm;border-top:0.2mm solid #8a908e;display:flex;justify-content:space-between;font:7.5pt Arial,sans-serif;color:#565d5a';
  return `<div style="${style}"><span>${escapeHtml(`${title} · ${note}`)}</span><span>${page} <span class="pageNumber"></span> ${of} <span class="totalPages"></span></span></div>`;
}
