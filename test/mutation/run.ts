import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseAst } from 'vite';

/**
 * `node test/mutation/run.ts [FILE…]`: changes the verifier in one place after the other and sees whether its tests notice.
 * Writes out/mutation.json and lists what nobody noticed. MUTATION_SAMPLE=0.1 takes every tenth change.
 */
const root = path.join(import.meta.dirname, '../..');
const folder = 'shared/audit';
/** What decides about proofs; formats for people are not in it. */
const all = readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
const wanted = process.argv.slice(2);
const sample = Number(process.env['MUTATION_SAMPLE'] ?? '1');
/** A mutant that has not ended by then runs in circles, which a test notices too. */
const timeoutMs = Number(process.env['MUTATION_TIMEOUT_MS'] ?? 60_000);

type Mutant = { file: string; line: number; from: string; to: string; start: number; end: number };
type Node = { type: string; start: number; end: number; [key: string]: unknown };

const opposite: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='], '!==': ['==='], '<': ['<=', '>='], '>': ['>=', '<='], '<=': ['<', '>'], '>=': ['>', '<'], '+': ['-'], '-': ['+'], '*': ['/'], '/': ['*'], '%': ['*'],
  '&&': ['||'], '||': ['&&'], '??': ['&&'], '&': ['|'], '|': ['&'], '^': ['&'], '<<': ['>>'], '>>': ['<<'], '>>>': ['<<'],
};

/** The changes at one node: the operator, the condition, the constant, the statement. */
function changesAt(node: Node, code: string): { start: number; end: number; to: string }[] {
  const text = (part: Node): string => code.slice(part.start, part.end);
  switch (node.type) {
    case 'BinaryExpression': case 'LogicalExpression': {
      const [left, right, operator] = [node['left'] as Node, node['right'] as Node, node['operator'] as string];
      const at = code.indexOf(operator, left.end);
      return (opposite[operator] ?? []).map((to) => ({ start: at, end: at + operator.length, to })).filter(() => at >= left.end && at < right.start);
    }
    case 'UnaryExpression': return node['operator'] === '!' ? [{ start: node.start, end: node.end, to: ` ${text(node['argument'] as Node)}` }] : [];
    case 'ConditionalExpression': case 'IfStatement': {
      const test = node['test'] as Node;
      return ['true', 'false'].map((to) => ({ start: test.start, end: test.end, to }));
    }
    case 'Literal': return typeof node['value'] === 'number' ? [{ start: node.start, end: node.end, to: String(node['value'] + 1) }] : typeof node['value'] === 'boolean' ? [{ start: node.start, end: node.end, to: String(!node['value']) }] : [];
    case 'BreakStatement': case 'ContinueStatement': return [{ start: node.start, end: node.end, to: ';' }];
    case 'ExpressionStatement': return (node['expression'] as Node).type === 'CallExpression' ? [{ start: node.start, end: node.end, to: ';' }] : [];
    default: return [];
  }
}

function mutantsOf(file: string): Mutant[] {
  const source = readFileSync(path.join(root, folder, file), 'utf8');
  // Types become spaces: every place keeps its number.
  const code = stripTypeScriptTypes(source, { mode: 'strip' });
  const mutants: Mutant[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one);
    else if (typeof value === 'object' && value !== null && 'type' in value) {
      const node = value as Node;
      for (const change of changesAt(node, code)) mutants.push({ file, line: source.slice(0, change.start).split('\n').length, from: source.slice(change.start, change.end), ...change });
      for (const child of Object.values(node)) visit(child);
    }
  };
  visit(parseAst(code));
  return mutants.filter(({ from, to }) => from !== to);
}

/** A copy of the tree in which one file at a time is another one. */
function workplace(): string {
  const place = mkdtempSync(path.join(tmpdir(), 'valeo-mutation-'));
  for (const name of ['shared', 'test/fixtures', 'test/backend', 'test/mutation']) cpSync(path.join(root, name), path.join(place, name), { recursive: true });
  // Without the root's tsconfig: it names folders that are not copied.
  for (const name of ['package.json', 'tsconfig.base.json']) cpSync(path.join(root, name), path.join(place, name));
  writeFileSync(path.join(place, 'vitest.config.ts'), `export default { test: { include: ['shared/audit/**/*.test.ts'], environment: 'node', pool: 'threads' } };\n`);
  symlinkSync(path.join(root, 'node_modules'), path.join(place, 'node_modules'));
  return place;
}

function survives(place: string, { file, start, end, to }: Mutant): Promise<boolean> {
  const target = path.join(place, folder, file);
  const source = readFileSync(path.join(root, folder, file), 'utf8');
  writeFileSync(target, source.slice(0, start) + to + source.slice(end));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--bail', '1', '--reporter=dot'], { cwd: place, stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.once('close', (code) => {
      clearTimeout(timer);
      writeFileSync(target, source);
      resolve(code === 0);
    });
  });
}

/** Tests that fail without any change would notice every change. */
async function checkUnchanged(): Promise<void> {
  const place = workplace();
  try {
    if (!await survives(place, { file: all[0] ?? '', line: 0, from: '', to: '', start: 0, end: 0 })) throw new Error('the tests fail without any change; mend them first');
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

await checkUnchanged();
const mutants = all.filter((name) => wanted.length === 0 || wanted.includes(name)).flatMap(mutantsOf).filter((_, at) => Math.floor(at * sample) !== Math.floor((at - 1) * sample));
process.stderr.write(`${mutants.length} changes\n`);
const queue = [...mutants];
const survived: Mutant[] = [];
let done = 0;
const worker = async (): Promise<void> => {
  const place = workplace();
  try {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (await survives(place, next)) survived.push(next);
      done += 1;
      if (done % 20 === 0) process.stderr.write(`${done} of ${mutants.length}, ${survived.length} unnoticed\n`);
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
};
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
const killed = (100 * (mutants.length - survived.length)) / Math.max(1, mutants.length);
for (const { file, line, from, to } of survived) process.stdout.write(`${folder}/${file}:${line}  ${JSON.stringify(from.slice(0, 60))} → ${JSON.stringify(to.slice(0, 60))}\n`);
process.stdout.write(`${mutants.length} changes, ${killed.toFixed(1)} % noticed\n`);
mkdirSync(path.join(root, 'out'), { recursive: true });
writeFileSync(path.join(root, 'out/mutation.json'), `${JSON.stringify({ mutants: mutants.length, killed: Number(killed.toFixed(2)), survived }, null, 2)}\n`);
process.exitCode = killed >= 95 ? 0 : 1;
