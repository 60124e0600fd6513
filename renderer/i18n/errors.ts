import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../shared/ipc/errors.ts';

/**
 * Where the text to a message key stands: `errors.X` is key X of the namespace errors, `guards.X` its key guards.X, and
 * everything else a full `namespace.key`.
 */
export function locateText(messageKey: string): { ns: string; key: string } {
  if (messageKey.startsWith('guards.')) return { ns: 'errors', key: messageKey };
  const dot = messageKey.indexOf('.');
  return dot < 0 ? { ns: 'common', key: messageKey } : { ns: messageKey.slice(0, dot), key: messageKey.slice(dot + 1) };
}

export type Message = { messageKey: string; params: Record<string, string> };

/** Turns a message key with its parameters into the sentence on screen. */
export function useMessage(): (message: Message) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    ({ messageKey, params }) => {
      const { ns, key } = locateText(messageKey);
      return i18n.exists(key, { ns }) ? t(key, { ns, ...params }) : t('error.unknownText', { ns: 'common', key: messageKey });
    },
    [t, i18n],
  );
}

/** The sentence for an error. */
export function useErrorText(error: AppError): string {
  return useMessage()(error);
}
