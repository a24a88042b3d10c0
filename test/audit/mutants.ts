import type { WrittenResource, WrittenResources } from './clouds.ts';

/** One protecting statement removed or widened. */
export interface Mutant {
  readonly logicalId: string;
  readonly what: string;
  /** The resource as it is then; undefined when it is gone. */
  readonly resource: WrittenResource | undefined;
  /** Why it decides as before, for the few of which this is known. */
  readonly equivalent?: string;
}

type Json = Record<string, unknown>;

/** Every mutant of a stack's resources, one at a time. */
export const mutantsOf = (resources: WrittenResources): readonly Mutant[] =>
  Object.entries(resources).flatMap(([logicalId, resource]) =>
    makers.flatMap((make) => make(resource)).map((mutant) => ({ logicalId, ...mutant })),
  );

type Maker = (resource: WrittenResource) => readonly Omit<Mutant, 'logicalId'>[];

const statementPlaces: Readonly<Record<string, string>> = {
  'AWS::Events::EventBusPolicy': 'Statement',
  'AWS::IAM::Role': 'AssumeRolePolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
};

const makers: readonly Maker[] = [
  identities,
  conditions,
  denials,
  logsPolicy,
  patterns,
  targets,
  permissions,
  encryption,
];

/** A copy of a resource, changed. */
function changed(
  resource: WrittenResource,
  what: string,
  change: (properties: Json) => void,
  equivalent?: string,
): Omit<Mutant, 'logicalId'> {
  const copy = structuredClone(resource);
  change(copy.Properties);
  return { what, resource: copy, ...(equivalent === undefined ? {} : { equivalent }) };
}

function statementsIn(properties: Json, place: string): readonly Json[] {
  const held = properties[place] as Json;
  return place === 'Statement' ? [held] : (held['Statement'] as Json[]);
}

/** Each key of each condition of each Allow: removed, and every text value widened to a star. */
function conditions(resource: WrittenResource): readonly Omit<Mutant, 'logicalId'>[] {
  const place = statementPlaces[resource.Type];
  if (place === undefined) return [];
  return statementsIn(resource.Properties, place).flatMap((statement, index) => {
    if (statement['Effect'] !== 'Allow') return [];
    const asked = Object.entries((statement['Condition'] ?? {}) as Record<string, Json>);
    return asked.flatMap(([operator, keys]) =>
      Object.keys(keys).flatMap((key) => {
        const equivalent =
          key === 'aws:SourceAccount' && sourceNamesAccount(statement)
            ? 'aws:SourceArn names the account too'
            : undefined;
        const at = (properties: Json): Record<string, Json> =>
          statementsIn(properties, place)[index]?.['Condition'] as Record<string, Json>;
        return [
          changed(
            resource,
            `${place}[${index}] without ${operator} ${key}`,
            (properties) => delete at(properties)[operator]?.[key],
            equivalent,
          ),
          changed(
            resource,
            `${place}[${index}] with ${key} like *`,
            (properties) => {
              delete at(properties)[operator]?.[key];
              at(properties)['StringLike'] = { ...at(properties)['StringLike'], [key]: '*' };
            },
            equivalent,
          ),
        ];
      }),
    );
  });
}

const sourceNamesAccount = (statement: Json): boolean =>
  Object.values((statement['Condition'] ?? {}) as Record<string, Json>).some((keys) =>
    /:\d{12}:/.test(JSON.stringify(keys['aws:SourceArn'] ?? '')),
  );

const starts = /^(codepipeline:StartPipelineExecution|events:PutEvents|lambda:InvokeFunction|sts:AssumeRole)$/;

/** What a role may start, put, invoke or assume: everything in place of what it names, and events of every kind. */
function identities(resource: WrittenResource): readonly Omit<Mutant, 'logicalId'>[] {
  if (resource.Type !== 'AWS::IAM::Policy') return [];
  return statementsIn(resource.Properties, 'PolicyDocument').flatMap((statement, index) => {
    if (![statement['Action']].flat().some((action) => starts.test(String(action)))) return [];
    const at = (properties: Json): Json => statementsIn(properties, 'PolicyDocument')[index] as Json;
    const keys = Object.keys((statement['Condition'] as Record<string, Json> | undefined)?.['StringEquals'] ?? {});
    return [
      changed(resource, `policy[${index}] on everything`, (properties) => (at(properties)['Resource'] = '*')),
      ...keys.map((key) =>
        changed(
          resource,
          `policy[${index}] without ${key}`,
          (properties) => delete (at(properties)['Condition'] as Record<string, Json>)['StringEquals']?.[key],
          key === 'events:detail-type' ? 'the policy of the other account asks for it too' : undefined,
        ),
      ),
    ];
  });
}

/** Each Deny, which is there to keep calls without TLS out. */
function denials(resource: WrittenResource): readonly Omit<Mutant, 'logicalId'>[] {
  const place = statementPlaces[resource.Type];
  if (place === undefined || place === 'Statement') return [];
  return statementsIn(resource.Properties, place).flatMap((statement, index) =>
    statement['Effect'] === 'Deny'
      ? [
          changed(resource, `${place} without denial ${index}`, (properties) =>
            (statementsIn(properties, place) as Json[]).splice(index, 1),
          ),
        ]
      : [],
  );
}

/** The policy for logs stands in its template as text. */
function logsPolicy(resource: WrittenResource): readonly Omit<Mutant, 'logicalId'>[] {
  if (resource.Type !== 'AWS::Logs::ResourcePolicy') return [];
  return [
    changed(resource, 'logs policy without conditions', (properties) => {
      const document = JSON.parse(String(properties['PolicyDocument'])) as { Statement: Json[] };
      for (const statement of document.Statement) delete statement['Condition'];
      properties['PolicyDocument'] = JSON.stringify(document);
    }),
  ];
}

/** The fields of a pattern that say who is heard and about what: removed, and widened to any text. */
function patterns(resource: WrittenResource): readonly Omit<Mutant, 'logicalId'>[] {
  const pattern = resource.Properties['EventPattern'] as (Json & { detail?: Json }) | undefined;
  if (resource.Type !== 'AWS::Events::Rule' || pattern === undefined) return [];
  const top = ['account', 'source', 'replay-name'].filter((key) => key in pattern).map((key) => ['', key] as const);
  const inner = ['repositoryName', 'referenceName', 'repository', 'branch']
    .filter((key) => pattern.detail !== undefined && key in pattern.detail)
    .map((key) => ['detail', key] as const);
  return [...top, ...inner].flatMap(([place, key]) => {
    const at = (properties: Json): Json => {
      const whole = properties['EventPattern'] as Json;
      return place === '' ? whole : (whole[place] as Json);
    };
    if (Object.keys(pattern).length === 1)
      return [changed(resource, `pattern with any ${key}`, (properties) => (at(properties)[key] = [{ exists: true }]))];
    const removed = changed(resource, `pattern without ${key}`, (properties) => delete at(properties)[key]);
    if (key === 'replay-name') return [removed];
    const first = String((at(resource.Properties)[key] as unknown[])[0]);
    return [
      removed,
      changed(
        resource,
        `pattern with the prefix of ${key}`,
        (properties) => (at(properties)[key] = [{ prefix: first }]),
      ),
      changed(
        resource,
        `pattern with a star in ${key}`,
        (properties) => (at(properties)[key] = [{ wildcard: `${first}*` }]),
      ),
    ];
  });
}

/** Dead letters and retries of rules and schedules, and where failed invocations go. */
function targets(resource: WrittenResource): readonly Omit<Mutant, 'logicalId'>[] {
  if (resource.Type === 'AWS::Lambda::EventInvokeConfig')
    return [changed(resource, 'no destination on failure', (properties) => delete properties['DestinationConfig'])];
  if (resource.Type === 'AWS::Scheduler::Schedule')
    return [
      changed(resource, 'no dead letters', (properties) => delete (properties['Target'] as Json)['DeadLetterConfig']),
    ];
  if (resource.Type !== 'AWS::Events::Rule') return [];
  const at = (properties: Json): readonly Json[] => properties['Targets'] as Json[];
  return at(resource.Properties).flatMap((_, index) => [
    changed(
      resource,
      `target ${index} without dead letters`,
      (properties) => delete at(properties)[index]?.['DeadLetterConfig'],
    ),
    changed(
      resource,
      `target ${index} without a second try`,
      (properties) => ((at(properties)[index] as Json)['RetryPolicy'] = { MaximumRetryAttempts: 0 }),
    ),
    changed(
      resource,
      `target ${index} gives up after a minute`,
      (properties) => ((at(properties)[index] as Json)['RetryPolicy'] = { MaximumEventAgeInSeconds: 60 }),
    ),
    changed(
      resource,
      `target ${index} says nothing of retries`,
      (properties) => delete at(properties)[index]?.['RetryPolicy'],
      "AWS's own retries are the same",
    ),
  ]);
}

/** What confines who may invoke a function. */
function permissions(resource: WrittenResource): readonly Omit<Mutant, 'logicalId'>[] {
  if (resource.Type !== 'AWS::Lambda::Permission') return [];
  return [
    changed(resource, 'permission without SourceArn', (properties) => delete properties['SourceArn']),
    changed(
      resource,
      'permission without SourceAccount',
      (properties) => delete properties['SourceAccount'],
      'SourceArn names the account too',
    ),
    changed(resource, 'permission for everyone', (properties) => {
      properties['Principal'] = '*';
      delete properties['SourceArn'];
      delete properties['SourceAccount'];
    }),
  ];
}

const encrypting: Readonly<Record<string, readonly string[]>> = {
  'AWS::SQS::Queue': ['SqsManagedSseEnabled'],
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
  'AWS::S3::Bucket': ['BucketEncryption', 'VersioningConfiguration', 'PublicAccessBlockConfiguration'],
};

/** Encryption, and what closes a bucket. */
function encryption(resource: WrittenResource): readonly Omit<Mutant, 'logicalId'>[] {
  return (encrypting[resource.Type] ?? [])
    .filter((key) => key in resource.Properties)
    .map((key) => changed(resource, `no ${key}`, (properties) => delete properties[key]));
}
