/** A buildspec of version 0.2. Source: "Build specification reference" in the CodeBuild guide. */
export interface Buildspec {
  readonly version: '0.2';
  /** The Linux user that runs all commands, unless a phase names another. */
  readonly runAs?: string;
  readonly env: BuildEnvironment;
  readonly proxy: { readonly uploadArtifacts: boolean; readonly logs: boolean };
  readonly batch?: Batch;
  /** The phases that the file holds, in the order of their running. */
  readonly phases: readonly Phase[];
  /** By report group: an ARN, or the name that CodeBuild joins to the project's. */
  readonly reports: Readonly<Record<string, Report>>;
  readonly artifacts?: Artifacts;
  readonly cache?: Cache;
}

/** The maps of `env`; a name stands in one of them only. */
export interface BuildEnvironment {
  readonly shell?: 'bash' | '/bin/sh' | 'powershell.exe' | 'cmd.exe' | 'sh' | '/bin/bash';
  readonly variables: Readonly<Record<string, string>>;
  /** Variable to the name of a parameter. */
  readonly parameterStore: Readonly<Record<string, string>>;
  /** Variable to `<secret id>:<json key>:<version stage>:<version id>`, or an ARN with the same parts after it. */
  readonly secretsManager: Readonly<Record<string, string>>;
  readonly exportedVariables: readonly string[];
  readonly gitCredentialHelper: boolean;
}

export type PhaseName = 'install' | 'pre_build' | 'build' | 'post_build';

/** One phase: `finally` runs even when a command failed. */
export interface Phase {
  readonly name: PhaseName;
  readonly runAs?: string;
  readonly onFailure: OnFailure;
  /** Runtime to version, of the install phase alone: `nodejs` to `22`. */
  readonly runtimeVersions: Readonly<Record<string, string>>;
  /** Each is one text for the shell, which may span lines. */
  readonly commands: readonly string[];
  readonly finally: readonly string[];
}

/** What happens when a phase fails. `RETRY` runs it up to `count` times more, if `pattern` is in its error when given. */
export type OnFailure =
  | { readonly action: 'ABORT' | 'CONTINUE' }
  | { readonly action: 'RETRY'; readonly count: number; readonly pattern?: string };

/** A report group's result files. */
export interface Report {
  readonly files: readonly string[];
  readonly baseDirectory?: string;
  readonly fileFormat: string;
  readonly discardPaths: boolean;
}

/** What one artifact is made of. */
export interface Artifact {
  readonly files: readonly string[];
  readonly excludePaths: readonly string[];
  readonly baseDirectory?: string;
  readonly discardPaths: boolean;
  readonly enableSymlinks: boolean;
  readonly name?: string;
  readonly s3Prefix?: string;
}

/** The primary artifact, absent when only secondary ones are listed, and the secondary ones by identifier. */
export interface Artifacts {
  readonly primary?: Artifact;
  readonly secondary: Readonly<Record<string, Artifact>>;
}

/** What is kept between builds; `action` limits it to one direction. */
export interface Cache {
  readonly key?: string;
  readonly fallbackKeys: readonly string[];
  readonly action?: 'restore' | 'save';
  readonly paths: readonly string[];
}

/** A batch: exactly one of the four kinds. */
export interface Batch {
  readonly fastFail: boolean;
  readonly kind: 'build-list' | 'build-graph' | 'build-matrix' | 'build-fanout';
  readonly builds: readonly BatchBuild[];
  readonly matrix?: BatchMatrix;
  readonly fanout?: { readonly parallelism: number; readonly ignoreFailure: boolean };
}

/** One build of a list or graph. */
export interface BatchBuild {
  readonly identifier: string;
  /** A file in the source, or inline text. */
  readonly buildspec?: string;
  readonly ignoreFailure: boolean;
  readonly debugSession: boolean;
  readonly env: BatchEnvironment;
  readonly dependsOn: readonly string[];
}

/** What a batch build changes of the project's environment. */
export interface BatchEnvironment {
  readonly computeType?: string;
  readonly fleet?: string;
  readonly image?: string;
  readonly type?: string;
  readonly privilegedMode?: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/** Every combination of the dynamic values becomes a build. */
export interface BatchMatrix {
  readonly ignoreFailure: boolean;
  readonly env: BatchEnvironment;
  readonly buildspecs: readonly string[];
  readonly computeTypes: readonly string[];
  readonly images: readonly string[];
  readonly types: readonly string[];
  readonly variables: Readonly<Record<string, readonly string[]>>;
}
