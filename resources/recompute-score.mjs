#!/usr/bin/env node
// Computes a security score of VALEO NeuroERP Admin again from its export, with Node 20 or newer and nothing else:
//   node recompute-score.mjs [--weights score-weights.json] [--json] EXPORT…
// --weights FILE: the export must have been made with exactly these weights. --batch FILE: each line is one export.
// Exit code 0: every figure is the same. 1: at least one differs. 2: something could not be read.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

const sourceOrder = new Map([['measured', 4], ['imported', 3], ['attested', 2], ['claimed', 1]]);
// Higher wins among evidence of one source: a gap that was found outweighs what was found in order.
const outcomeOrder = new Map([['unmet', 3], ['partly', 2], ['met', 1], ['notApplicable', 0]]);

/** The one piece of evidence that a point stands on; null when there is none that still counts. */
function strongest(all, at) {
  let winner = null;
  for (const one of all) {
    if (one.expiresAt !== null && one.expiresAt <= at) continue;
    // The server cannot take a point out of the score by saying that it does not apply.
    if (one.source === 'claimed' && one.outcome === 'notApplicable') continue;
    if (winner === null || beats(one, winner)) winner = one;
  }
  return winner;
}

function beats(one, other) {
  const pairs = [[sourceOrder.get(one.source), sourceOrder.get(other.source)], [outcomeOrder.get(one.outcome), outcomeOrder.get(other.outcome)], [one.at, other.at]];
  for (const [left, right] of pairs) if (left !== right) return left > right;
  return one.origin < other.origin;
}

/** Tenths of a percent, half up; BigInt, so that nothing is rounded on the way. */
function tenths(earned, possible) {
  return possible === 0n ? null : Number((earned * 1000n * 2n + possible) / (possible * 2n));
}

function recompute({ at, settings, weights, evidence }) {
  const sums = new Map();
  const add = (name, weight, credit) => {
    const [earned, possible] = sums.get(name) ?? [0n, 0n];
    sums.set(name, [earned + BigInt(weight) * BigInt(credit), possible + BigInt(weight) * 10000n]);
  };
  const points = {};
  for (const [point, { weight, half, onlyWhen }] of Object.entries(weights.points)) {
    const area = `area:${point.split('.')[0]}`;
    if (!sums.has(area)) sums.set(area, [0n, 0n]);
    const all = evidence.filter((one) => one.point === point);
    const found = strongest(all, at);
    let [state, credit, counted] = ['missing', 0, null];
    if (onlyWhen === 'models' && settings.usesModels !== true) state = 'notApplicable';
    else if (found !== null) {
      [state, counted] = [found.outcome, found.origin];
      if (state !== 'notApplicable') credit = weights.outcomes[state] * weights.sources[half][found.source];
    } else if (all.length > 0 && all.every((one) => one.expiresAt !== null && one.expiresAt <= at)) state = 'stale';
    points[point] = { state, credit, counted };
    if (state !== 'notApplicable') for (const name of ['total', half, area]) add(name, weight, credit);
  }
  const figure = (name) => tenths(...(sums.get(name) ?? [0n, 0n]));
  const areas = Object.fromEntries([...sums.keys()].filter((name) => name.startsWith('area:')).map((name) => [name.slice(5), figure(name)]));
  return { total: figure('total'), technical: figure('technical'), organisational: figure('organisational'), areas, points };
}

const args = process.argv.slice(2);
const option = (name) => {
  const place = args.indexOf(name);
  return place < 0 ? null : args.splice(place, 2)[1];
};
const isJson = args.includes('--json') && args.splice(args.indexOf('--json'), 1).length > 0;
const [weightsFile, batch] = [option('--weights'), option('--batch')];

try {
  const wanted = weightsFile === null ? null : JSON.parse(readFileSync(weightsFile, 'utf8'));
  const exports = batch === null ? args.map((file) => [file, readFileSync(file, 'utf8')]) : readFileSync(batch, 'utf8').trim().split('\n').map((line, at) => [`${batch}:${at + 1}`, line]);
  if (exports.length === 0) throw new Error('no export was named');
  let isSame = true;
  for (const [name, text] of exports) {
    const given = JSON.parse(text);
    if (given.format !== 'neuroerp-score/1') throw new Error(`${name} is not a score export of a known version`);
    const result = recompute(given);
    const weightsAgree = wanted === null || isDeepStrictEqual(wanted, given.weights);
    const differing = ['total', 'technical', 'organisational', 'areas', 'points'].filter((part) => !isDeepStrictEqual(result[part], given.result[part]));
    if (!weightsAgree) differing.unshift('weights');
    isSame &&= differing.length === 0;
    const shown = (figure) => (figure === null ? '-' : `${(figure / 10).toFixed(1)} %`);
    process.stdout.write(isJson ? `${JSON.stringify({ name, result, differing })}\n` : `${name}: total ${shown(result.total)}, technical ${shown(result.technical)}, organisational ${shown(result.organisational)}, weights version ${given.weights.version}: ${differing.length === 0 ? 'the same as exported' : `DIFFERENT: ${differing.join(', ')}`}\n`);
  }
  process.exitCode = isSame ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
