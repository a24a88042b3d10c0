import type { FileCoverage, ReportContent, TestCase } from './report-case.ts';
import { readClover, readCobertura, readJacoco } from './report-coverage.ts';
import { readCucumber, readSimplecov } from './report-json.ts';
import { readJunit, readNunit, readNunit3, readTestng, readTrx } from './report-tests.ts';
import { ReportUnreadable, readReportXml, type XmlElement } from './report-xml.ts';

const tests = (read: (root: XmlElement) => readonly TestCase[]) => ({
  type: 'TEST' as const,
  read: (text: string): ReportContent => ({ cases: read(readReportXml(text)), files: [] }),
});
const coverage = (read: (root: XmlElement) => readonly FileCoverage[]) => ({
  type: 'CODE_COVERAGE' as const,
  read: (text: string): ReportContent => ({ cases: [], files: read(readReportXml(text)) }),
});

/** A format of report files: what its report groups hold, and how a file is read. */
interface ReportFormat {
  readonly type: 'TEST' | 'CODE_COVERAGE';
  readonly read: (text: string) => ReportContent;
}

/** The formats by the buildspec's `file-format`. */
const formats: Readonly<Record<string, ReportFormat>> = {
  CLOVERXML: coverage(readClover),
  COBERTURAXML: coverage(readCobertura),
  CUCUMBERJSON: { type: 'TEST', read: (text) => ({ cases: readCucumber(text), files: [] }) },
  JACOCOXML: coverage(readJacoco),
  JUNITXML: tests(readJunit),
  NUNIT3XML: tests(readNunit3),
  NUNITXML: tests(readNunit),
  SIMPLECOV: { type: 'CODE_COVERAGE', read: (text) => ({ cases: [], files: readSimplecov(text) }) },
  TESTNGXML: tests(readTestng),
  VISUALSTUDIOTRX: tests(readTrx),
};

/** The format of that name. Throws ReportUnreadable when there is none. */
export function reportFormat(name: string): ReportFormat {
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined)
    throw new ReportUnreadable(`file-format ${name} is unknown: it is one of ${Object.keys(formats).join(', ')}`);
  return format;
}
