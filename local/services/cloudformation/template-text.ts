import { z } from 'zod';
import { call } from '../../world/call.ts';
import { AwsError } from '../../world/failure.ts';
import type { Call } from '../../world/service.ts';

/** How long a template may be in a request, and how long from S3. Source: the CloudFormation quotas page. */
const inlineBytes = 51_200;
const largestBytes = 1_000_000;

/** A template in a request; as bytes when a service has staged it itself, as CodePipeline does, which no client can send. */
export const templateBody = z.union([z.string(), z.instanceof(Buffer)]).optional();

/** The text of a request's template, from its body or from S3; undefined when it has none. Throws ValidationError. */
export async function templateText(
  {
    TemplateBody,
    TemplateURL,
  }: { readonly TemplateBody?: z.output<typeof templateBody>; readonly TemplateURL?: string | undefined },
  at: Call,
): Promise<string | undefined> {
  if (typeof TemplateBody === 'string') {
    if (Buffer.byteLength(TemplateBody) > inlineBytes)
      throw invalid(
        `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${inlineBytes}`,
      );
    return TemplateBody;
  }
  const bytes = TemplateBody ?? (TemplateURL === undefined ? undefined : await fetchTemplate(TemplateURL, at));
  if (bytes !== undefined && bytes.length > largestBytes)
    throw invalid(`Template may not exceed ${largestBytes} bytes in size.`);
  return bytes?.toString('utf8');
}

async function fetchTemplate(url: string, at: Call): Promise<Buffer> {
  const virtual = /^https?:\/\/([^/]+?)\.s3[.-][^/]*\/([^?]+)/.exec(url);
  const [, bucket, key] = virtual ?? /^https?:\/\/[^/]+\/([^/?]+)\/([^?]+)/.exec(url) ?? [];
  const decoded = key === undefined ? undefined : decodedKey(key);
  if (bucket === undefined || decoded === undefined)
    throw invalid(`TemplateURL must reference a valid S3 object to which you have access: ${url}`);
  const input = { Bucket: bucket, Key: decoded };
  const { Body } = await call<{ Body: Buffer }>(at.world, { ...at, service: 's3', operation: 'GetObject', input });
  return Body;
}

function decodedKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

const invalid = (text: string) => new AwsError('ValidationError', text);
