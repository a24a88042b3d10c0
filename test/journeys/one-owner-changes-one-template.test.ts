import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { copyOfCheckout, run, templates } from '../synth-run.ts';

test("changing dev's pipeline file leaves every other template as it was, to the byte", () => {
  const copy = copyOfCheckout();
  writeFileSync(
    join(copy, 'workload-account', 'environments', 'dev.ts'),
    `import { pipeline, pipelines } from '../pipeline-definition.ts';
export default pipelines(pipeline('orders').build({ timeoutMinutes: 30 }).approve('Really?').deployStack());
`,
  );

  const changed = templates(run(copy).directory);

  const before = templates(inject('assembly'));
  const different = [...before.keys()].filter((name) => before.get(name) !== changed.get(name));
  expect(different).toEqual(['mergecast-dev.template.json']);
});
