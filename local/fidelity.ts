import { nested } from '../languages/event-pattern/parse-anything-but.ts';
import { operators as patternOperators } from '../languages/event-pattern/parse-matcher.ts';
import { operators as conditionOperators } from '../languages/iam-policy/operators.ts';
import { refusedFunctions } from '../languages/template/check-intrinsics.ts';
import { intrinsics } from '../languages/template/intrinsics.ts';
import { providers } from './services/codepipeline/actions/index.ts';
import { rules } from './services/codepipeline/rules/index.ts';
import { resources, services } from './services/index.ts';

/** Something of AWS and how it is played. Without `simplified` it is modelled: a difference to AWS is a defect. */
interface Row {
  readonly name: string;
  readonly simplified?: string | undefined;
}

/**
 * The fidelity table as Markdown, made from the tables that the local cloud itself runs by. `npm run docs` writes it to local/README.md, and a
 * test fails when that is stale.
 */
export function fidelity(): string {
  return `${[
    introduction,
    section(
      'Resource types',
      'A template with any other type, or with a property that is not modelled, is refused by name.',
      rowsOf(resources),
    ),
    section(
      'Actions of pipelines',
      'By category and provider. A pipeline with any other one is refused by name.',
      rowsOf(providers),
    ),
    section('Rules of stage conditions', 'A pipeline with any other one is refused by name.', rowsOf(rules)),
    '## API operations\n\nAny other operation of these services, and any other service, answers `UnknownOperationException` with its name, and never with success.',
    ...Object.entries(services)
      .sort(byName)
      .map(([name, service]) => operationsOf(name, service)),
    languages(),
  ].join('\n\n')}\n`;
}

const introduction = `# What the local cloud plays

*Modelled* means: as AWS documents it, with AWS's error codes, and a difference is a defect. *Simplified* says what is missing. Everything else is
*refused* by its name; nothing is skipped in silence.

This file is written by \`npm run docs\` from the tables in the code.

Some things hold for all of it. Every call is decided by IAM with the policies of the templates. Time is the machine's, unless a test moves it. What AWS
does within seconds or minutes (making a role known, updating a stack) is done at once. State lives in memory and in a directory that ends with the
process. All accounts listen at one address, and credentials tell them apart.`;

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);

const rowsOf = (table: Readonly<Record<string, { readonly simplified?: string | undefined }>>): readonly Row[] =>
  Object.entries(table)
    .sort(byName)
    .map(([name, { simplified }]) => ({ name, simplified }));

function section(title: string, text: string, rows: readonly Row[]): string {
  const lines = rows.map(({ name, simplified }) =>
    simplified === undefined ? `| \`${name}\` | modelled | |` : `| \`${name}\` | simplified | ${simplified} |`,
  );
  return [`## ${title}`, '', text, '', '| | | |', '|---|---|---|', ...lines].join('\n');
}

function operationsOf(name: string, service: (typeof services)[string]): string {
  const offered = Object.entries(service.operations).filter(([, { internal }]) => internal !== true);
  const rows = rowsOf(Object.fromEntries(offered));
  const modelled = rows.filter(({ simplified }) => simplified === undefined).map((row) => `\`${row.name}\``);
  const simplified = rows.filter((row) => row.simplified !== undefined);
  return [
    `### ${name}`,
    ...(service.simplified === undefined ? [] : ['', `Simplified as a whole: ${service.simplified}`]),
    ...(modelled.length === 0 ? [] : ['', `Modelled: ${modelled.join(', ')}.`]),
    ...(simplified.length === 0
      ? []
      : ['', 'Simplified:', '', ...simplified.map((row) => `- \`${row.name}\`: ${row.simplified}`)]),
  ].join('\n');
}

function languages(): string {
  const listed = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  return [
    '## Languages',
    '',
    `**Event patterns**: values, \`null\`, \`$or\` and ${listed(Object.keys(patternOperators))}; \`anything-but\` with ${listed(Object.keys(nested))}. Simplified: the complexity of wildcards is counted field by field.`,
    '',
    `**Policies**: identity, resource, boundary, session, service control and resource control policies; conditions ${listed(['Null', ...Object.keys(conditionOperators)])}, with \`IfExists\`, \`ForAllValues:\` and \`ForAnyValue:\`; policy variables with defaults.`,
    '',
    `**Templates**: ${listed(Object.keys(intrinsics))} and \`Fn::ForEach\`. Refused:`,
    '',
    ...Object.entries(refusedFunctions).map(([name, reason]) => `- \`${name}\`: ${reason}`),
  ].join('\n');
}
