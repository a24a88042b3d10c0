import { createHash } from 'node:crypto';

/**
 * Which of `count` groups a name belongs to, from 0. It depends on nothing but the two, so that a new environment moves no other:
 * what moved between stacks would be made before the old one is gone, and its names are taken.
 */
export const shardOf = (name: string, count: number): number =>
  createHash('sha256').update(name).digest().readUInt32BE(0) % count;
