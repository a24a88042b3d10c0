import { expandAllLoops, isLoop } from './loops.ts';
import { templateOf } from './parse.ts';
import type { Template } from './types.ts';

/**
 * The template with every `Fn::ForEach` written out, once parameter values are known; a template without such loops is
 * returned as it is. Source: "Fn::ForEach" in the CloudFormation guide.
 */
export function expandLoops(template: Template, parameters: Readonly<Record<string, unknown>>): Template {
  if (!hasLoop(template.source)) return template;
  return templateOf(expandAllLoops(template.source, parameters, template.at), template.at, template.file);
}

function hasLoop(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) if (isLoop(key) || hasLoop((value as Readonly<Record<string, unknown>>)[key])) return true;
  return false;
}
