import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { DrillProof, ServerBackup } from '../../../../shared/security/backups/backup.ts';
import { useFormat } from '../../../i18n/format.ts';

/** A backup of the list, or one that only its proofs still tell of. */
export type BackupRow = { backup: ServerBackup; /** Its newest drill. */ latest: DrillProof | null; isGone: boolean };

/** Newest first. */
export function rowsOf(backups: readonly ServerBackup[], proofs: readonly DrillProof[]): BackupRow[] {
  const newest = new Map<string, DrillProof>();
  for (const proof of proofs) {
    const known = newest.get(proof.evidence.backup);
    if (known === undefined || known.checkedAt < proof.checkedAt) newest.set(proof.evidence.backup, proof);
  }
  const listed = new Set(backups.map(({ id }) => id));
  const gone = [...newest.values()].filter(({ evidence }) => !listed.has(evidence.backup)).map((latest): BackupRow => ({
    latest, isGone: true,
    backup: { id: latest.evidence.backup, kind: 'other', createdAt: Date.parse(latest.evidence.startedAt) - latest.evidence.rpoSeconds * 1000, size: null, sha256: latest.evidence.sha256, keptUntil: null, offsite: null },
  }));
  return [...backups.map((backup): BackupRow => ({ backup, latest: newest.get(backup.id) ?? null, isGone: false })), ...gone].toSorted((a, b) => b.backup.createdAt - a.backup.createdAt);
}

/** Bytes in megabytes, or kilobytes where that reads better. */
export function useSize(): (bytes: number | null) => string {
  const { t } = useTranslation('security-backups');
  const format = useFormat();
  return useCallback((bytes) => {
    if (bytes === null) return '–';
    const isSmall = bytes < 1_000_000;
    return t(isSmall ? 'size.kilobytes' : 'size.megabytes', { size: format.decimal((bytes / (isSmall ? 1000 : 1_000_000)).toFixed(1), { max: 1 }) });
  }, [t, format]);
}

/** Seconds as people say them: `3 s`, `12 min`, `4 h`. */
export function useDuration(): (seconds: number) => string {
  const { t } = useTranslation('security-backups');
  const format = useFormat();
  return useCallback((seconds) => {
    if (seconds < 90) return t('duration.seconds', { value: format.integer(seconds) });
    if (seconds < 5400) return t('duration.minutes', { value: format.integer(seconds / 60) });
    return t('duration.hours', { value: format.integer(seconds / 3600) });
  }, [t, format]);
}
