import type { AppPolicy, AppPolicyState } from '../../shared/domain/app-policy.ts';
import { defaultAppPolicy } from '../../shared/domain/app-policy-defaults.ts';
import { useCall } from '../bridge/queries.ts';

/** What holds on this computer and who decided it; undefined until main has answered. */
export const useAppPolicyState = (): AppPolicyState | undefined => useCall('app.policy', undefined, { staleTime: Infinity }).data;

/** The values in force. Main decides; this is for showing what it will refuse. */
export const useAppPolicy = (): AppPolicy => useAppPolicyState()?.values ?? defaultAppPolicy;
