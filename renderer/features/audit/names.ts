import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What an action is called; servers may know others, which then stand as they are. */
export function useActionName(): (action: string) => string {
  const { t, i18n } = useTranslation('audit');
  return useCallback((action) => (i18n.exists(`audit:did.${action}`) ? t(`did.${action}`) : action), [t, i18n]);
}
