#!/usr/bin/env node
// Checks evidence files of VALEO NeuroERP Admin (docs/evidence-bundle.md) with Node 20 or newer and nothing else. It trusts the
// keys you give it:  node verify-evidence.mjs [--key 'name+id+base64']... [--json] FILE...
// --batch FILE: each line {"texts": […], "keys": […] or null}. Exit code 0: everything holds. 1: something does not. 2: no check.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [BEGIN, END, TOLERANCE_MS] = ['-----BEGIN EVIDENCE-----', '-----END EVIDENCE-----', 300_000];
const half = (n) => Math.floor(n / 2);
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const utf8 = (text) => { if (!text.isWellFormed()) throw new Error('encoding'); return Buffer.from(text, 'utf8'); };
const format = (condition) => { if (!condition) throw new Error('format'); };
const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

/** Base 64 in its one spelling; null for anything else. */
const base64 = (text) => (typeof text === 'string' && Buffer.from(text, 'base64').toString('base64') === text ? Buffer.from(text, 'base64') : null);
// ── Merkle tree: RFC 6962 section 2.1, RFC 9162 sections 2.1.3.2 and 2.1.4.2 ──
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
function climb(fn, sn, isRight) {
  while (isRight && fn !== 0 && fn % 2 === 0) [fn, sn] = [half(fn), half(sn)];
  return [half(fn), half(sn)];
}

function isIncluded(index, size, leaf, proof, root) {
  if (index >= size) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (sn === 0) return false;
    const isRight = fn % 2 === 1 || fn === sn;
    hash = isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    [fn, sn] = climb(fn, sn, isRight);
  }
  return sn === 0 && hash.equals(root);
}

function isConsistent(from, to, proof, fromRoot, toRoot) {
  if (from > to) return false;
  if (from === to) return proof.length === 0 && fromRoot.equals(toRoot);
  const path = from > 0 && 2 ** Math.round(Math.log2(from)) === from ? [fromRoot, ...proof] : [...proof];
  if (from === 0 || path.length === 0) return from === 0 && proof.length === 0 && fromRoot.equals(sha256());
  let [fn, sn, fr, sr] = [from - 1, to - 1, path[0], path[0]];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  for (const hash of path.slice(1)) {
    if (sn === 0) return false;
    const isRight = fn % 2 === 1 || fn === sn;
    [fr, sr] = isRight ? [nodeHash(hash, fr), nodeHash(hash, sr)] : [fr, nodeHash(sr, hash)];
    [fn, sn] = climb(fn, sn, isRight);
  }
  return sn === 0 && fr.equals(fromRoot) && sr.equals(toRoot);
}
// ── Signed notes: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature ──
const isName = (name) => /^[^\s+\p{Z}\p{Cc}]{1,255}$/u.test(name);

function parseKey(text) {
  format(typeof text === 'string');
  const [name, id, ...rest] = text.split('+');
  const typed = base64(rest.join('+'));
  format(typed?.length === 33 && (typed[0] === 1 || typed[0] === 4) && isName(name) && sha256(utf8(`${name}\n`), typed).subarray(0, 4).toString('hex') === id);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)]);
  return { name, id, type: typed[0], key: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

/** The text of a note that one of `trusted` has signed, or the name of what is wrong. */
function openNote(note, trusted, cosigners) {
  const at = note.lastIndexOf('\n\n');
  if (note.split('').some((letter) => letter < ' ' && letter !== '\n') || !note.isWellFormed() || !note.endsWith('\n') || at < 0) return { fault: 'format' };
  const text = note.slice(0, at + 1);
  const lines = note.slice(at + 2, -1).split('\n').map((line) => line.split(' '));
  const signatures = lines.map(([dash, name, encoded, ...more]) => ({ good: dash === '—' && more.length === 0 && isName(name ?? ''), name, bytes: base64(encoded) }));
  if (signatures.length > 64 || signatures.some(({ good, bytes }) => !good || bytes === null || bytes.length < 5)) return { fault: 'format' };
  let isTrusted = false;
  for (const { name, bytes } of signatures) {
    const fits = (key) => key.name === name && key.id === bytes.subarray(0, 4).toString('hex');
    const key = trusted.find(fits) ?? cosigners.find(fits);
    if (key === undefined) continue;
    const isCosignature = key.type === 4;
    if (bytes.length !== (isCosignature ? 76 : 68)) return { fault: 'signature' };
    const message = isCosignature ? `cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n${text}` : text;
    if (isCosignature && bytes.readBigUInt64BE(4) > BigInt(Number.MAX_SAFE_INTEGER)) return { fault: 'signature' };
    if (!verify(null, utf8(message), key.key, bytes.subarray(-64))) return { fault: 'signature' };
    if (!isCosignature && trusted.includes(key)) isTrusted = true;
  }
  return isTrusted ? { text } : { fault: 'key' };
}

function openCheckpoint(note, origin, keys, cosigners) {
  const { text, fault } = openNote(note, keys, cosigners);
  if (fault !== undefined) return { fault };
  const [name, size, encoded, ...extensions] = text.slice(0, -1).split('\n');
  const root = base64(encoded);
  if (!name || !/^(0|[1-9]\d{0,15})$/.test(size ?? '') || !isCount(Number(size)) || root?.length !== 32 || extensions.includes('')) return { fault: 'format' };
  return name === origin ? { size: Number(size), root } : { fault: 'origin' };
}
// ── The file ──
function parseFile(text) {
  format(text.isWellFormed());
  const [, rest, ...more] = `\n${text}`.split(`\n${BEGIN}\n`);
  const [json, statement, ...others] = (rest ?? '').split(`\n${END}\n`);
  format(statement !== undefined && more.length === 0 && others.length === 0);
  const { log, device, views } = JSON.parse(json);
  const hashes = (list) => { format(Array.isArray(list)); return list.map((one) => { const hash = base64(one); format(hash?.length === 32); return hash; }); };
  const texts = (...all) => format(all.every((one) => typeof one === 'string'));
  format(typeof log.origin === 'string' && log.origin !== '' && ['neuroerp/1', 'opaque'].includes(log.entries) && Array.isArray(log.keys) && Array.isArray(log.cosigners) && Array.isArray(views) && views.length > 0);
  for (const view of views) {
    texts(view.label, view.checkpoint);
    format(isCount(view.seenAt) && view.seenAt <= 253402300799999 && Array.isArray(view.ranges) && Array.isArray(view.entries));
    format(view.ranges.every((range) => Array.isArray(range) && range.length === 2 && range.every(isCount)));
    view.consistency = hashes(view.consistency);
    for (const entry of view.entries) { texts(entry.canonical); format(isCount(entry.index)); entry.proof = hashes(entry.proof); }
  }
  return { log, views, keys: log.keys.map(parseKey), cosigners: log.cosigners.map(parseKey), device: device === null ? null : parseKey(device), statement, signed: text.slice(0, text.length - statement.length) };
}

/** [seq, ts, actor, role, client, action, resource, from, to, reason, policy, correlationId, outcome], in its one spelling. */
function parseEntry(canonical) {
  try {
    const [parts, nullable] = [JSON.parse(canonical), [3, 4, 7, 8, 9, 10]];
    return canonical.isWellFormed() && Array.isArray(parts) && parts.length === 13 && JSON.stringify(parts) === canonical && Number.isSafeInteger(parts[0])
      && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(parts[1]) && ['accepted', 'refused'].includes(parts[12])
      && parts.every((part, at) => at === 0 || (typeof part === 'string' && part.isWellFormed()) || (part === null && nullable.includes(at))) ? { seq: parts[0], ts: parts[1] } : null;
  } catch { return null; }
}

function checkFile(text, trusted) {
  const result = { findings: [], origin: null, entries: new Map(), checkpoints: [] };
  const add = (index, fault) => result.findings.push({ index, fault });
  let file;
  try { file = parseFile(text); } catch { add(null, 'format'); return result; }
  result.origin = file.log.origin;
  const isOpaque = file.log.entries === 'opaque';
  const keys = (trusted ?? file.keys).filter(({ type }) => type === 1);
  let before = null;
  for (const view of file.views) {
    let isRewritten = false;
    const checkpoint = openCheckpoint(view.checkpoint, file.log.origin, keys, file.cosigners);
    if (checkpoint.fault !== undefined) add(before?.size ?? 0, checkpoint.fault);
    let last = '';
    const expected = [];
    for (const [first, end] of view.ranges) for (let index = first; index < end && expected.length <= view.entries.length; index += 1) expected.push(index);
    for (const [place, { index, canonical, proof }] of view.entries.entries()) {
      const wanted = expected[place];
      if (wanted !== index) { add(wanted ?? (expected.at(-1) ?? -1) + 1, wanted !== undefined && index > wanted ? 'missing' : 'order'); break; }
      const entry = isOpaque ? null : parseEntry(canonical);
      if (!canonical.isWellFormed() || (entry === null && !isOpaque)) add(index, 'encoding');
      if (entry !== null && entry.seq !== index + 1) add(index, 'sequence');
      if (entry !== null && (entry.ts < last || (before !== null && index >= before.size && entry.ts < before.notBefore))) add(index, 'time');
      if (canonical.isWellFormed() && checkpoint.fault === undefined && !isIncluded(index, checkpoint.size, sha256(Buffer.of(0), utf8(canonical)), proof, checkpoint.root)) add(index, 'entry');
      if ((result.entries.get(index) ?? canonical) !== canonical) { add(index, 'rewritten'); isRewritten = true; } else result.entries.set(index, canonical);
      last = entry?.ts ?? last;
    }
    if (expected.length > view.entries.length) add(expected[view.entries.length], 'missing');
    if (checkpoint.fault !== undefined) continue;
    result.checkpoints.push(checkpoint);
    if (before === null) { if (view.consistency.length > 0) add(0, 'inconsistent'); }
    else if (checkpoint.size < before.size) add(checkpoint.size, 'rollback');
    else if (!isConsistent(before.size, checkpoint.size, view.consistency, before.root, checkpoint.root) && !isRewritten) add(0, 'inconsistent');
    before = { ...checkpoint, notBefore: new Date(Math.max(0, view.seenAt - TOLERANCE_MS)).toISOString() };
  }
  const stated = `valeo-evidence/1\n${file.log.origin}\n${sha256(utf8(file.signed)).toString('base64')}\n`;
  if (file.device === null ? file.statement !== '' : openNote(file.statement, [file.device], []).text !== stated) add(null, 'statement');
  return result;
}

/** What two files say of one log has to be the same. */
function compare(left, right) {
  if (left.origin !== right.origin) return [{ index: null, fault: 'origin' }];
  const differing = [...left.entries].filter(([index, canonical]) => (right.entries.get(index) ?? canonical) !== canonical).map(([index]) => index);
  if (differing.length > 0) return [{ index: differing.reduce((a, b) => Math.min(a, b)), fault: 'splitView' }];
  return left.checkpoints.some(({ size, root }) => right.checkpoints.some((other) => other.size === size && !other.root.equals(root))) ? [{ index: 0, fault: 'splitView' }] : [];
}

function check(texts, trusted) {
  const results = texts.map((text) => checkFile(text, trusted));
  const findings = results.flatMap((result) => result.findings);
  const readable = results.filter(({ origin }) => origin !== null);
  readable.forEach((left, at) => { for (const right of readable.slice(at + 1)) findings.push(...compare(left, right)); });
  const worst = findings.reduce((a, b) => (a !== null && (a.index ?? Infinity) <= (b.index ?? Infinity) ? a : b), null);
  const sum = (pick) => results.reduce((total, result) => total + pick(result), 0);
  return { ok: worst === null, firstBad: worst?.index ?? null, fault: worst?.fault ?? null, entries: sum(({ entries }) => entries.size), checkpoints: sum(({ checkpoints }) => checkpoints.length) };
}

const args = process.argv.slice(2);
const given = args.filter((_, at) => args[at - 1] === '--key');
const files = args.filter((arg, at) => !arg.startsWith('--') && args[at - 1] !== '--key');
try {
  if (files.length === 0) throw new Error('usage: verify-evidence.mjs [--key KEY]... [--json] FILE...');
  const trusted = given.length === 0 ? null : given.map(parseKey);
  const contents = files.map((file) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file)));
  if (args.includes('--batch')) {
    for (const line of contents[0].split('\n')) if (line !== '') { const { texts, keys } = JSON.parse(line); process.stdout.write(`${JSON.stringify(check(texts, keys === null ? trusted : keys.map(parseKey)))}\n`); }
  } else {
    const verdict = check(contents, trusted);
    process.stdout.write(args.includes('--json') ? `${JSON.stringify(verdict)}\n` : `${verdict.ok ? 'OK' : 'NOT OK'}: ${verdict.entries} entries, ${verdict.checkpoints} checkpoints`
      + `${verdict.ok ? '' : `; ${verdict.fault}${verdict.firstBad === null ? '' : `, first bad entry number ${verdict.firstBad + 1}`}`}${trusted === null ? '\nThe key was taken from the file itself: compare it with the one you know.' : ''}\n`);
    process.exitCode = verdict.ok ? 0 : 1;
  }
} catch (error) {
  process.stderr.write(`${error.message === 'format' ? 'This is not a key of the form name+id+base64.' : error.message}\n`);
  process.exitCode = 2;
}
