import { z } from 'zod';
import { branchNameFlaw } from './git-names.ts';
import { environmentStacksAtMost } from './organisation-mistakes.ts';
import { regions } from './regions.ts';

const text = (what: string) => z.string(`${what} is text, between quotes`);

const account = text('an account id').regex(
  /^\d{12}$/,
  'an account id has 12 digits, written as text so that leading zeros stay',
);

const region = text('a region').superRefine((name, context) => {
  if (/^(cn|us-gov|us-iso|us-isob|eu-isoe|eusc)-/.test(name))
    context.addIssue(
      'it lies in a partition of its own, and mergecast names things in the standard one, arn:aws, only',
    );
  else if (!regions.includes(name))
    context.addIssue(
      'no region of this name is known: use one such as eu-west-1, or add a new one of AWS to shared/regions.ts',
    );
});

const wholeNumber = (what: string, most: number) =>
  z.int(`${what} is a whole number`).min(1, `${what} is 1 at least`).max(most, `${what} is ${most} at most`);

const repositoryName = text('a repository name')
  .regex(/^[\w.-]{1,100}$/, 'CodeCommit takes 1 to 100 letters, digits, dots, hyphens and underscores')
  .refine((name) => !name.endsWith('.git'), 'CodeCommit takes no name that ends in .git')
  .refine(
    (name) => !/^mergecast([^A-Za-z0-9]|$)/.test(name),
    "stacks and functions that begin with 'mergecast-' are ours, and its pipeline would deploy over them: follow it under another name",
  );

const environmentName = text("an environment's name")
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, 'use lower-case letters, digits and hyphens, beginning with a letter')
  .refine((name) => name !== 'devops', 'this is the name of the DevOps profile: choose another');

const branch = text('a branch').superRefine((name, context) => {
  const flaw = branchNameFlaw(name);
  if (flaw !== undefined) context.addIssue(`git refuses this branch name: it ${flaw}`);
});

/** The shape of the organisation file and what each field takes by itself; how fields go together is checked apart. */
export const organisationShape = z.strictObject(
  {
    devops: z.strictObject(
      {
        account,
        region,
        environmentStacks: wholeNumber('a number of stacks', environmentStacksAtMost).optional(),
        rulesPerBus: wholeNumber('a quota of rules', 100_000).optional(),
      },
      'say which account and region: devops: { account, region }',
    ),
    organisationId: text('an organisation id')
      .regex(/^o-[a-z0-9]{10,32}$/, 'an organisation id looks like o-a1b2c3d4e5')
      .optional(),
    alarmEmail: text('an e-mail address')
      .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'give one e-mail address, as ops@example.com')
      .max(254, 'an e-mail address has 254 characters at most')
      .optional(),
    repositories: z
      .array(
        z.strictObject(
          { name: repositoryName, create: z.boolean('write true or false').default(false) },
          "write { name: '…' }",
        ),
        'list the repositories: [{ name: … }]',
      )
      .min(1, 'list one repository at least'),
    environments: z
      .array(
        z.strictObject(
          {
            name: environmentName,
            account,
            region: region.optional(),
            branch,
            repositories: z
              .array(text('a repository name'), 'list names of repositories')
              .min(1, 'list one repository at least, or leave the line out for all')
              .optional(),
            evidenceFrom: z
              .array(text('the name of an environment'), 'list names of environments')
              .min(1, 'list one environment at least, or leave the line out for none')
              .optional(),
          },
          'write { name, account, branch }',
        ),
        'list the environments: [{ name, account, branch }]',
      )
      .min(1, 'list one environment at least'),
  },
  'export an object with devops, repositories and environments',
);
