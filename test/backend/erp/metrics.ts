import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { documentTypeInfo, type DocumentType } from '../../../shared/domain/document-types.ts';

export type Metrics = { transition(domain: string, action: string, status: string): void; routes(app: FastifyInstance): void };

const printRoute = '/api/documents/:type/:number/print';

/**
 * The Prometheus series of ERP-API section 7; one registry per server, so that several can run in one process. Version 3.0 has the
 * series that its documentation names, and never touches them.
 */
export function createMetrics(openStreams: () => number, shipped: boolean): Metrics {
  const registers = [new Registry()];
  const requests = new Counter({ name: 'http_requests_total', help: 'HTTP requests', labelNames: ['method', 'endpoint', 'status'], registers });
  const durations = new Histogram({ name: 'http_request_duration_seconds', help: 'HTTP request duration', labelNames: ['method', 'endpoint'], registers });
  const transitions = new Counter({ name: 'workflow_transitions_total', help: 'Workflow transitions', labelNames: ['domain', 'action', 'status'], registers });
  new Gauge({
    name: 'sse_connections_active', help: 'Open event streams', labelNames: ['channel'], registers,
    collect() { if (!shipped) this.set({ channel: 'workflow' }, openStreams()); },
  });
  const documentedRequests = new Counter({ name: 'api_requests_total', help: 'API requests', labelNames: ['method', 'endpoint', 'status'], registers });
  const documentedDurations = new Histogram({ name: 'api_request_duration_seconds', help: 'API request duration', labelNames: ['method', 'endpoint'], registers });
  const prints = new Histogram({ name: 'document_print_duration_seconds', help: 'Document print duration', labelNames: ['domain'], registers });

  return {
    transition: (domain, action, status) => transitions.inc({ domain, action, status }),
    routes: (app) => {
      app.addHook('onResponse', async (request, reply) => {
        // The pattern and not the path: document numbers must not become label values.
        const endpoint = request.routeOptions.url ?? 'unmatched';
        requests.inc({ method: request.method, endpoint, status: String(reply.statusCode) });
        durations.observe({ method: request.method, endpoint }, reply.elapsedTime / 1000);
        if (shipped) return;
        documentedRequests.inc({ method: request.method, endpoint, status: String(reply.statusCode) });
        documentedDurations.observe({ method: request.method, endpoint }, reply.elapsedTime / 1000);
        const { type } = request.params as { type?: DocumentType };
        if (endpoint === printRoute && reply.statusCode === 200 && type !== undefined && type in documentTypeInfo) prints.observe({ domain: documentTypeInfo[type].domain }, reply.elapsedTime / 1000);
      });
      app.get('/metrics/', async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await registers[0]?.metrics()));
    },
  };
}
