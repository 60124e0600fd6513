import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tampered } from '../../../test/backend/audit/tamper.ts';
import { scratchDatabase, type Scratch } from '../../../test/fixtures/database.ts';
import { checkpointOf, createRandom, newSigner, randomEntries, treeOf, verifySignature } from '../../../test/fixtures/audit/random-log.ts';
import { formatEvidence } from '../../../shared/audit/evidence.ts';
import { cosign, formatKey, formatNote, parseNote, signatureTypes, type NoteKey } from '../../../shared/audit/note.ts';
import { verifyEvidence } from '../../../shared/audit/verify-evidence.ts';
import { everything } from '../../../shared/domain/audit.ts';
import { remember, type Cosigned } from './colleagues.ts';
import { AuditKeeper } from './keeper.ts';

const origin = 'neuroerp.example/audit/host';
const log = newSigner(origin);
const [carla, dieter] = [newSigner('device/carla', signatureTypes.cosignature), newSigner('device/dieter', signatureTypes.cosignature)];
const start = Date.parse('2026-03-02T08:00:00.000Z');
const honest = randomEntries(700, createRandom(9), start);
const tree = treeOf(honest);
const other = treeOf(tampered(honest, { kind: 'edit', index: 450 }));

let scratch: Scratch;
let keeper: AuditKeeper;
const begin = (kind: 'signed' | 'witness', name: string, key: NoteKey): void => { expect(keeper.begin({ kind, origin: name, key: formatKey(key) })).toBeNull(); };
beforeEach(() => {
  scratch = scratchDatabase();
  const database = scratch.open();
  keeper = new AuditKeeper(database.writer, database.reader);
});
afterEach(() => { scratch.remove(); });

function read(size: number, name = origin, signer = log): void {
  keeper.append(keeper.log.size, honest.slice(keeper.log.size, size).map((canonical) => ({ canonical, hash: null })));
  const verified = keeper.status().verified?.size ?? 0;
  expect(keeper.accept(checkpointOf(name, tree, size, signer), tree.consistency(verified, size).map((hash) => Uint8Array.from(hash)), start, 'server')).toBeNull();
}
/** The checkpoint of this size as somebody hands it over. @param seconds when they signed */
function handed(size: number, by: typeof carla, seconds: number, of = tree): string {
  const { text, signatures } = parseNote(checkpointOf(origin, of, size, log)) ?? { text: '', signatures: [] };
  return formatNote({ text, signatures: [...signatures, cosign(text, seconds, by.key, by.sign)] });
}
const take = (size: number, by: typeof carla, seconds: number, of = tree): unknown => keeper.accept(handed(size, by, seconds, of), [], start, `file:${by.key.name}.txt`, by.key)?.fault ?? null;
function evidence(): { labels: string[]; checkpoints: string[]; cosigners: string[] } {
  const made = keeper.evidence({ ...everything, resource: 'sales/SO-3' }, [], 10_000);
  const text = formatEvidence(['Beleg'], { log: { origin, keys: [formatKey(log.key)], cosigners: made?.cosigners ?? [], entries: 'neuroerp/1' }, device: null, views: made?.views ?? [] }, null);
  expect(verifyEvidence([text], [log.key], verifySignature)).toMatchObject({ ok: true, checkpoints: made?.views.length });
  return { labels: (made?.views ?? []).map(({ label }) => label.replace(/ that this client.*/, '')), checkpoints: (made?.views ?? []).map(({ checkpoint }) => checkpoint), cosigners: made?.cosigners ?? [] };
}

describe('what colleagues have cosigned', () => {
  beforeEach(() => { begin('signed', origin, log.key); read(300); read(700); });

  it('stands in evidence files, between the own views or under one of the same size', () => {
    expect(take(500, carla, 1_772_500_000)).toBeNull();
    expect(take(700, dieter, 1_772_600_000)).toBeNull();
    expect(keeper.status().cosigners).toEqual([
      { name: 'device/dieter', source: 'file:device/dieter.txt', size: 700, at: 1_772_600_000_000 }, { name: 'device/carla', source: 'file:device/carla.txt', size: 500, at: 1_772_500_000_000 },
    ]);
    const { labels, checkpoints, cosigners } = evidence();
    expect(labels).toEqual(['first checkpoint', 'cosigned by device/carla (file:device/carla.txt)', 'newest checkpoint']);
    expect(cosigners).toEqual([formatKey(carla.key), formatKey(dieter.key)]);
    expect(checkpoints[2]).toContain('— device/dieter ');
    expect(checkpoints[2]).not.toContain('— device/carla ');
  });

  it('is the largest of each computer, none from before the first own view, and none that nobody has read up to', () => {
    take(200, dieter, 1_772_500_000);
    take(500, carla, 1_772_500_000);
    take(400, carla, 1_772_700_000);
    const later = treeOf([...honest, honest[699] as string]);
    expect(take(701, newSigner('device/emil', signatureTypes.cosignature), 1_772_500_000, later)).toBeNull();
    expect(evidence().cosigners).toEqual([formatKey(carla.key)]);
    expect(keeper.status().cosigners.map(({ name, size }) => [name, size])).toEqual([['device/dieter', 200], ['device/carla', 500], ['device/emil', 701]]);
  });

  it('is what the server has to reach at the next visit', () => {
    const later = treeOf([...honest, honest[699] as string]);
    const shown = () => keeper.accept(checkpointOf(origin, tree, 700, log), [], start, 'server');
    expect(take(701, carla, 1_772_500_000, later)).toBeNull();
    expect(shown(), 'it came while the visit was under way').toBeNull();
    begin('signed', origin, log.key);
    expect(shown()).toEqual({ index: 700, fault: 'rollback' });
  });

  it('counts only with a right signature, and never for another log', () => {
    const note = handed(500, carla, 1_772_500_000);
    expect(keeper.accept(note, [], start, 'file:x', newSigner('device/carla', signatureTypes.cosignature).key), 'a key that signed nothing').toBeNull();
    const forged = formatNote({ text: parseNote(note)?.text ?? '', signatures: (parseNote(note)?.signatures ?? []).map((one) => (one.name === 'device/carla' ? { ...one, signature: one.signature.map((byte) => byte ^ 1) } : one)) });
    expect(keeper.accept(forged, [], start, 'file:x', carla.key)).toMatchObject({ fault: 'signature' });
    expect(take(500, dieter, 1_772_500_000, other)).toBe('splitView');
    expect(keeper.status().cosigners).toEqual([]);
  });

  it('is kept of a limited number of computers', () => {
    const all = Array.from({ length: 40 }, (_, at): Cosigned => ({ key: `k${at}`, source: 's', size: 5, note: '', at })).reduce<Cosigned[]>(remember, []);
    expect(all.map(({ at }) => at)).toEqual(Array.from({ length: 16 }, (_, at) => 39 - at));
  });
});

describe('a colleague\'s witness, where the server signs nothing', () => {
  const witness = (device: string, server: string) => newSigner(`device/${device}/${server}`);
  const own = witness('own', 'erp.example');

  beforeEach(() => { begin('witness', own.key.name, own.key); read(700, own.key.name, own); });
  const taken = (by: typeof own, size: number, of = tree): unknown => keeper.accept(checkpointOf(by.key.name, of, size, by), [], start, 'file:Carla.txt', by.key)?.fault ?? null;

  it('agrees, or shows that the server tells two stories', () => {
    expect(taken(witness('carla', 'erp.example'), 400)).toBeNull();
    expect(keeper.accept(checkpointOf(witness('carla', 'erp.example').key.name, other, 500, witness('carla', 'erp.example')), [], start, 'file:x', null), 'without its key').toMatchObject({ fault: 'key' });
    const dieters = witness('dieter', 'erp.example');
    expect(taken(dieters, 500, other)).toBe('splitView');
    expect(taken(own, 700), 'one\'s own').toBeNull();
  });

  it('is of the same server, and signed by its own key', () => {
    expect(taken(witness('carla', 'other.example'), 400)).toBe('origin');
    const carlas = witness('carla', 'erp.example');
    expect(keeper.accept(checkpointOf(carlas.key.name, tree, 400, witness('carla', 'erp.example')), [], start, 'file:x', carlas.key)).toMatchObject({ fault: 'key' });
    expect(keeper.accept(checkpointOf(own.key.name, tree, 400, own), [], start, 'file:x', carlas.key)).toMatchObject({ fault: 'key' });
  });
});
