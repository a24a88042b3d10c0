import type { Route } from '../routes/types.ts';
import type { Check } from './check.ts';

/** Two routes bring one merge to one pipeline: it runs twice, or the second time undoes what was decided. */
export const doubledStart: Check = ({ cloud, routes }) => {
  const byEnd = new Map<string, Route[]>();
  for (const route of routes.filter(({ broken, pipeline }) => broken.length === 0 && pipeline !== undefined)) {
    const end = [route.repository, route.branch, route.hops.at(-1)?.arn].join('\n');
    byEnd.set(end, [...(byEnd.get(end) ?? []), route]);
  }
  return [...byEnd.values()]
    .filter((same) => same.length > 1)
    .flatMap((same) => {
      const resource = cloud.at(same[0]?.hops.at(-1)?.arn ?? '');
      if (resource === undefined) return [];
      return [
        {
          resource,
          problem: `a merge to ${same[0]?.branch} of ${same[0]?.repository} starts the pipeline ${same.length} times`,
          value: same.map(({ hops }) => hops.map(({ name }) => name)),
          mend: 'keep one of these routes',
        },
      ];
    });
};
