import { objectIn, textIn } from '../cloud/values.ts';
import { roleOf, startable } from '../routes/actors.ts';
import { Rules } from '../routes/rules.ts';
import type { Check } from './check.ts';

/** A rule on a bus of its own that leads to a start takes no replayed events: a replay for an audit would deploy old merges again. */
export const replays: Check = ({ cloud, permissions }) => {
  const starts = (arn: string | undefined): boolean => {
    const target = cloud.at(arn ?? '');
    if (target === undefined) return false;
    if (target.type === 'AWS::CodePipeline::Pipeline') return true;
    const role = roleOf(target);
    return role !== undefined && startable(role, cloud, permissions).length > 0;
  };
  return new Rules(cloud).all
    .filter(({ targets, pattern }) => {
      const excluded = pattern.clauses.every((clause) =>
        clause.some(({ path, matchers }) => path === 'replay-name' && matchers.every(({ type }) => type === 'absent')),
      );
      return !excluded && targets.some(({ Arn }) => starts(textIn(Arn)));
    })
    .map(({ resource }) => ({
      resource,
      problem: 'a replayed event starts a pipeline',
      value: objectIn(resource.properties['EventPattern'])['replay-name'],
      mend: 'add "replay-name": [{"exists": false}] to the pattern',
    }));
};
