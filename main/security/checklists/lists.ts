import asvs from '../../../resources/security/checklists/asvs.json' with { type: 'json' };
import awareness from '../../../resources/security/checklists/awareness.json' with { type: 'json' };
import iso27001 from '../../../resources/security/checklists/iso27001.json' with { type: 'json' };
import nis2 from '../../../resources/security/checklists/nis2.json' with { type: 'json' };
import postDeployment from '../../../resources/security/checklists/post-deployment.json' with { type: 'json' };
import preDeployment from '../../../resources/security/checklists/pre-deployment.json' with { type: 'json' };
import { checklistSchema, type Checklist } from '../../../shared/security/checklists/list.ts';

/** The lists that the app brings along, in the order in which they are shown. */
export const checklists: readonly Checklist[] = [asvs, iso27001, nis2, preDeployment, postDeployment, awareness].map((list) => checklistSchema.parse(list));
