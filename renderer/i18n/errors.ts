import i18next from 'i18next';
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

/** Turns a message key with its parameters into a sentence of the current language; an unknown key is named, never hidden. */
export function messageText({ messageKey, params }: Message): string {
  const { ns, key } = locateText(messageKey);
  return i18next.exists(key, { ns }) ? i18next.t(key, { ns, ...params }) : i18next.t('error.unknownText', { ns: 'common', key: messageKey });
}

/** {@link messageText} for components: they render again when the language changes. */
export function useMessage(): (message: Message) => string {
  const { i18n } = useTranslation();
  // The language is what makes the function a new one.
  return useCallback((message: Message) => (i18n.language === '' ? '' : messageText(message)), [i18n.language]);
}

/** The sentence for an error. */
export function useErrorText(error: AppError): string {
  return useMessage()(error);
}
