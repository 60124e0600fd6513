import type { ConnectionProfile } from '../../shared/domain/profile.ts';
import type { SecurityArea } from '../../shared/security/areas.ts';
import type { OverviewLine } from '../../shared/security/overview.ts';
import type { PointId } from '../../shared/security/points.ts';
import { Emitter } from '../emitter.ts';
import { createScore } from './score/index.ts';
import { createPosture } from './posture/index.ts';
import { createFindings } from './findings/index.ts';
import { createAlerts } from './alerts/index.ts';
import { createMetrics } from './metrics/index.ts';
import { createBackups } from './backups/index.ts';
import { createSecrets } from './secrets/index.ts';
import { createIncidents } from './incidents/index.ts';
import { createGdpr } from './gdpr/index.ts';
import { createChecklists } from './checklists/index.ts';
import { createReview } from './review/index.ts';
import { EvidenceBook } from './evidence-book.ts';
import { lineOfPoint, type OverviewSource } from './overview.ts';
import type { Background, SecurityPorts } from './ports.ts';

/** The security centre of a workspace: one service an area, tied together by the evidence that they write. */
export function createSecurityCentre(given: Omit<SecurityPorts, 'evidence' | 'changed'>) {
  const changed = new Emitter<SecurityArea[]>();
  const evidence = new EvidenceBook({ host: given.host, now: given.clock.now });
  const ports: SecurityPorts = { ...given, evidence, changed: (...areas) => changed.emit(areas) };
  evidence.changed.on(() => changed.emit(['score']));
  const score = createScore(ports);
  const posture = createPosture(ports);
  const findings = createFindings(ports);
  const metrics = createMetrics(ports);
  const alerts = createAlerts(ports, metrics);
  const backups = createBackups(ports);
  const secrets = createSecrets(ports);
  const incidents = createIncidents(ports, secrets);
  const gdpr = createGdpr(ports);
  const checklists = createChecklists(ports, score);
  const review = createReview(ports);

  const line = (id: string, area: SecurityArea, point: PointId): OverviewSource => lineOfPoint(id, area, point, () => evidence.list(), given.clock.now);
  /** What an administrator sees first on the overview, in this order; an area adds its own. */
  const overview: readonly OverviewSource[] = [
    () => score.overviewLine(), line('alerts', 'alerts', 'observability.alerts'), line('drill', 'backups', 'backups.drill'), line('secrets', 'secrets', 'secretRotation.inTime'),
    () => gdpr.overviewLine(),
  ];

  /** In the order in which they begin. */
  const background: readonly Background[] = [posture, metrics, alerts, incidents.reminders, score, findings, backups.background, secrets.background, gdpr.background];
  return {
    changed, evidence, score, posture, findings, alerts, metrics, backups, secrets, incidents, gdpr, checklists, review,
    overview: async (): Promise<OverviewLine[]> => (await Promise.all(overview.map((source) => source()))).filter((one) => one !== null),
    /** The servers beside the ERP are others from now on; nothing that is open or on its way is touched. */
    watchers(profile: ConnectionProfile): void {
      for (const each of [metrics, alerts]) each.follow(profile);
      changed.emit(['metrics', 'alerts']);
    },
    /** The cache is open and the first screen painted. */
    start: (): void => { for (const each of background) each.start(); },
    /** The server can be reached again. */
    reconnected: incidents.reminders.reconnected,
    /** Resolves when nothing writes any more. */
    stop: async (): Promise<void> => { await Promise.all(background.map((each) => each.stop())); },
  };
}

export type SecurityCentre = ReturnType<typeof createSecurityCentre>;
