/** An AppSpec file of one of CodeDeploy's platforms. Source: "AppSpec file reference" in the CodeDeploy guide. */
export type Appspec = ServerAppspec | LambdaAppspec | EcsAppspec;

/** What is deployed to EC2 instances and servers on premises. */
export interface ServerAppspec {
  readonly platform: 'Server';
  readonly os: 'linux' | 'windows';
  readonly files: readonly { readonly source: string; readonly destination: string }[];
  readonly fileExistsBehavior: FileExistsBehavior;
  readonly permissions: readonly Permission[];
  readonly hooks: Readonly<Partial<Record<ServerEvent, readonly Script[]>>>;
}

/** What happens to files at a destination that the last deployment did not put there; DISALLOW fails the deployment. */
export type FileExistsBehavior = 'DISALLOW' | 'OVERWRITE' | 'RETAIN';

/** The lifecycle events of a server that run scripts. */
export type ServerEvent =
  | 'BeforeBlockTraffic'
  | 'AfterBlockTraffic'
  | 'ApplicationStop'
  | 'BeforeInstall'
  | 'AfterInstall'
  | 'ApplicationStart'
  | 'ValidateService'
  | 'BeforeAllowTraffic'
  | 'AfterAllowTraffic';

/** One script of a lifecycle event; its path is relative to the revision. */
export interface Script {
  readonly location: string;
  /** At most 3600 for all scripts of an event together. */
  readonly timeoutSeconds: number;
  /** The Linux user that runs it. */
  readonly runas?: string;
}

/** What is applied to files of a Linux server once they are copied. */
export interface Permission {
  readonly object: string;
  readonly pattern: string;
  readonly except: readonly string[];
  readonly owner?: string;
  readonly group?: string;
  /** Octal digits: `755`. */
  readonly mode?: string;
  readonly acls: readonly string[];
  readonly context?: { readonly user?: string; readonly type?: string; readonly range?: string };
  readonly type: readonly ('file' | 'directory')[];
}

/** A Lambda alias whose traffic moves from one version to another. */
export interface LambdaAppspec {
  readonly platform: 'Lambda';
  readonly resource: {
    readonly id: string;
    readonly functionName: string;
    readonly alias: string;
    readonly currentVersion: string;
    readonly targetVersion: string;
  };
  /** Functions by lifecycle event. */
  readonly hooks: Readonly<Partial<Record<LambdaEvent, string>>>;
}

/** The lifecycle events of a Lambda deployment that call a function. */
export type LambdaEvent = 'BeforeAllowTraffic' | 'AfterAllowTraffic';

/** An ECS service whose traffic moves to a new task set. */
export interface EcsAppspec {
  readonly platform: 'ECS';
  readonly resource: {
    readonly id: string;
    /** An ARN; in a pipeline the placeholder `<TASK_DEFINITION>`. */
    readonly taskDefinition: string;
    readonly containerName: string;
    readonly containerPort: number;
    readonly platformVersion: string;
    readonly network?: {
      readonly subnets: readonly string[];
      readonly securityGroups: readonly string[];
      readonly assignPublicIp: 'ENABLED' | 'DISABLED';
    };
    readonly capacityProviderStrategy: readonly {
      readonly capacityProvider: string;
      readonly base: number;
      readonly weight: number;
    }[];
  };
  /** Functions by lifecycle event. */
  readonly hooks: Readonly<Partial<Record<EcsEvent, string>>>;
}

/** The lifecycle events of an ECS deployment that call a function. */
export type EcsEvent = 'BeforeInstall' | 'AfterInstall' | 'AfterAllowTestTraffic' | LambdaEvent;
