import { describe, expect, it } from 'vitest';
import { monitoringOf, noMonitoring, readAddress } from './monitoring.ts';

describe('the address of a server that watches', () => {
  it.each([
    ['prometheus', 'https://prometheus.example.de/', 'https://prometheus.example.de'],
    ['prometheus', ' prometheus.example.de:9090 ', 'https://prometheus.example.de:9090'],
    ['prometheus', 'localhost:9090', 'http://localhost:9090'],
    ['prometheus', 'https://watch.example.de/prometheus/graph?g0.expr=up&g0.tab=1', 'https://watch.example.de/prometheus'],
    ['prometheus', 'https://watch.example.de/prometheus/api/v1/query', 'https://watch.example.de/prometheus'],
    ['prometheus', 'https://watch.example.de/graphs', 'https://watch.example.de/graphs'],
    ['alertmanager', 'https://alerts.example.de/#/alerts?silenced=false', 'https://alerts.example.de'],
    ['alertmanager', 'http://127.0.0.1:9093/api/v2', 'http://127.0.0.1:9093'],
    // A path behind a proxy may well be called what a page of another server is called.
    ['alertmanager', 'https://watch.example.de/alerts/', 'https://watch.example.de/alerts'],
    ['loki', 'https://logs.example.de/loki/api/v1/labels', 'https://logs.example.de'],
    ['loki', '[::1]:3100', 'http://[::1]:3100'],
    ['loki', '   ', ''],
  ] as const)('%s: %s is %s', (id, text, address) => {
    expect(readAddress(id, text)).toEqual({ address, problem: null });
  });

  it.each([
    ['http://prometheus.example.de', 'unencrypted'], ['http://127.0.0.1.example.de', 'unencrypted'], ['https://admin:geheim@prometheus.example.de', 'credentials'],
    ['ftp://prometheus.example.de', 'noAddress'], ['javascript:alert(1)', 'noAddress'], ['der Server im Keller', 'noAddress'], ['https://', 'noAddress'], ['https://prometheus.example.de:port', 'noAddress'],
    ['http://127.0.0.1@prometheus.example.de', 'credentials'],
  ] as const)('refuses %s as %s', (text, problem) => {
    expect(readAddress('prometheus', text)).toEqual({ address: null, problem });
  });

  it('is shown empty where a profile names none', () => {
    expect(monitoringOf({})).toEqual(noMonitoring);
    expect(monitoringOf({ lokiUrl: 'https://logs.example.de' })).toEqual({ ...noMonitoring, lokiUrl: 'https://logs.example.de' });
  });
});
