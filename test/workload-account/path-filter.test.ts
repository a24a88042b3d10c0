import { expect, test } from 'vitest';
import { pathMistakes } from '../../workload-account/path-filter.ts';

test.each<readonly [string, ...string[]]>([
  ['services/orders/**', '!**/*.md'],
  ['**', '!docs/**'],
  ['!docs/**'],
  ['./services/**'],
  ['{web,api}/**', '!web/**'],
  ['services/**', '!services/orders/**'],
  ['app/[id]/page.tsx'],
  ['docs/readme.md', 'src/**', '!docs/**'],
])('paths %s are taken as they are', (...globs) => {
  expect(pathMistakes(globs)).toEqual([]);
});

test.each<readonly [readonly string[], string]>([
  [[], "onlyFor() names no path: give globs such as 'services/orders/**'"],
  [['src/**', ' '], "onlyFor() names no path: give globs such as 'services/orders/**'"],
  [['/src/**'], "onlyFor(): '/src/**' can never match, for no path begins with '/': write 'src/**'"],
  [['!/docs/**'], "onlyFor(): '!/docs/**' can never match, for no path begins with '/': write 'docs/**'"],
  [
    ['src\\api\\**'],
    "onlyFor(): 'src\\api\\**' can never match, for paths have '/' between their parts: write 'src/api/**'",
  ],
  [['src/'], "onlyFor(): 'src/' can never match, for it names a folder, and files change: write 'src/**'"],
  [
    ['src/../api/**'],
    "onlyFor(): 'src/../api/**' can never match, for no path has '..': write it from the repository's root on",
  ],
  [
    ['src//api/**'],
    "onlyFor(): 'src//api/**' can never match, for no path has an empty part or '.': write 'src/api/**'",
  ],
  [
    ['src/./api/**'],
    "onlyFor(): 'src/./api/**' can never match, for no path has an empty part or '.': write 'src/api/**'",
  ],
  [[' src/**'], "onlyFor(): ' src/**' can never match, for it has blanks around it: write 'src/**'"],
  [['!!docs/**'], "onlyFor(): '!!docs/**' can never match, for it has two '!': write one"],
  [['{web,api/**'], "onlyFor(): '{web,api/**' can never match, for its braces do not end: close them, as {web,api}/**"],
  [['src/**', '!**'], "onlyFor(): '!**' takes out every path, so nothing would ever start: leave it out"],
  [['!**/*'], "onlyFor(): '!**/*' takes out every path, so nothing would ever start: leave it out"],
  [
    ['src/api/**', 'src/web.ts', '!src/**'],
    "onlyFor(): '!src/**' leaves nothing of 'src/api/**' and 'src/web.ts', so nothing would ever start: narrow what begins with !",
  ],
  [
    ['*.md', '!*.md'],
    "onlyFor(): '!*.md' leaves nothing of '*.md', so nothing would ever start: narrow what begins with !",
  ],
])('paths %j can never match, and their owner is told how to mend them', (globs, told) => {
  expect(pathMistakes(globs)).toEqual([told]);
});
