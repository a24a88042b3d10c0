import { isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { isPlainTag, type Reading, readYaml, type YamlDocument } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { placeInJson } from './place-in-json.ts';

/** A template's text as plain values, and where each stands. */
export interface TemplateText {
  readonly value: unknown;
  readonly at: (path: readonly (string | number)[]) => string;
}

type Path = readonly (string | number)[];

/** The longest template that CloudFormation takes, from S3. Source: CloudFormation quotas. */
const longestTemplate = 1_048_576;

/** The short forms of YAML; `!X` stands for `Fn::X` except for these two. */
const plainShortForms = ['Ref', 'Condition'];
const shortForms = [
  ...plainShortForms,
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not'],
  ...['Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'Contains', 'EachMemberEquals', 'EachMemberIn'],
  ...['RefAll', 'ValueOf', 'ValueOfAll'],
];

/**
 * Reads JSON or YAML; positions in JSON are looked up only when an error needs one. Of a key that stands twice in one object the last counts, as
 * CloudFormation has it for both: ValidateTemplate accepts such templates. Source: read-only calls reported in cdk-real-drift, issue 1074.
 */
export function readTemplateText(text: string, file: string): TemplateText {
  const reading: Reading = { code: 'TemplateInvalid', file, longestCharacters: longestTemplate };
  const json = text.length <= longestTemplate && /^\s*\{/.test(text) ? parseJson(text) : undefined;
  if (json !== undefined) return { value: json, at: (path) => `${file}:${placeInJson(text, path)}` };
  const document = readYaml(text, reading);
  return {
    value: document.root ? plain(document.root, document) : null,
    at: (path) => `${file}:${placeOf(document, path)}`,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Follows the path as far as it exists; a short form has no node of its own for the key `Fn::…`. */
function placeOf(document: YamlDocument, path: Path): string {
  let node: unknown = document.root;
  let offset = document.root?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) continue;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    } else if (isSeq(node) && node.items[Number(step)] !== undefined) {
      node = node.items[Number(step)];
      offset = (node as Node).range?.[0] ?? offset;
    }
  }
  return document.place(offset);
}

function plain(node: Node, document: YamlDocument): unknown {
  if (isAlias(node))
    throw document.refusal(node, 'Template error: YAML aliases are not allowed in CloudFormation templates');
  const value = withoutTag(node, document);
  const tag = node.tag;
  if (tag === undefined || isPlainTag(tag)) return value;
  const name = tag.slice(1);
  if (!shortForms.includes(name)) {
    const known = shortForms.map((form) => `!${form}`);
    throw document.refusal(node, `unknown tag ${tag}: ${didYouMean(tag, known)}`);
  }
  return { [plainShortForms.includes(name) ? name : `Fn::${name}`]: value };
}

function withoutTag(node: Node, document: YamlDocument): unknown {
  if (isMap(node)) return mapping(node.items as Pair<Node, Node | null>[], document);
  if (isSeq(node)) return node.items.map((item) => (item === null ? null : plain(item as Node, document)));
  if (!isScalar(node)) throw document.refusal(node, 'neither a mapping, a list nor a scalar');
  // A number too large for a double would lose digits: its text keeps them.
  if (typeof node.value === 'number' && !exact(node.value)) return node.source ?? node.value;
  return node.value;
}

function exact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function mapping(pairs: readonly Pair<Node, Node | null>[], document: YamlDocument): Record<string, unknown> {
  const entries = pairs.map(({ key, value }): [string, unknown] => {
    if (!isScalar(key) || isCollection(key)) throw document.refusal(key, 'a key must be a text');
    const name = key.source ?? String(key.value);
    if (name === '<<') throw document.refusal(key, 'hash merges (<<) are not allowed in CloudFormation templates');
    return [name, value === null ? null : plain(value, document)];
  });
  return Object.fromEntries(entries);
}
