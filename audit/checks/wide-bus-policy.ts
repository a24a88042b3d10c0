import type { Statement } from '../../languages/iam-policy/types.ts';
import type { Check } from './check.ts';
import { askedOf, isExact } from './conditions.ts';

/** Each statement of a bus policy lets one role put events of one kind, and nobody do anything else. */
export const wideBusPolicy: Check = ({ permissions }) =>
  permissions.all
    .filter(({ written }) => written.type === 'AWS::Events::EventBus' || written.type === 'AWS::Events::EventBusPolicy')
    .flatMap(({ written, policy }) =>
      policy.document.statements
        .filter(({ effect }) => effect === 'Allow')
        .flatMap((statement) =>
          widths
            .filter(({ isWide }) => isWide(statement))
            .map(({ problem, value, mend }) => ({ resource: written, problem, value: value(statement), mend })),
        ),
    );

interface Width {
  readonly isWide: (statement: Statement) => boolean;
  readonly problem: string;
  readonly value: (statement: Statement) => unknown;
  readonly mend: string;
}

const widths: readonly Width[] = [
  {
    isWide: (statement) => !namesOneRole(statement),
    problem: 'more than one forwarder may put events on the bus',
    value: ({ principals, conditions }) => ({ Principal: principals, Condition: conditions }),
    mend: 'ask for one role with ArnEquals on aws:PrincipalArn',
  },
  {
    isWide: ({ actions }) => actions?.length !== 1 || actions[0]?.toLowerCase() !== 'events:putevents',
    problem: 'more than putting events is allowed',
    value: ({ actions, notActions }) => actions ?? { NotAction: notActions },
    mend: 'allow events:PutEvents alone',
  },
  ...['events:source', 'events:detail-type'].map((key) => ({
    isWide: (statement: Statement) => !isExact(askedOf(statement, key)),
    problem: `events of any ${key.slice('events:'.length)} may be put on the bus`,
    value: (statement: Statement) => askedOf(statement, key),
    mend: `ask for ${key} with StringEquals`,
  })),
];

function namesOneRole(statement: Statement): boolean {
  const asked = askedOf(statement, 'aws:principalarn');
  if (asked !== undefined) return asked.length === 1 && isExact(asked) && !statement.principals?.anyone;
  const { anyone = true, aws = [], service = [] } = statement.principals ?? {};
  return !anyone && service.length === 0 && aws.length === 1 && aws[0]?.includes(':role/') === true;
}
