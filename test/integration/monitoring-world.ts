import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../fixtures/ports.ts';

/** The Debian packages' own programs on loopback, with folders of their own. */
export type Monitoring = { prometheus: string; alertmanager: string; end(): Promise<void> };

async function ready(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    if (child.exitCode !== null) break;
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer:\n${output().slice(-2000)}`);
}

export type Rule = { alert: string; expr: string; severity: string; summary: string; labels?: Readonly<Record<string, string>> };

/**
 * Starts both, scraping `target` every second.
 * @param rules of Prometheus, evaluated every second
 * @param history what Prometheus has known since before it started, in OpenMetrics with timestamps
 */
export async function startMonitoring(target: string, rules: readonly Rule[], { history }: { history?: string } = {}): Promise<Monitoring> {
  const folder = await mkdtemp(path.join(tmpdir(), 'valeo-monitoring-'));
  const [port, alertPort] = [await freePort(), await freePort()];
  const children: ChildProcess[] = [];
  const run = async (program: string, args: string[], readyAt: string): Promise<void> => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { output = (output + chunk.toString()).slice(-20_000); });
    child.on('error', (error) => { output += error.message; });
    children.push(child);
    await ready(readyAt, child, () => output);
  };
  const end = async (): Promise<void> => {
    await Promise.all(children.map((child) => new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.pid === undefined) return resolve();
      const force = setTimeout(() => child.kill('SIGKILL'), 5000);
      child.once('exit', () => { clearTimeout(force); resolve(); });
      child.kill('SIGTERM');
    })));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // JSON is YAML.
    await writeFile(path.join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'erp', interval: '1s', rules: rules.map(({ alert, expr, severity, summary, labels }) => ({ alert, expr, labels: { severity, ...labels }, annotations: { summary } })) }] }));
    await writeFile(path.join(folder, 'prometheus.yml'), JSON.stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' }, rule_files: ['rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertPort}`] }] }] },
      scrape_configs: [{ job_name: 'erp', metrics_path: '/metrics/', static_configs: [{ targets: [new URL(target).host] }] }],
    }));
    await writeFile(path.join(folder, 'alertmanager.yml'), JSON.stringify({ route: { receiver: 'nobody', group_wait: '1s', group_interval: '1s' }, receivers: [{ name: 'nobody' }] }));
    await run('prometheus-alertmanager', ['--config.file=alertmanager.yml', `--storage.path=${path.join(folder, 'alerts')}`, `--web.listen-address=127.0.0.1:${alertPort}`, '--cluster.listen-address='], `http://127.0.0.1:${alertPort}/-/ready`);
    if (history !== undefined) {
      await writeFile(path.join(folder, 'history.txt'), history);
      await promisify(execFile)('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', 'history.txt', 'data'], { cwd: folder });
    }
    await run('prometheus', ['--config.file=prometheus.yml', `--storage.tsdb.path=${path.join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`,
      // An alert that fires before Prometheus has found the Alertmanager would else be told again after a minute.
      '--rules.alert.resend-delay=2s'
    ], `http://127.0.0.1:${port}/-/ready`);
  } catch (error) {
    await end();
    throw error;
  }
  return { prometheus: `http://127.0.0.1:${port}`, alertmanager: `http://127.0.0.1:${alertPort}`, end };
}
