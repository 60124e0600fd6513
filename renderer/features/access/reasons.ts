import type { TFunction } from 'i18next';
import type { Explanation } from '../../../shared/rbac/explain.ts';
import type { Format } from '../../i18n/format.ts';

/** The sentences that say why something is allowed or not. */
export function reasonsFor(told: Explanation, t: TFunction<'access'>, format: Format): string[] {
  if (!told.allowed) {
    const scopes = told.missing.join(', ');
    return [
      ...(told.missing.length === 0 ? [] : [told.needsAll || told.missing.length === 1 ? t('why.missing', { scopes }) : t('why.missingAny', { scopes })]),
      ...(told.missingRoles.length === 0 ? [] : [t('why.missingRole', { roles: told.missingRoles.join(', ') })]),
    ];
  }
  const scopes = told.because.join(', ');
  const by = told.from.source === 'token' ? t('why.fromToken', { scopes }) : t('why.fromRoles', { scopes, roles: format.list(told.from.roles) });
  return [
    by,
    ...(told.asRoles.length === 0 ? [] : [t('why.asRole', { roles: format.list(told.asRoles) })]),
    ...(told.needsOtherPerson ? [t(told.mayOverride ? 'why.override' : 'why.otherPerson')] : []),
  ];
}
