import { fields, listOf, oneOf, type Shape, type Spot, text, wholeNumber } from '../yaml/shapes.ts';
import type { Permission, Script, ServerAppspec, ServerEvent } from './types.ts';
import { version } from './version.ts';

/** The default time of a script and the most that an event's scripts may take together. */
const mostSeconds = 3600;

const scriptFields = fields({ location: text, timeout: wholeNumber(1, mostSeconds), runas: text }, ['location']);
/** The scripts of one event; the times that are written may not exceed the event's together. */
const scripts: Shape<readonly Script[]> = (spot) => {
  const read = listOf(scriptFields)(spot);
  const seconds = read.reduce((sum, { timeout = 0 }) => sum + timeout, 0);
  if (seconds > mostSeconds)
    throw spot.refusal(`the scripts may take ${seconds} s together, and ${mostSeconds} are allowed`);
  return read.map(({ location = '', timeout = mostSeconds, runas }) => ({ location, timeoutSeconds: timeout, runas }));
};

const reserved: Shape<never> = (spot) => {
  throw spot.refusal('this event belongs to the CodeDeploy agent and runs no scripts');
};

const hooks = fields({
  BeforeBlockTraffic: scripts,
  AfterBlockTraffic: scripts,
  ApplicationStop: scripts,
  BeforeInstall: scripts,
  AfterInstall: scripts,
  ApplicationStart: scripts,
  ValidateService: scripts,
  BeforeAllowTraffic: scripts,
  AfterAllowTraffic: scripts,
  Start: reserved,
  BlockTraffic: reserved,
  DownloadBundle: reserved,
  Install: reserved,
  AllowTraffic: reserved,
  End: reserved,
});

const mode: Shape<string> = (spot) => {
  const given = text(spot);
  if (/^[0-7]{1,4}$/.test(given)) return given;
  throw spot.refusal(`'${given}' is no octal mode, such as 755 or 4755`);
};

const permissionFields = fields(
  {
    object: text,
    pattern: text,
    except: listOf(text),
    owner: text,
    group: text,
    mode,
    acls: listOf(text),
    context: fields({ user: text, type: text, range: text }),
    type: listOf(oneOf(['file', 'directory'])),
  },
  ['object'],
);
const permission: Shape<Permission> = (spot) => {
  const {
    object = '',
    pattern = '**',
    except = [],
    acls = [],
    type = ['file', 'directory'],
    ...rest
  } = permissionFields(spot);
  return { object, pattern, except, acls, type, ...rest };
};

const fileFields = fields({ source: text, destination: text }, ['source', 'destination']);
const server = fields(
  {
    version,
    os: oneOf(['linux', 'windows']),
    files: listOf(fileFields),
    file_exists_behavior: oneOf(['DISALLOW', 'OVERWRITE', 'RETAIN']),
    permissions: listOf(permission),
    hooks,
  },
  ['version', 'os'],
);

/** The AppSpec file of a server. */
export const serverAppspec: Shape<ServerAppspec> = (spot) => {
  const read = server(spot);
  const os = read.os ?? 'linux';
  const files = (read.files ?? []).map(({ source = '', destination = '' }) => ({ source, destination }));
  checkPaths(files, os, spot);
  if (os === 'windows' && (read.permissions ?? []).length > 0)
    throw spot.refusal('permissions are for Linux servers only');
  const found = (read.hooks ?? {}) as Partial<Record<ServerEvent, readonly Script[]>>;
  if (os === 'windows' && Object.values(found).some((list) => list.some(({ runas }) => runas !== undefined)))
    throw spot.refusal('runas is for Linux servers only');
  return {
    platform: 'Server',
    os,
    files,
    fileExistsBehavior: read.file_exists_behavior ?? 'DISALLOW',
    permissions: read.permissions ?? [],
    hooks: found,
  };
};

function checkPaths(files: ServerAppspec['files'], os: ServerAppspec['os'], spot: Spot): void {
  const absolute = os === 'linux' ? /^\// : /^[A-Za-z]:[\\/]/;
  for (const { source, destination } of files) {
    if (!absolute.test(destination))
      throw spot.refusal(`the destination '${destination}' of '${source}' is no full path`);
    if (source.split(/[\\/]/).includes('..')) throw spot.refusal(`the source '${source}' leaves the revision`);
  }
}
