/**
 * What each character of a text may look like when letter case is ignored: its lower and its upper case, which may differ in length
 * (`ß` and `SS`). AWS takes the forms of the pattern's characters and never changes the event's text, one UTF-16 unit at a time, so
 * a character outside the basic plane becomes `?`. Source: aws/event-ruler, EqualsIgnoreCaseParser.
 */
export type LetterForms = readonly (readonly string[])[];

/** The forms of a text. */
export const letterForms = (text: string): LetterForms => text.split('').map(formsOf);

function formsOf(unit: string): readonly string[] {
  const code = unit.charCodeAt(0);
  if (code >= 0xd800 && code <= 0xdfff) return ['?'];
  const [lower, upper] = [unit.toLowerCase(), unit.toUpperCase()];
  return lower === upper ? [lower] : [lower, upper];
}

/** Where a text can be after the forms were read from its start; empty when it does not begin with them. */
export function readForwards(forms: LetterForms, text: string): ReadonlySet<number> {
  let reached = new Set([0]);
  for (const options of forms) {
    const next = new Set<number>();
    for (const at of reached) for (const form of options) if (text.startsWith(form, at)) next.add(at + form.length);
    if (next.size === 0) return next;
    reached = next;
  }
  return reached;
}

/** Where a text can be before the forms, read from its end; empty when it does not end with them. */
export function readBackwards(forms: LetterForms, text: string): ReadonlySet<number> {
  let reached = new Set([text.length]);
  for (let index = forms.length - 1; index >= 0; index--) {
    const next = new Set<number>();
    for (const at of reached)
      for (const form of forms[index] ?? []) if (text.endsWith(form, at)) next.add(at - form.length);
    if (next.size === 0) return next;
    reached = next;
  }
  return reached;
}
