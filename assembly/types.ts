import type { Template } from '../languages/template/types.ts';

/** A synthesized CDK app, as far as playing and judging it needs. */
export interface Assembly {
  /** Each stack comes after those it depends on; stacks of nested assemblies (CDK stages) are among them. */
  readonly stacks: readonly AssemblyStack[];
}

/** One stack of an assembly. */
export interface AssemblyStack {
  /** The artifact's id in its manifest, which others name in `dependsOn`. */
  readonly id: string;
  /** The name in CloudFormation. */
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  /** The template as it stands in the file. */
  readonly templateText: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly assets: readonly Asset[];
  /** Names of the stacks that have to exist first. */
  readonly dependsOn: readonly string[];
}

/** A file or directory that goes to an asset bucket before its stack is deployed. */
export interface Asset {
  readonly hash: string;
  /** Absolute. */
  readonly path: string;
  /** A directory is uploaded as one zip file, a file as it is. */
  readonly packaging: 'zip' | 'file';
  readonly bucketName: string;
  readonly objectKey: string;
  /** The bucket's region; the stack's own unless the manifest says otherwise. */
  readonly region: string;
}
