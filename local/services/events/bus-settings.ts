import { z } from 'zod';
import type { Bus } from './tables.ts';

/** Where a bus puts events it could not encrypt; only a queue of the bus's own account and region. */
export const busDeadLetters = z.strictObject({
  Arn: z
    .string()
    .regex(/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:[\w-]{1,80}$/, 'must be the ARN of a standard SQS queue')
    .optional(),
});

/** What a bus would log. */
export const busLogs = z.strictObject({
  IncludeDetail: z.enum(['NONE', 'FULL']).optional(),
  Level: z.enum(['OFF', 'ERROR', 'INFO', 'TRACE']).optional(),
});

/** The members that CreateEventBus, UpdateEventBus and CloudFormation share. */
export const busSettingsShape = {
  Description: z.string().max(512).optional(),
  KmsKeyIdentifier: z.string().max(2048).optional(),
  DeadLetterConfig: busDeadLetters.optional(),
  LogConfig: busLogs.optional(),
};

type Settings = z.output<z.ZodObject<typeof busSettingsShape>>;

/** What the tables keep of these members; what is left out stays as it was. */
export const busSettings = ({
  Description,
  KmsKeyIdentifier,
  DeadLetterConfig,
  LogConfig,
}: Settings): Partial<Bus> => ({
  ...(Description === undefined ? {} : { description: Description }),
  ...(KmsKeyIdentifier === undefined ? {} : { kmsKeyIdentifier: KmsKeyIdentifier }),
  ...(DeadLetterConfig === undefined ? {} : { deadLetterConfig: DeadLetterConfig }),
  ...(LogConfig === undefined ? {} : { logConfig: LogConfig }),
});

/** These members as the API answers them. */
export const shownSettings = (bus: Partial<Bus>) => ({
  Description: bus.description,
  KmsKeyIdentifier: bus.kmsKeyIdentifier,
  DeadLetterConfig: bus.deadLetterConfig,
  LogConfig: bus.logConfig,
});

/** What is simpler about them here. */
export const busSimplified =
  'The KMS key, dead-letter queue and logs of the bus itself are recorded and have no effect; those of targets have.';
