import { table } from '../../world/store.ts';

/** A repository of container images. Nothing local stores images: it has a name and a policy. */
export interface ImageRepository {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly mutability: 'MUTABLE' | 'IMMUTABLE';
  readonly policy?: unknown;
  /** Milliseconds of world time. */
  readonly createdAt: number;
}

/** By ARN. */
export const imageRepositories = table<ImageRepository>('ecr/repositories');
