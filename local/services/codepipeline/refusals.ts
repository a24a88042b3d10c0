import { Fault } from '../../../shared/fault.ts';
import { AwsError } from '../../world/failure.ts';

/** Refuses what AWS has and the local cloud does not play. */
export const unplayed = (subject: string): Fault =>
  new Fault('StackFailed', subject, 'change the step, or deploy this pipeline on AWS');

/** Refuses an action that CodePipeline refuses too. */
export const invalidAction = (reason: string): AwsError => new AwsError('InvalidActionDeclarationException', reason);

/** Refuses a structure that CodePipeline refuses too. */
export const invalidStructure = (reason: string): AwsError => new AwsError('InvalidStructureException', reason);
