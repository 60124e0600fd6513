import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DestinationStream } from 'pino';
import { accounts } from './accounts.ts';
import { createAudit } from './audit/audit.ts';
import { createFaults, type Control } from './control.ts';
import { metaValue, openDatabase, setMeta } from './db.ts';
import { createErp } from './erp/erp.ts';
import { createLog } from './erp/log.ts';
import { noGaps } from './idp/gaps.ts';
import { apiAudience, clientId, createIdentityProvider, tenant, type IdentityProviderOptions } from './idp/provider.ts';
import { createSessions } from './idp/sessions.ts';
import { seedPolicy } from './policy/seed.ts';
import { createRandom } from './seed/random.ts';
import { seed } from './seed/seed.ts';
import { noWeaknesses, weakenHead, type Weaknesses } from './security/posture.ts';

export type { Tampering } from './audit/log.ts';
export type { Control, Fault, FaultRule, JournalEntry } from './control.ts';

export type BackendOptions = {
  /** 0 or nothing takes a free one. */
  port?: number;
  api?: 'security' | 'shipped';
  /** How many documents a new database starts with. Default 2000. */
  documents?: number;
  seed?: number;
  /** How many entries the audit log of a new database has at least. Default 0: only what the documents give. On the shipped server: what somebody else has written into its table. */
  audit?: number;
  /** Folder that survives a restart; default a temporary one that is removed on close. */
  data?: string;
  /** Default true; the shipped profile never limits. */
  rateLimits?: boolean;
  /** Epoch milliseconds; decides about timestamps, token expiry at the ERP and the dates of the seed. */
  clock?: () => number;
  /** Default 600. */
  accessTokenTtlSeconds?: number;
  /** What the identity provider offers beyond the usual; nothing by default. */
  idp?: IdentityProviderOptions;
  /** Where the redacted JSON log goes; silent by default. */
  log?: DestinationStream;
};

export type BackendInfo = { erp: string; issuer: string; clientId: string; users: { name: string; password: string; roles: string[] }[] };

export type Backend = BackendInfo & { control: Control; close(): Promise<void> };

function listen(handler: RequestListener, port: number): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        }),
      });
    });
  });
}

/** Seconds after a sign-in within which what cannot be undone may be done; later the server asks for a new one. */
const freshSeconds = 300;

/**
 * Starts the reference ERP and its identity provider on one loopback port.
 * @throws Error with code EADDRINUSE when the port is taken, or when the data folder cannot be used.
 */
export async function startBackend(options: BackendOptions = {}): Promise<Backend> {
  const api = options.api ?? 'security';
  const now = options.clock ?? Date.now;
  const faults = createFaults(now);
  const weaknesses: Weaknesses = { ...noWeaknesses };

  let serve: RequestListener = (_request, response) => { response.writeHead(503).end('Starting'); };
  // The port comes first: the issuer's address is part of everything that is built after it.
  const listener = await listen((request, response) => faults.around(request, response, () => serve(request, response)), options.port ?? 0);
  const opened = (() => {
    try {
      return openDatabase(options.data);
    } catch (error) {
      void listener.close();
      throw error;
    }
  })();
  const { db } = opened;
  try {
    const restarted = metaValue(db, 'seeded', () => '') !== '';
    if (!restarted) {
      seed(db, { documents: options.documents ?? 2000, seed: options.seed ?? 1, now: now(), audit: options.audit ?? 0 });
      seedPolicy(db, now(), createRandom(options.seed ?? 1).next);
      setMeta(db, 'seeded', new Date(now()).toISOString());
    }
    opened.createIndexes();

    const erpUrl = `http://127.0.0.1:${listener.port}`;
    const audit = createAudit(db, now);
    const sessions = createSessions(db, now);
    const idp = createIdentityProvider(db, `${erpUrl}/idp`, options.accessTokenTtlSeconds ?? 600, {
      ...options.idp,
      sessions,
      onLogin: (attempt) => {
        if (api === 'security') audit.append({ ts: now(), role: null, action: 'login', resource: 'session', from: null, to: null, policy: null, correlationId: randomUUID(), ...attempt });
      },
    });
    const erp = await createErp({
      weaknesses, db, api, now, restarted, shippedAudit: options.audit ?? 0, audit, sessions, disabled: idp.disabled, keysChanged: idp.reload, issuer: idp.issuer, audience: apiAudience, tenant, freshSeconds, log: createLog(options.log), rateLimits: api === 'security' && (options.rateLimits ?? true),
    });
    serve = (request, response) => {
      if ((request.url ?? '').startsWith('/idp/')) return idp.handle(request, response);
      weakenHead(request, response, weaknesses);
      return erp.app.routing(request, response);
    };

    const control: Control = {
      db,
      requests: faults.journal,
      clearRequests: () => { faults.journal.length = 0; },
      fail: faults.fail,
      clearFaults: faults.clear,
      expireTokens: () => erp.tokens.deny(idp.issuedTokens()),
      revokeTokens: () => { erp.tokens.deny(idp.issuedTokens()); idp.revokeSessions(); },
      setDisabled: (name, isDisabled) => { if (isDisabled) idp.disabled.add(name); else idp.disabled.delete(name); },
      setGaps: (gaps) => { Object.assign(idp.gaps, noGaps, gaps); },
      setWeaknesses: (given) => { Object.assign(weaknesses, noWeaknesses, given); },
      rotateKeys: (keepOld = true) => { idp.rotateKeys(keepOld); erp.tokens.reloadKeys(); },
      loseWorkflowState: erp.loseWorkflowState,
      setStatus: (type, number, status) => {
        const document = erp.documents.find(type, number);
        if (!document) throw new Error(`no document ${type} ${number}`);
        erp.documents.put(type, { ...document.body, status });
      },
      dropEventStreams: erp.dropEventStreams,
      tamperAudit: (tampering) => {
        if (erp.auditLog === null) throw new Error('the shipped server has no signed log');
        erp.auditLog.tamper(tampering);
      },
      auditRows: () => {
        if (erp.auditRows === null) throw new Error('only the shipped server has such a table');
        return erp.auditRows;
      },
      security: () => {
        if (erp.security === null) throw new Error('the shipped server has no security centre');
        return erp.security;
      },
      raiseAlert: erp.policy.alerts.raise,
    };
    return {
      erp: erpUrl, issuer: idp.issuer, clientId, control,
      users: accounts.map(({ name, password, roles }) => ({ name, password, roles: [...roles] })),
      close: async () => {
        await erp.close();
        await listener.close();
        opened.close();
      },
    };
  } catch (error) {
    await listener.close();
    opened.close();
    throw error;
  }
}
