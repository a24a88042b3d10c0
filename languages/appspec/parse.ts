import { readYaml } from '../yaml/document.ts';
import { readShape, type Shape } from '../yaml/shapes.ts';
import { serverAppspec } from './server.ts';
import { ecsAppspec, lambdaAppspec } from './traffic.ts';
import type { Appspec } from './types.ts';

/** The longest AppSpec content that CodeDeploy takes as text. Source: CodeDeploy quotas (RawString, 256 KB). */
const longestAppspec = 262_144;

const platforms: Readonly<Record<Appspec['platform'], Shape<Appspec>>> = {
  Server: serverAppspec,
  Lambda: lambdaAppspec,
  ECS: ecsAppspec,
};

/**
 * Reads an AppSpec file, YAML or JSON, of the deployment group's platform. Refuses with `AppspecInvalid`, file, line and
 * column: malformed text, unknown keys (with the nearest known one), events that run nothing, values of another kind.
 */
export function parseAppspec(content: string, platform: Appspec['platform'], file = 'appspec.yml'): Appspec {
  const document = readYaml(content, { code: 'AppspecInvalid', file, longestCharacters: longestAppspec });
  return readShape(document, platforms[platform]);
}
