import { createHash, createHmac } from 'node:crypto';

/** Keys that sign a call. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where Parameter Store is asked, and as whom: the configuration of any client of the AWS SDK has the last three. */
export interface ParameterStoreSettings {
  /** @default - what AWS_ENDPOINT_URL_SSM or AWS_ENDPOINT_URL names, or AWS's own */
  readonly endpoint?: string;
  readonly region: () => Promise<string>;
  readonly credentials: () => Promise<Keys>;
  /** Milliseconds that the service's clock is ahead. */
  readonly systemClockOffset?: number;
}

/** One version of a parameter as AWS answers it. `LastModifiedDate` is in seconds since 1970. */
export interface HistoryEntry {
  readonly Value?: string;
  readonly Version?: number;
  readonly LastModifiedUser?: string;
  readonly LastModifiedDate?: number;
}

/** What Parameter Store answers to a call that it refuses; `name` is AWS's code. */
export class ParameterStoreRefusal extends Error {
  /** As errors of the AWS SDK have it: those who show refusals of AWS know them by it. */
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = code;
    this.$metadata = { httpStatusCode: status };
  }
}

const timeoutMilliseconds = 10_000;

/** A parameter keeps 100 versions, and a page holds 50. */
const pagesAtMost = 3;

/** The four calls of Parameter Store that holds and releases need, signed with Signature Version 4. Source: facts 5 and the SSM API reference. */
export class ParameterStore {
  readonly #settings: ParameterStoreSettings;

  constructor(settings: ParameterStoreSettings) {
    this.#settings = settings;
  }

  /** All versions of a parameter, oldest first; none when there is no such parameter. */
  async history(name: string): Promise<readonly HistoryEntry[]> {
    const found: HistoryEntry[] = [];
    let next: string | undefined;
    for (let pages = 0; pages < pagesAtMost; pages += 1) {
      const question = { Name: name, MaxResults: 50, ...(next === undefined ? {} : { NextToken: next }) };
      const page = await this.#call('GetParameterHistory', question).catch((error: Error) => {
        if (error.name === 'ParameterNotFound') return null;
        throw error;
      });
      if (page === null) return [];
      const { Parameters = [], NextToken } = page as { Parameters?: readonly HistoryEntry[]; NextToken?: string };
      found.push(...Parameters);
      next = NextToken;
      if (next === undefined) break;
    }
    return found.sort((a, b) => (a.Version ?? 0) - (b.Version ?? 0));
  }

  /** Writes a parameter's next version: standard tier, plain text. */
  async put(name: string, value: string): Promise<void> {
    await this.#call('PutParameter', { Name: name, Value: value, Type: 'String', Tier: 'Standard', Overwrite: true });
  }

  /** Deletes a parameter with its history; answers whether there was one. */
  async remove(name: string): Promise<boolean> {
    try {
      await this.#call('DeleteParameter', { Name: name });
      return true;
    } catch (error) {
      if ((error as Error).name === 'ParameterNotFound') return false;
      throw error;
    }
  }

  async #call(operation: string, input: object): Promise<object> {
    const [region, keys] = await Promise.all([this.#settings.region(), this.#settings.credentials()]);
    const own = process.env['AWS_ENDPOINT_URL_SSM'] ?? process.env['AWS_ENDPOINT_URL'];
    const url = new URL(this.#settings.endpoint ?? own ?? `https://ssm.${region}.amazonaws.com`);
    const body = JSON.stringify(input);
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      host: url.host,
      'x-amz-date': stamp(Date.now() + (this.#settings.systemClockOffset ?? 0)),
      ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
      'x-amz-target': `AmazonSSM.${operation}`,
    };
    const authorization = signatureOf(headers, body, region, keys);
    const answer = await fetch(new URL('/', url), {
      method: 'POST',
      headers: { ...headers, authorization },
      body,
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const read: unknown = await answer.json().catch(() => ({}));
    if (!answer.ok) throw refusal(read, answer.status);
    return typeof read === 'object' && read !== null ? read : {};
  }
}

function refusal(read: unknown, status: number): ParameterStoreRefusal {
  const { __type = 'UnknownError', message, Message } = read as { __type?: string; message?: string; Message?: string };
  return new ParameterStoreRefusal(__type.split('#').at(-1) ?? __type, message ?? Message ?? `HTTP ${status}`, status);
}

/** `20261124T013000Z`. */
const stamp = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '');

/** Source: the IAM guide, "Create a signed AWS API request". */
function signatureOf(headers: Readonly<Record<string, string>>, body: string, region: string, keys: Keys): string {
  const at = headers['x-amz-date'] ?? '';
  const scope = `${at.slice(0, 8)}/${region}/ssm/aws4_request`;
  const names = Object.keys(headers).sort();
  const signed = names.join(';');
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const request = ['POST', '/', '', lines, signed, hash(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', at, scope, hash(request)].join('\n');
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, text).toString('hex');
  return `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
