/**
 * Every refusal that is ours, by code, with what to do next. AWS's own errors keep AWS's codes and are not listed here;
 * anything else that is thrown is a bug.
 */
const hints = {
  AnswerMissing: 'approve them beforehand with --yes, end before them with --until, or run it at a terminal',
  AppspecInvalid: 'compare the file with the AppSpec reference of the CodeDeploy guide',
  AssemblyInvalid: 'run `npm run synth` again, so that cdk.out is whole and of this version',
  BuildAmbiguous: 'name one of them',
  BuildNotKept:
    'directories are kept of builds that failed in npm start or mergecast run; on AWS start the build again with aws codebuild start-build --debug-session-enabled and codebuild-breakpoint in its buildspec, and enter it with aws ssm start-session',
  BuildspecInvalid: 'compare the file with the buildspec reference of the CodeBuild guide',
  ClaimUndecided: 'write the policy or the claim in the language that docs/proofs.md lists',
  ClaimsInvalid: 'compare the file with docs/proofs.md',
  ContextInvalid: 'write it as -c only=prod',
  ContractBroken: 'mend what the lines above name in the code that adds to the stack',
  EnvironmentMissing: 'name one of them after the verb',
  EnvironmentUnknown: 'use one of them, or add it to organisation.ts',
  EventMalformed: 'compare the event with the examples in events/examples',
  GitFailed: 'mend what git says and try again',
  IdUnknown: 'give a commit of 7 to 40 hexadecimal digits, or the UUID of a merge, an event or an execution',
  InvalidEventPattern: 'compare the pattern with the operator table of the EventBridge guide',
  KeyMissing: 'save the key once with aws kms get-public-key, and name its PEM file with --public-key',
  LedgerMalformed:
    'somebody edited the ledger table: mend the item, or delete it and the head of the branch is started afresh',
  MalformedPolicyDocument: 'compare the policy with the JSON policy element reference of the IAM guide',
  OpenHoursInvalid: 'write spans as Mon-Fri 09:00-17:00',
  OrganisationInvalid: 'mend the lines above in organisation.ts and run the command again',
  OwnerFileInvalid: 'mend that file; workload-account/pipeline-definition.ts lists what an owner can say',
  ParametersInvalid: 'give the parameter a value that the template allows',
  PeriodInvalid: 'write it as 90m, 12h or 30d',
  PipelineAmbiguous: 'name one with --pipeline',
  PipelineUnknown: 'npx mergecast status lists those there are',
  PatternUndecided: 'write the pattern simpler, or say more about the events in question',
  PortInUse: 'choose another with --port, or --port 0 for any free one',
  ProfileUnknown: 'use one of the profiles in .mergecast/aws/config',
  QuotaExceeded: 'make it smaller as said, and synthesize again',
  ReasonInvalid: 'say in a sentence why, with --reason',
  ReleaseInvalid:
    'write mergecast release <environment> [pipeline] --commit <id> --reason <text>, and --confirm as a second person',
  RepositoryUnusable: 'give the path of a git repository that has a branch which an environment follows',
  SealBroken: 'keep what is there, and find out who could write it: the versions of the object are under lock',
  SealMissing: 'copy the bucket with aws s3 sync, and name the directory',
  StackFailed: 'mend what the reason names in the stack that holds it, and start again',
  StageMissing: 'name one of them with --stage or --until',
  StackUnknown: 'name the stack to synthesize as organisation.ts does',
  SynthesisFailed: 'mend what the app says above; npm run synth repeats it alone',
  TemplateInvalid: 'compare the template with the template reference of the CloudFormation guide',
} as const satisfies Readonly<Record<string, string>>;

/** The codes of {@link Fault}, as tests and scripts may compare them. */
export type FaultCode = keyof typeof hints;

/**
 * A refusal: what is wrong (`subject`, which names the value) and what to do next (`hint`).
 * Its message reads `<code>: <subject> (<hint>)`.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly subject: string;
  readonly hint: string;

  constructor(code: FaultCode, subject: string, hint: string = hints[code]) {
    super(`${code}: ${subject} (${hint})`);
    this.name = 'Fault';
    this.code = code;
    this.subject = subject;
    this.hint = hint;
  }
}
