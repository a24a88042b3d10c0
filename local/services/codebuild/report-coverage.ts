import { below, child, type FileCoverage, numberOf, rootIs } from './report-case.ts';
import type { XmlElement } from './report-xml.ts';

/** Cobertura: classes by file, lines with hits; of a branching line `condition-coverage="50% (1/2)"` counts the branches. */
export function readCobertura(root: XmlElement): readonly FileCoverage[] {
  rootIs(root, 'coverage');
  return merged(
    [...below(root, 'class')].map((found) => {
      const lines = child(found, 'lines')?.children.filter(({ name }) => name === 'line') ?? [];
      const branches = lines.flatMap(({ attributes }) => {
        const [, covered, all] = /\((\d{1,9})\/(\d{1,9})\)/.exec(attributes['condition-coverage'] ?? '') ?? [];
        return all === undefined ? [] : [{ covered: Number(covered), all: Number(all) }];
      });
      const covered = lines.filter(({ attributes }) => numberOf(attributes['hits']) > 0).length;
      const branchesCovered = branches.reduce((sum, each) => sum + each.covered, 0);
      return {
        filePath: found.attributes['filename'] ?? '',
        linesCovered: covered,
        linesMissed: lines.length - covered,
        branchesCovered,
        branchesMissed: Math.max(0, branches.reduce((sum, { all }) => sum + all, 0) - branchesCovered),
      };
    }),
  );
}

/** Clover: files with lines of type stmt, method (both lines) and cond (its branches taken and not). */
export function readClover(root: XmlElement): readonly FileCoverage[] {
  rootIs(root, 'coverage');
  return merged(
    [...below(root, 'file')].map((file) => {
      const lines = file.children.filter(({ name }) => name === 'line').map(({ attributes }) => attributes);
      const conditions = lines.filter(({ type }) => type === 'cond');
      const taken = conditions.flatMap(({ truecount, falsecount }) => [numberOf(truecount), numberOf(falsecount)]);
      const hit = lines.filter(({ type, count, truecount, falsecount }) =>
        type === 'cond' ? numberOf(truecount) + numberOf(falsecount) > 0 : numberOf(count) > 0,
      );
      const branchesCovered = taken.filter((times) => times > 0).length;
      return {
        filePath: file.attributes['path'] ?? file.attributes['name'] ?? '',
        linesCovered: hit.length,
        linesMissed: lines.length - hit.length,
        branchesCovered,
        branchesMissed: taken.length - branchesCovered,
      };
    }),
  );
}

/** JaCoCo: packages with source files, whose counters are summed up already. */
export function readJacoco(root: XmlElement): readonly FileCoverage[] {
  rootIs(root, 'report');
  return merged(
    [...below(root, 'package')].flatMap((found) =>
      found.children
        .filter(({ name }) => name === 'sourcefile')
        .map((file) => {
          const counted = (type: string) =>
            file.children.find(({ name, attributes }) => name === 'counter' && attributes['type'] === type)?.attributes;
          const [lines, branches] = [counted('LINE'), counted('BRANCH')];
          return {
            filePath: [found.attributes['name'], file.attributes['name']].filter(Boolean).join('/'),
            linesCovered: numberOf(lines?.['covered']),
            linesMissed: numberOf(lines?.['missed']),
            branchesCovered: numberOf(branches?.['covered']),
            branchesMissed: numberOf(branches?.['missed']),
          };
        }),
    ),
  );
}

/** A file that stands in the report in parts, as of several classes, counts once. */
function merged(parts: readonly FileCoverage[]): readonly FileCoverage[] {
  const files = new Map<string, FileCoverage>();
  for (const part of parts) {
    const known = files.get(part.filePath);
    files.set(
      part.filePath,
      known === undefined
        ? part
        : {
            filePath: part.filePath,
            linesCovered: known.linesCovered + part.linesCovered,
            linesMissed: known.linesMissed + part.linesMissed,
            branchesCovered: known.branchesCovered + part.branchesCovered,
            branchesMissed: known.branchesMissed + part.branchesMissed,
          },
    );
  }
  return [...files.values()];
}
