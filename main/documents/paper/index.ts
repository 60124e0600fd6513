import type { ConnectionProfile } from '../../../shared/domain/profile.ts';
import type { Journal } from '../../audit/journal.ts';
import type { Erp } from '../../erp/types.ts';
import type { FilePorts } from '../../files/ports.ts';
import { WrittenFiles } from '../../files/written.ts';
import type { DataHost } from '../../host/client.ts';
import type { Jobs } from '../../jobs.ts';
import type { Log } from '../../log/log.ts';
import type { DocumentsService } from '../documents.ts';
import { ArchiveService } from './archive.ts';
import { AuditExportService } from './audit-export.ts';
import { ExportService } from './export.ts';
import type { PaperPorts } from './ports.ts';
import { PrintService } from './print.ts';
import { VerifyService } from './verify.ts';

export type PaperOptions = {
  profile: Pick<ConnectionProfile, 'erpUrl' | 'name'>;
  erp: Erp;
  host: DataHost;
  documents: Pick<DocumentsService, 'refresh'>;
  files: FilePorts;
  paper: PaperPorts;
  jobs: Jobs;
  journal: Journal;
  isOnline: () => boolean;
  now: () => number;
  log: Log;
};

/** Everything about documents on paper and in files, for one profile. */
export function createPaper({ profile, files, paper, jobs, erp, host, documents, journal, isOnline, now, log }: PaperOptions) {
  const { erpUrl, name: sender } = profile;
  const written = new WrittenFiles(files);
  const archive = new ArchiveService({ erp, host, isOnline, now, log });
  return {
    written, archive,
    print: new PrintService({ erp, host, documents, archive, paper, files, written, journal, isOnline, erpUrl, sender, now }),
    exports: new ExportService({ erp, host, jobs, files, written, journal }),
    auditExports: new AuditExportService({ host, jobs, files, paper, written, journal, erpUrl, sender, now }),
    verify: new VerifyService({ erp, host, archive, erpUrl, now, log }),
  };
}

export type Paper = ReturnType<typeof createPaper>;
