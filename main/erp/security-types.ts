import type { DrillEvidence, ServerBackup } from '../../shared/security/backups/backup.ts';
import type { RotatePhase, ServerSecret } from '../../shared/security/secrets/secret.ts';
import type { CallOptions } from './types.ts';

/** Backups of the server, ERP-API section 7. */
export type BackupsApi = {
  /** `key` is the one that signs evidence, as the server names it now (`name+id+base64`); null where it names none. */
  list(options?: CallOptions): Promise<{ backups: ServerBackup[]; unreadable: number; key: string | null }>;
  /** Sent once and never again by itself: a second one would be a second backup. @returns null where the server does not say what it made */
  create(options?: CallOptions): Promise<ServerBackup | null>;
  /** Restores a backup beside the running system and compares. Changes nothing there. */
  drill(id: string, options?: CallOptions): Promise<DrillEvidence>;
};

/** The server's secrets without their values, ERP-API section 7. */
export type SecretsApi = {
  list(options?: CallOptions): Promise<ServerSecret[]>;
  /** One step of a rotation. @param reason empty where there is none. @throws AppFailure server.conflict when another step is due */
  rotate(name: string, phase: RotatePhase, reason: string, options?: CallOptions): Promise<void>;
};
