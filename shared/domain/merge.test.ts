import { describe, expect, it } from 'vitest';
import { documentSchema, type BusinessDocument, type DocumentLine } from './document.ts';
import { allConflicts, changesIn, closedState, compareDocuments, mergeDocuments, resolve, type Merge } from './merge.ts';

type Cells = [article: string, qty: string, price?: string | null, vatRate?: string | null, cost?: string | null];
const line = ([article, qty, price = '10', vatRate = '19', cost = null]: Cells): DocumentLine => documentSchema.shape.lines.element.parse({ article, qty, price, vatRate, cost });
const offer = (change: Partial<Record<keyof BusinessDocument, unknown>> = {}, lines: Cells[] = [['Weizen', '1'], ['Raps', '2'], ['Hafer', '3']]): BusinessDocument => documentSchema.parse({
  type: 'sales_offer', number: 'ANG-2026-00001', date: '2026-11-22', partnerId: 'K-1', partnerName: 'Hof Nord', status: 'ENTWURF',
  lines: lines.map(line), totals: { net: '0', tax: '0', gross: '0' }, fields: { notes: 'alt', validUntil: '2026-12-22' }, ...change,
});
const lines = (...cells: Cells[]): BusinessDocument => offer({}, cells);
const base = offer();
const merge = (mine: BusinessDocument, theirs: BusinessDocument, ids = mine.lines.map((_line, index) => index)): Merge => mergeDocuments({ base, mine, mineLineIds: ids, theirs });
const changesOf = (before: BusinessDocument, after: BusinessDocument): ReturnType<typeof changesIn> => changesIn(compareDocuments(before, after));
const shown = ({ document }: Merge): string[] => document.lines.map(({ article, qty, price }) => `${article} ${qty}${price === '10' ? '' : ` à ${String(price)}`}`);
const paths = ({ conflicts }: Merge): string[] => conflicts.map(({ path }) => path);

describe('the header', () => {
  it('takes what one side changed, each from its side', () => {
    const result = merge(offer({ date: '2026-11-23', fields: { notes: 'alt', validUntil: null } }), offer({ partnerId: 'K-2', partnerName: 'Hof Süd', fields: { notes: 'neu', validUntil: '2026-12-22' } }));
    expect(result.document).toMatchObject({ date: '2026-11-23', partnerId: 'K-2', partnerName: 'Hof Süd', fields: { notes: 'neu', validUntil: null } });
    expect([result.conflicts, result.taken, result.kept]).toEqual([[], ['partner', 'fields.notes'], ['date', 'fields.validUntil']]);
  });

  it('asks where both changed the same to different values, and says what the server has until then', () => {
    const result = merge(offer({ fields: { notes: 'hier', validUntil: '2026-12-22' } }), offer({ fields: { notes: 'dort', validUntil: '2026-12-22' } }));
    expect(result.conflicts).toEqual([{ kind: 'field', path: 'fields.notes', base: 'alt', mine: 'hier', theirs: 'dort' }]);
    expect(result.document.fields['notes']).toBe('dort');
    expect((['mine', 'theirs', 'base'] as const).map((side) => resolve(result, { 'fields.notes': side }).document.fields['notes'])).toEqual(['hier', 'dort', 'alt']);
    expect(resolve(result, { 'fields.notes': 'mine' }).conflicts).toEqual([]);
  });

  it('does not ask when both changed it to the same', () => {
    const same = offer({ status: 'VERSENDET', fields: { notes: 'neu', validUntil: '2026-12-22' } });
    expect(merge(same, same)).toMatchObject({ conflicts: [], taken: [], kept: [], agreed: ['status', 'fields.notes'] });
  });

  it.each([[null, ''], ['', undefined], [undefined, null]])('takes %j and %j for the same blank', (here, there) => {
    const fields = (value: unknown): Partial<BusinessDocument> => ({ fields: value === undefined ? {} : { notes: value as string | null } });
    const result = mergeDocuments({ base: offer(fields(here)), mine: offer(fields(there)), mineLineIds: [0, 1, 2], theirs: offer(fields(here)) });
    expect([result.conflicts, result.kept, result.taken]).toEqual([[], [], []]);
  });

  it('takes a number and its text for the same, as servers mix them, but not two texts', () => {
    const fields = (amount: unknown): BusinessDocument => offer({ fields: { amount: amount as string } });
    expect(changesOf(fields('12.50'), fields(12.5))).toEqual([]);
    expect(changesOf(fields('0012'), fields('12'))).toHaveLength(1);
    expect(changesOf(fields(true), fields('true'))).toHaveLength(1);
  });

  it('keeps number and name of a partner together, and keeps a name that only one side knows', () => {
    const mine = offer({ partnerId: 'K-2', partnerName: 'Hof Süd' });
    expect(merge(mine, offer({ partnerId: 'K-3', partnerName: 'Hof West' })).conflicts).toEqual([
      { kind: 'partner', path: 'partner', base: { id: 'K-1', name: 'Hof Nord' }, mine: { id: 'K-2', name: 'Hof Süd' }, theirs: { id: 'K-3', name: 'Hof West' } },
    ]);
    expect(merge(mine, offer({ partnerId: 'K-2', partnerName: null })).document).toMatchObject({ partnerId: 'K-2', partnerName: 'Hof Süd' });
    expect(merge(offer(), offer({ partnerName: null })).document.partnerName).toBe('Hof Nord');
  });

  it('leaves number and type to the server and computes the totals', () => {
    const result = merge(offer({ number: 'ANG-9' }), lines(['Weizen', '2'], ['Raps', '2'], ['Hafer', '3']));
    expect(result.document).toMatchObject({ number: 'ANG-2026-00001', type: 'sales_offer', totals: { net: '70.00', tax: '13.30', gross: '83.30' } });
    expect(paths(result)).toEqual([]);
  });

  it('computes the total of a payment from its amount', () => {
    const payment = (amount: string, notes: string): BusinessDocument => offer({ type: 'payment_received', fields: { amount, notes } }, []);
    const result = mergeDocuments({ base: payment('10', 'a'), mine: payment('12.34', 'a'), mineLineIds: [], theirs: payment('10', 'b') });
    expect(result.document).toMatchObject({ fields: { amount: '12.34', notes: 'b' }, totals: { net: '12.34', gross: '12.34' } });
  });

  it('is not confused by fields that are called like something every object has', () => {
    const result = merge(offer({ fields: { constructor: 'x' } }), offer({ fields: {} }));
    expect(result.document.fields['constructor']).toBe('x');
    expect([result.kept, result.agreed]).toEqual([['fields.constructor'], ['fields.notes', 'fields.validUntil']]);
  });
});

describe('lines', () => {
  it('are merged cell by cell', () => {
    const result = merge(lines(['Weizen', '1', '12'], ['Raps', '2'], ['Hafer', '3']), lines(['Weizen', '5'], ['Raps', '2'], ['Hafer', '3']));
    expect(shown(result)).toEqual(['Weizen 5 à 12', 'Raps 2', 'Hafer 3']);
    expect([result.taken, result.kept, paths(result)]).toEqual([['lines.0.qty'], ['lines.0.price'], []]);
  });

  it('ask for the cell that both changed', () => {
    const result = merge(lines(['Weizen', '7', '12'], ['Raps', '2'], ['Hafer', '3']), lines(['Weizen', '5'], ['Raps', '2'], ['Hafer', '3']));
    expect(result.conflicts).toEqual([{ kind: 'cell', path: 'lines.0.qty', lineId: 0, column: 'qty', base: '1', mine: '7', theirs: '5' }]);
    expect(shown(resolve(result, { 'lines.0.qty': 'mine' }))[0]).toBe('Weizen 7 à 12');
  });

  it('go when one side deleted them and the other left them alone', () => {
    expect(shown(merge(lines(['Weizen', '1'], ['Hafer', '3']), base, [0, 2]))).toEqual(['Weizen 1', 'Hafer 3']);
    const there = merge(lines(['Weizen', '9'], ['Raps', '2'], ['Hafer', '3']), lines(['Weizen', '1'], ['Hafer', '3']));
    expect(shown(there)).toEqual(['Weizen 9', 'Hafer 3']);
    expect(there.taken).toEqual(['lines.1']);
  });

  it('ask when one side deleted what the other changed', () => {
    const here = merge(lines(['Weizen', '1'], ['Hafer', '3']), lines(['Weizen', '1'], ['Raps', '8'], ['Hafer', '3']), [0, 2]);
    expect(here.conflicts).toMatchObject([{ kind: 'line', path: 'lines.1', lineId: 1, mine: null, base: { qty: '2' }, theirs: { qty: '8' } }]);
    expect(shown(resolve(here, { 'lines.1': 'mine' }))).toEqual(['Weizen 1', 'Hafer 3']);
    expect(shown(resolve(here, { 'lines.1': 'base' }))).toEqual(['Weizen 1', 'Raps 2', 'Hafer 3']);
    const there = merge(lines(['Weizen', '1'], ['Raps', '8'], ['Hafer', '3']), lines(['Weizen', '1'], ['Hafer', '3']));
    expect(there.conflicts).toMatchObject([{ path: 'lines.1', theirs: null, mine: { qty: '8' } }]);
    expect(shown(resolve(there, { 'lines.1': 'mine' }))).toEqual(['Weizen 1', 'Raps 8', 'Hafer 3']);
  });

  it('ask when one side chose another article and the other changed the quantity of the old one', () => {
    const result = merge(lines(['Weizen', '1'], ['Raps', '50'], ['Hafer', '3']), lines(['Weizen', '1'], ['Rübsen', '2'], ['Hafer', '3']));
    expect(result.conflicts).toMatchObject([{ kind: 'line', path: 'lines.1', mine: { article: 'Raps', qty: '50' }, theirs: { article: 'Rübsen', qty: '2' } }]);
  });

  it('that were added stand where they were added, theirs first', () => {
    const result = merge(lines(['Weizen', '1'], ['Mais', '4'], ['Raps', '2'], ['Hafer', '3'], ['Diesel', '5']), lines(['Weizen', '1'], ['Gerste', '6'], ['Raps', '2'], ['Hafer', '3'], ['Kalk', '7']), [0, 3, 1, 2, 4]);
    expect(shown(result)).toEqual(['Weizen 1', 'Gerste 6', 'Mais 4', 'Raps 2', 'Hafer 3', 'Kalk 7', 'Diesel 5']);
    expect(result.conflicts).toEqual([]);
  });

  it('that both added alike are one line', () => {
    const added = lines(['Weizen', '1'], ['Raps', '2'], ['Hafer', '3'], ['Mais', '4']);
    const result = merge(added, offer({ date: '2026-11-30', lines: [...added.lines, line(['Kalk', '1'])] }));
    expect(shown(result)).toEqual(['Weizen 1', 'Raps 2', 'Hafer 3', 'Mais 4', 'Kalk 1']);
    expect(result.agreed).toEqual(['lines.3']);
  });

  it('that were moved follow the one who moved them, with the changes of the other', () => {
    const mineMoved = merge(lines(['Hafer', '3'], ['Weizen', '1'], ['Raps', '2']), lines(['Weizen', '1'], ['Raps', '2', '11'], ['Hafer', '3'], ['Mais', '4']), [2, 0, 1]);
    expect(shown(mineMoved)).toEqual(['Hafer 3', 'Mais 4', 'Weizen 1', 'Raps 2 à 11']);
    const theirsMoved = merge(lines(['Weizen', '1'], ['Raps', '2', '11'], ['Hafer', '3']), lines(['Hafer', '3'], ['Weizen', '1'], ['Raps', '2']));
    expect(shown(theirsMoved)).toEqual(['Hafer 3', 'Weizen 1', 'Raps 2 à 11']);
    expect(theirsMoved.taken).toEqual(['lines.order']);
  });

  it('that both moved differently are asked about', () => {
    const result = merge(lines(['Hafer', '3'], ['Weizen', '1'], ['Raps', '2']), lines(['Raps', '2'], ['Weizen', '1'], ['Hafer', '3']), [2, 0, 1]);
    expect(result.conflicts).toEqual([{ kind: 'order', path: 'lines.order', base: [0, 1, 2], mine: [2, 0, 1], theirs: [1, 0, 2] }]);
    expect((['mine', 'theirs', 'base'] as const).map((side) => resolve(result, { 'lines.order': side }).lineIds)).toEqual([[2, 0, 1], [1, 0, 2], [0, 1, 2]]);
  });

  const twins = lines(['Weizen', '1'], ['Weizen', '1']);
  const ofTwins = (mine: BusinessDocument, ids: number[], theirs: BusinessDocument): Merge => mergeDocuments({ base: twins, mine, mineLineIds: ids, theirs });
  it('that were doubled and that both deleted once are there once', () => {
    for (const id of [0, 1]) expect(shown(ofTwins(lines(['Weizen', '1']), [id], offer({ date: null }, [['Weizen', '1']])))).toEqual(['Weizen 1']);
  });

  it('that are equal are told apart by what was changed in them', () => {
    expect(shown(ofTwins(lines(['Weizen', '1', '12'], ['Weizen', '1']), [0, 1], lines(['Weizen', '1'], ['Weizen', '5'])))).toEqual(['Weizen 1 à 12', 'Weizen 5']);
    expect(shown(ofTwins(lines(['Weizen', '1', '12'], ['Weizen', '1']), [0, 1], lines(['Weizen', '5'], ['Weizen', '1'])))).toEqual(['Weizen 5 à 12', 'Weizen 1']);
  });

  it('that one replaced by an equal one, as the other changed it, are one line', () => {
    const result = merge(lines(['Raps', '2'], ['Hafer', '3'], ['Weizen', '2']), lines(['Weizen', '2'], ['Raps', '2'], ['Hafer', '3', '9']), [1, 2, 3]);
    expect(shown(result).toSorted()).toEqual(['Hafer 3 à 9', 'Raps 2', 'Weizen 2']);
    expect(result.conflicts).toEqual([]);
  });

  it('do not mind how a decimal is written', () => {
    const written = { ...base, lines: base.lines.map((one) => ({ ...one, price: '10.00' as typeof one.price })) };
    expect(merge(base, written)).toMatchObject({ conflicts: [], taken: [], kept: [] });
  });

  it('are chosen as a whole where they would be more than a document may have', () => {
    const many = (article: string, count: number): Cells[] => Array.from({ length: count }, (_none, index) => [`${article} ${index}`, '1']);
    const mine = lines(...many('Weizen', 600));
    const result = mergeDocuments({ base: lines(), mine, mineLineIds: mine.lines.map((_line, index) => index), theirs: lines(...many('Raps', 500)) });
    expect(result.conflicts).toMatchObject([{ kind: 'table', path: 'lines' }]);
    expect([result.document.lines.length, resolve(result, { lines: 'mine' }).document.lines.length]).toEqual([500, 600]);
  });

  it('need an id each', () => {
    expect(() => merge(base, base, [0, 1])).toThrow(RangeError);
    expect(() => merge(base, base, [0, 1, 1])).toThrow(RangeError);
  });
});

describe('without a common origin', () => {
  const create = (mine: BusinessDocument, theirs: BusinessDocument): Merge => mergeDocuments({ base: null, mine, mineLineIds: mine.lines.map((_line, index) => index), theirs });
  it('is at one with a document that came from here', () => expect(create(base, base)).toMatchObject({ conflicts: [], document: { lines: base.lines } }));
  it('asks for everything that differs, and for the lines as a whole', () => {
    const result = create(base, offer({ date: '2026-01-01', fields: { notes: 'alt', validUntil: null } }, [['Mais', '1']]));
    expect(paths(result)).toEqual(['date', 'lines']);
    expect(shown(resolve(result, { lines: 'mine' }))).toEqual(['Weizen 1', 'Raps 2', 'Hafer 3']);
    expect(result.document.fields['validUntil']).toBe('2026-12-22');
  });
  it('takes the lines of the one that has any', () => expect(shown(create(base, lines()))).toEqual(['Weizen 1', 'Raps 2', 'Hafer 3']));
});

describe('what is there besides', () => {
  it('names the lines as a draft on top of theirs does', () => {
    const result = merge(lines(['Weizen', '1'], ['Raps', '2'], ['Hafer', '3'], ['Mais', '4']), lines(['Kalk', '7'], ['Weizen', '1'], ['Hafer', '3']));
    expect([shown(result), result.lineIdsOnTheirs]).toEqual([['Kalk 7', 'Weizen 1', 'Hafer 3', 'Mais 4'], [0, 1, 2, 3]]);
  });
  it('lists conflicts that are already chosen too', () => {
    const result = resolve(merge(offer({ date: '2026-01-01' }), offer({ date: '2026-01-02' })), { date: 'mine' });
    expect([result.conflicts, allConflicts(result).map(({ path }) => path)]).toEqual([[], ['date']]);
  });
  it('says what changed between two states', () => {
    expect(changesOf(base, offer({ date: null }, [['Weizen', '2'], ['Raps', '2']])).map(({ kind, path }) => `${kind} ${path}`)).toEqual(['field date', 'cell lines.0.qty', 'line lines.2']);
  });
  it.each([['pending', 'pending'], ['approved', 'approved'], ['posted', 'posted'], ['rejected', 'rejected'], ['draft', null], [null, null]] as const)('knows %s as closed to changes: %s', (state, closed) => {
    expect(closedState({ document: base, workflow: state === null ? null : { state, version: null, submittedBy: null, submittedAt: null }, etag: null, changedAt: null, fetchedAt: 0 })).toBe(closed);
  });
});
