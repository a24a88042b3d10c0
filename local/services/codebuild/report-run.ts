import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import type { Buildspec, Report } from '../../../languages/buildspec/types.ts';
import { AwsError } from '../../world/failure.ts';
import type { World } from '../../world/world.ts';
import type { BuildLog } from './log.ts';
import type { CaseStatus, FileCoverage, ReportContent, TestCase } from './report-case.ts';
import { reportFormat } from './report-formats.ts';
import { reportGroupArn, reportGroups } from './report-tables.ts';
import { mostCases } from './report-writing.ts';
import { ReportUnreadable } from './report-xml.ts';
import type { RoleCall } from './role-call.ts';
import type { Build } from './tables.ts';

const mostFiles = 2_000;
const largestFileBytes = 64 * 1024 * 1024;

/** What a report is made with. */
interface Reporting {
  readonly world: World;
  readonly build: Build;
  readonly callAs: RoleCall;
  readonly log: BuildLog;
  /** The directory of the primary source. */
  readonly source: string;
}

/**
 * Makes the reports that a buildspec names, each in its group, with the permissions of the role. A report that cannot be made is INCOMPLETE and the
 * log says why; the build goes on.
 */
export async function makeReports({ reports }: Buildspec, reporting: Reporting): Promise<void> {
  for (const [name, report] of Object.entries(reports)) {
    try {
      await makeReport(name, report, reporting);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      reporting.log.say(`report ${name} is not made: ${error.code}: ${error.message}`);
    }
  }
}

async function makeReport(name: string, declared: Report, reporting: Reporting): Promise<void> {
  const { build, callAs, log } = reporting;
  const { type } = reportFormat(declared.fileFormat);
  const arn = await groupFor(name, type, reporting);
  const made = await callAs<{ arn: string }>('codebuild', 'CreateReport', {
    reportGroupArn: arn,
    buildId: build.id,
    type,
  });
  const end = (status: string) => callAs('codebuild', 'UpdateReport', { arn: made.arn, status });
  try {
    const content = await contentOf(declared, reporting.source);
    await put(content, type, made.arn, callAs);
    const good = content.cases.every(({ status }) => status === 'SUCCEEDED' || status === 'SKIPPED');
    await end(good ? 'SUCCEEDED' : 'FAILED');
    log.say(`report ${name} ${good ? 'SUCCEEDED' : 'FAILED'}: ${told(content, type)} (${made.arn})`);
  } catch (error) {
    if (!(error instanceof ReportUnreadable)) throw error;
    await end('INCOMPLETE');
    log.say(`report ${name} INCOMPLETE: ${error.message} (${made.arn})`);
  }
}

/** A group by its ARN, or by a name that is joined to the project's and made when there is none. */
async function groupFor(name: string, type: string, { world, build, callAs }: Reporting): Promise<string> {
  if (name.startsWith('arn:')) return name;
  const full = `${build.project.name}-${name}`;
  const arn = reportGroupArn(full, build.project);
  const exportConfig = { exportConfigType: 'NO_EXPORT' };
  if (!world.store.in(reportGroups).has(arn))
    await callAs('codebuild', 'CreateReportGroup', { name: full, type, exportConfig }).catch((error: unknown) => {
      // A build beside this one may have made it meanwhile.
      if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') throw error;
    });
  return arn;
}

async function put(content: ReportContent, type: string, reportArn: string, callAs: RoleCall): Promise<void> {
  if (type === 'CODE_COVERAGE')
    return callAs('codebuild', 'BatchPutCodeCoverages', { reportArn, codeCoverages: content.files });
  const bad = ({ status }: TestCase) => (status === 'FAILED' || status === 'ERROR' ? 0 : 1);
  const testCases = [...content.cases].sort((a, b) => bad(a) - bad(b)).slice(0, mostCases);
  return callAs('codebuild', 'BatchPutTestCases', { reportArn, testCases });
}

async function contentOf({ files, baseDirectory, fileFormat }: Report, source: string): Promise<ReportContent> {
  const base = resolve(source, baseDirectory ?? '.');
  if (base !== source && !base.startsWith(source + sep))
    throw new ReportUnreadable(`base-directory ${baseDirectory ?? ''} leaves the source`);
  const wanted = picomatch([...files], { dot: true });
  const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => wanted(path))
    .sort();
  if (paths.length === 0)
    throw new ReportUnreadable(`no file matches ${files.join(', ')}${baseDirectory ? ` in ${baseDirectory}` : ''}`);
  if (paths.length > mostFiles) throw new ReportUnreadable(`${paths.length} files match, and ${mostFiles} are read`);
  const read: ReportContent[] = [];
  for (const path of paths) read.push(await readOne(path, join(base, path), fileFormat));
  return { cases: read.flatMap(({ cases }) => cases), files: read.flatMap((each) => each.files) };
}

async function readOne(shown: string, path: string, format: string): Promise<ReportContent> {
  try {
    if ((await stat(path)).size > largestFileBytes) throw new ReportUnreadable('larger than 64 MiB');
    return reportFormat(format).read(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof ReportUnreadable) throw new ReportUnreadable(`${shown} is no ${format}: ${error.message}`);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ReportUnreadable(`${shown} cannot be read: ${code}`);
  }
}

function told({ cases, files }: ReportContent, type: string): string {
  if (type === 'CODE_COVERAGE') {
    const sum = (part: (file: FileCoverage) => number) => files.reduce((total, file) => total + part(file), 0);
    const covered = sum(({ linesCovered }) => linesCovered);
    return `${covered} of ${covered + sum(({ linesMissed }) => linesMissed)} lines covered in ${files.length} files`;
  }
  const statuses: readonly CaseStatus[] = ['SUCCEEDED', 'FAILED', 'ERROR', 'SKIPPED', 'UNKNOWN'];
  const counts = statuses.flatMap((status) => {
    const count = cases.filter((each) => each.status === status).length;
    return count === 0 ? [] : [`${count} ${status.toLowerCase()}`];
  });
  return `${cases.length} tests${counts.length === 0 ? '' : `, ${counts.join(', ')}`}`;
}
