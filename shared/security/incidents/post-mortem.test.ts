import { describe, expect, it } from 'vitest';
import { reportHtml, reportSchema } from '../../report/template.ts';
import { createIncident, obey, type Command, type Doer } from './commands.ts';
import { postMortemOf, postMortemSchema, toMarkdown, toPage, type ReportWords } from './post-mortem.ts';

const now = Date.UTC(2026, 10, 20, 9);
let ids = 0;
const doer: Doer = { by: 'admin', now, newId: () => `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}` };
const words: ReportWords = { t: (key, params) => [key, ...Object.values(params ?? {})].join(' '), when: (at) => new Date(at).toISOString(), tell: ({ kind }) => kind };
const hostile = '<script>alert(1)</script> | **x** [l](http://evil)\nzweite Zeile';
const commands: Command[] = [
  { do: 'report', kind: 'gdpr33', authority: 'LfDI', reference: 'A-1', note: '', at: now, by: 'Anke' }, { do: 'note', text: hostile }, { do: 'addTask', title: hostile.slice(0, 60), owner: 'Anke', phase: 'lessons', dueAt: now },
  { do: 'lesson', field: 'summary', value: hostile }, { do: 'lesson', field: 'cause', value: 'Passwort' }, { do: 'close', note: '' }, { do: 'postMortem' },
];
const incident = (isExercise: boolean) => commands.reduce((before, command) => {
  const answer = obey(before, command, doer);
  if ('refused' in answer) throw new Error(answer.refused);
  return answer.incident;
}, createIncident({ title: 'Zugriff | <b>', description: '', severity: 'high', isExercise, detectedAt: now, awareAt: now, origin: null }, doer));

describe('the post-mortem', () => {
  it('holds the clocks, the reports, the lessons, what follows and every entry of the time line', () => {
    const one = incident(false);
    const report = postMortemSchema.parse(postMortemOf(one, now, words));
    const rows = (heading: string) => report.sections.find((section) => section.heading === heading)?.table?.rows ?? [];
    expect(rows('report.timeline')).toHaveLength(Object.keys(one.timeline).length);
    expect(rows('report.clocks').map(([name, , , , state]) => [name, state])).toContainEqual(['clock.gdpr33', 'clockState.inTime']);
    expect(rows('report.reports')).toEqual([['reportKind.gdpr33', '2026-11-20T09:00:00.000Z', 'LfDI', 'A-1', 'Anke']]);
    expect(rows('report.followUps')).toHaveLength(1);
    expect(report.notice).toBeNull();
  });

  it('lets nothing that people wrote become markup, in Markdown and on paper', () => {
    const report = postMortemOf(incident(false), now, words);
    const markdown = toMarkdown(report, 'none');
    expect(markdown).not.toContain('<script>');
    expect(markdown).not.toMatch(/(?<!\\)\]\(http/);
    expect(markdown).not.toMatch(/(?<!\\)\*x/);
    for (const line of markdown.split('\n').filter((text) => text.startsWith('|'))) expect(line.endsWith('|'), line).toBe(true);
    const page = reportSchema.parse(toPage(report, { language: 'de', sender: 'Werk', empty: 'none' }));
    expect(reportHtml(page)).not.toMatch(/<script|<b>/);
  });

  it('says of an exercise what it is, wherever it is read', () => {
    const report = postMortemOf(incident(true), now, words);
    expect(report.notice).toBe('exercise.notice');
    expect(toMarkdown(report, 'none').split('\n')[2]).toContain('exercise.notice');
    expect(reportHtml(toPage(report, { language: 'en', sender: 'x', empty: 'none' }))).toContain('exercise.notice');
  });
});
