import type { NamedEnvironment } from '../../shared/names.ts';

/** The accounts that the central pipelines deploy to, in their order. */
export const staging: NamedEnvironment = { name: 'staging', account: '222222222222', region: 'eu-west-1' };
export const production: NamedEnvironment = { name: 'production', account: '333333333333', region: 'eu-west-1' };
