#!/usr/bin/env node
// Checks evidence files of VALEO NeuroERP Admin (docs/evidence-bundle.md) with Node 20 or newer and nothing else. It trusts the keys that
// you give it, of logs and of computers:  node verify-evidence.mjs [--key 'name+id+base64']... [--device 'name+id+base64']... [--json] FILE...
// Exit code 0: all holds that is not called unproven. 1: something does not. 2: no check. 3: nothing is wrong, but no entry is proven.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [BEGIN, END, REVIEW] = ['-----BEGIN EVIDENCE-----', '-----END EVIDENCE-----', 'valeo-review/1'];
const [TOLERANCE_MS, LAST_MS, SPKI] = [300_000, 253_402_300_799_999, Buffer.from('302a300506032b6570032100', 'hex')];
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const need = (condition, fault = 'format') => { if (!condition) throw new Error(fault); };
const attempt = (work) => { try { return work(); } catch { return null; } };
const [isText, isCount] = [(value) => typeof value === 'string', (value) => Number.isSafeInteger(value) && value >= 0];
/** Base 64 in its one spelling; null for anything else. */
const base64 = (text) => (isText(text) && Buffer.from(text, 'base64').toString('base64') === text ? Buffer.from(text, 'base64') : null);

// ── Merkle tree: RFC 6962 section 2.1 ──
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
const splitOf = (n, at = 1) => (at * 2 < n ? splitOf(n, at * 2) : at);
/** From the root of `n` leaves down to leaf number `m`, or to the largest subtree that ends with it, and back up with the hashes of a proof:
 *  the roots over the first `m` and over all `n` leaves. `start` is the hash down there; null: it is the first of the proof. */
function rootsOf(m, n, proof, start, isLeaf) {
  if (isLeaf ? n === 1 : m === n) return proof.length === (start === null ? 1 : 0) ? [start ?? proof[0], start ?? proof[0]] : null;
  const [split, sibling, rest] = [splitOf(n), proof.at(-1), proof.slice(0, -1)];
  const isLeft = m <= split;
  const inner = sibling && (isLeft ? rootsOf(m, split, rest, start, isLeaf) : rootsOf(m - split, n - split, rest, isLeaf ? start : null, isLeaf));
  return inner && (isLeft ? [inner[0], nodeHash(inner[1], sibling)] : inner.map((root) => nodeHash(sibling, root)));
}
const isIncluded = (index, size, leaf, proof, root) => index < size && rootsOf(index + 1, size, proof, leaf, true)?.[1].equals(root) === true;
const isConsistent = (from, to, proof, fromRoot, toRoot) => (from === to || from === 0
  ? proof.length === 0 && fromRoot.equals(from === to ? toRoot : sha256())
  : from < to && rootsOf(from, to, proof, fromRoot, false)?.every((root, at) => root.equals(at === 0 ? fromRoot : toRoot)) === true);

// ── Signed notes: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature ──
const isName = (name) => /^[^\s+\p{Z}\p{Cc}]{1,255}$/u.test(name);
function parseKey(text) {
  need(isText(text) && text.isWellFormed());
  const [name, id, ...rest] = text.split('+');
  const typed = base64(rest.join('+'));
  need(typed?.length === 33 && (typed[0] === 1 || typed[0] === 4) && isName(name) && sha256(`${name}\n`, typed).toString('hex', 0, 4) === id);
  return { text, name, id, type: typed[0], raw: typed.subarray(1), key: createPublicKey({ key: Buffer.concat([SPKI, typed.subarray(1)]), format: 'der', type: 'spki' }) };
}
const isSame = (one, other) => one.name === other?.name && one.raw.equals(other.raw); // A computer has one key and signs under two types of it.
/** The text of a note that one of `trusted` has signed, and who has cosigned it when (epoch seconds). */
function openNote(note, trusted, cosigners) {
  const end = note.lastIndexOf('\n\n');
  need(!note.split('').some((letter) => letter < ' ' && letter !== '\n') && note.isWellFormed() && note.endsWith('\n') && end >= 0);
  const text = note.slice(0, end + 1);
  const signatures = note.slice(end + 2, -1).split('\n').map((line) => line.split(' ')).map(([dash, name, encoded, ...more]) => ({ dash, name, bytes: base64(encoded), more }));
  need(signatures.length <= 64 && signatures.every(({ dash, name, bytes, more }) => dash === '—' && isName(name ?? '') && bytes?.length >= 5 && more.length === 0));
  const [signed, cosigned] = [[], []];
  for (const { name, bytes } of signatures) {
    const key = [...trusted, ...cosigners].find((one) => one.name === name && one.id === bytes.toString('hex', 0, 4));
    if (key === undefined) continue;
    const isCosignature = key.type === 4;
    need(bytes.length === (isCosignature ? 76 : 68), 'signature');
    const at = isCosignature ? Number(bytes.readBigUInt64BE(4)) : 0;
    need(isCount(at) && verify(null, Buffer.from(isCosignature ? `cosignature/v1\ntime ${at}\n${text}` : text), key.key, bytes.subarray(-64)), 'signature');
    (isCosignature ? cosigned : signed).push({ key, at });
  }
  need(signed.some(({ key }) => trusted.includes(key)), 'key');
  return { text, cosigned };
}
function openCheckpoint(note, origin, keys, cosigners) {
  const { text, cosigned } = openNote(note, keys, cosigners);
  const [name, size, encoded, ...extensions] = text.slice(0, -1).split('\n');
  const root = base64(encoded);
  need(name && /^(0|[1-9]\d{0,15})$/.test(size ?? '') && isCount(Number(size)) && root?.length === 32 && !extensions.includes(''));
  need(name === origin, 'origin');
  return { size: Number(size), root, cosigned };
}
/** What the note about a security review says that the key in it has signed. */
function openReview(note) {
  const key = parseKey(note.split('\n')[1]);
  const said = { cut: 0, ...JSON.parse(openNote(note, [key], []).text.split('\n').slice(2).join('\n')) };
  need(['review', 'from', 'to', 'log', 'root', 'at', 'by', 'sha256'].every((name) => isText(said[name])) && ['size', 'findings', 'raised', 'cut'].every((name) => isCount(said[name])));
  return { key, said };
}
// ── The file ──
function parseFile(text) {
  const [report, rest, ...more] = `\n${text}`.split(`\n${BEGIN}\n`);
  const [json, statement, ...others] = (rest ?? '').split(`\n${END}\n`);
  need(text.isWellFormed() && statement !== undefined && more.length === 0 && others.length === 0);
  const { log, device, views } = JSON.parse(json);
  const hashes = (list) => { need(Array.isArray(list) && list.every((one) => base64(one)?.length === 32)); return list.map(base64); };
  need(isText(log.origin) && log.origin !== '' && ['neuroerp/1', 'opaque'].includes(log.entries) && [log.keys, log.cosigners, views].every(Array.isArray));
  for (const view of views) {
    need(isText(view.label) && isText(view.checkpoint) && isCount(view.seenAt) && view.seenAt <= LAST_MS && Array.isArray(view.entries));
    need(Array.isArray(view.ranges) && view.ranges.every((range) => Array.isArray(range) && range.length === 2 && range.every(isCount)));
    view.consistency = hashes(view.consistency);
    for (const entry of view.entries) { need(isText(entry.canonical) && isCount(entry.index)); entry.proof = hashes(entry.proof); }
  }
  const at = `${report}\n`.lastIndexOf(`\n${REVIEW}\n`);
  return { log, views, statement, signed: text.slice(0, text.length - statement.length), note: at < 0 ? null : `${report.slice(at + 1)}\n`,
    keys: log.keys.map(parseKey), cosigners: log.cosigners.map(parseKey), device: device === null ? null : parseKey(device) };
}
/** [seq, ts, actor, role, client, action, resource, from, to, reason, policy, correlationId, outcome], in its one spelling. */
function parseEntry(canonical) {
  const [parts, nullable] = [JSON.parse(canonical), [3, 4, 7, 8, 9, 10]];
  need(canonical.isWellFormed() && Array.isArray(parts) && parts.length === 13 && JSON.stringify(parts) === canonical && Number.isSafeInteger(parts[0]));
  need(parts.every((part, at) => at === 0 || (isText(part) && part.isWellFormed()) || (part === null && nullable.includes(at))));
  need(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(parts[1]) && ['accepted', 'refused'].includes(parts[12]));
  return { seq: parts[0], ts: parts[1] };
}
/** `known.trusted` and `known.devices`: keys of logs and of computers that were given; null where none was. */
function checkFile(text, known) {
  const result = { findings: [], origin: '', entries: new Map(), checkpoints: [], facts: null };
  const add = (index, fault) => result.findings.push({ index, fault });
  const file = attempt(() => parseFile(text));
  if (file === null) { add(null, 'format'); return result; }
  const { log: { origin, entries: form }, device, note } = file;
  const keys = (known.trusted ?? file.keys).filter(({ type }) => type === 1);
  let before = null;
  for (const view of file.views) {
    let [isRewritten, checkpoint, last] = [false, null, ''];
    const expected = [];
    try { checkpoint = openCheckpoint(view.checkpoint, origin, keys, file.cosigners); } catch ({ message }) { add(before?.size ?? 0, message); }
    for (const [first, end] of view.ranges) for (let index = first; index < end && expected.length <= view.entries.length; index += 1) expected.push(index);
    for (const [place, { index, canonical, proof }] of view.entries.entries()) {
      const wanted = expected[place];
      if (wanted !== index) { add(wanted ?? (expected.at(-1) ?? -1) + 1, wanted !== undefined && index > wanted ? 'missing' : 'order'); break; }
      const entry = form === 'opaque' ? null : attempt(() => parseEntry(canonical));
      if (!canonical.isWellFormed() || (entry === null && form !== 'opaque')) add(index, 'encoding');
      if (entry !== null && entry.seq !== index + 1) add(index, 'sequence');
      if (entry !== null && (Date.parse(last) - Date.parse(entry.ts) > TOLERANCE_MS || (before !== null && index >= before.size && entry.ts < before.notBefore))) add(index, 'time');
      if (canonical.isWellFormed() && checkpoint !== null && !isIncluded(index, checkpoint.size, sha256(Buffer.of(0), canonical), proof, checkpoint.root)) add(index, 'entry');
      if ((result.entries.get(index) ?? canonical) !== canonical) { add(index, 'rewritten'); isRewritten = true; } else result.entries.set(index, canonical);
      last = entry?.ts ?? last;
    }
    if (expected.length > view.entries.length) add(expected[view.entries.length], 'missing');
    if (checkpoint === null) continue;
    result.checkpoints.push(checkpoint);
    const isGrown = before === null ? view.consistency.length === 0 : isRewritten || isConsistent(before.size, checkpoint.size, view.consistency, before.root, checkpoint.root);
    if (checkpoint.size < before?.size) add(checkpoint.size, 'rollback'); else if (!isGrown) add(0, 'inconsistent');
    before = { ...checkpoint, seenAt: view.seenAt, notBefore: new Date(Math.max(0, view.seenAt - TOLERANCE_MS)).toISOString() };
  }
  const isKnown = (key) => key !== null && known.devices?.some((one) => isSame(one, key)) === true;
  const isStated = device === null ? file.statement === '' : attempt(() => openNote(file.statement, [device], []))?.text === `valeo-evidence/1\n${origin}\n${sha256(file.signed).toString('base64')}\n`;
  // A review is by this computer and of this log, or it has nothing to do with the file.
  const review = note === null ? null : attempt(() => openReview(note));
  const isOfLog = ({ log, size, root }) => ['', origin].includes(log) && result.checkpoints.every((one) => one.size !== size || one.root.toString('base64') === root);
  if (!isStated || (known.devices !== null && !isKnown(device)) || (note !== null && (review === null || review.key.text !== device?.text || !isOfLog(review.said)))) add(null, 'statement');
  const cosigned = result.checkpoints.flatMap(({ size, cosigned: all }) => all.map(({ key, at }) => ({ key, at, size })));
  const unproven = Object.entries({
    'that this is the log you know: its key is the file\'s own, give yours with --key': known.trusted === null,
    'anything about entries that are not in the file: whoever made it chose those that are': result.entries.size === 0 || result.entries.size < before?.size,
    'the words above the proofs and the dates: nobody has signed them': device === null,
    'who wrote the words above the proofs and the dates: the signer\'s key is the file\'s own, give yours with --device': device !== null && known.devices === null,
    'that others were shown the same log: no other computer given with --device has cosigned it': !cosigned.some(({ key }) => isKnown(key) && !isSame(key, device)),
  }).filter(([, isOpen]) => isOpen).map(([what]) => what);
  return { ...result, origin, facts: { origin, size: before?.size ?? 0, seenAt: before?.seenAt ?? null, ranges: file.views.flatMap(({ ranges }) => ranges), unproven,
    device: device?.text ?? null, cosigned: cosigned.map((one) => ({ ...one, key: one.key.text })), review: review?.said ?? null } };
}
/** What two files say of one log has to be the same. */
function compare(left, right) {
  if (left.origin !== right.origin) return [{ index: null, fault: 'origin' }];
  const [first] = [...left.entries.keys()].filter((index) => (right.entries.get(index) ?? left.entries.get(index)) !== left.entries.get(index)).toSorted((a, b) => a - b);
  const isSplit = first !== undefined || left.checkpoints.some(({ size, root }) => right.checkpoints.some((other) => other.size === size && !other.root.equals(root)));
  return isSplit ? [{ index: first ?? 0, fault: 'splitView' }] : [];
}
function check(texts, known) {
  const results = texts.map((text) => checkFile(text, known));
  const readable = results.filter(({ facts }) => facts !== null);
  const findings = [...results.flatMap((one) => one.findings), ...readable.flatMap((left, at) => readable.slice(at + 1).flatMap((right) => compare(left, right)))];
  const worst = findings.reduce((a, b) => (a !== null && (a.index ?? Infinity) <= (b.index ?? Infinity) ? a : b), null);
  const [entries, checkpoints] = [readable.reduce((sum, one) => sum + one.entries.size, 0), readable.reduce((sum, one) => sum + one.checkpoints.length, 0)];
  return { ok: worst === null, firstBad: worst?.index ?? null, fault: worst?.fault ?? null, entries, checkpoints, files: readable.map(({ facts }) => facts) };
}

// ── In words ──
function inWords({ origin, size, seenAt, ranges, device, cosigned, review, unproven }) {
  const moment = (ms) => (ms <= LAST_MS ? new Date(ms).toISOString() : 'an impossible date');
  const numbers = ranges.slice(0, 20).map(([first, end]) => (end === first + 1 ? `${end}` : `${first + 1}-${end}`)).join(', ');
  return [
    `Log ${origin}${seenAt === null ? '' : `: ${size} entries when it was seen, ${moment(seenAt)}`}`, `  entries here: ${numbers || 'none'}${ranges.length > 20 ? ' and more' : ''}`,
    `  report: ${device === null ? 'NOT signed' : `signed by ${device}`}`,
    ...(cosigned.length === 0 ? ['  cosigned by nobody'] : cosigned.map((one) => `  cosigned by ${one.key} at ${one.size} entries, ${moment(one.at * 1000)}`)),
    ...(review === null ? [] : [`  review of ${review.from} to ${review.to} by ${review.by}, ${review.at}: ${review.findings} findings, ${review.raised} raised, ${review.cut} not judged`, `  SHA-256 of its report: ${review.sha256}`]),
    ...[...unproven, 'that what the entries say is true, or that the log has stayed like this since'].map((what) => `  NOT proven: ${what}`),
  ].map((line) => `${line.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')}\n`).join('');
}
const args = process.argv.slice(2);
const after = (option) => { const given = args.filter((_, at) => args[at - 1] === option); return given.length === 0 ? null : given; };
const run = ({ texts, keys, devices }) => check(texts, { trusted: keys?.map(parseKey) ?? null, devices: devices?.map(parseKey) ?? null });
try {
  const files = args.filter((arg, at) => !arg.startsWith('--') && !['--key', '--device'].includes(args[at - 1]));
  need(files.length > 0, 'usage: verify-evidence.mjs [--key KEY]... [--device KEY]... [--json] FILE...');
  const texts = files.map((file) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file)));
  if (args.includes('--batch')) for (const line of texts[0].trim().split('\n')) process.stdout.write(`${JSON.stringify(run(JSON.parse(line)))}\n`);
  else {
    const verdict = run({ texts, keys: after('--key'), devices: after('--device') });
    const [heading, code] = !verdict.ok ? ['NOT OK', 1] : verdict.entries === 0 ? ['NO ENTRY PROVEN', 3] : ['OK', 0];
    const fault = verdict.ok ? '' : `; ${verdict.fault}${verdict.firstBad === null ? '' : `, first bad entry number ${verdict.firstBad + 1}; from there on nothing is proven`}`;
    process.stdout.write(args.includes('--json') ? `${JSON.stringify(verdict)}\n` : `${heading}: ${verdict.entries} entries, ${verdict.checkpoints} checkpoints${fault}\n${verdict.files.map(inWords).join('')}`);
    process.exitCode = code;
  }
} catch (error) {
  process.stderr.write(`${error.message === 'format' ? 'This is not a key of the form name+id+base64.' : error.message}\n`);
  process.exitCode = 2;
}
