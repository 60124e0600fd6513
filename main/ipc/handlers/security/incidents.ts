import type { incidentsCalls } from '../../../../shared/ipc/calls/security/incidents.ts';
import type { CallHandlers } from '../../../../shared/ipc/contract.ts';
import { toMarkdown, toPage } from '../../../../shared/security/incidents/post-mortem.ts';
import { saveAs } from '../../../files/save-as.ts';
import { saveReport } from '../../../files/save-report.ts';
import type { Incidents } from '../../../security/incidents/index.ts';
import type { SecurityHandlerPorts } from './ports.ts';

/** Calls about incidents and people who leave. */
export function incidentsHandlers({ security, files, paper }: SecurityHandlerPorts): Pick<CallHandlers, keyof typeof incidentsCalls> {
  const area = async (): Promise<Incidents> => (await security()).incidents;
  return {
    'incidents.list': async () => (await area()).list(),
    'incidents.get': async ({ id }) => (await area()).book.get(id),
    'incidents.create': async (given) => (await area()).book.create(given),
    'incidents.obey': async ({ id, command }) => (await area()).obey(id, command),
    'incidents.attach': async ({ id, target }) => (await area()).book.attach(id, target),
    'incidents.resolve': async ({ id, path, take }) => (await area()).book.resolve(id, path, take),
    'incidents.sync': async () => {
      const { joining } = await area();
      await joining.sync();
      return joining.status();
    },
    'incidents.features': async () => (await area()).containment.features(),
    'incidents.act': async ({ id, action }) => (await area()).containment.run(id, action),
    'incidents.savePostMortem': async ({ id, format, language, report, emptyText, foot, suggestedName }) => {
      const { book, sender } = await area();
      // Before a file is written: there is no report of an incident that is not there.
      await book.get(id);
      const saved = await (format === 'pdf'
        ? saveReport(files, paper, { suggestedName, note: report.notice ?? foot }, () => toPage(report, { language, sender, empty: emptyText }))
        : saveAs(files, { suggestedName, extension: '.md', kind: 'Markdown' }, () => toMarkdown(report, emptyText)));
      if (saved !== null) await book.exported(id, format);
      return saved;
    },
    'incidents.watch': async () => (await area()).reminders.watch(),
    'incidents.told': async ({ ids }) => {
      await (await area()).reminders.told(ids);
      return null;
    },
    'incidents.leavers': async () => (await area()).leavers.list(),
    'incidents.newLeaver': async (given) => (await area()).leavers.create(given),
    'incidents.leaver': async ({ id, command }) => (await area()).leavers.obey(id, command),
    'incidents.endSessions': async ({ id }) => (await area()).leavers.endSessions(id),
    'incidents.checkLeaver': async ({ id }) => (await area()).leavers.check(id),
  };
}
