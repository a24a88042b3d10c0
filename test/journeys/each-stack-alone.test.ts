import { expect, inject, test } from 'vitest';
import { checkout, run, templates } from '../synth-run.ts';

test('each stack can be synthesized alone, and is then the same to the byte', () => {
  const all = templates(inject('assembly'));

  for (const only of ['devops', 'prod']) {
    const alone = templates(run(checkout, ['-c', `only=${only}`]).directory);

    expect([...alone.keys()]).toEqual([`mergecast-${only}.template.json`]);
    for (const [name, text] of alone) expect(text).toBe(all.get(name));
  }
});
