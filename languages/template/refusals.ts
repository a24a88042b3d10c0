import { Fault } from '../../shared/fault.ts';

type Path = readonly (string | number)[];

/** Text for a value in an error: its JSON, cut to a readable length. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** A path as people write it: `Resources.Function.Properties.Tags[0]`. */
export function written(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  );
}

/** The refusal of a template: AWS's text where it has one, after the place. */
export function templateInvalid(place: string, text: string, hint?: string): Fault {
  return new Fault('TemplateInvalid', `${place}: ${text}`, hint);
}

/** True for an object that is no list: what a section, a resource or a set of properties has to be. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
