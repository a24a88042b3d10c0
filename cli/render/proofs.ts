import type { Proof } from '../../audit/proof/prove.ts';
import type { Counterexample } from '../../audit/proof/verdict.ts';
import { bold, dim, green, red, terminalText } from './terminal.ts';

/** Proofs for people: each claim with the statements that prove it, or with a call or event that refutes it. */
export function proofsText(proofs: readonly Proof[]): string {
  const blocks = proofs.map((proof) =>
    [`${mark(proof)}  ${bold(safe(proof.sentence, 500))}`, ...below(proof)].join('\n'),
  );
  return [...blocks, summary(proofs)].join('\n\n');
}

const safe = (text: string, longest?: number): string => terminalText(text, longest).replaceAll('\n', '\\n');

const mark = ({ verdict }: Proof): string => (verdict === 'proven' ? green('proven ') : red(verdict.padEnd(7)));

/** So many statements are told of each proof; --json has all. */
const mostStatements = 5;

function below(proof: Proof): readonly string[] {
  if (proof.verdict === 'refused') return [`  ${safe(proof.reason, 800)}`];
  if (proof.verdict === 'refuted') return example(proof.counterexample);
  const { by } = proof;
  const more = by.length > mostStatements ? [dim(`  and ${by.length - mostStatements} more (--json has all)`)] : [];
  return [...by.slice(0, mostStatements).map((each) => dim(`  by ${safe(each, 400)}`)), ...more];
}

function example({ who, does, context, event, by, then }: Counterexample): readonly string[] {
  const keys = Object.entries(context ?? {}).filter(([, values]) => values.length > 0);
  return [
    `  ${red(safe(who))} ${safe(does, 600)}`,
    ...(keys.length === 0
      ? []
      : [dim(`    with ${safe(keys.map(([key, value]) => `${key}=${String(value)}`).join(' '), 800)}`)]),
    ...(event === undefined ? [] : [dim(`    event ${safe(JSON.stringify(event), 800)}`)]),
    ...by.map((each) => dim(`    let in by ${safe(each, 400)}`)),
    ...then.map((each) => `    then ${safe(each, 400)}`),
  ];
}

function summary(proofs: readonly Proof[]): string {
  const count = (verdict: Proof['verdict']): number => proofs.filter((proof) => proof.verdict === verdict).length;
  const wrong = [
    ...(count('refuted') > 0 ? [`${count('refuted')} refuted`] : []),
    ...(count('refused') > 0 ? [`${count('refused')} outside of what can be decided`] : []),
  ];
  const many = proofs.length === 1 ? '1 claim' : `${proofs.length} claims`;
  return wrong.length === 0 ? green(`${many}, all proven`) : red(`${many}, ${wrong.join(', ')}`);
}
