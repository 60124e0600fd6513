import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { normaliseStatus, type DocumentType } from '../../../shared/domain/document-types.ts';
import type { WorkflowAction, WorkflowState } from '../../../shared/domain/workflow.ts';
import type { FormField } from '../../../shared/domain/form-spec.ts';
import { useMessage } from '../../i18n/errors.ts';
import { useFormat } from '../../i18n/format.ts';
import type { IconName, Tone } from '../../ui/index.ts';

export type Words = {
  type: (type: DocumentType) => string;
  /** A document status; unknown ones as the server wrote them. */
  status: (status: string) => string;
  state: (state: WorkflowState) => string;
  action: (action: WorkflowAction) => string;
  /** Our word for a field we know, in both languages, else the server's label. */
  field: (field: Pick<FormField, 'name' | 'label'>) => string;
  option: (field: string, value: string, label: string) => string;
  roles: (names: string) => string;
  /** A message about a document, its amounts, roles and states in the reader's language. */
  about: (message: { messageKey: string; params: Record<string, string> }) => string;
};

/** `Leitung oder Controlling`: one of these is enough. */
const oneOf = (language: string, names: readonly string[]): string => new Intl.ListFormat(language, { type: 'disjunction' }).format(names);

/** The words of the document area in the language on screen. */
export function useWords(): Words {
  const { t, i18n } = useTranslation('documents');
  const message = useMessage();
  const format = useFormat();
  return useMemo((): Words => {
    const known = (key: string, otherwise: string): string => (i18n.exists(key, { ns: 'documents' }) ? t(key) : otherwise);
    const roles = (names: string): string => oneOf(format.language, names.split(', ').filter((name) => name !== '').map((name) => known(`role.${name}`, name)));
    const shown: Record<string, (value: string) => string> = {
      roles, price: format.money, cost: format.money, total: format.money, rate: (value) => format.decimal(value),
      state: (value) => known(`state.${value}`, value), action: (value) => known(`action.${value}`, value),
    };
    const isAmount = /^-?\d+(\.\d+)?$/;
    const readable = (name: string, value: string): string => (['price', 'cost', 'total'].includes(name) && !isAmount.test(value) ? value : (shown[name]?.(value) ?? value));
    return {
      type: (type) => t(`type.${type}`),
      status: (status) => known(`status.${normaliseStatus(status)}`, status),
      state: (state) => t(`state.${state}`),
      action: (action) => t(`action.${action}`),
      field: ({ name, label }) => known(`field.${name}`, label),
      option: (field, value, label) => (field === 'status' ? known(`status.${normaliseStatus(value)}`, label) : known(`option.${field}.${value}`, label)),
      roles,
      about: ({ messageKey, params }) => message({ messageKey, params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, readable(name, value)])) }),
    };
  }, [t, i18n, message, format]);
}

/** Colour and sign of a workflow state; the word always stands beside them. */
export const stateLook: Readonly<Record<WorkflowState, { tone: Tone; icon: IconName }>> = {
  draft: { tone: 'neutral', icon: 'edit' },
  pending: { tone: 'warning', icon: 'clock' },
  approved: { tone: 'success', icon: 'check' },
  posted: { tone: 'accent', icon: 'lock' },
  rejected: { tone: 'danger', icon: 'reject' },
};
