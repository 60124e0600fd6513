import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportFoot } from './foot.ts';
import { reportStyle } from './style.ts';
import { reportHtml, reportSchema, type Report } from './template.ts';

const hostile = `<script> alert(1) </script> " onload="x" '&\u202E`;
const filled = (text: string): Report => ({
  language: 'de', sender: text, title: text, lead: text, meta: [[text, text], [text, { code: text }], [text, { badge: text, tone: 'bad' }]],
  sections: [
    { kind: 'heading', text }, { kind: 'heading', text, level: 3 }, { kind: 'paragraph', text }, { kind: 'paragraph', text, small: true }, { kind: 'note', text, tone: 'warn' }, { kind: 'list', items: [text] }, { kind: 'facts', rows: [[text, text]] },
    { kind: 'table', caption: text, columns: [{ head: text }, { head: text, align: 'end', narrow: true }], rows: [[text, { badge: text, tone: 'good' }], [{ code: text }]], empty: text },
    { kind: 'table', columns: [{ head: text }], rows: [], empty: text }, { kind: 'signatures', labels: [text] },
  ],
});
/** The elements of a page by name and attributes, without its style sheet. */
const tags = (html: string): string[] => [...html.replace(`<style>${reportStyle}</style>`, '').matchAll(/<[^>]*>/g)].map(([tag]) => tag);

describe('a report', () => {
  it('has the same elements whatever its texts are', () => {
    const plain = tags(reportHtml(filled('x')));
    expect(tags(reportHtml(filled(hostile)))).toEqual(plain);
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map((text) => `x${text.replaceAll(/[\r\n]/g, '')}`), (text) => { expect(tags(reportHtml(filled(text)))).toEqual(plain); }), { numRuns: 300 });
    expect(tags(reportFoot({ language: 'en', title: hostile, note: hostile }))).toEqual(tags(reportFoot({ language: 'en', title: 'x', note: 'x' })));
  });

  it('holds no script, no address and no style but the one sheet that its page allows', () => {
    const html = reportHtml(filled(hostile));
    expect(html.split('<style>')).toHaveLength(2);
    expect(html).toContain(`<style>${reportStyle}</style>`);
    expect(tags(html).join('')).not.toMatch(/script|href|src|style=|on\w+=/);
    expect(html).not.toContain('\u202E');
  });

  it('repeats the head of a table, names its language and fills short rows', () => {
    const html = reportHtml(filled('x'));
    expect(reportStyle).toContain('thead { display: table-header-group; }');
    expect(html).toContain('<html lang="de">');
    expect(html).toContain('<tr><td><code>x</code></td><td class="end narrow"></td></tr>');
    expect(html).not.toContain('class="any"');
    expect(reportHtml(filled('x'.repeat(40)))).toContain(`<td><span class="any">${'x'.repeat(40)}</span></td>`);
    expect(html).toContain('<td class="none" colspan="1">x</td>');
    expect(reportHtml({ ...filled('x'), sections: [{ kind: 'paragraph', text: 'a\n\nb' }] })).toContain('<p>a</p><p>b</p>');
  });

  it('refuses a block that it does not know', () => expect(reportSchema.safeParse({ ...filled('x'), sections: [{ kind: 'html', text: 'x' }] }).success).toBe(false));
});
