/** A piece of a `Fn::Sub` text: literal, or a variable to be put in. */
export type SubPart = { readonly literal: string } | { readonly variable: string };

/**
 * Takes a `Fn::Sub` text apart. `${!Name}` is the literal `${Name}`; a `${` that is never closed is text.
 * Returns the offending name instead when one is malformed. Source: "Fn::Sub" in the CloudFormation guide.
 */
export function subParts(text: string): readonly SubPart[] | { readonly malformed: string } {
  const parts: SubPart[] = [];
  let from = 0;
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', from)) {
    const close = text.indexOf('}', open);
    if (close < 0) break;
    if (open > from) parts.push({ literal: text.slice(from, open) });
    const name = text.slice(open + 2, close);
    if (name.startsWith('!')) parts.push({ literal: `\${${name.slice(1)}}` });
    else if (/^[A-Za-z0-9_.:]+$/.test(name.trim())) parts.push({ variable: name.trim() });
    else return { malformed: name };
    from = close + 1;
  }
  if (from < text.length) parts.push({ literal: text.slice(from) });
  return parts;
}

/** `Fn::Sub` in both its forms: the text, and the variables of the second form. */
export function subArgument(
  argument: unknown,
): { text: string; variables: Readonly<Record<string, unknown>> } | undefined {
  if (typeof argument === 'string') return { text: argument, variables: {} };
  if (!Array.isArray(argument) || argument.length !== 2) return undefined;
  const [text, variables] = argument as [unknown, unknown];
  if (typeof text !== 'string' || typeof variables !== 'object' || variables === null || Array.isArray(variables))
    return undefined;
  return { text, variables: variables as Record<string, unknown> };
}

/** `Fn::GetAtt` in both its forms: `A.B.C`, or the list of id and attribute. */
export function getAttArgument(argument: unknown): { logicalId: string; attribute: unknown } | undefined {
  const [logicalId, attribute, ...rest] = (
    typeof argument === 'string' ? splitOnce(argument) : Array.isArray(argument) ? argument : []
  ) as unknown[];
  if (typeof logicalId !== 'string' || logicalId === '' || rest.length > 0) return undefined;
  if (attribute === undefined || attribute === '' || attribute === null) return undefined;
  return { logicalId, attribute };
}

/** `A.B.C` as `['A', 'B.C']`: attribute names may hold dots, logical ids may not. */
export function splitOnce(text: string): [string, string | undefined] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}
