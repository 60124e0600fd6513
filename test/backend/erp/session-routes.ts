import type { FastifyInstance } from 'fastify';
import type { Audit } from '../audit/audit.ts';
import type { SignInSession, Sessions } from '../idp/sessions.ts';
import { callerOf, isAdmin, requireAll } from './auth.ts';
import { refuse } from './errors.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** `/security/sessions`: the own sign-ins for everybody, those of others for `admin:all`. */
export function sessionRoutes(app: FastifyInstance, sessions: Sessions, audit: Audit): void {
  const wire = (session: SignInSession, current: string | null) => ({
    id: session.id, user: session.user, client: session.client, createdAt: iso(session.createdAt), lastSeenAt: iso(session.lastSeenAt), ip: session.ip, userAgent: session.userAgent, current: session.id === current,
  });

  app.get<{ Querystring: { user?: string } }>('/security/sessions', (request) => {
    const caller = callerOf(request);
    const user = request.query.user ?? caller.subject;
    if (user !== caller.subject) requireAll(caller, 'admin:all');
    const items = sessions.list(user).map((session) => wire(session, caller.sessionId));
    return { total: items.length, items };
  });

  app.delete<{ Params: { id: string } }>('/security/sessions/:id', (request) => {
    const caller = callerOf(request);
    const session = sessions.find(request.params.id);
    // Somebody else's looks like none at all.
    if (session === undefined || (session.user !== caller.subject && !isAdmin(caller))) throw refuse(404, 'Session not found');
    sessions.end(session.id);
    audit.record(request, { action: 'session.end', resource: `session/${session.user}` });
    return { ok: true, ended: 1 };
  });

  app.delete('/security/sessions', (request) => {
    const caller = callerOf(request);
    const others = sessions.list(caller.subject).filter(({ id }) => id !== caller.sessionId);
    for (const { id } of others) sessions.end(id);
    audit.record(request, { action: 'session.endOthers', resource: `session/${caller.subject}` });
    return { ok: true, ended: others.length };
  });
}
