import { ReportUnreadable, type XmlElement } from './report-xml.ts';

/** How a test ended, in CodeBuild's words. */
export type CaseStatus = 'SUCCEEDED' | 'FAILED' | 'ERROR' | 'SKIPPED' | 'UNKNOWN';

/** One test of a report. */
export interface TestCase {
  readonly prefix: string;
  readonly name: string;
  readonly status: CaseStatus;
  readonly durationNanoSeconds: number;
  readonly message: string;
}

/** What one source file's tests reached. */
export interface FileCoverage {
  readonly filePath: string;
  readonly linesCovered: number;
  readonly linesMissed: number;
  readonly branchesCovered: number;
  readonly branchesMissed: number;
}

/** What a file of some format holds: a test format cases, a coverage format files. */
export interface ReportContent {
  readonly cases: readonly TestCase[];
  readonly files: readonly FileCoverage[];
}

/** A case's message is cut to this length, as its member of the API is bounded. */
const longestMessage = 4_096;

/** A case as it was found, with the parts that a format may leave out. */
export function testCase(found: {
  readonly prefix?: string | undefined;
  readonly name: string | undefined;
  readonly status: CaseStatus;
  readonly seconds?: number;
  readonly message?: string | undefined;
}): TestCase {
  return {
    prefix: (found.prefix ?? '').slice(0, 1000),
    name: (found.name ?? '').slice(0, 1000),
    status: found.status,
    durationNanoSeconds: Math.round((found.seconds ?? 0) * 1e9),
    message: (found.message ?? '').trim().slice(0, longestMessage),
  };
}

/** A number of an attribute, at least 0; what is missing or no number counts as 0. */
export function numberOf(text: string | undefined): number {
  const value = Number((text ?? '').replaceAll(',', ''));
  return Number.isFinite(value) && value > 0 && value < Number.MAX_SAFE_INTEGER / 1e9 ? value : 0;
}

/** All elements of that name below, in the order of the document. */
export function* below(element: XmlElement, name: string): Generator<XmlElement> {
  for (const child of element.children) {
    if (child.name === name) yield child;
    yield* below(child, name);
  }
}

/** The first child of one of these names. */
export const child = (element: XmlElement, ...names: readonly string[]): XmlElement | undefined =>
  element.children.find(({ name }) => names.includes(name));

/** Throws ReportUnreadable when the document is one of another format. */
export function rootIs(element: XmlElement, ...names: readonly string[]): void {
  if (!names.includes(element.name))
    throw new ReportUnreadable(
      `<${element.name}> is at the top, where the format has ${names.map((name) => `<${name}>`).join(' or ')}`,
    );
}
