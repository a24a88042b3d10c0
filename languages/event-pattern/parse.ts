import { Fault } from '../../shared/fault.ts';
import { tooComplex } from './complexity.ts';
import { type JsonNode, readJson, writeJson } from './json-text.ts';
import { parseMatcher } from './parse-matcher.ts';
import { addPath, emptyTree } from './path-tree.ts';
import { Refusal } from './refusal.ts';
import type { Clause, Matcher, Pattern } from './types.ts';

/** The default quota for one rule's pattern, in characters. Source: EventBridge quotas. */
export const longestPattern = 2048;
/** Source: the pattern operators page, "Complex example with $or matching". */
const mostCombinations = 1000;

/**
 * Reads an event pattern: an object, or the JSON text of one. Refuses what AWS refuses with InvalidEventPattern and AWS's text. Of a key
 * that stands twice the last counts, as AWS documents; two objects under one key are merged, as AWS's matcher reads them.
 * Source: the pattern operators page of the EventBridge guide; texts and order of the checks from aws/event-ruler, JsonRuleCompiler.
 */
export function parsePattern(pattern: unknown): Pattern {
  const text = typeof pattern === 'string' ? pattern : textOf(pattern);
  if (text.length > longestPattern) {
    throw refused(`Event pattern has ${text.length} characters, more than ${longestPattern}`);
  }
  try {
    const root = text.trim() === '' ? undefined : readJson(text);
    return compile(new PatternReader().read(root));
  } catch (error) {
    if (error instanceof Refusal) throw refused(error.message, error.path);
    if (error instanceof SyntaxError) throw refused(`Event pattern is not valid JSON: ${error.message}`);
    throw error;
  }
}

const refused = (reason: string, path = ''): Fault =>
  path === ''
    ? new Fault('InvalidEventPattern', `Event pattern is not valid. Reason: ${reason}`)
    : new Fault('InvalidEventPattern', `Event pattern is not valid. Reason: ${reason}`, `look at ${path}`);

function textOf(pattern: unknown): string {
  try {
    return JSON.stringify(pattern) ?? '';
  } catch {
    throw refused('Event pattern is not a JSON value');
  }
}

/** A clause while it is read: what each path asks for. */
type Draft = Map<string, { readonly matchers: readonly Matcher[]; readonly written: string }>;

const emptyDraft = (): Draft => new Map();

function compile(drafts: readonly Draft[]): Pattern {
  const paths = emptyTree();
  let slots = 0;
  const clauses = drafts.map((draft): Clause => {
    const fields = [...draft].map(([path, asked]) => {
      const slot = addPath(paths, path, slots);
      if (slot === slots) slots++;
      return { path, slot, ...asked };
    });
    return fields.sort((one, other) => (one.path < other.path ? -1 : 1));
  });
  return { clauses, paths };
}

/** Names that AWS's matcher keeps for itself inside `$or`. Source: aws/event-ruler, Constants. */
const reserved = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);

class PatternReader {
  private drafts: Draft[] = [];
  private readonly steps: string[] = [];
  private combinations = 1;

  read(root: JsonNode | undefined): readonly Draft[] {
    if (root?.kind !== 'object') throw new Refusal('Filter is not an object');
    this.object(root, false);
    return this.drafts;
  }

  private object(node: Extract<JsonNode, { kind: 'object' }>, insideOr: boolean): void {
    if (node.members.length === 0) throw this.refusal('Empty objects are not allowed');
    for (const [key, value] of node.members) {
      if (key === '$or') this.alternatives(value);
      else if (insideOr && reserved.has(key)) {
        throw this.refusal(`${key} is Ruler reserved fieldName which cannot be used inside $or.`);
      } else this.field(key, value, insideOr);
    }
  }

  private field(key: string, value: JsonNode, insideOr: boolean): void {
    this.steps.push(key);
    if (value.kind === 'object') this.object(value, insideOr);
    else if (value.kind === 'array') this.list(value);
    else throw this.refusal(`"${key}" must be an object or an array`);
    this.steps.pop();
  }

  private list(node: Extract<JsonNode, { kind: 'array' }>): void {
    const path = this.steps.join('.');
    const matchers = node.items.map((item) => parseMatcher(item, path));
    if (matchers.length === 0) throw this.refusal('Empty arrays are not allowed');
    if (tooComplex(matchers)) {
      throw this.refusal(
        'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
      );
    }
    if (this.drafts.length === 0) this.drafts.push(emptyDraft());
    const asked = { matchers, written: writeJson(node) };
    for (const draft of this.drafts) draft.set(path, asked);
  }

  private alternatives(node: JsonNode): void {
    if (node.kind !== 'array') throw this.refusal('It must be an Array followed with $or.');
    this.combinations *= Math.max(node.items.length, 1);
    if (this.combinations > mostCombinations) {
      throw this.refusal(`$or makes more than ${mostCombinations} rule combinations`);
    }
    const before = this.drafts;
    const after: Draft[] = [];
    for (const item of node.items) {
      if (item.kind !== 'object') throw this.refusal('Only JSON object is allowed in array of $or relationship.');
      this.drafts = before.length === 0 ? [emptyDraft()] : before.map((draft) => new Map(draft));
      this.object(item, true);
      after.push(...this.drafts);
    }
    if (node.items.length < 2) throw this.refusal('There must have at least 2 Objects in $or relationship.');
    this.drafts = after;
  }

  private refusal(reason: string): Refusal {
    return new Refusal(reason, this.steps.join('.'));
  }
}
