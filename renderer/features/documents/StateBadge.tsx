import type { ReactNode } from 'react';
import type { WorkflowState } from '../../../shared/domain/workflow.ts';
import { Badge } from '../../ui/index.ts';
import { stateLook, useWords } from './words.ts';

/** A workflow state in one word; a dash while it is not known. */
export function StateBadge({ state }: { state: WorkflowState | null }): ReactNode {
  const words = useWords();
  if (state === null) return '–';
  const { tone, icon } = stateLook[state];
  return <Badge tone={tone} icon={icon}>{words.state(state)}</Badge>;
}
