import { describe, expect, it } from 'vitest';
import { forgeries, known, makeForged, reviewNote } from '../../test/fixtures/audit/forged-files.ts';
import { checkpointOf, createRandom, evidenceOf, newSigner, randomEntries, treeOf, verifySignature, viewOf } from '../../test/fixtures/audit/random-log.ts';
import { kinds, log, makeCase, origin, start, text, visit } from '../../test/fixtures/audit/tamper-cases.ts';
import { parseEntry } from './entry.ts';
import { formatEvidence, isStatementOf, parseEvidence, rangesOf, type EvidenceView } from './evidence.ts';
import { openQuestions } from './evidence-facts.ts';
import { parseKey, signatureTypes } from './note.ts';
import { verdictOf } from './verdict.ts';
import { verifyEvidence } from './verify-evidence.ts';

const entries = randomEntries(12, createRandom(3), start);
const check = (...texts: string[]) => verifyEvidence(texts, [log.key], verifySignature);
const changed = (change: (views: EvidenceView[]) => void, seen = 5): string => {
  const views = visit(entries, seen, entries);
  change(views);
  return text(views);
};
const last = (views: EvidenceView[]): EvidenceView => views[1] as EvidenceView;

describe('verifyEvidence', () => {
  it.each([...kinds, 'honest'] as const)('judges %s', (kind) => {
    const random = createRandom(kind.length * 7919);
    for (let round = 0; round < 12; round++) {
      const made = makeCase(kind, random);
      const verdict = verifyEvidence(made.texts, made.keys === null ? null : [log.key], verifySignature);
      expect(verdict, `${kind} ${round}`).toMatchObject({ ok: kind === 'honest', firstBad: made.firstBad });
      if (kind !== 'honest') expect(made.faults).toContain(verdict.fault);
    }
  });

  it('counts what it has checked', () => {
    expect(check(changed(() => undefined))).toMatchObject({ ok: true, firstBad: null, fault: null, entries: 12, checkpoints: 2 });
    expect(check(changed(() => undefined), changed(() => undefined))).toMatchObject({ ok: true, entries: 24, checkpoints: 4 });
  });

  it('wants exactly the entries that the ranges claim, in order', () => {
    expect(check(changed((views) => { last(views).entries.splice(3, 1); }))).toMatchObject({ firstBad: 3, fault: 'missing' });
    expect(check(changed((views) => { last(views).entries.pop(); }))).toMatchObject({ firstBad: 11, fault: 'missing' });
    expect(check(changed((views) => { last(views).entries.push(last(views).entries[2] as EvidenceView['entries'][number]); }))).toMatchObject({ firstBad: 12, fault: 'order' });
    expect(check(changed((views) => { last(views).entries.splice(4, 0, last(views).entries[3] as EvidenceView['entries'][number]); }))).toMatchObject({ firstBad: 4, fault: 'order' });
    expect(check(changed((views) => { last(views).ranges = [[0, 2], [4, 6]]; last(views).entries = [0, 1, 4, 5].map((at) => last(views).entries[at] as EvidenceView['entries'][number]); }))).toMatchObject({ ok: true });
    expect(check(changed((views) => { last(views).ranges = []; }))).toMatchObject({ firstBad: 0, fault: 'order' });
    expect(check(changed((views) => { last(views).ranges = []; last(views).entries = []; }))).toMatchObject({ ok: true, entries: 5 });
    expect(check(changed((views) => { last(views).ranges = [[0, Number.MAX_SAFE_INTEGER]]; }))).toMatchObject({ firstBad: 12, fault: 'missing' });
  });

  it('wants a growth that is proven, and none where there is nothing before', () => {
    expect(check(changed((views) => { last(views).consistency = []; }))).toMatchObject({ firstBad: 0, fault: 'inconsistent' });
    expect(check(changed((views) => { (views[0] as EvidenceView).consistency = last(views).consistency; }))).toMatchObject({ firstBad: 0, fault: 'inconsistent' });
    expect(check(changed((views) => { views.reverse(); for (const view of views) view.consistency = []; }))).toMatchObject({ firstBad: 5, fault: 'rollback' });
    expect(check(changed((views) => { last(views).checkpoint = last(views).checkpoint.replace('12', '13'); }))).toMatchObject({ firstBad: 5, fault: 'signature' });
    expect(check(changed((views) => { (views[0] as EvidenceView).checkpoint = ''; last(views).consistency = []; }))).toMatchObject({ firstBad: 0, fault: 'format' });
    const elsewhere = newSigner('elsewhere');
    expect(verifyEvidence([changed((views) => { for (const view of views) view.checkpoint = checkpointOf('elsewhere', treeOf(entries), 12, elsewhere); })], [elsewhere.key], verifySignature)).toMatchObject({ firstBad: 0, fault: 'origin' });
  });

  it('measures time against predecessors and against when it looked', () => {
    const at = (index: number): number => Date.parse(parseEntry(entries[index] as string)?.ts ?? '');
    const tolerance = 300_000;
    expect(check(changed((views) => { (views[0] as EvidenceView).seenAt = at(5) + tolerance; }))).toMatchObject({ ok: true });
    expect(check(changed((views) => { (views[0] as EvidenceView).seenAt = at(5) + tolerance + 1; }))).toMatchObject({ firstBad: 5, fault: 'time' });
    expect(check(changed((views) => { (views[0] as EvidenceView).seenAt = 0; }))).toMatchObject({ ok: true });
    // A moment out of order, as servers with several processes write, is none of it.
    for (const [late, verdict] of [[tolerance, { ok: true }], [tolerance + 1, { firstBad: 1, fault: 'time' }]] as const) {
      const pair = [entries[0] as string, (entries[1] as string).replace(/"2026-[^"]+"/, JSON.stringify(new Date(at(0) - late).toISOString()))];
      expect(check(text([viewOf(pair, treeOf(pair), checkpointOf(origin, treeOf(pair), 2, log), { size: 2, seenAt: start })])), String(late)).toMatchObject(verdict);
    }
    const [first, second] = [entries[0] as string, (entries[1] as string).replace(/"2026-\d\d-\d\dT/, '"2025-01-01T')];
    const tree = treeOf([first, second]);
    expect(check(text([viewOf([first, second], tree, checkpointOf(origin, tree, 2, log), { size: 2, seenAt: start })]))).toMatchObject({ firstBad: 1, fault: 'time' });
  });

  it('believes only keys of a log, and its own only without others', () => {
    const other = newSigner(origin);
    const tree = treeOf(entries);
    const file = formatEvidence([], evidenceOf(origin, [other.key], [viewOf(entries, tree, checkpointOf(origin, tree, 12, other), { size: 12, seenAt: start })]), null);
    expect(verifyEvidence([file], null, verifySignature).ok).toBe(true);
    expect(verifyEvidence([file], [log.key], verifySignature)).toMatchObject({ firstBad: 0, fault: 'key' });
    expect(verifyEvidence([file], [{ ...other.key, type: signatureTypes.cosignature }], verifySignature)).toMatchObject({ fault: 'key' });
  });

  it('takes entries of another form as they are where the log says so', () => {
    const free = ['{"a":1}', 'anything', ''];
    const tree = treeOf(free);
    const built = evidenceOf(origin, [log.key], [viewOf(free, tree, checkpointOf(origin, tree, 3, log), { size: 3, seenAt: start })]);
    expect(check(formatEvidence([], built, null))).toMatchObject({ firstBad: 0, fault: 'encoding' });
    expect(check(formatEvidence([], { ...built, log: { ...built.log, entries: 'opaque' } }, null))).toMatchObject({ ok: true, entries: 3 });
  });

  it('judges opaque entries by their bytes only, also where they look like entries', () => {
    const alike = [entries[3] as string, entries[1] as string];
    const tree = treeOf(alike);
    const built = evidenceOf(origin, [log.key], [viewOf(alike, tree, checkpointOf(origin, tree, 2, log), { size: 2, seenAt: start })]);
    expect(check(formatEvidence([], { ...built, log: { ...built.log, entries: 'opaque' } }, null))).toMatchObject({ ok: true, entries: 2 });
  });

  it('finds an entry that is not the one that was signed, beyond what was seen before', () => {
    const other = (entries[7] as string).replace(/"c-7"/, '"c-8"');
    expect(parseEntry(other)).not.toBeNull();
    expect(check(changed((views) => { (last(views).entries[7] as EvidenceView['entries'][number]).canonical = other; }))).toMatchObject({ firstBad: 7, fault: 'entry' });
    expect(check(changed((views) => { (last(views).entries[7] as EvidenceView['entries'][number]).proof = []; }))).toMatchObject({ firstBad: 7, fault: 'entry' });
  });

  it('lets several things happen in one moment', () => {
    const [first, second] = [entries[0] as string, (entries[1] as string).replace(/"2026-[^"]+"/, JSON.stringify(parseEntry(entries[0] as string)?.ts))];
    const tree = treeOf([first, second]);
    expect(check(text([viewOf([first, second], tree, checkpointOf(origin, tree, 2, log), { size: 2, seenAt: start })]))).toMatchObject({ ok: true, entries: 2 });
  });

  it('wants no proof of growth before there is anything to grow from, not even of one hash', () => {
    expect(check(changed((views) => { (views[0] as EvidenceView).consistency = last(views).consistency.slice(0, 1); }))).toMatchObject({ firstBad: 0, fault: 'inconsistent' });
  });

  it('holds files against each other', () => {
    const shorter = text([viewOf(entries.slice(0, 4), treeOf(entries.slice(0, 4)), checkpointOf(origin, treeOf(entries.slice(0, 4)), 4, log), { size: 4, seenAt: start })]);
    expect(check(changed(() => undefined), shorter)).toMatchObject({ ok: true });
    const other = ['x', ...entries.slice(1)];
    const bare = (list: readonly string[]): string => text([{ ...viewOf(list, treeOf(list), checkpointOf(origin, treeOf(list), 12, log), { size: 12, seenAt: start }), entries: [], ranges: [] }]);
    expect(check(bare(entries), bare(other)), 'two roots of one size').toMatchObject({ firstBad: 0, fault: 'splitView' });
    const far = newSigner('far');
    const foreign = formatEvidence([], evidenceOf('far', [far.key], [viewOf(entries, treeOf(entries), checkpointOf('far', treeOf(entries), 12, far), { size: 12, seenAt: start })]), null);
    expect(verifyEvidence([changed(() => undefined), foreign], null, verifySignature)).toMatchObject({ firstBad: null, fault: 'origin' });
    expect(check('', changed(() => undefined))).toMatchObject({ firstBad: null, fault: 'format', entries: 12 });
  });
});

describe('the file', () => {
  const device = newSigner('device.example/pc');
  const built = evidenceOf(origin, [log.key], visit(entries, 5, entries), device.key);
  const file = formatEvidence(['Bericht', '-----END EVIDENCE-----'], built, device);

  it('has each part once, and nothing that has no bytes', () => {
    const [begin, end] = ['\n-----BEGIN EVIDENCE-----\n', '\n-----END EVIDENCE-----\n'];
    expect(parseEvidence(file)).not.toBeNull();
    for (const broken of [file.replace(begin, `${begin}x${begin}`), file.replace(end, `${end}x${end}`), file.replace(begin, '\n'), file.replace(end, '\n'), file.replace('Bericht', 'Bericht\ud800'), `${file}${begin}`, `${file}${end}`]) expect(parseEvidence(broken)).toBeNull();
    const tree = treeOf(entries);
    const short = newSigner('x');
    expect(parseEvidence(formatEvidence([], evidenceOf('x', [short.key], [viewOf(entries, tree, checkpointOf('x', tree, 12, short), { size: 12, seenAt: start })]), null))?.evidence.log.origin, 'a name of one letter').toBe('x');
  });

  it('is read as it was written', () => {
    const read = parseEvidence(file);
    expect(read).toMatchObject({ report: ['Bericht', ' -----END EVIDENCE-----'], evidence: built });
    expect(read !== null && isStatementOf(read.statement.slice(0, read.statement.lastIndexOf('\n\n') + 1), read)).toBe(true);
    expect(read !== null && isStatementOf('other\n', read)).toBe(false);
    expect(parseEvidence(formatEvidence([], built, null))?.statement).toBe('');
    expect(check(file).ok).toBe(true);
  });

  it('is no evidence without its statement, with another one, or with one too many', () => {
    const end = '-----END EVIDENCE-----\n';
    const bare = file.slice(0, file.indexOf(`\n${end}`) + 1 + end.length);
    expect(check(bare)).toMatchObject({ firstBad: null, fault: 'statement' });
    expect(check(file.replace('Bericht', 'bericht'))).toMatchObject({ fault: 'statement' });
    expect(check(`${text(visit(entries, 5, entries))}x`)).toMatchObject({ fault: 'statement' });
    expect(check(formatEvidence([], built, newSigner('device.example/pc')))).toMatchObject({ fault: 'statement' });
    for (const wrong of ['', 'x', `${file}${file}`, file.replace('-----BEGIN', '----BEGIN'), file.replace('{"log"', '{"lag"'), file.replace('"opaque"', '1').replace('neuroerp/1', 'neuroerp/2'), `${file}\ud800`, file.replace(/"seenAt":\d+/, '"seenAt":253402300800000')]) expect(check(wrong), wrong.slice(0, 40)).toMatchObject({ fault: 'format' });
  });
});

describe('what a file leaves open', () => {
  const random = createRandom(5);
  const keysOf = (texts: string[] | null) => texts?.map(parseKey).filter((key) => key !== null) ?? null;
  it.each([...forgeries, 'honest'] as const)('is said of one that is %s', (kind) => {
    for (let round = 0; round < 12; round++) {
      const { texts, keys, devices, ok, entries: count, unproven } = makeForged(kind, random);
      const verdict = verifyEvidence(texts, keysOf(keys), verifySignature, keysOf(devices));
      expect(verdict, `${kind} ${round}`).toMatchObject({ ok, fault: ok ? null : 'statement', entries: count });
      expect(verdict.files[0]?.unproven).toEqual(unproven);
    }
  });

  it('names the newest checkpoint, who cosigned it, and whose key the statement names', () => {
    const { texts } = makeForged('honest', random);
    const [facts] = verifyEvidence(texts, null, verifySignature).files;
    expect(facts).toMatchObject({ origin, device: known[0], cosigned: [{ at: 1_770_000_000, size: facts?.size }, { key: known[1], at: 1_770_000_000 }] });
    expect(check(text([])).files).toEqual([expect.objectContaining({ size: 0, seenAt: null, ranges: [], cosigned: [], review: null })]);
    expect(check('').files).toEqual([]);
  });

  it('counts a computer that has cosigned only if it is another one than the file comes from', () => {
    const { texts } = makeForged('honest', random);
    const open = (...devices: (string | undefined)[]): string[] | undefined => verifyEvidence(texts, [log.key], verifySignature, keysOf(devices.map(String))).files[0]?.unproven;
    expect(open(known[0])).toContain(openQuestions.cosigned);
    expect(open(known[0], known[1])).not.toContain(openQuestions.cosigned);
  });

  it('keeps a line that somebody typed apart from the note about a review', () => {
    const note = reviewNote(newSigner('device/x'), { size: 1, root: '' });
    const typed = formatEvidence(note.split('\n'), evidenceOf(origin, [log.key], []), null);
    expect(parseEvidence(typed)).toMatchObject({ review: null, report: expect.arrayContaining([' valeo-review/1']) as string[] });
    expect(parseEvidence(formatEvidence(['Bericht', ''], evidenceOf(origin, [log.key], []), null, note))?.review).toBe(note);
  });
});

describe('entries', () => {
  const good = '[1,"2026-03-02T08:00:00.000Z","a",null,null,"login","session",null,null,null,null,"c","accepted"]';
  it('have one spelling', () => {
    expect(parseEntry(good)).toEqual({ seq: 1, ts: '2026-03-02T08:00:00.000Z', actor: 'a', role: null, client: null, action: 'login', resource: 'session', from: null, to: null, reason: null, policy: null, correlationId: 'c', outcome: 'accepted' });
    for (const at of [3, 4, 7, 8, 9, 10]) expect(parseEntry(JSON.stringify((JSON.parse(good) as unknown[]).map((part, here) => (here === at ? 'x' : part))))).not.toBeNull();
    for (const at of [1, 2, 5, 6, 11, 12]) expect(parseEntry(JSON.stringify((JSON.parse(good) as unknown[]).map((part, here) => (here === at ? null : part)))), `${at}`).toBeNull();
    const wrong = ['', '{}', 'null', '[]', good.replace(',"accepted"', ''), good.replace('"c"', '"c","d"'), `${good} `, good.replace('[1', '[ 1'), good.replace('[1', '[1.5'), good.replace('[1', '[9007199254740993'), good.replace('[1', '["1"'), good.replace('.000Z', 'Z'), good.replace('T08', 'T8'), good.replace('accepted', 'yes'), good.replace('"a"', '"\ud800"'), good.replace('"a"', '"\\ud800"'), good.replace('"a"', '5')];
    for (const bad of wrong) expect(parseEntry(bad), bad).toBeNull();
    expect(parseEntry(good.replace('accepted', 'refused'))?.outcome).toBe('refused');
  });
});

describe('verdictOf', () => {
  it('names the smallest index, the first among equals, none last', () => {
    expect(verdictOf([])).toEqual({ ok: true, firstBad: null, fault: null });
    expect(verdictOf([{ index: null, fault: 'statement' }, { index: 7, fault: 'time' }, { index: 3, fault: 'entry' }, { index: 3, fault: 'rewritten' }])).toEqual({ ok: false, firstBad: 3, fault: 'entry' });
    expect(verdictOf([{ index: null, fault: 'origin' }, { index: null, fault: 'format' }])).toEqual({ ok: false, firstBad: null, fault: 'origin' });
  });
});

describe('ranges', () => {
  it('join neighbours, each with the place behind its last entry', () => {
    expect(rangesOf([])).toEqual([]);
    expect(rangesOf([0])).toEqual([[0, 1]]);
    expect(rangesOf([4, 5, 6, 650])).toEqual([[4, 7], [650, 651]]);
    expect(rangesOf([1, 3, 4])).toEqual([[1, 2], [3, 5]]);
  });
});
