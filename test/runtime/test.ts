import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { out, root } from './paths.ts';
import { duration, Failure, runCommand, say } from './say.ts';
import { add, judge, lastLine, none, readPlaywrightReport, readVitestReport, type Count } from './summary.ts';

/** `npm test`: every stage in turn, readable output as it comes, and one sum at the end. Also when a stage fails the later ones run. */

type Stage = { name: string; program: string; args: string[]; report?: { file: string; read: (text: string | undefined) => Count | undefined } };

const reports = join(out, 'test');
const packageBin = (path: string): string => join(root, 'node_modules', path);

/** Two files at a time on two cores: most of them wait for servers, clocks and keychains of their own, and one at a time the machine stands idle. */
const workers = Math.max(2, availableParallelism() - 1);

function vitest(project: string): Stage {
  const file = join(reports, `${project}.json`);
  return {
    name: project, program: packageBin('vitest/vitest.mjs'),
    args: ['run', '--project', project, `--maxWorkers=${workers}`, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    report: { file, read: readVitestReport },
  };
}

const stages: readonly Stage[] = [
  { name: 'lint', program: packageBin('oxlint/bin/oxlint'), args: ['--deny-warnings'] },
  { name: 'types', program: packageBin('typescript/bin/tsc'), args: ['-b', '--pretty'] },
  vitest('unit'),
  vitest('integration'),
  { name: 'e2e', program: packageBin('@playwright/test/cli.js'), args: ['test'], report: { file: join(reports, 'e2e.json'), read: readPlaywrightReport } },
];

/** @throws Failure when a stage is not one of ours */
function chosenStages(names: readonly string[]): readonly Stage[] {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) throw new Failure(`There is no test stage named ${unknown.join(', ')}. There are: ${stages.map(({ name }) => name).join(', ')}.`);
  return names.length === 0 ? stages : stages.filter(({ name }) => names.includes(name));
}

function runStage(stage: Stage): Promise<number | null> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) };
    const child = spawn(process.execPath, [stage.program, ...stage.args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env });
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
}

async function countStage(stage: Stage, code: number | null): Promise<Count> {
  if (stage.report === undefined) return code === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
  const { file, read } = stage.report;
  return judge(code, read(await readFile(file, 'utf8').catch(() => undefined)));
}

await runCommand(async () => {
  const chosen = chosenStages(process.argv.slice(2));
  await mkdir(reports, { recursive: true });
  let total = none;
  const table: string[] = [];
  for (const stage of chosen) {
    say(`\n── ${stage.name} ──`);
    // A report of an earlier run must not speak for a runner that crashes now.
    if (stage.report !== undefined) await rm(stage.report.file, { force: true });
    const started = performance.now();
    const count = await countStage(stage, await runStage(stage));
    total = add(total, count);
    table.push(`${stage.name.padEnd(12)} ${duration(performance.now() - started).padStart(12)}   ${lastLine(count)}`);
  }
  say(`\n${table.join('\n')}\n\n${lastLine(total)}`);
  return total.failed === 0 ? 0 : 1;
});
