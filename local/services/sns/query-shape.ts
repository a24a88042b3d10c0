/** SNS's answers in the Query protocol: lists are `<member>`s, `Attributes` is a map of `<entry>`s. */
export function toQuery(output: unknown): unknown {
  if (typeof output !== 'object' || output === null || output instanceof Date) return output;
  return Object.fromEntries(
    Object.entries(output).map(([name, value]: [string, unknown]) => {
      if (Array.isArray(value)) return [name, { member: (value as unknown[]).map(toQuery) }];
      if (name !== 'Attributes') return [name, value];
      return [name, { entry: Object.entries(value as object).map(([key, each]) => ({ key, value: each as unknown })) }];
    }),
  );
}
