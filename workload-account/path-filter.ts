import picomatch from 'picomatch';

/**
 * What is wrong with the globs of an owner's `onlyFor()`: those that no path of a repository can match, and filters of which the second half takes out
 * whatever the first takes in. A glob that could match something, but does not today, is no mistake. Each with its mend.
 */
export function pathMistakes(globs: readonly string[]): readonly string[] {
  if (globs.length === 0 || globs.some((glob) => glob.trim() === ''))
    return ["onlyFor() names no path: give globs such as 'services/orders/**'"];
  const mistakes = globs.flatMap((glob) => {
    const why = neverMatches(glob.replace(/^!/, ''));
    return why === undefined ? [] : [`onlyFor(): '${glob}' can never match, for ${why}`];
  });
  if (mistakes.length > 0) return mistakes;
  const taken = globs.filter((glob) => !glob.startsWith('!'));
  const left = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const all = left.find((glob) => everything.test(glob));
  if (all !== undefined)
    return [`onlyFor(): '!${all}' takes out every path, so nothing would ever start: leave it out`];
  return taken.length > 0 && taken.every((glob) => left.some((out) => takesOut(out, glob)))
    ? [
        `onlyFor(): ${quoted(left.map((glob) => `!${glob}`))} leaves nothing of ${quoted(taken)}, so nothing would ever start: narrow what begins with !`,
      ]
    : [];
}

const quoted = (globs: readonly string[]): string => globs.map((glob) => `'${glob}'`).join(' and ');

const everything = /^\*\*(\/\*\*?)*$/;

/** Paths are relative to the repository's root, have no empty segment, no `.` and no `..`, and are files. */
function neverMatches(glob: string): string | undefined {
  const trimmed = glob.trim();
  if (glob !== trimmed) return `it has blanks around it: write '${trimmed}'`;
  if (glob.startsWith('!')) return "it has two '!': write one";
  if (glob.startsWith('/')) return `no path begins with '/': write '${glob.replace(/^\/+/, '')}'`;
  if (/\\[\w*]/.test(glob)) return `paths have '/' between their parts: write '${glob.replaceAll('\\', '/')}'`;
  if (glob.endsWith('/')) return `it names a folder, and files change: write '${glob}**'`;
  if (/(^|\/)\.\.(\/|$)/.test(glob)) return "no path has '..': write it from the repository's root on";
  if (/\/\.?\//.test(glob)) return `no path has an empty part or '.': write '${glob.replaceAll(/\/(\.?\/)+/g, '/')}'`;
  if (count(glob, '{') !== count(glob, '}')) return 'its braces do not end: close them, as {web,api}/**';
  return undefined;
}

/** Whether a glob surely matches all that another one does. */
function takesOut(out: string, glob: string): boolean {
  if (out === glob) return true;
  const { isGlob, base } = picomatch.scan(glob);
  if (!isGlob) return picomatch(out, { dot: true })(glob);
  const folder = /^([^*?[\]{}()!+@]+)\/\*\*(\/\*)?$/.exec(out)?.[1];
  return folder !== undefined && (base === folder || base.startsWith(`${folder}/`));
}

const count = (text: string, letter: string): number => text.split(letter).length - 1;
